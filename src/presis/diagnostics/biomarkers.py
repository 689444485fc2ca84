"""The vocabulary of biomarkers in the curated tables, read into rules over criteria.

`A AND B`: both; `A OR B`: either; OR binds tighter than AND; no brackets (the vocabulary is described
with the approvals table, knowledge room). A word that isn't in the vocabulary is an error, never a
marker that quietly holds.
"""

from __future__ import annotations

import re
from functools import cache

from presis.diagnostics.criteria import (
    BiallelicLoss,
    CopyNumberIs,
    Criterion,
    ExonLossIs,
    FusionIs,
    GisReported,
    ListNotHeld,
    MsiIs,
    OtherTest,
    SpliceIs,
    TmbAtLeast,
    WildType,
)
from presis.diagnostics.marker_answers import is_numeric
from presis.diagnostics.oncogenicity import ONCOGENIC
from presis.diagnostics.profile import Alteration
from presis.diagnostics.variant_fit import SmallVariantIs
from presis.methods.rules import AllOf, AnyOf, Leaf, Rule
from presis.programme.files import load_yaml

_TERM = re.compile(r"(?P<genes>[A-Z0-9][A-Za-z0-9-]*(?:/[0-9]+)*) (?P<what>.+)")
_EXON = re.compile(r"exon(?P<number>\d+) (?P<what>\w+)")
_CODON = re.compile(r"codon(?P<position>\d+) missense")
_PROTEIN = re.compile(r"p\.[A-Z]\d+[A-Z*]")
_KINDS = {"inframe_del": "inframe_del", "inframe_ins": "inframe_ins", "mutation": "any"}


@cache
def parse_resistance(text: str) -> Rule[Criterion]:
    """As `parse_biomarker`; but a change of unknown effect in the gene named may resist, too."""
    rule = parse_biomarker(text)
    match = re.fullmatch(r"(?P<gene>[A-Z0-9]+) (?:exon(?P<exon>\d+) )?mutation", text)
    if match is None:
        return rule
    exon = int(match["exon"]) if match["exon"] else None
    gene, kinds = match["gene"], frozenset({"missense", "inframe_del", "inframe_ins"})
    codons = _codons_of(gene, exon)
    return AnyOf((rule, Leaf(SmallVariantIs(gene, codons=codons, exon=exon, kinds=kinds, unsure=True))))


@cache
def parse_biomarker(text: str) -> Rule[Criterion]:
    """The rule that a biomarker's text means; raises `ValueError` naming the words not understood."""
    parts = [[_term(term.strip()) for term in either.split(" OR ")] for either in text.split(" AND ")]
    groups = [either[0] if len(either) == 1 else AnyOf(tuple(either)) for either in parts]
    return groups[0] if len(groups) == 1 else AllOf(tuple(groups))


def _term(text: str) -> Rule[Criterion]:
    special = _special(text)
    if special is not None:
        return special
    match = _TERM.fullmatch(text)
    if match is None:
        raise ValueError(f"biomarker {text!r} is not in the vocabulary")
    rules = [_gene_term(gene, match["what"], text) for gene in _genes(match["genes"])]
    return rules[0] if len(rules) == 1 else AnyOf(tuple(rules))


def _genes(text: str) -> tuple[str, ...]:
    """`BRCA1/2` names BRCA1 and BRCA2; `NTRK1/2/3` three genes; `RAS` KRAS and NRAS."""
    if text == "RAS":
        return ("KRAS", "NRAS")
    first, *others = text.split("/")
    stem = first.rstrip("0123456789")
    return (first, *(stem + other for other in others))


