"""Words that a rule or a case may use: genes, drugs, tumour types; a wrong one is told the nearest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property
from typing import Any

from presis.diagnostics.drug_names import parts_of
from presis.knowledge import Library
from presis.knowledge.oncotree import ROOT, SOLID
from presis.programme.files import load_yaml

#: the codes of tumours that aren't solid, as one word
HAEMATOLOGICAL = "HAEMATOLOGICAL"


@dataclass(frozen=True, eq=False)
class Known:
    """What is known, and the drugs of the option whose rule is read (none in a shared rule).

    `rules` holds the parts of the rules read so far, so that equal ones are one object.
    """

    library: Library
    drugs: tuple[str, ...] = ()
    _genes: dict[str, str] = field(default_factory=dict)
    rules: dict[Any, Any] = field(default_factory=dict)

    def for_drugs(self, drugs: Iterable[str]) -> Known:
        """The same, for the rule of an option with these drugs."""
        return Known(self.library, tuple(drugs), self._genes, self.rules)

    def gene(self, symbol: str) -> str:
        """Today's symbol; raises `ValueError` for what is no gene."""
        if symbol not in self._genes:
            current = self.library.current_symbol(symbol)
            if not self.library.mane_transcripts(current) and current not in self.library.other_names:
                raise ValueError(f"{symbol!r} is no gene that is known; {_near(symbol, self._symbols)}")
            self._genes[symbol] = current
        return self._genes[symbol]

    def drug(self, name: str) -> str:
        """The generic name of a drug, or the word of a backbone; raises `ValueError` for neither."""
        drug = self.library.drug(name)
        if drug is not None:
            return drug.generic
        chemotherapy = {drug for drugs in self.chemotherapies.values() for drug in drugs}
        chemotherapy |= set(self.regimens)
        if name in self.library.backbones or name in chemotherapy:
            return name
        names = [each for drug in self.library.drugs for each in drug.names]
        names += [*self.library.backbones, *chemotherapy]
        raise ValueError(f"{name!r} is no drug that is known; {_near(name, names)}")

    def drug_class(self, words: str) -> str:
        """The words of a class that some drug has; raises `ValueError` for none."""
        if self.library.drugs_in_class(words) or words in self.chemotherapies:
            return words
        classes = sorted({each.drug_class for each in self.library.drugs} | set(self.chemotherapies))
        raise ValueError(f"no drug that is known is of the class {words!r}; {_near(words, classes)}")

    def tumour(self, code: str) -> str:
        """An OncoTree code, `SOLID` or `HAEMATOLOGICAL`; raises `ValueError` for none."""
        tree = self.library.oncotree
        if code in {SOLID, HAEMATOLOGICAL} or tree.node(code) is not None:
            return code
        now = [node.code for node in tree.nodes.values() if code in node.former_codes]
        if now:
            raise ValueError(f"{code!r} is no code of this OncoTree release; it is {' or '.join(now)} now")
        by_name = [node.code for node in tree.search(code)][:1]
        near = f"did you mean {by_name[0]}?" if by_name else _near(code, tree.nodes)
        raise ValueError(f"{code!r} is no code of this OncoTree release; {near}")

    def targets(self, drugs: Iterable[str]) -> frozenset[str]:
        """What drugs act on, by gene; empty where it isn't known."""
        found = (self.library.drug(part) for drug in drugs for part in parts_of(drug))
        return frozenset(target for drug in found if drug is not None for target in drug.targets)

    def classes(self, drug: str) -> tuple[str, ...]:
        """The classes of a drug: its own, and those of chemotherapy that a table names."""
        known = self.library.drug(drug)
        own = () if known is None else (known.drug_class,)
        meaning = self.library.backbones.get(drug)
        backbone = () if meaning is None else (meaning,)
        return (*own, *backbone, *(name for name, drugs in self.chemotherapies.items() if drug in drugs))

    @cached_property
    def chemotherapies(self) -> dict[str, list[str]]:
        """Classes of chemotherapy by the drugs in them."""
        rows: Any = load_yaml("rules/eligibility_words.yaml")["chemotherapies"]
        return {row["class"]: row["drugs"] for row in rows}

    @cached_property
    def regimens(self) -> dict[str, list[str]]:
        """The drugs of each regimen that has a name."""
        rows: Any = load_yaml("rules/eligibility_words.yaml")["regimens"]
        return {row["regimen"]: row["drugs"] for row in rows}

    def parts(self, drugs: Iterable[str]) -> tuple[str, ...]:
        """Drugs by generic name, a regimen with its drugs after it."""
        out: list[str] = []
        for each in map(self.drug, drugs):
            out += [each, *self.regimens.get(each, ())]
        return tuple(dict.fromkeys(out))

    @cached_property
    def _symbols(self) -> list[str]:
        return sorted({line["gene"] for line in self.library.lines("mane")})


@cache
def known_of(library: Library) -> Known:
    """What a library knows; the same library, the same object."""
    return Known(library)


def _near(word: str, words: Iterable[str]) -> str:
    near = get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else "none has a name like it"


def expanded(codes: Iterable[str], library: Library) -> tuple[str, ...]:
    """Codes with `HAEMATOLOGICAL` written out."""
    out: list[str] = []
    for code in codes:
        out += sorted(library.oncotree.not_solid) if code == HAEMATOLOGICAL else [code]
    return tuple(out)


__all__ = ["HAEMATOLOGICAL", "ROOT", "SOLID", "Known", "expanded", "known_of"]
