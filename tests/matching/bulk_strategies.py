"""Patients and criteria for the comparison of bulk and single: few genes, drugs and days, so that they meet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from presis.diagnostics.criteria import (
    BiallelicLoss,
    CopyNumberIs,
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
from presis.diagnostics.findings import ClassifiedVariant, Findings, LostRows, by_gene
from presis.diagnostics.hotspots import hotspot_list
from presis.diagnostics.oncogenicity import BENIGN, ONCOGENIC, Oncogenicity
from presis.diagnostics.oncogenicity_answer import Criterion, State
from presis.diagnostics.pathology import Disagreement, PathologyMarker
from presis.diagnostics.position_coverage import HotspotAnswer, HotspotState
from presis.diagnostics.profile import (
    Alteration,
    Assay,
    CopyNumber,
    Covers,
    ExonCopyNumber,
    Fusion,
    GenomicInstability,
    LossOfHeterozygosity,
    MolecularProfile,
    Msi,
    SmallVariant,
    Specimen,
    SpliceVariant,
    Tested,
    Tmb,
)
from presis.diagnostics.signatures import MarkerClass
from presis.diagnostics.tumour_reading import AllelicKind, AllelicState, FractionFits, Origin, OriginKind
from presis.diagnostics.variant_facts import facts_of
from presis.diagnostics.variant_fit import SmallVariantIs
from presis.matching import criteria as ask
from presis.matching.days import parse_day
from presis.matching.subject import LabValue, Subject, Told, Treatment
from presis.methods.reasons import Reason
from presis.methods.rules import AllOf, AnyOf, AtLeast, Leaf, Not, Truth

AT = date(2026, 11, 1)
GENES = ("BRAF", "KRAS", "PTEN", "ERBB2", "ALK", "MET", "BRCA2")
PROTEINS = ("p.V600E", "p.G12C", "p.K267Rfs*9", "p.R130*", "p.G12D", None)
DRUGS = ("osimertinib", "encorafenib", "carboplatin", "pembrolizumab", "zzz-unheard-of")
WHY = Reason.of("marker.no-value")


#: nothing told of hotspots; all negative; those of KRAS not assessable
POSITIONS: tuple[dict[str, HotspotAnswer], ...] = (
    {},
    {each.id: HotspotAnswer(each, HotspotState.NEGATIVE, WHY, 500) for each in hotspot_list().hotspots},
    {
        each.id: HotspotAnswer(
            each, HotspotState.NOT_ASSESSABLE if each.gene == "KRAS" else HotspotState.NEGATIVE, WHY, 5
        )
        for each in hotspot_list().hotspots
    },
)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def told(strategy: st.SearchStrategy[Any], *, dated: bool = True) -> st.SearchStrategy[Any]:
    return st.builds(Told, strategy, st.just("case.yaml:1"), maybe(days()) if dated else st.none())


@st.composite
def days(draw: st.DrawFn) -> Any:
    """Most of late, some too old to count, some after the day asked about."""
    day = AT - timedelta(days=draw(st.one_of(st.integers(0, 40), st.integers(-40, 120))))
    return parse_day(day.isoformat()[: draw(st.sampled_from((4, 7, 10)))])


def oncogenicities() -> st.SearchStrategy[Oncogenicity]:
    study = Criterion("OS2", "study", State.MET, 4, 4, WHY)
    waits = Criterion("OS2", "study", State.NOT_ASSESSED, 0, 0, Reason.of("os2.not-confirmed"), (), 4)
    classes = st.sampled_from(
        [("oncogenic",), ("vus", "likely_oncogenic"), ("vus",), ("benign",), ("likely_benign", "oncogenic")]
    )
    return st.builds(
        Oncogenicity,
        st.just(0),
        st.just(0),
        classes,
        st.sampled_from([(), (study,), (waits,)]),
        st.just(False),
    )


@st.composite
def small(draw: st.DrawFn, ident: str) -> ClassifiedVariant:
    variant = SmallVariant(
        gene=draw(st.sampled_from(GENES)), chromosome="1", position=1, ref="A", alt="T",
        protein_short=draw(st.sampled_from(PROTEINS)),
        cdna=draw(st.sampled_from((None, "c.1799T>A", "c.3082+1G>A"))),
        consequences=draw(st.sampled_from(((), ("missense_variant",), ("splice_donor_variant", "intron_variant")))),
        exon=draw(st.sampled_from((None, "14/21", "2"))),
        allele_fraction=draw(maybe(st.sampled_from((0.02, 0.05, 0.4)))),
        germline_class=draw(st.sampled_from((None, "Pathogenic", "Benign"))),
    )  # fmt: skip
    untold = draw(st.booleans()) and draw(st.booleans())
    parts = (variant,) if untold else ()
    return ClassifiedVariant(
        ident, variant, facts_of(variant), draw(maybe(oncogenicities())), draw(st.sampled_from(("pass", "hotspot"))),
        adjacent=draw(st.booleans()) and draw(st.booleans()), parts=parts, untold=untold,
    )  # fmt: skip


def origins() -> st.SearchStrategy[Origin]:
    return st.builds(
        Origin,
        st.sampled_from(OriginKind),
        st.just(FractionFits.BOTH),
        st.just(()),
        st.just(()),
        st.booleans(),
    )


@st.composite
def findings(draw: st.DrawFn) -> Findings:
    variants = tuple(draw(small(f"sv:{n}")) for n in range(draw(st.integers(0, 3))))
    doubtful = tuple(draw(small(f"lo:{n}")) for n in range(draw(st.integers(0, 1))))
    fusions = tuple(
        Fusion(
            first=(draw(st.sampled_from(GENES)),), second=draw(st.sampled_from((("EML4",), ("ALK", "MET"), ()))),
            order_known=draw(st.booleans()), reported="", breakpoint_first=None, breakpoint_second=None,
            method=Alteration.RNA_FUSION, supporting_reads=None,
        )
        for _ in range(draw(st.integers(0, 1)))
    )  # fmt: skip
    copies = tuple(
        CopyNumber(
            gene=draw(st.sampled_from(GENES)),
            kind=draw(st.sampled_from((Alteration.AMPLIFICATION, Alteration.DELETION))),
            fold_change=3.0,
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    splices = tuple(
        SpliceVariant(
            gene="MET", name=draw(st.sampled_from((None, "exon 14 skipping"))), exons=None, breakpoint_first=None,
            breakpoint_second=None, supporting_reads=None, reference_reads=None,
        )
        for _ in range(draw(st.integers(0, 1)))
    )  # fmt: skip
    exons = tuple(
        ExonCopyNumber(
            gene="BRCA2", change=draw(st.sampled_from(("loss", "gain"))), exons="3", chromosome=None, start=None,
            end=None, fold_change=None,
        )
        for _ in range(draw(st.integers(0, 1)))
    )  # fmt: skip
    losses = tuple(
        LossOfHeterozygosity(
            gene="PTEN", absolute_copies=None, minor_copies=draw(st.sampled_from((None, 0.0, 1.0)))
        )
        for _ in range(draw(st.integers(0, 1)))
    )
    covers = {
        each: Covers(
            state=draw(st.sampled_from((Tested.YES, Tested.YES, Tested.NO, Tested.UNKNOWN))),
            genes=frozenset(draw(st.sampled_from((GENES, GENES[:3])))),
            reason=draw(st.sampled_from(("assayed", "panel_unknown"))),
        )
        for each in Alteration
        if draw(st.integers(0, 9))
    }
    markers = tuple(
        PathologyMarker(
            marker=marker, name=marker, method=method, score=score, low=low, high=low, assay=draw(st.sampled_from((None, "22C3")))
        )
        for marker, method, score, low in draw(
            st.lists(
                st.sampled_from([("ERBB2", "ihc", "3+", None), ("ERBB2", "ihc", "1+", None), ("PD-L1 TPS", "ihc", "60", 60.0),
                    ("MLH1", "ihc", "lost", None), ("ALK", "ihc", "positive", None)]), max_size=2)
        )
    )  # fmt: skip
    ids = [each.id for each in variants] + [f"cn:{n}" for n in range(len(copies))]
    return Findings(
        profile=MolecularProfile(
            sample="X", dna_sample=None, rna_sample=None, build=None,
            assay=Assay(name="TSO500", kind=draw(st.sampled_from(("tissue", "ctdna"))), software=None, software_version=None),
            specimen=Specimen(), covers=covers, small_variants=tuple(each.variant for each in variants),
            copy_numbers=copies, exon_copy_numbers=exons, losses_of_heterozygosity=losses, fusions=fusions,
            splice_variants=splices, markers=markers,
            tmb=draw(maybe(st.builds(Tmb, per_megabase=st.sampled_from((2.0, 10.0, 33.0)), eligible_variants=st.none(), megabases=st.none()))),
            msi=draw(maybe(st.builds(Msi, percent_unstable=st.sampled_from((1.0, 40.0)), unstable_sites=st.none(), usable_sites=st.none()))),
            genomic_instability=draw(maybe(st.builds(GenomicInstability, score=maybe(st.just(40.0)), tumour_fraction_reported=st.none(), ploidy=st.none()))),
        ),
        variants=variants,
        left_out=(),
        by_gene=by_gene(variants),
        msi=MarkerClass(draw(st.sampled_from((None, "stable", "borderline", "unstable"))), WHY, "", draw(st.booleans()),
            by_value=draw(st.sampled_from((None, "unstable")))),
        tmb=MarkerClass(draw(st.sampled_from((None, "high", "low"))), WHY, "", draw(st.booleans())),
        doubtful=by_gene(doubtful),
        lost=LostRows(frozenset(draw(st.sampled_from(((), ("PTEN",))))), draw(st.integers(0, 9)) == 0),
        origins={each: draw(origins()) for each in ids if draw(st.booleans())},
        allelic={
            "PTEN": AllelicState("PTEN", AllelicKind.UNKNOWN, draw(st.sampled_from((Truth.YES, Truth.UNKNOWN))), (WHY,))
        }
        if draw(st.integers(0, 3)) == 0
        else {},
        disagreements=tuple(
            Disagreement(id="d", subject="MSI", sides=(), unsettles=frozenset({name}), beside=frozenset(), findings=(), settled_by=WHY)
            for name in draw(st.lists(st.sampled_from(("MSI-H", "ALK fusion", "HER2 positive")), max_size=1))
        ),
        told_positions=draw(st.sampled_from(POSITIONS)),
    )  # fmt: skip


def treatments() -> st.SearchStrategy[Treatment]:
    return st.builds(
        Treatment, st.sampled_from([(each,) for each in DRUGS] + [("carboplatin", "pembrolizumab")]), st.just("x"),
        classes=st.sampled_from(((), ("platinum",))), targets=st.sampled_from((frozenset(), frozenset({"EGFR"}))),
        line=maybe(st.integers(1, 4)), setting=st.sampled_from((None, "advanced", "adjuvant")), start=maybe(days()),
        end=maybe(days()), ongoing=st.booleans(), response=st.none(),
        outcome=st.sampled_from((None, "progression", "toxicity")),
    )  # fmt: skip


def laboratory() -> st.SearchStrategy[LabValue]:
    return st.builds(
        LabValue, st.sampled_from(("neutrophils", "bilirubin")), st.sampled_from((0.5, 1.5, 20.0, 31.5)), st.just("u"),
        st.just("x"), maybe(days()), maybe(st.sampled_from((0.0, 0.021, 10.0, 21.0))),
    )  # fmt: skip


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    return Subject(
        name="x",
        findings=draw(maybe(findings())),
        tumour=draw(maybe(told(st.sampled_from(("COAD", "COADREAD", "LUAD", "BOWEL", "AML"))))),
        stage=draw(maybe(told(st.sampled_from(("III", "IIIA", "IV", "IVA"))))),
        extent=draw(maybe(told(st.sampled_from(("localised", "locally_advanced", "metastatic"))))),
        assessed={
            name: draw(told(st.sampled_from(("measurable", "evaluable", "none"))))
            for name in draw(st.sets(st.sampled_from(("RECIST 1.1", "RANO"))))
        },
        brain=draw(maybe(told(st.sampled_from(("none", "controlled", "uncontrolled", "present"))))),
        birth=draw(maybe(st.builds(Told, st.sampled_from([parse_day("1958"), parse_day("2008-11"), parse_day("2008-11-01")]), st.just("x")))),
        sex=draw(maybe(told(st.sampled_from(("male", "female")), dated=False))),
        alive=draw(maybe(told(st.booleans()))),
        ecog=draw(maybe(told(st.integers(0, 4)))),
        can_swallow=draw(maybe(told(st.booleans()))),
        pregnant=draw(maybe(told(st.booleans()))),
        consents={name: draw(told(st.booleans())) for name in draw(st.sets(st.sampled_from(("profiling", "treatment"))))},
        treatments=tuple(draw(st.lists(treatments(), max_size=3))),
        treatments_complete=draw(maybe(told(st.booleans()))),
        standard=draw(maybe(told(st.sampled_from(("exhausted", "not_tolerated", "available"))))),
        laboratory=tuple(draw(st.lists(laboratory(), max_size=4))),
        germline={gene: draw(told(st.sampled_from(("pathogenic", "none")))) for gene in draw(st.sets(st.just("BRCA2")))},
        statements={name: draw(told(st.booleans())) for name in draw(st.sets(st.sampled_from(("adequate_organ_function", "organ_transplant"))))},
        label_conditions={("row-1", text): draw(told(st.booleans())) for text in draw(st.sets(st.sampled_from(("words", "others"))))},
    )  # fmt: skip


def tumour_criteria() -> st.SearchStrategy[Any]:
    gene = st.sampled_from(GENES)
    small_variant = st.builds(
        SmallVariantIs, gene, proteins=st.sampled_from((frozenset(), frozenset({"p.V600E"}), frozenset({"p.G12C", "p.G12D"}))),
        codons=st.sampled_from((None, (12, 13), (600, 601))), exon=st.sampled_from((None, 14)),
        kinds=st.sampled_from((frozenset(), frozenset({"missense"}), frozenset({"truncating", "splice_site"}))),
        classes=st.sampled_from((frozenset(), ONCOGENIC, BENIGN)), unsure=st.booleans(),
        germline_only=st.sampled_from((False, False, True)),
        least_fraction=st.sampled_from((None, 0.05, 0.3)),
    )  # fmt: skip
    return st.one_of(
        small_variant, small_variant,
        st.builds(CopyNumberIs, gene, st.sampled_from((Alteration.AMPLIFICATION, Alteration.DELETION))),
        st.builds(ExonLossIs, gene),
        st.builds(FusionIs, st.sampled_from((frozenset({"ALK"}), frozenset({"ALK", "EML4"}))), st.booleans()),
        st.builds(SpliceIs, st.just("MET"), st.just("exon 14 skipping")),
        st.builds(TmbAtLeast, st.sampled_from((10.0, 16.0))),
        st.builds(MsiIs, st.sampled_from((frozenset({"unstable"}), frozenset({"stable"})))),
        st.builds(WildType, st.sampled_from((("KRAS",), ("KRAS", "BRAF"))), st.sampled_from(((), ((12, 13), (600, 600))))),
        st.builds(ListNotHeld, st.sampled_from(((), ("BRCA2",), ("BRCA2", "PTEN"))), st.just("HRR"), st.booleans()),
        st.builds(BiallelicLoss, gene),
        st.just(GisReported()),
        st.builds(OtherTest, st.sampled_from(("HER2 positive", "PD-L1 TPS >= 50", "MSI-H")), st.just("IHC"),
            st.sampled_from(((), (CopyNumberIs("ERBB2", Alteration.AMPLIFICATION),)))),
    )  # fmt: skip


def rules_over(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def wider(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        several = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            st.builds(AllOf, several), st.builds(AnyOf, several), st.builds(Not, inner),
            st.builds(AtLeast, st.integers(0, 3), several),
        )  # fmt: skip

    return st.recursive(st.builds(Leaf, leaf), wider, max_leaves=4)


def asked() -> st.SearchStrategy[Any]:
    within = st.sampled_from((None, 14, 28))
    some = st.sampled_from
    return st.one_of(
        st.builds(ask.Molecular, rules_over(tumour_criteria()), some((None, "somatic"))),
        st.builds(ask.Molecular, rules_over(tumour_criteria()), some((None, "somatic")), some(((), ("BRCA2",)))),
        st.builds(ask.GermlineIs, some(("BRCA2", "PTEN")), rules_over(tumour_criteria())),
        st.builds(ask.TumourIs, some((("COADREAD",), ("SOLID",), ("LUAD", "BOWEL"))), some(((), ("COAD",)))),
        st.builds(ask.StageIs, some((("III",), ("IIIA", "IV"), ("IVA",))), within),
        st.builds(ask.ExtentIs, some((("metastatic",), ("localised", "metastatic"))), within),
        st.builds(ask.MeasurableIs, some((("RECIST 1.1",), ("RANO", "RECIST 1.1"))), st.booleans(), within),
        st.builds(ask.BrainIs, st.booleans(), within),
        st.builds(ask.AgeIs, some((None, 18)), some((None, 67))),
        st.builds(ask.EcogIs, some((1, 2)), within),
        st.builds(ask.SexIs, some(("male", "female"))),
        st.builds(ask.StateIs, some(("alive", "pregnant", "can_swallow")), within),
        st.builds(ask.StateIs, st.just("alive"), st.none(), st.just(True)),
        st.builds(ask.ConsentIs, some(("profiling", "treatment")), within),
        st.builds(ask.DoctorStates, some(("adequate_organ_function", "organ_transplant")), within),
        st.builds(ask.LinesAre, some((None, 1, 2)), some((None, 3)), within),
        st.builds(
            ask.TreatedWith, drugs=some(((), ("osimertinib",), ("carboplatin", "encorafenib"))),
            classes=some((("platinum",), ("EGFR inhibitor",))), targets=some(((), ("EGFR",), ("BRAF",))),
            outcomes=some(((), ("progression",))), setting=some((None, "advanced")),
            complete_within_days=within,
        ),
        st.builds(ask.SameTargetBefore, some(((), ("EGFR",), ("BRAF",))), within),
        st.builds(ask.StandardIs, some((("exhausted",), ("exhausted", "not_tolerated"))), within),
        st.builds(ask.WashoutIs, some((14, 28)), some(((), ("carboplatin",))), some(((), ("platinum",))), within),
        st.builds(
            ask.LaboratoryIs, st.just("bilirubin"), some(("ULN", "µmol/l", "mg/dl")), some((None, 1.0)),
            some((None, 1.5, 31.5)), within, st.booleans(), st.booleans(),
        ),
        st.builds(ask.OutsideLabel, some(("encorafenib", "osimertinib", "pembrolizumab", "zzz")), some(("EMA", "FDA"))),
        st.builds(ask.LabelCondition, st.just("row-1"), some(("words", "others"))),
    )  # fmt: skip
