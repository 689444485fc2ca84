"""MatchMiner's Clinical Trial Markup Language: read, and evaluated as MatchEngine does or strictly."""

from presis.matching.ctml.answers import Asking, Verdicts, strict_verdicts, upstream_answers, upstream_matches
from presis.matching.ctml.coverage import Coverage, read_coverage
from presis.matching.ctml.patients import Cohort, read_cohort
from presis.matching.ctml.reading import Trial, read_trial
from presis.matching.ctml.remarks import Mode, Remarks
from presis.matching.ctml.trial_files import read_trials

__all__ = [
    "Asking",
    "Cohort",
    "Coverage",
    "Mode",
    "Remarks",
    "Trial",
    "Verdicts",
    "read_cohort",
    "read_coverage",
    "read_trial",
    "read_trials",
    "strict_verdicts",
    "upstream_answers",
    "upstream_matches",
]
