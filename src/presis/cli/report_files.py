"""A report from files: what `presis report make` does, and what other commands share with it."""

from __future__ import annotations

from pathlib import Path

from presis.cli._shared import console, print_json
from presis.cli.report_options import Options
from presis.diagnostics.interpretation import Interpreter
from presis.diagnostics.reading import read_one
from presis.diagnostics.report_making import DRAFT, Wanted, make_content, parse_formats, write_report
from presis.diagnostics.report_model import ReportContent
from presis.documents.language import Language
from presis.documents.runs import plain
from presis.errors import BadInput


def parse_language(text: str) -> Language:
    """`nb` or `en`; raises `BadInput` for another."""
    try:
        return Language(text.strip().lower())
    except ValueError:
        raise BadInput.of(
            "language",
            f"there are no words in {text!r}; use nb or en.",
            field="--language",
            found=text,
            accepted="nb, en",
        ) from None


def make_one(
    files: list[Path],
    out: Path,
    interpreter: Interpreter,
    options: Options,
    formats: str,
    language: str,
    *,
    as_json: bool,
) -> None:
    """Read, interpret, draw and write one report; say the conclusion and where it lies."""
    wanted = Wanted(parse_formats(formats), parse_language(language), options.laboratory)
    content = content_of(files, interpreter, options)
    paths = write_report(content, DRAFT, wanted, out)
    if as_json:
        print_json(
            {
                "sample": content.sample,
                "content_hash": content.content_hash(),
                "conclusion": conclusion(content, wanted.language),
                "files": [str(path) for path in paths],
            }
        )
        return
    printer = console()
    printer.print(conclusion(content, wanted.language))
    for path in paths:
        printer.print(f"  {path}", soft_wrap=True)


def content_of(files: list[Path], interpreter: Interpreter, options: Options) -> ReportContent:
    """The content of one specimen's report."""
    profile = read_one(
        files,
        interpreter.library,
        specimen_file=options.specimen,
        sample=options.sample,
        limits=options.limits,
    )
    return make_content(profile, interpreter, options.tumour, options.laboratory)


def conclusion(content: ReportContent, language: Language) -> str:
    """The report's conclusion as plain text."""
    return plain(content.conclusion[language.value])
