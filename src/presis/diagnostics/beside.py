"""What lies beside a panel's own files: pathology's markers and pictures, joined to their specimen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from presis.diagnostics.not_usable import not_usable
from presis.diagnostics.pathology import Attachment
from presis.diagnostics.profile import MolecularProfile, NotUsable
from presis.diagnostics.readers.collect import Parts
from presis.diagnostics.readers.grouping import Draft
from presis.diagnostics.readers.marker_rows import own_rows
from presis.diagnostics.readers.pictures import Picture
from presis.diagnostics.readers.sample_id import bare, spells
from presis.diagnostics.specimen import from_sample_id
from presis.methods.reasons import Reason


def with_what_lies_beside(
    profile: MolecularProfile, draft: Draft, drafts: Sequence[Draft], parts: Parts
) -> MolecularProfile:
    """The profile with the markers and pictures of its specimen."""
    if not parts.markers and not parts.pictures:
        return profile
    others = [_ids(each) for each in drafts if each is not draft]
    told = profile.specimen.pseudonym
    rows = own_rows(parts.markers, _ids(draft) | ({told} if told else set()), others)
    pictures = tuple(_pictures(draft, others, parts.pictures))
    unclear = tuple(_unclear(drafts, parts.pictures))
    return replace(
        profile,
        markers=rows.markers,
        attachments=pictures,
        not_usable=(*profile.not_usable, *rows.not_usable, *unclear),
        inputs=(*profile.inputs, *rows.files),
    )


def _ids(draft: Draft) -> frozenset[str]:
    """Every name of the specimen, the patient's pseudonym too."""
    told = [draft.specimen[1].pseudonym] if draft.specimen else []
    told += [from_sample_id(each).pseudonym for each in (draft.dna, draft.rna) if each]
    return draft.ids | {each for each in told if each}


def _named(picture: Picture, ids: frozenset[str]) -> bool:
    return any(bare(picture.stem) == each or spells(each, picture.stem) for each in ids)


def _pictures(
    draft: Draft, others: Sequence[frozenset[str]], pictures: Sequence[Picture]
) -> Iterator[Attachment]:
    """Pictures that the sample's id names, or that lie with its files or are all alone with it.

    A plot of TSOPPI's is named for its sample: one that names another is another patient's.
    """
    for each in pictures:
        elsewhere = each.names_a_sample or any(_named(each, ids) for ids in others)
        near = each.path.parent in draft.folders or not others
        if _named(each, _ids(draft)) or (near and not elsewhere):
            yield each.attachment


def _unclear(drafts: Sequence[Draft], pictures: Sequence[Picture]) -> Iterator[NotUsable]:
    for each in pictures:
        if each.names_a_sample and not any(_named(each, _ids(draft)) for draft in drafts):
            # its name would tell whose it is
            reason = Reason.of("reading.plot-of-none")
            yield not_usable(file=f"*{each.path.suffix}", line=0, why=reason, found="", severity="remark")
            continue
        homes = [draft for draft in drafts if each.path.parent in draft.folders or _named(each, _ids(draft))]
        if not homes and len(drafts) > 1:
            reason = Reason.of("reading.picture-unclear")
            yield not_usable(file=each.attachment.name, line=0, why=reason, found="", severity="remark")
