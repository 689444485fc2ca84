"""What a partition holds, found by gene, by kind of observation and by tumour; and subjects of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from presis.diagnostics.criteria import Criterion, TmbAtLeast
from presis.diagnostics.position_coverage import HotspotAnswer
from presis.diagnostics.profile import Alteration, Covers
from presis.errors import BadInput
from presis.matching.bulk.again import covers_of, findings_of, positions_of, subject_of, words_of
from presis.matching.bulk.partition import Codes, Groups, Keyed, Partition, Rows, code_of, mixed
from presis.matching.bulk.weights import BELOW, REACHED, UNTOLD, Looks, limit_of, looks_of, weighed
from presis.matching.subject import Subject

Key = tuple[str, str | None]
Factor = tuple[Codes, NDArray[np.intp], NDArray[np.intp]]
#: Columns of the samples that say what was looked at.
LOOKED_AT = ("coverage", "positions", "lost_genes", "lost_nameless", "assay")
#: Columns of a finding that its weight may rest on, but for its fraction.
CONTENT = (
    *("kind", "genes", "partners", "name", "protein", "cdna", "consequences", "exon", "classes"),
    *("could_act", "studied", "germline_class", "adjacent", "untold", "parts"),
    "copies",
)
#: Columns of a treatment by which it is told whether it is one that is asked.
GIVEN = ("drugs", "classes", "targets", "setting", "outcome")
MARKED = (
    *("kind", "marker", "name", "method", "score", "low", "high", "high_open", "unit", "assay"),
    *("threshold", "words"),
)


class Held:
    """A partition's rows as the criteria ask for them."""

    def __init__(self, partition: Partition) -> None:
        self.partition = partition
        self._factors: dict[tuple[tuple[Key, ...], bool], Factor] = {}
        self._by_tumour: dict[str, NDArray[np.intp]] = {}
        self._once: set[Key] = set()
        self.kept: dict[object, Any] = {}  # what features made of it, to be used again
        self._covers: dict[str, dict[Alteration, Covers]] = {}
        self._positions: dict[str, dict[str, HotspotAnswer]] = {}

    # -- what was looked at, and the findings ------------------------------------------------------

    @cached_property
    def looked_at(self) -> Factor:
        """The different things looked at: their codes, a tumour of each, and which each tumour has."""
        return _factor(self.partition.sample.codes(LOOKED_AT))

    @cached_property
    def reported(self) -> NDArray[np.bool_]:
        """(tumours,): whether there is a report."""
        return self.partition.sample.words("coverage")[1] > 0

    @cached_property
    def _looked_codes(self) -> Codes:
        different, _, inverse = self.looked_at
        return different[inverse]

    @cached_property
    def _contents(self) -> tuple[list[dict[str, Any]], Codes, NDArray[np.intp]]:
        """The different findings, read fractions aside: a row of each, its code, and which each row is."""
        keyed = self.partition.findings
        different, first, inverse = np.unique(keyed.codes(CONTENT), return_index=True, return_inverse=True)
        return keyed.table.select(CONTENT).take(first).to_pylist(), different, inverse

    @cached_property
    def _fractions(self) -> NDArray[np.float64]:
        return self.partition.findings.values("fraction")

    @cached_property
    def _origins(self) -> Codes:
        return self.partition.findings.codes(("origin", "origin_proven"))

    @cached_property
    def _by_gene(self) -> dict[str, Rows]:
        """The rows of findings by gene, at either end."""
        found: dict[str, list[Rows]] = {}
        for column in ("genes", "partners"):
            groups = Groups(self.partition.findings, column)
            for words, rows in groups.by_word.items():
                for gene in set(words_of(words)):
                    found.setdefault(gene, []).append(rows)
        return {gene: np.unique(np.concatenate(rows)) for gene, rows in found.items()}

    def rows_of(self, genes: Iterable[str]) -> Rows:
        """The rows of findings in genes, in order."""
        found = [self._by_gene[gene] for gene in genes if gene in self._by_gene]
        if not found:
            return np.zeros(0, np.intp)
        return found[0] if len(found) == 1 else np.unique(np.concatenate(found))

    @cached_property
    def _marked(self) -> Codes:
        keyed = self.partition.markers
        return self.partition.summed(keyed.tumours, keyed.codes(MARKED))

    def weights(self, leaf: Criterion, rows: Rows, known: dict[int, tuple[int, int, int]]) -> Codes:
        """(rows,): what each of these findings weighs; `known` are those of contents weighed before."""
        contents, codes, place_of = self._contents
        places, of_row = np.unique(place_of[rows], return_inverse=True)
        weigh = weighed(leaf)
        table = np.zeros((places.size, 3), np.uint64)
        for number, (place, code) in enumerate(zip(places.tolist(), codes[places].tolist(), strict=True)):
            found = known.get(code)
            if found is None:
                found = known[code] = weigh(contents[place])
            table[number] = found
        limit = limit_of(leaf)
        if limit is None:
            own: Codes = table[of_row, UNTOLD]
            return own
        fractions = self._fractions[rows]
        bucket = np.where(np.isnan(fractions), UNTOLD, np.where(fractions >= limit, REACHED, BELOW))
        chosen: Codes = table[of_row, bucket]
        return chosen

    def signatures(
        self,
        criteria: Sequence[Criterion],
        looks: Looks,
        weights: Callable[[Criterion], dict[int, tuple[int, int, int]]],
        *,
        by_origin: bool = False,
    ) -> tuple[Rows, Codes]:
        """The tumours that have something there, and (tumours,) the signatures for these criteria together.

        `by_origin`: where a finding comes from counts, too.
        """
        total = self._looked_codes.copy()
        touched: list[Rows] = []
        for number, leaf in enumerate(criteria):
            rows = self.rows_of(looks_of(leaf).genes)
            own = self.weights(leaf, rows, weights(leaf))
            there = own > 0
            rows, own = rows[there], own[there] + np.uint64(number << 16)
            if by_origin:
                own = mixed(own ^ mixed(self._origins[rows]))
            tumours = self.partition.findings.tumours[rows]
            np.add.at(total, tumours, mixed(own))
            touched.append(tumours)
            if isinstance(leaf, TmbAtLeast):
                total = mixed(total ^ mixed(self._reached(leaf)))
        if looks.beside:
            total = total ^ self._marked
            touched.append(self.partition.markers.tumours)
        if looks.columns:
            total = mixed(total ^ self.partition.sample.codes(sorted(looks.columns)))
        everyone = np.arange(self.partition.size) if looks.columns else None
        return np.unique(np.concatenate(touched)) if everyone is None else everyone, total

    def _reached(self, leaf: TmbAtLeast) -> Codes:
        """(tumours,): whether the rate isn't told, lies below, or reaches the limit."""
        rates = self.partition.sample.values("tmb")
        return np.where(np.isnan(rates), 1, np.where(rates >= leaf.per_megabase, 3, 2)).astype(np.uint64)

    # -- treatments --------------------------------------------------------------------------------

    @cached_property
    def contents_of_treatments(self) -> tuple[list[dict[str, Any]], NDArray[np.intp]]:
        """A row of each different treatment, its days and line aside, and which of them each row is."""
        keyed = self.partition.treatments
        _, first, inverse = np.unique(keyed.codes(GIVEN), return_index=True, return_inverse=True)
        return keyed.table.take(first).to_pylist(), inverse

    def said(self, key: Key, says: Callable[[Subject], bool]) -> NDArray[np.bool_]:
        """(tumours,): what is asked of one observation, of each different one once."""
        _, first, inverse = self.observed((key,))
        found = [says(self.subject(int(row), observed=(key,))) for row in first]
        return np.array(found, bool)[inverse]

    # -- the patient -------------------------------------------------------------------------------

    def of_sample(self, column: str) -> tuple[Codes, Callable[[int], Subject]]:
        """The codes of a column of the samples, and subjects with it."""
        return self.partition.sample.word_codes(column), self.subject

    def of_patient(self, column: str) -> tuple[Codes, Callable[[int], Subject]]:
        """The codes of a column of the patients, and subjects with it."""
        return self.partition.patients.word_codes(column), self.subject

    @cached_property
    def _named(self) -> dict[Key, Rows]:
        """The rows of observations by kind and name."""
        keyed = self.partition.observations
        kinds, of_kind = keyed.words("kind")
        names, of_name = keyed.words("name")
        both = of_kind * len(names) + of_name
        order = np.argsort(both, kind="stable")
        different, starts = np.unique(both[order], return_index=True)
        ends = np.append(starts, both.size)[1:].tolist()
        return {
            (str(kinds[code // len(names)]), names[code % len(names)]): order[start:end]
            for code, start, end in zip(different.tolist(), starts.tolist(), ends, strict=True)
        }

    def observation_rows(self, key: Key) -> Rows:
        """The rows of one kind and name, in order.

        Raises:
            BadInput: if a patient has two of a kind of which the cut holds the newest alone.

        """
        rows = self._named.get(key, np.zeros(0, np.intp))
        if key[0] != "laboratory" and key not in self._once:
            keyed = self.partition.observations
            if np.unique(keyed.tumours[rows]).size < rows.size:
                what = " ".join(filter(None, key))
                raise BadInput.of(
                    "cut.twice",
                    f"a patient has {what} twice; a cut holds the newest alone, so make it anew.",
                    file="observations",
                    field="kind",
                    found=what,
                )
            self._once.add(key)
        return rows

    @cached_property
    def _observed_codes(self) -> Codes:
        return self.partition.observations.codes(("value", "day"))

    def observed(self, keys: tuple[Key, ...], *, with_sex: bool = False) -> Factor:
        """The different values told under these keys: their codes, a tumour of each, and each tumour's."""
        asked = (keys, with_sex)
        if asked not in self._factors:
            total = np.zeros(self.partition.size, np.uint64)
            for key in keys:
                rows = self.observation_rows(key)
                codes = mixed(self._observed_codes[rows] ^ np.uint64(code_of(repr(key))))
                np.add.at(total, self.partition.observations.tumours[rows], codes)
            if with_sex:
                total = mixed(total ^ self.partition.patients.word_codes("sex"))
            self._factors[asked] = _factor(total)
        return self._factors[asked]

    # -- subjects of rows --------------------------------------------------------------------------

    def subject(
        self,
        row: int,
        *,
        genes: frozenset[str] | None = None,
        beside: bool = False,
        observed: Sequence[Key] = (),
        treated: bool = False,
        whole: bool = False,
    ) -> Subject:
        """The subject of a tumour, with what is asked for alone: the findings of genes, other tests, ..."""
        partition = self.partition
        sample = _row(partition.samples, row)
        findings = None
        if sample["coverage"] is not None and (genes is not None or whole):
            own = self._of_tumour("findings", partition.findings, row)
            if not whole:
                own = _among(own, self.rows_of(genes)) if genes else own[:0]
            marks = self._of_tumour("markers", partition.markers, row) if beside or whole else own[:0]
            findings = findings_of(
                sample,
                self._covers_of(sample["coverage"]),
                self._positions_of(sample["positions"]),
                [_row(partition.findings.table, each) for each in own.tolist()],
                [_row(partition.markers.table, each) for each in marks.tolist()],
            )
        told = self._of_tumour("observations", partition.observations, row)
        if not whole:
            named = [self.observation_rows(key) for key in observed]
            told = _among(told, np.sort(np.concatenate(named))) if named else told[:0]
        given = self._of_tumour("treatments", partition.treatments, row) if treated or whole else told[:0]
        return subject_of(
            _row(partition.patients.table, row),
            sample,
            findings,
            [_row(partition.observations.table, each) for each in told.tolist()],
            [_row(partition.treatments.table, each) for each in given.tolist()],
        )

    def _of_tumour(self, name: str, keyed: Keyed, tumour: int) -> Rows:
        """The rows of one tumour, in order."""
        if name not in self._by_tumour:
            self._by_tumour[name] = np.argsort(keyed.tumours, kind="stable")
        order = self._by_tumour[name]
        edges = np.searchsorted(keyed.tumours, [tumour, tumour + 1], sorter=order)
        rows: Rows = order[edges[0] : edges[1]]
        return rows

    def _covers_of(self, key: str) -> dict[Alteration, Covers]:
        if key not in self._covers:
            self._covers[key] = covers_of(self._side("coverage", key))
        return self._covers[key]

    def _positions_of(self, key: str | None) -> dict[str, HotspotAnswer]:
        if key is None:
            return {}
        if key not in self._positions:
            self._positions[key] = positions_of(self._side("positions", key))
        return self._positions[key]

    def _side(self, name: str, key: str) -> list[dict[str, Any]]:
        import pyarrow.compute as pc

        table = self.partition.tables[name]
        rows: list[dict[str, Any]] = table.filter(pc.equal(table[name], key)).to_pylist()
        return rows


def _factor(codes: Codes) -> Factor:
    different, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    return different, first, inverse


def _among(rows: Rows, wanted: Rows) -> Rows:
    """Those of a few rows that are among many in order."""
    if not wanted.size:
        return rows[:0]
    places = np.minimum(np.searchsorted(wanted, rows), wanted.size - 1)
    found: Rows = rows[wanted[places] == rows]
    return found


def _row(table: Any, place: int) -> dict[str, Any]:
    return {name: table[name][place].as_py() for name in table.column_names}
