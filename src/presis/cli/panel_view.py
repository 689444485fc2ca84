"""A molecular profile for people, in tables of 80 columns, and for programs, as one object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from presis.cli._shared import console
from presis.cli.panel_beside import (
    MARKER_COLUMNS,
    PICTURE_COLUMNS,
    disagreement_json,
    disagreements_text,
    marker_row,
    picture_row,
)
from presis.cli.panel_positions import (
    DEPTH_COLUMNS,
    SEGMENT_COLUMNS,
    depth_line,
    depth_rows,
    remarks_on,
    segment_rows,
)
from presis.diagnostics.pathology import Disagreement
from presis.diagnostics.profile import (
    Alteration,
    Covers,
    Fusion,
    MolecularProfile,
    QualityMeasure,
    SmallVariant,
    Source,
    Specimen,
    Tested,
    Verdict,
)
from presis.diagnostics.several_results import tumour_dna
from presis.diagnostics.signatures import tmb_interval
from presis.diagnostics.tumour_content import copies_for, holds_on_condition
from presis.documents.language import Language, words

_MARKS = {Tested.YES: "● yes", Tested.NO: "○ no", Tested.UNKNOWN: "◐ unknown"}
_NAMES = {
    Alteration.SMALL_VARIANT: "small variants",
    Alteration.AMPLIFICATION: "amplifications",
    Alteration.DELETION: "deletions",
    Alteration.EXON_CNV: "exon copy number",
    Alteration.DNA_FUSION: "fusions by DNA",
    Alteration.RNA_FUSION: "fusions by RNA",
    Alteration.SPLICE: "splice variants",
    Alteration.LOH: "loss of heterozygosity",
    Alteration.TMB: "TMB",
    Alteration.MSI: "MSI",
    Alteration.HRD: "HRD score",
}
_WHY = {
    "assayed": "",
    "not_on_assay": "not on this assay",
    "not_by_software": "this software doesn't report it",
    "no_rna": "no RNA sample",
    "no_dna": "no DNA sample",
    "rna_failed": "RNA failed",
    "dna_failed": "DNA failed",
    "not_reported": "the files don't say",
    "panel_unknown": "the file names no panel",
    "not_annotated": "the file names no genes",
    "quality_failed": "quality",
    "contaminated": "contaminated",
    "few_sites": "too few usable sites",
    "low_tumour_content": "too few tumour cells",
    "tumour_content_not_reported": "the share of tumour cells is not reported",
    "ctdna_non_informative": "plasma: nothing found is non-informative, not negative",
}
_SAY = words(Language.EN)
_ADAPTER = TypeAdapter(MolecularProfile)


def profile_json(profile: MolecularProfile, disagreements: Sequence[Disagreement] = ()) -> dict[str, Any]:
    """The whole profile; genes of coverage sorted, so that the same files give the same text."""
    content: dict[str, Any] = _ADAPTER.dump_python(profile, mode="json")
    content["disagreements"] = [disagreement_json(each) for each in disagreements]
    for covers in content["covers"].values():
        covers["genes"] = sorted(covers["genes"])
    first = ("sample", "dna_sample", "rna_sample", "specimen", "assay", "build", "run")
    return {name: content[name] for name in (*first, *(name for name in content if name not in first))}


def profile_text(
    profile: MolecularProfile, disagreements: Sequence[Disagreement] = (), *, rows: int | None
) -> None:
    """The answer first, then sample, what was tested, quality, findings, and what wasn't usable."""
    out = console()
    out.print(_answer(profile), markup=False)
    if profile.specimen.invented:
        out.print("Invented data: no patient.")
    if profile.specimen.predisposition_declined:
        out.print(_SAY.say("tumour.germline-declined"))
    disagreements_text(out, disagreements)
    _facts(out, profile)
    _tested(out, profile)
    _quality(out, profile)
    _findings(out, profile, rows)
    _not_usable(out, profile, rows)


def _answer(profile: MolecularProfile) -> str:
    """What was found and what nobody can say, as one sentence."""
    counts = [
        (len(profile.small_variants), "small variant"),
        (len(profile.copy_numbers), "copy number call"),
        (len(profile.exon_copy_numbers), "exon copy number call"),
        (len(profile.fusions), "fusion"),
        (len(profile.splice_variants), "splice variant"),
        (len(profile.copy_segments), "copy segment"),
    ]
    found = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    unknown = [_NAMES[each] for each, covers in profile.covers.items() if covers.state is Tested.UNKNOWN]
    text = f"{profile.sample}: {', '.join(found) or 'no findings'}"
    return f"{text}; unknown: {', '.join(unknown)}." if unknown else f"{text}."


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, show_edge=False
    )
    for column in columns:
        right = column in (
            "VAF %",
            "depth",
            "fold",
            "copies",
            "minor copies",
            "reads",
            "line",
            "genes",
            "value",
        )
        table.add_column(column, justify="right" if right else "left", overflow="fold", no_wrap=right)
    return table


