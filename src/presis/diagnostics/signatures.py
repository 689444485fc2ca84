"""Classes of tumour mutational burden and microsatellite instability, by thresholds in data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from presis.diagnostics.profile import Alteration, MolecularProfile, Msi, Tested, Tmb
from presis.methods.intervals import poisson_interval
from presis.methods.reasons import Reason
from presis.programme.files import load_yaml

#: why an alteration is unknown: too few tumour cells to tell that it is absent, or nobody says how many
LOW_CONTENT = "low_tumour_content"
FEW_SITES = "few_sites"
CONTENT_NOT_REPORTED = "tumour_content_not_reported"
FEW_CELLS = frozenset({LOW_CONTENT, CONTENT_NOT_REPORTED})


@dataclass(frozen=True, slots=True)
class MarkerClass:
    """A marker's class, or None where it can't be given; why; and where the limits come from.

    `at_least`: too few tumour cells, so that the value is a lower end and gives no class; `by_value` is
    the class that it would be by itself. `interval`: of a rate from its count; `crossed`: the limits
    that lie within it.
    """

    name: str | None
    reason: Reason
    source: str
    at_least: bool = False
    interval: tuple[float, float] | None = None
    crossed: tuple[float, ...] = ()
    by_value: str | None = None


def msi_class(profile: MolecularProfile) -> MarkerClass:
    """`stable`, `borderline` or `unstable` by the share of unstable sites; None: see the reason."""
    limits = load_yaml("rules/markers.yaml")["msi"]
    source = f"{limits['id']}/{limits['version']}: {limits['source']}"
    few_cells, problem = _not_known(profile, Alteration.MSI)
    msi = profile.msi
    if msi is not None and (few := few_sites(msi)) is not None:
        return MarkerClass(None, few, source)
    if problem is not None:
        return MarkerClass(None, problem, source)
    if msi is None or msi.percent_unstable is None:
        if msi is not None and msi.sum_jsd is not None:
            return MarkerClass(None, Reason.of("msi.no-limit", sum_jsd=msi.sum_jsd), source)
        return MarkerClass(None, Reason.of("marker.no-value"), source)
    if msi.usable_sites is None:
        return MarkerClass(
            None, Reason.of("msi.few-sites", usable=0, least=limits["least_usable_sites"]), source
        )
    percent = msi.percent_unstable
    name = "borderline"
    if percent <= limits["stable_up_to_percent"]:
        name = "stable"
    elif percent >= limits["unstable_from_percent"]:
        name = "unstable"
    values = Reason.of(
        "msi.few-cells" if few_cells else "msi.class",
        percent=percent,
        unstable=msi.unstable_sites or 0,
        usable=msi.usable_sites,
    )
    return MarkerClass(None if few_cells else name, values, source, at_least=few_cells, by_value=name)


def few_sites(msi: Msi) -> Reason | None:
    """That there are too few usable sites to tell anything, where their number is told."""
    least = load_yaml("rules/markers.yaml")["msi"]["least_usable_sites"]
    if msi.usable_sites is None or msi.usable_sites >= least:
        return None
    return Reason.of("msi.few-sites", usable=msi.usable_sites, least=least)


def tmb_class(profile: MolecularProfile) -> MarkerClass:
    """`low`, `intermediate` or `high` by mutations per megabase; None: see the reason."""
    limits = load_yaml("rules/markers.yaml")["tmb"]
    source = f"{limits['id']}/{limits['version']}: {limits['source']}"
    few_cells, problem = _not_known(profile, Alteration.TMB)
    tmb = profile.tmb
    if problem is not None:
        return MarkerClass(None, problem, source)
    if tmb is None or tmb.per_megabase is None:
        return MarkerClass(None, Reason.of("marker.no-value"), source)
    if tmb.megabases is not None and tmb.megabases < limits["least_megabases"]:
        return MarkerClass(
            None, Reason.of("tmb.small-region", region=tmb.megabases, least=limits["least_megabases"]), source
        )
    if profile.assay.kind == "ctdna":
        return MarkerClass(None, Reason.of("tmb.ctdna", rate=tmb.per_megabase), source)
    name = next(b["class"] for b in limits["bands"] if b["up_to"] is None or tmb.per_megabase <= b["up_to"])
    reason = Reason.of(
        "tmb.few-cells" if few_cells else "tmb.class",
        rate=tmb.per_megabase,
        count=tmb.eligible_variants or 0,
        region=tmb.megabases or 0.0,
    )
    interval = tmb_interval(tmb)
    limits_near = sorted({b["up_to"] for b in limits["bands"] if b["up_to"]} | set(_interval()["asked_at"]))
    crossed = tuple(float(each) for each in limits_near if interval and interval[0] < each <= interval[1])
    return MarkerClass(None if few_cells else name, reason, source, few_cells, interval, crossed, name)


def _interval() -> Any:
    return load_yaml("rules/tmb_interval.yaml")


def interval_level() -> float:
    """The level of a rate's interval."""
    return float(_interval()["level"])


def tmb_interval(tmb: Tmb) -> tuple[float, float] | None:
    """The interval of the rate from its count over its own region; None where one of them isn't given."""
    if tmb.eligible_variants is None or not tmb.megabases:
        return None
    low, high = poisson_interval(tmb.eligible_variants, _interval()["level"])
    return low / tmb.megabases, high / tmb.megabases


def _not_known(profile: MolecularProfile, alteration: Alteration) -> tuple[bool, Reason | None]:
    """Whether there are too few tumour cells, and why else nothing can be said."""
    covers = profile.covers.get(alteration)
    if covers is None:
        return False, Reason.of("covers.not_reported")
    if covers.state is Tested.YES or covers.reason in FEW_CELLS:
        return covers.state is not Tested.YES, None
    return False, Reason.of(f"covers.{covers.reason}", detail="; ".join(covers.detail))