def _special(text: str) -> Rule[Criterion] | None:
    terms = load_yaml("rules/biomarker_terms.yaml")
    if text == "none":
        return AllOf(())
    if text in {"MSI-H/dMMR", "MSI-H"}:  # the panel's own sites decide; protein is asked where they can't
        return Leaf(MsiIs(frozenset({"unstable"})))
    if text == "MSI-H absent":
        return Leaf(MsiIs(frozenset({"stable"})))
    if text.startswith("TMB >= "):
        return Leaf(TmbAtLeast(float(text.removeprefix("TMB >= "))))
    if text == "AR-V7 splice_variant":
        return Leaf(SpliceIs("AR", "AR-V7"))
    if text == "HRD positive":
        brca = [_pathogenic(gene, germline_only=False) for gene in ("BRCA1", "BRCA2")]
        return AnyOf((*brca, Leaf(_other("HRD positive"))))
    if text.startswith("HRR "):
        record = terms["repair_genes"]
        certain = [_pathogenic(gene, germline_only=False) for gene in record["on_every_list"]]
        others = ListNotHeld(
            tuple(record["on_some"]), "the label's list of homologous recombination repair genes"
        )
        return AnyOf((*certain, Leaf(others)))
    if is_numeric(text):
        marker = text.partition(" >= ")[0].partition(" < ")[0]
        return Leaf(OtherTest(text, f"{marker}: IHC" if marker.startswith("PD-L1") else marker))
    if text in terms["markers"]:
        return Leaf(_other(text))
    if text.endswith(" biallelic_loss"):
        genes = _genes(text.removesuffix(" biallelic_loss"))
        lost: list[Rule[Criterion]] = [Leaf(BiallelicLoss(gene)) for gene in genes]
        return lost[0] if len(lost) == 1 else AnyOf(tuple(lost))
    if text.endswith(" wild_type"):
        codons = tuple((first, last) for first, last in terms["wild_type"]["codons"])
        return Leaf(WildType(_genes(text.removesuffix(" wild_type")), codons))
    return None


def _other(name: str) -> OtherTest:
    record = load_yaml("rules/biomarker_terms.yaml")["markers"][name]
    hints: list[CopyNumberIs | MsiIs | GisReported] = []
    for hint in record.get("suggested_by", ()):
        if "amplification" in hint:
            hints.append(CopyNumberIs(hint["amplification"], Alteration.AMPLIFICATION))
        elif "msi" in hint:
            hints.append(MsiIs(frozenset({hint["msi"]})))
        else:
            hints.append(GisReported())
    against = tuple(
        CopyNumberIs(h["amplification"], Alteration.AMPLIFICATION) for h in record.get("contradicted_by", ())
    )
    return OtherTest(name, record["test"], tuple(hints), against)


def _gene_term(gene: str, what: str, text: str) -> Rule[Criterion]:  # noqa: C901, PLR0912 - one case a word
    if _PROTEIN.fullmatch(what):
        return Leaf(SmallVariantIs(gene, proteins=frozenset({what})))
    if codon := _CODON.fullmatch(what):
        place = int(codon["position"])
        return Leaf(SmallVariantIs(gene, codons=(place, place), kinds=frozenset({"missense"})))
    if exon := _EXON.fullmatch(what):
        return _exon(gene, int(exon["number"]), exon["what"], text)
    match what:
        case "fusion" | "rearrangement":
            return Leaf(FusionIs(frozenset({gene})))
        case "amplification":
            return Leaf(CopyNumberIs(gene, Alteration.AMPLIFICATION))
        case "deletion":
            return Leaf(CopyNumberIs(gene, Alteration.DELETION))
        case "non_resistant":
            return Leaf(ListNotHeld((gene,), f"the {gene} changes that the agency counts as not resistant"))
        case "activating" | "mutation":
            return Leaf(
                SmallVariantIs(gene, kinds=frozenset({"any"}), classes=ONCOGENIC, doubts=_doubts(gene))
            )
        case "kinase_domain activating":
            return Leaf(SmallVariantIs(gene, codons=_kinase_domain(gene), classes=ONCOGENIC))
        case "kinase_domain resistance":
            what = f"the resistance changes of the {gene} kinase domain"
            return Leaf(ListNotHeld((gene,), what, any_change=True))
        case "susceptible":
            return Leaf(ListNotHeld((gene,), f"the {gene} changes that the label or its test lists"))
        case "germline pathogenic":
            return _pathogenic(gene, germline_only=True)
        case "germline_or_somatic pathogenic":
            return _pathogenic(gene, germline_only=False)
        case "loss":
            return AnyOf(
                (
                    Leaf(
                        SmallVariantIs(
                            gene, kinds=frozenset({"truncating", "splice_site"}), classes=ONCOGENIC
                        )
                    ),
                    Leaf(CopyNumberIs(gene, Alteration.DELETION)),
                )
            )
        case "reversion":
            # a gene that is gone can't be restored, so only small variants count
            reverted = OtherTest(f"{gene} reversion", "comparison with the mutation before treatment")
            return AllOf(
                (Leaf(SmallVariantIs(gene, kinds=frozenset({"any"}), classes=ONCOGENIC)), Leaf(reverted))
            )
        case _:
            raise ValueError(f"biomarker {text!r} is not in the vocabulary")


