"""What is known: genes, tumour types, hotspots, drugs, approvals, evidence, each pack with its source."""

from presis.knowledge.approvals import Approval, EscatRow, NorwayAccess, ResistanceStatement
from presis.knowledge.civic import CivicItem, DiseaseMapping
from presis.knowledge.drugs import Drug
from presis.knowledge.functional import CriticalDomain, FunctionalEvidence
from presis.knowledge.genes import Driver, GeneRole, ManeTranscript
from presis.knowledge.hotspots import HotspotResidue
from presis.knowledge.library import Library, load_library
from presis.knowledge.oncotree import Node, OncoTree, Relation
from presis.knowledge.release import Release

__all__ = [
    "Approval",
    "CivicItem",
    "CriticalDomain",
    "DiseaseMapping",
    "Driver",
    "Drug",
    "EscatRow",
    "FunctionalEvidence",
    "GeneRole",
    "HotspotResidue",
    "Library",
    "ManeTranscript",
    "Node",
    "NorwayAccess",
    "OncoTree",
    "Relation",
    "Release",
    "ResistanceStatement",
    "load_library",
]
