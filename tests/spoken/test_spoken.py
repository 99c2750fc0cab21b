"""What is said: sentences, the words of the rules, and what is kept whatever it looks like."""

from __future__ import annotations

import re
import subprocess
import sys
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tries import tries
from voiceguide.spoken.english import ENGLISH
from voiceguide.spoken.german import GERMAN
from voiceguide.spoken.said import LANGUAGES, language_of, spoken
from voiceguide.spoken.sentences import LONGEST


@pytest.mark.parametrize(
    ("written", "sentences"),
    [
        ("Breathe out. Now rest.", ("Breathe out.", "Now rest.")),
        ("“Breathe out.” Now rest.", ("Breathe out.", "Now rest.")),
        ("(Breathe out.) Now rest.", ("(Breathe out.)", "Now rest.")),
        ("Oil, e.g. almond oil. Ask Dr. Smith.", ("Oil, for example almond oil.", "Ask Doctor Smith.")),
        ("Hold approx. 10 s. Rest.", ("Hold approximately ten seconds.", "Rest.")),
        ("See No. 3. No. Not that.", ("See number three.", "No.", "Not that.")),
        ("Heel, toes, etc. Then rest.", ("Heel, toes, et cetera.", "Then rest.")),
        ("Ask J. Smith. Rest.", ("Ask J. Smith.", "Rest.")),
        ("Take 1.5 ml. Rest.", ("Take one point five millilitres.", "Rest.")),
        ("In . . . and out...", ("In…", "and out…")),
        ("Sit down\nClose your eyes", ("Sit down.", "Close your eyes")),
        ("Rest. … Go on.", ("Rest…", "Go on.")),
        ("Rest at 6 p.m. Then go.", ("Rest at six P.M.", "Then go.")),
        ("At 12:30 PM we rest.", ("At twelve thirty P.M. we rest.",)),
        ("Shh. Mmm, nice.", ("shush.", "hmm, nice.")),
        ("Really?! Yes!!", ("Really?", "Yes!")),
        ("...", ()),
        ("😊", ()),
        ("—", ()),
        ("", ()),
    ],
)
def test_sentences_end_where_a_reader_ends_them(written: str, sentences: tuple[str, ...]) -> None:
    assert spoken(written, "en").sentences == sentences


@pytest.mark.parametrize(
    ("written", "doubts"),
    [
        ("Press IT gently.", (("IT", "it"),)),
        ("On 12/03/2024 we met.", (("12/03/2024", "twelve, three, twenty twenty-four"),)),
        ("Walk 5m.", (("5m", "five minutes"),)),
        ("Walk 1:30 there.", (("1:30", "one thirty"),)),
        ("In your 30s now.", (("30s", "thirty seconds"),)),
        ("So goooooing.", (("goooooing", "going"),)),
        ("A ребро.", (("ребро", ""),)),
        ("A ^ b.", (("^", ""),)),
        ("STOP IF IT HURTS.", ()),
    ],
)
def test_what_can_be_read_in_two_ways_or_not_at_all_is_told(written: str, doubts: tuple[object, ...]) -> None:
    assert spoken(written, "en").doubts == doubts


@pytest.mark.parametrize("tag", ["fr", "ru", "zh"])
def test_other_languages_lose_what_is_for_the_eye_and_keep_their_numbers(tag: str) -> None:
    assert spoken("**Un** 10 😊... deux.", tag).sentences == ("Un 10…", "deux.")


def test_a_respelling_wins_over_every_rule() -> None:
    respelt = (("tv", "tee VEE 3x"), ("1/2", "ONE"))
    assert spoken("TV for 1/2 a minute", "en", respelt).sentences == ("tee VEE 3x for ONE a minute",)


_WORDS = ["foot", "rest,", "and", "slowly", "(toes)", "10", "e.g.", "or", "heel;", "STOP", "3x", "5-0-5-0", "A", "w/"]


@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=400))
@tries(100)
def test_a_long_sentence_is_cut_and_loses_nothing(words: list[str]) -> None:
    whole = spoken(" ".join(words), "en").sentences
    assert all(len(sentence) <= LONGEST for sentence in whole)
    alone = [word for part in words for word in re.findall(r"\w+", " ".join(spoken(part, "en").sentences).lower())]
    plain = ["foot", "rest", "and", "slowly", "toes", "heel", "or", "stop", "ten", "five", "zero", "with"]
    heard = re.findall(r"\w+", " ".join(whole).lower())
    assert [word for word in heard if word in plain] == [word for word in alone if word in plain]


@given(st.text(max_size=200), st.sampled_from(["en", "de", "fr"]))
@tries(300)
def test_no_text_breaks_it_and_what_is_said_can_be_said(text: str, tag: str) -> None:
    for sentence in spoken(text, tag).sentences:
        assert any(map(str.isalnum, sentence))
        assert "\n" not in sentence


def test_a_breath_is_taken_at_the_best_place() -> None:
    text = "rub the heel and the sole " * 6 + "; " + "then rest the foot, and wait " * 6
    assert spoken(text, "en").sentences == ("rub the heel and the sole " * 5 + "rub the heel and the sole;", ("then rest the foot, and wait " * 6).strip())  # fmt: skip


HOSTILE = [
    "a",
    " ",
    "1",
    "1-",
    "1,",
    "1/",
    "1:",
    ". ",
    "A ",
    "AB ",
    "A",
    "a/",
    "*",
    "<a",
    "'",
    '5" ',
    "a@",
    "-",
    "a\n",
    "=",
    "3x",
    "aab",
    "#",
]


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_long(piece: str) -> None:
    short, long = (piece * (size // len(piece)) for size in (20_000, 80_000))
    start = process_time()
    spoken(short, "en")
    middle = process_time()
    spoken(long, "en")
    assert process_time() - middle < 12 * max(middle - start, 0.03)


def test_numbers_up_to_99_need_no_library() -> None:
    code = "import sys; from voiceguide.spoken.said import spoken; spoken('3x 10 s, 99 %', 'en'); spoken('42', 'de')"
    done = subprocess.run([sys.executable, "-c", f"{code}; print('num2words' in sys.modules)"], capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_language_has_all_that_texts_ask_of_it(tag: str) -> None:
    language = LANGUAGES[tag]
    assert {"left", "right", "both", "yes", "no"} == set(language.answers)
    assert {"in", "hold", "out", "more"} == set(language.phases)
    assert {"left", "right"} == set(language.sides)
    assert all(unit in language.nouns for unit in language.units.values())
    for value in (1, 2, 5, 11, 21, 100, 1234):
        assert not any(map(str.isdigit, language.count(value, language.nouns["minute"], "", "")))


def test_a_tag_finds_its_language() -> None:
    assert [language_of(tag) for tag in ("en-GB", "de", "fr")] == [ENGLISH, GERMAN, None]


@pytest.mark.parametrize(
    ("ms", "before", "said"),
    [(60_000, "Noch ", "eine Minute"), (60_000, "In ", "einer Minute"), (90_000, "", "eineinhalb Minuten"), (150_000, "", "zweieinhalb Minuten"), (360_000, "", "sechs Minuten"), (20_000, "", "zwanzig Sekunden")],
)  # fmt: skip
def test_german_times(ms: int, before: str, said: str) -> None:
    assert GERMAN.duration(ms, before) == said


@given(st.integers(0, 2_000_000))
@tries(60)
def test_numbers_are_those_of_the_library(value: int) -> None:
    from num2words import num2words

    assert ENGLISH.count(value, None, "", "") == str(num2words(value)).replace(",", "")
