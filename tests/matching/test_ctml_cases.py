"""Each row of the language as MatchEngine runs it, and the strict answer beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.matching.ctml_cases import asking, cases, read, write

from presis.errors import BadInput
from presis.matching.ctml import Mode, strict_verdicts, upstream_matches

CASES = dict(cases())


@pytest.mark.parametrize("name", CASES)
def test_matchengines_answer(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    write(tmp_path, case)
    if isinstance(case["ctml"], dict):
        with pytest.raises(BadInput, match=case["ctml"]["error"].replace("(", r"\(")):
            read(tmp_path, Mode.CTML)
        return
    trials, cohort, _, remarks = read(tmp_path, Mode.CTML)
    (found,) = upstream_matches(trials, cohort, asking(case)).values()
    assert found == case["ctml"]
    assert [each.code for each in remarks.warnings] == case.get("warnings", [])


@pytest.mark.parametrize("name", CASES)
def test_the_strict_answer(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    write(tmp_path, case)
    wanted: dict[str, Any] = case["strict"]
    if "error" in wanted:
        with pytest.raises(BadInput) as error:
            read(tmp_path, Mode.STRICT)
        assert wanted["error"] in str(error.value)
        assert tmp_path.name in str(error.value)
        return
    trials, cohort, tested, _ = read(tmp_path, Mode.STRICT)
    (found,) = strict_verdicts(trials, cohort, tested, asking(case)).values()
    assert list(found.satisfied) == wanted.get("satisfied", [])
    unknown = {each.sample: [reason.code for reason in each.settled_by] for each in found.unknown}
    assert unknown == wanted.get("unknown", {})
    why = {each.sample: [reason.code for reason in each.why] for each in found.differs}
    assert all(codes for codes in why.values()), "every difference has a reason"
    for sample, codes in wanted.get("why", {}).items():
        assert set(codes) <= set(why[sample])
    matched = set(case["ctml"])
    apart = {*matched} ^ {*found.satisfied} | set(unknown)
    assert set(why) == apart