def _facts(out: Console, profile: MolecularProfile) -> None:
    table = _table("")
    table.add_column("", style="dim", no_wrap=True)
    table.add_column("", overflow="fold")
    table.show_header = False
    assay, specimen = profile.assay, profile.specimen
    software = " ".join(part for part in (assay.software, assay.software_version) if part)
    assumed = " (assumed)" if assay.software_assumed else ""
    said = [
        f"{each.name.replace('_', ' ')} {_shown(getattr(specimen, each.name))}"
        for each in fields(specimen)
        if getattr(specimen, each.name) not in (None, (), False)
    ]
    for name, text in (
        (
            "sample",
            f"{profile.sample}, DNA {profile.dna_sample or 'none'}, RNA {profile.rna_sample or 'none'}",
        ),
        (
            "assay",
            f"{assay.name} {assay.kind}, {software}{assumed}" if software else "not named by the files",
        ),
        ("build", str(profile.build or "not reported")),
        ("run", profile.run or "not reported"),
        ("specimen", "; ".join(said) or "nothing reported"),
        ("tumour", specimen.tumour or specimen.tumour_text or "not reported"),
    ):
        table.add_row(name, Text(text))
    out.print(table)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _tested(out: Console, profile: MolecularProfile) -> None:
    table = _table("\nTested", "alteration", "looked for", "genes", "why not, or what it rests on")
    for alteration, covers in profile.covers.items():
        genes = str(len(covers.genes)) if covers.genes else ""
        table.add_row(_NAMES[alteration], _MARKS[covers.state], genes, Text(_why(covers)))
    out.print(table)
    if holds_on_condition(profile):
        out.print(
            "The share of tumour cells is not reported: what was not found holds only if there were enough."
        )


def _why(covers: Covers) -> str:
    return "; ".join(part for part in (_WHY.get(covers.reason, covers.reason), *covers.detail) if part)


def _quality(out: Console, profile: MolecularProfile) -> None:
    quality = profile.quality
    if not quality.known:
        out.print("\nQuality: unknown, no metrics file was given for this sample.")
        return
    judged = [each for each in quality.measures if each.verdict in (Verdict.PASS, Verdict.FAIL, Verdict.WARN)]
    missed = [each for each in judged if each.verdict is not Verdict.PASS]
    out.print(f"\nQuality: {len(judged) - len(missed)} of {len(judged)} limits kept.")
    if (dna := tumour_dna(profile)) is not None:
        out.print(_SAY.why(dna)[0].upper() + _SAY.why(dna)[1:] + ".")
    if quality.contaminated:
        out.print("Contaminated: no DNA result of this sample can be relied on.")
    if missed:
        table = _table("", "metric", "value", "limit", "from", "makes unknown")
        for each in missed:
            governs = _joined(_NAMES[alteration] for alteration in each.governs)
            table.add_row(
                each.metric, _number(each.value), _limit(each), each.limit_from or "", each.note or governs
            )
        out.print(table)


def _limit(measure: QualityMeasure) -> str:
    low = f"≥ {_number(measure.lower)}" if measure.lower is not None else ""
    high = f"≤ {_number(measure.upper)}" if measure.upper is not None else ""
    return " ".join(part for part in (low, high) if part)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _findings(out: Console, profile: MolecularProfile, rows: int | None) -> None:
    for line in _markers(profile):
        out.print(line, markup=False)
    columns = ("gene", "change", "VAF %", "depth", "consequence", "line")
    _rows(out, "Small variants", columns, rows, map(_variant, profile.small_variants))
    copies = [
        (
            each.gene,
            each.kind.value,
            _number(each.fold_change),
            _adjusted(each.gene, each.fold_change, profile.specimen),
            _number(each.absolute_copies),
            _line(each.source),
        )
        for each in profile.copy_numbers
    ]
    names = ("gene", "call", "fold", "in tumour cells", "copies", "line")
    _rows(out, "Copy number", names, rows, copies)
    exons = [
        (each.gene, each.change, each.exons or "", _number(each.fold_change), _line(each.source))
        for each in profile.exon_copy_numbers
    ]
    _rows(out, "Exon copy number", ("gene", "call", "exons", "fold", "line"), rows, exons)
    losses = [
        (each.gene, _number(each.absolute_copies), _number(each.minor_copies), _line(each.source))
        for each in profile.losses_of_heterozygosity
    ]
    _rows(out, "Loss of heterozygosity (beta)", ("gene", "copies", "minor copies", "line"), rows, losses)
    partners = ("partners", "method", "reads", "breakpoints", "line")
    _rows(out, "Fusions", partners, rows, map(_fusion, profile.fusions))
    if profile.fusion_candidates:
        count = len(profile.fusion_candidates)
        out.print(f"{count} more fusion candidates were not kept by the software (--json lists them).")
    splices = [
        (each.gene, each.name or "", each.exons or "", _number(each.supporting_reads), _line(each.source))
        for each in profile.splice_variants
    ]
    _rows(out, "Splice variants", ("gene", "name", "exons", "reads", "line"), rows, splices)
    _rows(out, "Segments without a gene", SEGMENT_COLUMNS, rows, segment_rows(profile.copy_segments))
    depth = depth_line(profile)
    if depth is not None:
        out.print(f"\n{depth}", markup=False)
    _rows(out, "Hotspots not deep enough", DEPTH_COLUMNS, rows, depth_rows(profile))
    _rows(out, "Other tests (pathology)", MARKER_COLUMNS, rows, map(marker_row, profile.markers))
    _rows(out, "Pictures", PICTURE_COLUMNS, rows, map(picture_row, profile.attachments))


