"""Write the reference of the report's JSON from its model; with --check, say whether it is current.

Usage: python scripts/report_schema.py [--check]. Types come from the model, what a field means from
docs/reference/report-fields.yaml.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from presis.diagnostics.report_model import report_schema

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
TOP = "ReportContent"
HEAD = """\
# Report JSON

Generated from the model by `scripts/report_schema.py`; don't edit it by hand. The same as JSON Schema
(2020-12): [report.schema.json](report.schema.json).

The content of a report is data of this form. It is what is hashed, signed and kept; HTML and PDF are
drawn from it ([decision 8](../decisions/0008-reports-and-their-content.md)). Fractions run from 0 to 1.
Null means "not told" or "not known", never zero. An unknown key is an error.

A file `NAME.json`, as `presis report make` and `presis report show --out` write it, holds three things:

| Key | What it is |
|---|---|
| `status` | Where the report stands, below. It isn't part of what is signed. |
| `content_hash` | SHA-256 of the content: JSON in UTF-8, keys in the model's order, no spaces; `markers`, `settled`, `disagreements`, `identity` and `attachments` are left out while empty. |
| `report` | The content, below. |

`status` holds `state` (`draft`, `signed`, `superseded`) and `version`, and where they apply `number`,
`signatures` (each with `at`, `by`, `role`, `organisation`), `needed` (how many there must be), `replaces`,
`replaced_by` and `reason`.
"""


def page(schema: dict[str, Any], meanings: dict[str, dict[str, str]]) -> str:
    """The page: the report first, then each part in the order of the alphabet."""
    models = {TOP: schema, **dict(sorted(schema["$defs"].items()))}
    if problems := [*unexplained(models, meanings)]:
        raise SystemExit("report_schema: docs/reference/report-fields.yaml: " + "; ".join(problems) + ".")
    parts = [HEAD]
    for name, model in models.items():
        parts += [
            f"## {name}",
            "",
            one_line(model.get("description", "")),
            "",
            "| Field | Type | What it is |",
            "|---|---|---|",
        ]
        for field, form in model["properties"].items():
            parts.append(f"| `{field}` | {type_of(form)} | {meanings[name][field]} |")
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def unexplained(models: dict[str, Any], meanings: dict[str, dict[str, str]]) -> Iterator[str]:
    """Fields without a meaning, and meanings without a field."""
    told = {(model, field) for model, fields in meanings.items() for field in fields}
    held = {(model, field) for model, form in models.items() for field in form["properties"]}
    yield from (f"{model}.{field} has no meaning; add it" for model, field in sorted(held - told))
    yield from (
        f"{model}.{field} is no field of the report; remove it" for model, field in sorted(told - held)
    )


def type_of(form: dict[str, Any]) -> str:
    """A type in words, linked where it is one of the page's own."""
    if "$ref" in form:
        name = form["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in form:
        return " or ".join(type_of(each) for each in form["anyOf"])
    if "enum" in form:
        return ", ".join(f"`{each}`" for each in form["enum"])
    if "const" in form:
        return f"`{form['const']}`"
    match form.get("type"):
        case "array" if "prefixItems" in form:
            return f"[{', '.join(type_of(each) for each in form['prefixItems'])}]"
        case "array":
            return f"list of {type_of(form['items'])}"
        case "object" if isinstance(form.get("additionalProperties"), dict):
            return f"map to {type_of(form['additionalProperties'])}"
        case other:
            return str(other)


def one_line(text: str) -> str:
    """A docstring as one paragraph."""
    return " ".join(text.split())


def main(arguments: list[str]) -> int:
    """Write page and schema, or check them; the exit code."""
    schema = report_schema()
    meanings = yaml.safe_load((FOLDER / "report-fields.yaml").read_text(encoding="utf-8"))
    dated = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    made = {
        FOLDER / "report-json.md": page(schema, meanings),
        FOLDER / "report.schema.json": json.dumps(dated, ensure_ascii=False, indent=2) + "\n",
    }
    if "--check" not in arguments:
        for path, text in made.items():
            path.write_text(text, encoding="utf-8")
        return 0
    stale = [
        path.name
        for path, text in made.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if stale:
        names = " and ".join(f"docs/reference/{name}" for name in stale)
        print(f"{names} differs from the model; run `python scripts/report_schema.py`.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
