"""Classes of tumour mutational burden and microsatellite instability, by thresholds in data."""

from __future__ import annotations

from dataclasses import dataclass

from presis.diagnostics.profile import Alteration, MolecularProfile, Tested
from presis.methods.reasons import Reason
from presis.programme.files import load_yaml


@dataclass(frozen=True, slots=True)
class MarkerClass:
    """A marker's class, or None where it can't be given; why; and where the limits come from."""

    name: str | None
    reason: Reason
    source: str


def msi_class(profile: MolecularProfile) -> MarkerClass:
    """`stable`, `borderline` or `unstable` by the share of unstable sites; None: see the reason."""
    limits = load_yaml("rules/markers.yaml")["msi"]
    source = f"{limits['id']}/{limits['version']}: {limits['source']}"
    problem = _not_known(profile, Alteration.MSI)
    msi = profile.msi
    if problem is not None:
        return MarkerClass(None, problem, source)
    if msi is None or msi.percent_unstable is None:
        if msi is not None and msi.sum_jsd is not None:
            return MarkerClass(None, Reason.of("msi.no-limit", sum_jsd=msi.sum_jsd), source)
        return MarkerClass(None, Reason.of("marker.no-value"), source)
    if msi.usable_sites is None or msi.usable_sites < limits["least_usable_sites"]:
        return MarkerClass(
            None,
            Reason.of("msi.few-sites", usable=msi.usable_sites or 0, least=limits["least_usable_sites"]),
            source,
        )
    percent = msi.percent_unstable
    name = "borderline"
    if percent <= limits["stable_up_to_percent"]:
        name = "stable"
    elif percent >= limits["unstable_from_percent"]:
        name = "unstable"
    values = Reason.of(
        "msi.class", percent=percent, unstable=msi.unstable_sites or 0, usable=msi.usable_sites
    )
    return MarkerClass(name, values, source)


def tmb_class(profile: MolecularProfile) -> MarkerClass:
    """`low`, `intermediate` or `high` by mutations per megabase; None: see the reason."""
    limits = load_yaml("rules/markers.yaml")["tmb"]
    source = f"{limits['id']}/{limits['version']}: {limits['source']}"
    problem = _not_known(profile, Alteration.TMB)
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
        "tmb.class", rate=tmb.per_megabase, count=tmb.eligible_variants or 0, region=tmb.megabases or 0.0
    )
    return MarkerClass(name, reason, source)


def _not_known(profile: MolecularProfile, alteration: Alteration) -> Reason | None:
    covers = profile.covers.get(alteration)
    if covers is None:
        return Reason.of("covers.not_reported")
    if covers.state is Tested.YES:
        return None
    return Reason.of(f"covers.{covers.reason}", detail="; ".join(covers.detail))
