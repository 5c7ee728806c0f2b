"""P9: letters that are meant to do something to a page. Whoever writes in any of the world's scripts is left alone."""

import unicodedata

import pytest

from rooms.live.text import MOST_LINES, MOST_MARKS, clean
from rooms.live.words import Refusal

LONGEST = 1000

WRITTEN = {
    "Arabic with its vowels": "بِسْمِ ٱللَّهِ ٱلرَّحْمَـٰنِ",
    "Hebrew with vowels and accents": "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
    "Thai": "น้ำตาล ผู้ใหญ่ ที่นี่",
    "Devanagari": "क्षत्रिय र्‍य किन्त्र्यौं",
    "Tibetan, which stacks": "བསྒྲུབས་ རྒྱ་ ཧཱུྃ",
    "Vietnamese, in pieces": unicodedata.normalize("NFD", "Nguyễn Đỗ Hạnh"),
    "Welsh": "Tŷ ŵyn ŷd",
    "a family": "👨‍👩‍👧‍👦 and 👩🏽‍❤️‍💋‍👨🏿",
    "a flag and a key": "🏳️‍🌈 5️⃣ 🇬🇧",
    "a poem": "one\n\ntwo\nthree",
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_p9_what_people_write_stays_as_they_wrote_it(written: str):
    assert clean(written, LONGEST) == written


@pytest.mark.parametrize("mark", ["\u0301", "\u0e31", "\u0488", "\u20dd", "\ufe0f", "\u1ab0"], ids=ascii)
def test_p9_three_thousand_marks_on_one_letter_are_no_tower(mark: str):
    shown = clean(f"a{mark * 3000}b", LONGEST)
    assert shown == f"a{mark * MOST_MARKS}b"


def test_p9_marks_on_many_letters_are_counted_for_each():
    word = "".join(letter + "\u0301" * 3 for letter in "every letter of it")
    assert clean(word, LONGEST) == word


def test_p9_ten_thousand_lines_push_nobody_off_the_screen():
    for typed in ("a\n" * 10_000, "a" + "\n" * 10_000 + "b", "a" + " \n\t\n" * 3000 + "b", "a\r\n" * 5000):
        shown = clean(typed, 100_000)
        assert isinstance(shown, str)
        assert shown.count("\n") < MOST_LINES
        assert "\n\n\n" not in shown
    assert clean("a" + "\n" * 10_000 + "b", LONGEST) == "a\n\nb"
    assert clean("a\n" * 10_000, LONGEST) == Refusal("too_long"), (
        "no word of it is thrown away to make it fit"
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("safe \u202egpj.exe", "safe gpj.exe"),
        ("\u2066one\u2067two\u2068three\u2069", "onetwothree"),
        ("in \ufff9between\ufffathe\ufffblines", "in betweenthelines"),
        ("tea\U000e0001\U000e0061\U000e007f", "tea"),
        ("nul\0 bell\a", "nul bell"),
        ("one\u2028two\u2029three", "onetwothree"),
    ],
)
def test_p9_what_hides_or_turns_what_others_read_is_not_there(typed: str, shown: str):
    assert clean(typed, LONGEST) == shown


@pytest.mark.parametrize("nothing", ["\u200b" * 900, "\u2060\ufeff" * 400, "\U000e0041" * 500, "\u3164"])
def test_p9_what_cannot_be_seen_is_nothing_said(nothing: str):
    assert clean(nothing, LONGEST) == Refusal("empty")
