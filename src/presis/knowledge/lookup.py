"""What a person may look up by one word: a row's id, a pack, a drug, a tumour type, a gene."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from presis.knowledge.forms import LEFT_OUT_COLUMNS
from presis.knowledge.library import Library
from presis.knowledge.oncotree import Node
from presis.knowledge.release import Pack
from presis.knowledge.rows import PackRow, rows_of

#: At most so many tumour types of a name are shown.
MOST_TYPES = 10


@dataclass(frozen=True, slots=True)
class Found:
    """Something found: what it is (row, pack, drug, tumour type, gene), its name, and its fields in order."""

    kind: str
    name: str
    fields: dict[str, str]


def look_up(library: Library, text: str) -> tuple[Found, ...]:
    """Everything of this name; empty if there is nothing."""
    sought = text.strip()
    found: list[Found] = []
    if (row := library.row(sought)) is not None:
        found.append(_row(library, row))
    if (pack := library.packs.get(sought)) is not None:
        found.append(_pack(library, pack))
    if (drug := library.drug(sought)) is not None and (row := library.row(drug.row)) is not None:
        found.append(_row(library, row))
    found += [_type(library, node) for node in _types(library, sought)]
    if (gene := _gene(library, sought)) is not None:
        found.append(gene)
    return tuple(found)


def _row(library: Library, row: PackRow) -> Found:
    fields = {column: cell for column, cell in row.cells.items() if cell}
    if row.confidence is not None:
        counts = library.counts(row.row, row.confidence)
        fields["counts"] = "yes" if counts else "no: not confirmed by the laboratory"
        fields["wording"] = f"sha256 {row.content}"
    if (read := library.confirmation(row.row)) is not None:
        fields["confirmed with Presis"] = f"{read.words} (read on {read.read_on} at {read.source})"
    return Found("row", row.row, {"pack": f"{row.pack} {row.version}", **fields})


def _pack(library: Library, pack: Pack) -> Found:
    manifest = pack.manifest
    waiting = [row.row for row in unconfirmed(library, pack)]
    fields = {
        "title": manifest.title,
        "version": manifest.version,
        "date": str(manifest.date or "not known"),
        "valid on": str(manifest.valid_on),
        "licence": manifest.licence,
        "sources": "; ".join(f"{s.name}, {s.version}, {s.address}" for s in manifest.sources),
        "made": manifest.made,
        "caution": manifest.caution or "none",
        "files": "; ".join(f"{file.name}, {file.rows} rows, sha256 {file.sha256}" for file in manifest.files),
        "not confirmed": ", ".join(waiting) or "none",
    }
    return Found("pack", manifest.pack, fields)


def unconfirmed(library: Library, pack: Pack) -> Iterator[PackRow]:
    """The pack's rows that don't count yet."""
    for row in rows_of([pack]):
        if row.confidence is not None and not library.counts(row.row, row.confidence):
            yield row


def left_out(pack: Pack) -> Counter[str]:
    """How many rows the pack's builder left out, by reason."""
    lines = (line for file in pack.files("left_out") for line in pack.lines(file, LEFT_OUT_COLUMNS))
    return Counter(line["reason"] for line in lines)


def _types(library: Library, text: str) -> tuple[Node, ...]:
    """The node of a code alone; else the nodes of a name."""
    node = library.oncotree.node(text.upper())
    return (node,) if node is not None else library.oncotree.search(text)[:MOST_TYPES]


def _type(library: Library, node: Node) -> Found:
    path = " < ".join([node.code, *library.oncotree.ancestors(node.code)])
    fields = {"name": node.name, "path": path, "main type": node.main_type or "none"}
    if node.former_codes:
        fields["former codes"] = ", ".join(node.former_codes)
    return Found("tumour type", node.code, fields)


def _gene(library: Library, text: str) -> Found | None:
    gene = library.current_symbol(text.upper())
    transcript, role = library.mane(gene), library.gene_role(gene)
    if transcript is None and role is None:
        return None
    fields = {}
    if gene != text:
        fields["written"] = text
    fields["role"] = role.role.replace("_", " ") if role else "not in the table"
    if role is not None:
        confirmed = ", confirmed" if role.counts and role.confidence != "read" else ""
        fields["role's row"] = f"{role.row} ({role.confidence}{confirmed})"
        fields["lost by truncation"] = role.lof_by_truncation
    if transcript is not None:
        fields["MANE Select"] = f"{transcript.refseq_nuc}, {transcript.ensembl_nuc}"
    fields["hotspot residues"] = str(sum(residue.gene == gene for residue in library.hotspots))
    fields["functional evidence"] = ", ".join(row.row for row in library.functional(gene)) or "none"
    fields["critical regions"] = ", ".join(row.row for row in library.domains(gene)) or "none"
    fields["CIViC items"] = str(len(library.civic_for(gene)))
    return Found("gene", gene, fields)
