"""The main job on the demo's samples: read, interpret, report; register and sign one.

Usage: python scripts/demo.py DIR. Everything lands in DIR, which is made anew.
"""

from __future__ import annotations

import os
import shutil
import sys
from importlib.resources import files
from pathlib import Path

from presis.cli.main import run
from presis.diagnostics.report_making import safe_name

#: The samples, and whether a case is told beside the report.
SAMPLES = (
    ("CL-AcroMetrix-D01", False), ("CL-NA12878N25-D01", False), ("FUSION-CONTROL-R01", False), ("INVENTED-CRC-1", True),
)  # fmt: skip
DEMO = os.path.relpath(str(files("presis.diagnostics") / "demo_data"))


def command(*arguments: str) -> None:
    """Say the command as a person would type it, and run it."""
    print(f"\n$ presis {' '.join(arguments)}")
    if (code := run(list(arguments))) != 0:
        sys.exit(code)


def main(out: Path) -> None:
    """Run the demo into a folder that is the demo's own."""
    marker = out / ".presis-demo"
    if out.exists() and not marker.exists() and any(out.iterdir()):
        sys.exit(f"{out} holds something else than a demo; name another folder.")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    marker.touch()
    place = out / "record" / "presis.db"
    place.parent.mkdir()
    record = ["--record", str(place)]
    key = out / "keys" / "master.key"
    key.parent.mkdir()
    os.environ["PRESIS_KEYS"] = str(key)
    print("Three control samples and one invented tumour, as the panel's software wrote them:")
    command("report", "batch", DEMO, "--out", str(out), "--language", "en")
    command("record", "init", *record)
    command("keys", "make", str(key))
    case = f"{DEMO}/invented_colorectal"
    command("report", "register", case, "--as", "mona.bio", "--language", "en", *record)
    number, digest = registered(place)
    command("report", "sign", number, "--hash", digest[:16], "--as", "kari.lab", *record)
    for language in ("en", "nb"):
        command(
            "report", "show", number, "--as", "kari.lab", "--language", language, "--out",
            str(out / f"signed-{language}"), *record,
        )  # fmt: skip
    command("record", "verify", *record)
    print("\nWhich options fit each of them, which don't and why, and what would settle the rest:")
    known = os.path.relpath(str(files("presis.matching") / "demo_data" / "case.yaml"))
    for sample, case_file in SAMPLES:
        told = ["--case", known, "--at", "2026-11-25"] if case_file else []
        command(
            "match", "patient", "--report", str(out / f"{safe_name(sample)}.json"), *told, "--most", "4",
            "--language", "en",
        )  # fmt: skip
    command(
        "match", "patient", "--report", str(out / "INVENTED-CRC-1.json"), "--case", known, "--at",
        "2026-11-25", "--explain", "impress-atezolizumab-tmb-msi", "--language", "en",
    )  # fmt: skip
    print(
        f"\nLook at {out / 'signed-en' / f'{number}-v1.html'} first: the signed report of the invented tumour,"
    )
    print(
        f"then at the PDF beside it, and at {out / safe_name('CL-AcroMetrix-D01')}.html for a case with much in it."
    )


def registered(record: Path) -> tuple[str, str]:
    """The report's number and content hash, from its fact."""
    from presis.application import all_rooms, now
    from presis.record import record_url
    from presis.record.store import open_record

    for fact in open_record(record_url(str(record), {}), all_rooms(), now).facts():
        if fact.kind.startswith("diagnostics.report-registered"):
            return fact.payload.number, fact.payload.content_hash
    raise LookupError("no report was registered")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
