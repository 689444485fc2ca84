"""OncoTree: the tree of tumour types, and how a patient's type stands to the type of the evidence.

MSK's OncoTree, release of 2025-10-03 (CC BY 4.0). Types are compared by code, never by name or main
type: "Melanoma" is the main type of nodes in several organs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from presis.errors import BadInput
from presis.knowledge.lines import Line

COLUMNS = ("code", "name", "parent", "main_type", "tissue", "level", "former_codes")
NOT_SOLID_COLUMNS = ("code", "note")
#: The root, which is every tumour; and the word of the approvals for any solid one.
ROOT = "TISSUE"
SOLID = "SOLID"


class Relation(StrEnum):
    """The patient's tumour type against the evidence's. `coarser` and `unknown` leave it open."""

    THIS_TYPE = "this_type"
    COARSER = "coarser"
    OTHER_TYPE = "other_type"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Node:
    """A tumour type. Level 0 is the root, level 1 an organ and no type; `former_codes` are no longer used."""

    code: str
    name: str
    parent: str | None
    main_type: str | None
    tissue: str | None
    level: int
    former_codes: tuple[str, ...]

    @classmethod
    def read(cls, line: Line) -> Node:
        """The node of one line."""
        return cls(
            line["code"],
            line["name"],
            line.text("parent"),
            line.text("main_type"),
            line.text("tissue"),
            line.integer("level"),
            line.codes("former_codes"),
        )


class OncoTree:
    """The tree, asked by code."""

    def __init__(self, nodes: Iterable[Node], not_solid: Iterable[str]) -> None:
        self.nodes = {node.code: node for node in nodes}
        self.not_solid = frozenset(not_solid)
        self._above: dict[str, tuple[str, ...]] = {}

    def node(self, code: str) -> Node | None:
        """The node with this code; None if the release has none."""
        return self.nodes.get(code)

    def known(self, code: str) -> Node:
        """The node with this code.

        Raises:
            BadInput: if the release has none; a former code is told its successor.

        """
        node = self.nodes.get(code)
        if node is None:
            now = [node.code for node in self.nodes.values() if code in node.former_codes]
            advice = f"it is {' or '.join(now)} now" if now else "look it up with `presis knowledge show`"
            raise BadInput.of(
                "oncotree-code",
                f"{code!r} is no tumour type of this OncoTree release; {advice}.",
                found=code,
                accepted=", ".join(now) or "an OncoTree code",
            )
        return node

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes above, from the parent up to the root; the code itself is not among them."""
        if code not in self._above:
            parent = self.known(code).parent
            self._above[code] = () if parent is None else (parent, *self.ancestors(parent))
        return self._above[code]

    def is_at_or_below(self, code: str, node: str) -> bool:
        """Whether a type is this node or lies below it. `SOLID` holds every type but those of blood."""
        above = (code, *self.ancestors(code))
        if node == SOLID:
            return code != ROOT and self.not_solid.isdisjoint(above)
        return self.known(node).code in above

    def search(self, text: str) -> tuple[Node, ...]:
        """The nodes whose code is the text or whose name holds it, the exact ones first."""
        sought = text.strip().casefold()
        if not sought:
            return ()
        exact = [
            node for node in self.nodes.values() if sought in {node.code.casefold(), node.name.casefold()}
        ]
        former = [node for node in self.nodes.values() if sought in {c.casefold() for c in node.former_codes}]
        holding = sorted(
            (node for node in self.nodes.values() if sought in node.name.casefold()),
            key=lambda node: node.name,
        )
        return tuple(dict.fromkeys([*exact, *former, *holding]))

    def relation(
        self, patient: str | None, evidence: Sequence[str], excluded: Sequence[str] = ()
    ) -> Relation:
        """How the patient's type stands to evidence for any of the types, except the excluded ones.

        At or below one of them: this type. Above one (coded too coarsely): coarser, so open. An
        excluded type, or below it: excluded, whatever else holds; above an excluded one, evidence that
        would hold is open too. No tumour given: unknown.

        Raises:
            BadInput: if a code is none of this release.

        """
        if patient is None:
            return Relation.UNKNOWN
        if any(self.is_at_or_below(patient, code) for code in excluded):
            return Relation.EXCLUDED
        if any(self.is_at_or_below(patient, code) for code in evidence):
            above_excluded = any(self._is_above(patient, code) for code in excluded)
            return Relation.COARSER if above_excluded else Relation.THIS_TYPE
        if any(self._is_above(patient, code) for code in evidence):
            return Relation.COARSER
        return Relation.OTHER_TYPE

    def _is_above(self, code: str, node: str) -> bool:
        return code == ROOT if node == SOLID else code in self.ancestors(node)
