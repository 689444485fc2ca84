"""Every sentence exists in both languages and asks for the same values."""

from __future__ import annotations

from string import Formatter

import pytest

from presis.diagnostics.readers import copy_vcf, genome_vcf, small_vcf
from presis.diagnostics.readers.sniff import Kind
from presis.documents.language import Language, load, words
from presis.methods.reasons import Reason


def fields(template: str) -> set[tuple[str | None, str | None]]:
    return {(name, spec) for _, name, spec, _ in Formatter().parse(template) if name is not None}


def test_both_languages_have_the_same_sentences_with_the_same_values() -> None:
    norwegian, english = load(Language.NB), load(Language.EN)
    assert norwegian.keys() == english.keys()
    different = [code for code in english if fields(norwegian[code]) != fields(english[code])]
    assert different == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.EN, "at most 0.005\u202f% in any population (nfe)"),
        (Language.NB, "høyst 0,005\u202f% i noen befolkning (nfe)"),
    ],
)
def test_numbers_stand_in_the_form_of_the_language(language: Language, said: str) -> None:
    assert words(language).why(Reason.of("OP4.rare", frequency=0.00005, population="nfe")) == said


@pytest.mark.parametrize(
    ("value", "english", "norwegian"),
    [
        ("2026-11-24", "24 Nov 2026", "24.11.2026"),
        ("2026-11", "Nov 2026", "11.2026"),
        ("2026", "2026", "2026"),
    ],
)
def test_dates_known_to_the_month_or_year_only_stay_so(value: str, english: str, norwegian: str) -> None:
    assert words(Language.EN).day(value) == english
    assert words(Language.NB).day(value) == norwegian


def test_every_kind_of_file_has_its_word_in_both_languages() -> None:
    kinds = {*Kind, genome_vcf.KIND, small_vcf.UNANNOTATED, copy_vcf.EXON_KIND, "attachment"}
    for language in Language:
        lacking = {kind for kind in kinds if f"file-kind.{kind}" not in load(language)}
        assert lacking == set()


def test_a_code_without_a_sentence_is_an_error_and_not_a_blank() -> None:
    with pytest.raises(KeyError):
        words(Language.EN).say("no.such.code")