def _adjusted(gene: str, fold: float | None, specimen: Specimen) -> str:
    """Copies by the share of tumour cells, over the range of the estimate."""
    copies = copies_for(gene, fold, specimen)
    if copies.best is None or copies.low is None:
        return "not computable" if copies.why == "copies.below-zero" else ""
    high = "or more" if copies.high is None else f"to {copies.high:.1f}"
    return f"{copies.best:.1f} ({copies.low:.1f} {high})"


def _markers(profile: MolecularProfile) -> Iterator[str]:
    tmb, msi, gis = profile.tmb, profile.msi, profile.genomic_instability
    if tmb is not None:
        rate = _number(tmb.per_megabase) or "not computed"
        count, size = (_number(each) or "?" for each in (tmb.eligible_variants, tmb.megabases))
        interval = tmb_interval(tmb) if profile.assay.kind == "tissue" else None
        spread = f", 95 % {interval[0]:.1f} to {interval[1]:.1f}" if interval else ""
        yield f"\nTMB {rate} per Mb ({count} variants over {size} Mb{spread})"
    if msi is not None and msi.sum_jsd is not None:
        yield f"MSI sum of distances {_number(msi.sum_jsd)} (plasma: no percentage)"
    elif msi is not None:
        percent = _number(msi.percent_unstable)
        counts = f"{_number(msi.unstable_sites) or '?'} of {_number(msi.usable_sites) or '?'} sites"
        yield f"MSI {percent} % unstable ({counts})" if percent else f"MSI not computed ({counts})"
    if gis is not None:
        fraction = gis.tumour_fraction_reported or "not reported"
        yield f"HRD score {_number(gis.score) or 'not computed'}, tumour fraction as written {fraction}"
        yield f"  {_SAY.say('gis.not-myriad')}"


def _line(source: Source | None) -> str:
    return "" if source is None else str(source.line)


def _variant(variant: SmallVariant) -> tuple[str, ...]:
    place = f"{variant.chromosome}:{variant.position} {variant.ref}>{variant.alt}"
    fraction = variant.allele_fraction
    return (
        variant.gene or "",
        variant.protein_short or variant.cdna or place,
        "" if fraction is None else f"{fraction * 100:.3g}",
        _number(variant.depth),
        ", ".join((*variant.consequences, *remarks_on(variant))),
        _line(variant.source),
    )


def _fusion(fusion: Fusion) -> tuple[str, ...]:
    order = "" if fusion.order_known else " (order unknown)"
    places = f"{fusion.breakpoint_first} {fusion.breakpoint_second}"
    reads = _number(fusion.supporting_reads)
    return (fusion.label + order, fusion.method.value, reads, places, _line(fusion.source))


def _rows(
    out: Console, title: str, columns: Sequence[str], rows: int | None, content: Iterable[tuple[str, ...]]
) -> None:
    """A table of findings; none are printed for an empty one, since `Tested` says what that means."""
    content = list(content)
    if not content:
        return
    table = _table(f"\n{title}: {len(content)}", *columns)
    for row in content[:rows]:
        table.add_row(*map(Text, row))
    out.print(table)
    if rows is not None and len(content) > rows:
        out.print(f"… {len(content) - rows} more; --all shows them.")


def _not_usable(out: Console, profile: MolecularProfile, rows: int | None) -> None:
    lost = [each for each in profile.not_usable if each.severity == "lost"]
    for title, entries in (
        ("Not usable", lost),
        ("Remarks", [each for each in profile.not_usable if each.severity != "lost"]),
    ):
        content = [
            (
                f"{each.file}:{each.line}" if each.line else each.file,
                each.reason,
                each.found.replace("\t", " · "),
            )
            for each in entries
        ]
        _rows(out, title, ("where", "why", "what it says"), rows, content)
    if not lost:
        out.print("\nEvery row was used.")
