"""Whether words such as `EGFR antibodies (cetuximab, panitumumab)` or `BRAF inhibitor alone` name a drug."""

from __future__ import annotations

import re
from functools import lru_cache

from presis.knowledge import Library

_WITHOUT = re.compile(r"^(?P<what>.*?) without an? (?P<other>.+)$")
_PART = re.compile(r"\s+\+\s+")
_WORD = re.compile(r"[A-Za-z0-9]+")


@lru_cache(maxsize=4096)
def parts_of(drug: str) -> tuple[str, ...]:
    """The drugs of a combination: `encorafenib + cetuximab`."""
    return tuple(part.strip().casefold() for part in _PART.split(drug))


@lru_cache(maxsize=16384)
def names_drug(library: Library, words: str, drug: str) -> bool:
    """Whether `words` (drugs, or a class of drugs) speak of `drug`, which may be a combination.

    `alone` asks that every part be of that class; `without a …` that no part be of the other. A list
    joined by `with` asks for all its names; one joined by `;` or `,` for any.
    """
    parts = parts_of(drug)
    text = words.casefold().strip()
    without = _WITHOUT.match(text)
    if without is not None:
        others = any(_of_class(library, without["other"], part) for part in parts)
        return not others and names_drug(library, without["what"], drug)
    if text.endswith(" alone"):
        return all(_speaks_of(library, text.removesuffix(" alone"), part) for part in parts)
    if " with " in text:
        return all(any(_speaks_of(library, name, part) for part in parts) for name in text.split(" with "))
    return any(_speaks_of(library, text, part) for part in parts)


@lru_cache(maxsize=16384)
def same_drug(library: Library, words: str, drug: str) -> bool:
    """Whether `words` name just this drug or combination, alone or in a list, or a single one's class."""
    parts = set(parts_of(drug))
    if any(set(parts_of(name)) == parts for name in words.split(";")):
        return True
    return len(parts) == 1 and _of_class(library, words.casefold(), drug.casefold())


def _speaks_of(library: Library, text: str, part: str) -> bool:
    """One drug against words that name drugs, drugs in brackets, or a class."""
    inside = re.search(r"\(([^)]*)\)", text)
    listed = re.split(r"[;,]", inside[1] if inside else text)
    if any(name.strip() == part for name in listed):
        return True
    return inside is None and any(_of_class(library, name.strip(), part) for name in listed)


def _of_class(library: Library, words: str, part: str) -> bool:
    """Whether a drug's class is the one in words, plural or not: every word must stand in the class."""
    drug = library.drug(part)
    if drug is None:
        return False
    held = {_stem(word) for word in _WORD.findall(drug.drug_class.casefold())}
    asked = [_stem(word) for word in _WORD.findall(words) if word not in {"and", "or"}]
    return bool(asked) and all(word in held for word in asked)


def _stem(word: str) -> str:
    return {"antibodies": "antibody"}.get(word, word.removesuffix("s") if len(word) > 3 else word)