def _doubts(gene: str) -> tuple[SmallVariantIs, ...]:
    """Changes that act, and of which a label that says "activating" may not be meant."""
    words = load_yaml("rules/biomarker_terms.yaml")["activating_in_doubt"].get(gene, ())
    rules = (parse_biomarker(f"{gene} {each}") for each in words)
    return tuple(rule.of for rule in rules if isinstance(rule, Leaf) and isinstance(rule.of, SmallVariantIs))


def _pathogenic(gene: str, *, germline_only: bool) -> Rule[Criterion]:
    kinds = frozenset({"any"})
    small: Rule[Criterion] = Leaf(
        SmallVariantIs(gene, kinds=kinds, classes=ONCOGENIC, germline_only=germline_only)
    )
    gone: Rule[Criterion] = Leaf(CopyNumberIs(gene, Alteration.DELETION))
    if gene in load_yaml("rules/biomarker_terms.yaml")["exon_loss_genes"]:
        return AnyOf((small, Leaf(ExonLossIs(gene)), gone))
    return AnyOf((small, gone))


def _exon(gene: str, number: int, what: str, text: str) -> Rule[Criterion]:
    if what == "skipping":
        return _skipping(gene, number, text)
    if what not in _KINDS:
        raise ValueError(f"biomarker {text!r} is not in the vocabulary")
    codons = _codons_of(gene, number)
    # a label that says "mutation" means one that acts; an indel in frame at that place needs no class
    classes = ONCOGENIC if what == "mutation" else frozenset()
    return Leaf(
        SmallVariantIs(gene, codons=codons, exon=number, kinds=frozenset({_KINDS[what]}), classes=classes)
    )


def _codons_of(gene: str, exon: int | None) -> tuple[int, int] | None:
    for each in load_yaml("rules/biomarker_terms.yaml")["exons"]:
        if (each["gene"], each["exon"]) == (gene, exon):
            return each["codons"][0], each["codons"][1]
    return None


def _skipping(gene: str, number: int, text: str) -> Rule[Criterion]:
    """Seen in RNA, or a change on DNA that takes the exon's splice site or the exon itself."""
    records = load_yaml("rules/biomarker_terms.yaml")["exon_skipping"]
    record = next((each for each in records if (each["gene"], each["exon"]) == (gene, number)), None)
    if record is None:
        raise ValueError(f"biomarker {text!r}: no splice sites are held for this exon")
    bases = tuple((first, last) for first, last in record["coding_bases"])
    edges = tuple((base, base) for base in record["edge_bases"])
    last = (record["codons"][1], record["codons"][1])
    return AnyOf(
        (
            Leaf(SpliceIs(gene, record["name"])),
            Leaf(SmallVariantIs(gene, kinds=frozenset({"splice_site"}), coding_bases=bases)),
            Leaf(SmallVariantIs(gene, kinds=frozenset({"exon_edge"}), coding_bases=edges, unsure=True)),
            Leaf(SmallVariantIs(gene, codons=last, kinds=frozenset({"missense"}), unsure=True)),
        )
    )


def _kinase_domain(gene: str) -> tuple[int, int]:
    for each in load_yaml("rules/biomarker_terms.yaml")["kinase_domains"]:
        if each["gene"] == gene:
            return each["codons"][0], each["codons"][1]
    raise ValueError(f"biomarker '{gene} kinase_domain activating': the domain's bounds are not held")
