"""What `presis review set|text` do: judgements, and the report's own words."""

from __future__ import annotations

from dataclasses import dataclass

import typer

from presis.cli._shared import console, print_json
from presis.cli.desk import Desk, chosen, told
from presis.cli.review_bench import Bench, bench_of, finding_named
from presis.diagnostics.judged import DROPS, Judged
from presis.diagnostics.oncogenicity import CLASSES
from presis.diagnostics.report_model import FindingJson
from presis.diagnostics.review import JudgeFinding, WriteInterpretation
from presis.diagnostics.review_lists import Reviewed, progress, review_lists
from presis.errors import BadInput


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of a finding; `reason` for the laboratory, `comment` for the report's reader."""

    verdict: str
    oncogenicity: str | None
    reason: str
    comment: str | None


def verdict_of(
    *, keep: bool, drop: str | None, oncogenicity: str | None, withdraw: bool
) -> tuple[str, str | None]:
    """The verdict and class that the options name; raises `BadInput` unless it is exactly one."""
    given = [
        *(["--keep"] if keep else []),
        *([] if drop is None else ["--drop"]),
        *([] if oncogenicity is None else ["--class"]),
        *(["--withdraw"] if withdraw else []),
    ]
    if len(given) != 1:
        accepted = "--keep, --drop, --class or --withdraw"
        what = f"you gave {' and '.join(given)}" if given else "you gave none"
        raise BadInput.of(
            "verdict-missing", f"say one of {accepted}; {what}.", found=" ".join(given), accepted=accepted
        )
    if drop is not None:
        return chosen(drop, DROPS, "--drop"), None
    if oncogenicity is not None:
        return "reclassified", chosen(oncogenicity, CLASSES, "--class")
    return ("keep" if keep else "withdrawn"), None


def judge_one(desk: Desk, number: str, seen: int | None, finding: str, said: Verdict) -> None:
    """A judgement of one finding."""
    bench = bench_of(desk, number, "review", "judge-finding")
    _judge(desk, bench, seen, finding_named(bench, finding), said)


def _judge(desk: Desk, bench: Bench, seen: int | None, each: Reviewed, said: Verdict) -> None:
    """Give the judgement; say what was saved, and how far the review has come."""
    onco = each.oncogenicity if isinstance(each, FindingJson) else None
    desk.give(
        lambda base: JudgeFinding(
            **base,
            key=each.key or "",
            label=each.label,
            verdict=said.verdict,
            oncogenicity=said.oncogenicity,
            computed=tuple(onco.classes) if onco else (),
            why=said.reason,
            text=said.comment,
        ),
        f"requisitions/{bench.number}/review",
        number=bench.number,
        seen=bench.version if seen is None else seen,
    )
    _say_judged(desk, bench, each, said)


def _say_judged(desk: Desk, bench: Bench, each: Reviewed, said: Verdict) -> None:
    """What was saved, and how far the review has come."""
    after = {key: judged for key, judged in bench.judged.items() if key != each.key}
    if said.verdict != "withdrawn":
        after[each.key or ""] = Judged(said.verdict, said.oncogenicity, "", None, "", "")
    code, counts = progress(review_lists(bench.content, after), after)
    if desk.as_json:
        print_json(
            {
                "number": bench.number,
                "version": bench.version + 1,
                "key": each.key,
                "label": each.label,
                "verdict": said.verdict,
                "class": said.oncogenicity,
                "open": counts["open"],
            }
        )
        return
    say = desk.say
    word = f"class.{said.oncogenicity}" if said.oncogenicity else f"verdict.{said.verdict}"
    out = console()
    out.print(f"{each.label}: {say.say(word).lower()}.", markup=False)
    out.print(f"{bench.number}: {say.say(code, counts)}", markup=False)


def write_text(desk: Desk, number: str, seen: int | None, words: list[str]) -> None:
    """Free text: of the whole, or of a finding that somebody has judged."""
    if len(words) > 2:
        raise BadInput.of(
            "text-unquoted",
            f"these are {len(words)} words; put the text in quotes, after the finding if it is of one.",
            field="TEXT",
            found=" ".join(words)[:80],
        )
    if len(words) == 2:
        _write_of_finding(desk, number, seen, words[0], words[1])
        return
    given = told(words[0], "TEXT")
    _, version = desk.allowed(number, "write-interpretation")
    saw = version if seen is None else seen
    place = f"requisitions/{number}/review"
    desk.give(lambda ids: WriteInterpretation(**ids, text=given), place, number=number, seen=saw)
    if desk.as_json:
        print_json({"number": number, "version": saw + 1})
    else:
        typer.echo(f"{number}: {desk.say.say('web.written').lower()}")


def _write_of_finding(desk: Desk, number: str, seen: int | None, finding: str, text: str) -> None:
    given = told(text, "TEXT")
    bench = bench_of(desk, number, "review", "judge-finding")
    each = finding_named(bench, finding)
    judged = bench.judged.get(each.key or "")
    if judged is None:
        raise BadInput.of(
            "not-judged",
            f"nobody has judged {each.label} of {number} yet; its text stands with the judgement: "
            "`presis review set` with --comment.",
            field="FINDING",
            found=finding,
        )
    _judge(desk, bench, seen, each, Verdict(judged.verdict, judged.oncogenicity, judged.reason, given))
