"""One partition of a cut, held so that a criterion is asked of all its tumours at once.

Every row of a table has a code by its content, a 64-bit hash that is the same in every partition, and belongs
to a tumour. A tumour's **signature** for a criterion is made of the codes that the criterion looks at: equal
signatures, equal answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from presis.errors import BadInput

Codes = NDArray[np.uint64]
Rows = NDArray[np.intp]
_SEED = np.uint64(0x9E3779B97F4A7C15)


def mixed(codes: Codes) -> Codes:
    """Codes spread over all 64 bits (SplitMix64; Steele, Lea, Flood 2014), so that sums of them differ."""
    z = codes + _SEED
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    spread: Codes = z ^ (z >> np.uint64(31))
    return spread


def code_of(text: str) -> int:
    """The code of a word."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


@dataclass
class Keyed:
    """A table's rows with the tumour of each; `tumours` (rows,) of places in the samples."""

    table: pa.Table
    tumours: Rows
    _dictionaries: dict[str, tuple[list[str | None], NDArray[np.int64]]] = field(default_factory=dict)

    def words(self, name: str) -> tuple[list[str | None], NDArray[np.int64]]:
        """A column of words as its different words and the place of each row's; the first word is None."""
        if name not in self._dictionaries:
            column = self.table[name].combine_chunks()
            if not pa.types.is_dictionary(column.type):
                column = column.dictionary_encode()
            if isinstance(column, pa.ChunkedArray):
                column = column.combine_chunks()
            places = pc.fill_null(pc.add(column.indices.cast(pa.int64()), 1), 0).to_numpy(
                zero_copy_only=False
            )
            self._dictionaries[name] = ([None, *column.dictionary.to_pylist()], places)
        return self._dictionaries[name]

    def word_codes(self, name: str) -> Codes:
        """(rows,): the code of each row's word."""
        words, places = self.words(name)
        codes = np.array([0 if w is None else code_of(w) for w in words], np.uint64)
        return codes[places]

    def values(self, name: str) -> NDArray[np.float64]:
        """(rows,): numbers and flags as floats, null as NaN."""
        column = self.table[name].cast(pa.float64())
        return np.asarray(pc.fill_null(column, float("nan")).to_numpy())

    def codes(self, names: Sequence[str]) -> Codes:
        """(rows,): a code of each row by these columns together."""
        total = np.zeros(self.table.num_rows, np.uint64)
        for place, name in enumerate(names):
            kind = self.table.schema.field(name).type
            if pa.types.is_dictionary(kind) or pa.types.is_string(kind):
                own = self.word_codes(name)
            else:
                own = (self.values(name) + 0.0).view(np.uint64)
            total = mixed(total ^ mixed(own + np.uint64(place + 1)))
        return total


@dataclass
class Partition:
    """The tables of one partition, over `size` tumours in the order of its samples."""

    tables: Mapping[str, pa.Table]

    def __post_init__(self) -> None:
        self.samples = self.tables["samples"]
        self.size: int = self.samples.num_rows
        self.sample = Keyed(self.samples, np.arange(self.size))
        patients = self.samples["patient"].combine_chunks()
        self.findings = self._by("findings", self.samples["sample"].combine_chunks(), "sample")
        self.markers = self._by("markers", self.samples["sample"].combine_chunks(), "sample")
        self._patients = patients

    def _by(self, name: str, keys: pa.Array, column: str) -> Keyed:
        """A table's rows by the tumour that they name; raises `BadInput` for one that names none."""
        table = self.tables[name]
        places = pc.index_in(table[column].combine_chunks(), value_set=keys)
        if places.null_count:
            stray = table.filter(pc.is_null(places))[column][0].as_py()
            raise BadInput.of(
                "cut.stray",
                f"a row of {name} is of {stray}, which samples doesn't hold; make the cut anew.",
                file=name,
                field=column,
                found=str(stray),
            )
        return Keyed(table, places.to_numpy(zero_copy_only=False).astype(np.intp))

    def _of_patient(self, name: str) -> Keyed:
        """A table of patients' rows, each row once for every tumour of its patient."""
        table = self.tables[name]
        own = pa.table({"patient": self._patients, "tumour": pa.array(np.arange(self.size))})
        rows = pa.table({"patient": table["patient"], "row": pa.array(np.arange(table.num_rows))})
        both = rows.join(own, "patient", join_type="inner").sort_by(
            [("tumour", "ascending"), ("row", "ascending")]
        )
        return Keyed(table.take(both["row"]), both["tumour"].to_numpy().astype(np.intp))

    @cached_property
    def patients(self) -> Keyed:
        """The patients' rows, one a tumour."""
        found = self._of_patient("patients")
        if found.tumours.size != self.size:
            raise BadInput.of(
                "cut.patients",
                "a sample's patient stands not once in patients; make the cut anew.",
                file="patients",
                field="patient",
            )
        return found

    @cached_property
    def observations(self) -> Keyed:
        """What is told of the patients, by tumour."""
        return self._of_patient("observations")

    @cached_property
    def treatments(self) -> Keyed:
        """The treatments, by tumour."""
        return self._of_patient("treatments")

    def summed(self, tumours: Rows, codes: Codes) -> Codes:
        """(size,): the codes of each tumour's rows as one; the order of rows doesn't count."""
        total = np.zeros(self.size, np.uint64)
        np.add.at(total, tumours, mixed(codes))
        return total


@dataclass
class Groups:
    """The rows of a table by the word in one column, found once."""

    keyed: Keyed
    column: str

    @cached_property
    def by_word(self) -> dict[str, Rows]:
        """The rows of each word, in order."""
        words, places = self.keyed.words(self.column)
        order = np.argsort(places, kind="stable")
        edges = np.searchsorted(places[order], np.arange(len(words) + 1))
        return {
            word: order[edges[place] : edges[place + 1]]
            for place, word in enumerate(words)
            if word is not None and edges[place] < edges[place + 1]
        }
