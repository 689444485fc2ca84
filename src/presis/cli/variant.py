"""`presis variant GENE CHANGE`: what is known of one change, without any file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def variant(
    gene: Annotated[str, typer.Argument(help="Gene symbol, such as BRAF.")],
    change: Annotated[
        str, typer.Argument(help="Protein or coding change: V600E, p.(Val600Glu), c.559+1G>A.")
    ],
    consequence: Annotated[
        str | None, typer.Option(help="Sequence Ontology term, where the change alone doesn't tell it.")
    ] = None,
    population_frequency: Annotated[
        str | None,
        typer.Option(
            help="Highest allele frequency in a population (0 to 1), or 'absent'. Left out: not known."
        ),
    ] = None,
    tumour: Annotated[str | None, typer.Option(help="OncoTree code, such as COADREAD.")] = None,
    exon: Annotated[str | None, typer.Option(help="Exon as number/of, such as 16/16.")] = None,
    pack: Annotated[
        list[Path] | None,
        typer.Option("--pack", help="A knowledge pack of one's own, beside the shipped ones.", metavar="DIR"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Interpret one small variant: oncogenicity criterion by criterion, and what it means for treatment."""
    from presis.cli._shared import print_json
    from presis.cli.variant_view import variant_json, variant_text
    from presis.diagnostics.single_variant import interpret_variant
    from presis.knowledge import load_library

    result = interpret_variant(
        gene,
        change,
        consequence=consequence,
        population_frequency=population_frequency,
        tumour=tumour,
        exon=exon,
        library=load_library(tuple(pack or ())),
    )
    if json:
        print_json(variant_json(result))
    else:
        variant_text(result)
