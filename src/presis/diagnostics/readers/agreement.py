"""Whether a biomarker's value agrees with the counts that the same file gives for it."""

from __future__ import annotations

from presis.diagnostics.profile import Msi, Tmb
from presis.methods.reasons import Reason

#: the files round to one or two decimals; a gap wider than this is no rounding
_MSI_POINTS = 1.0
_TMB_PER_MEGABASE, _TMB_SHARE = 1.0, 0.1


def tmb_disagrees(tmb: Tmb) -> Reason | None:
    """Why TMB isn't its eligible variants over its megabases; None if it is, or a part is missing."""
    rate, count, size = tmb.per_megabase, tmb.eligible_variants, tmb.megabases
    if rate is None or count is None or not size:
        return None
    expected = count / size
    gap = abs(rate - expected)
    if gap <= _TMB_PER_MEGABASE or gap <= _TMB_SHARE * max(rate, expected):
        return None
    return Reason.of(
        "reading.tmb-disagrees", count=count, size=f"{size:g}", expected=f"{expected:.1f}", told=f"{rate:g}"
    )


def msi_disagrees(msi: Msi) -> Reason | None:
    """Why the percentage isn't unstable over usable sites; None if it is, or a part is missing."""
    percent, unstable, usable = msi.percent_unstable, msi.unstable_sites, msi.usable_sites
    if percent is None or unstable is None or not usable:
        return None
    expected = 100 * unstable / usable
    if abs(percent - expected) <= _MSI_POINTS:
        return None
    return Reason.of(
        "reading.msi-disagrees",
        unstable=unstable,
        usable=usable,
        expected=f"{expected:.1f}",
        told=f"{percent:g}",
    )
