"""What a person may be called: visible, short, and nobody else's, to the eye as well as to the machine."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rooms.live.names import LONGEST, ROLES, SHORTEST, refuse, skeleton, suggestions, tidy, visible


def why(name: str, *present: str) -> str | None:
    refusal = refuse(name, present)
    return None if refusal is None else refusal.why


@pytest.mark.parametrize(
    "name",
    [
        "Ben",
        "Jo",
        "Night owl",
        "Siân",
        "Llŷr ap Rhys",
        "Zoë",
        "O'Neill",
        "Anne-Marie",
        "Đặng Thuỳ",
        "محمد",
        "فاطمة الزهراء",
        "שָׂרָה",
        "נֹעַם",
        "กมลวรรณ",
        "สุนีย์",
        "सीमा",
        "रवि शंकर",
        "আনিকা",
        "அகிலா",
        "さくら",
        "李小龍",
        "민준",
        "Ωmega 7",
        "Наталья",
        "Oak 🌳",
        "R2D2",
    ],
    ids=ascii,
)
def test_people_keep_their_names(name):
    assert why(name) is None
    assert tidy(name) == unicodedata.normalize("NFKC", name).replace("\ufe0f", "")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  Ben   Tall ", "Ben Tall"),
        ("Ｂｅｎ", "Ben"),
        ("𝓑𝓮𝓷", "Ben"),
        ("ﬁona", "fiona"),
        ("Be\u200bn\u200d\u2060", "Ben"),
        ("\u202eneB", "neB"),
        ("Be\u034fn\ufe0f", "Ben"),
        ("Be\u3164n", "Ben"),
        ("Ben\n\tTall", "Ben Tall"),
        ("Be\x00n", "Ben"),
    ],
    ids=ascii,
)
def test_what_cannot_be_seen_is_not_kept(typed, shown):
    assert tidy(typed) == shown


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\u200b\u200b\u200b",
        "\u3164\u3164",
        "\u115f\u1160",
        "\uffa0\uffa0",
        "\u2800\u2800",
        "...",
        "—",
        "🌳🌳",
        "\u0301\u0301",
    ],
    ids=ascii,
)
def test_a_name_needs_a_letter_or_a_number_that_shows(name):
    assert why(name) == "name_not_visible"


@pytest.mark.parametrize("name", ["a", "  a  ", "a\u0301\u0302", "\u2800\u2800a", "\u3164a", "م"], ids=ascii)
def test_and_two_characters(name):
    assert why(name) == "name_too_short"


@pytest.mark.parametrize(
    "name",
    ["a" * 25, "a b" * 9, "Be\u0301" + "\u0302" * 60 + "n", "B" + "\u0301" * 4 + "en", "\ufdfa\ufdfa"],
    ids=ascii,
)
def test_it_fits_on_a_line_and_between_two(name):
    assert why(name) == "name_too_long"


@pytest.mark.parametrize(
    "name",
    ["\ufdfa" * 5200, "Be" + "\u0301" * 8000 + "n", "Ben" + " " * 16000, "Ben" + "\u200b" * 198],
    ids=["letters that are eighteen", "marks", "spaces", "unseen"],
)
def test_what_is_far_longer_than_any_name_is_not_looked_at_letter_by_letter(name):
    """The last two would be a name, had anybody looked."""
    assert why(name) == "name_too_long"


def test_as_long_as_it_may_be():
    assert why("a" * LONGEST) is None
    assert why("בָּרְ" * 4) is None


@pytest.mark.parametrize("role", sorted(ROLES))
def test_nobody_is_called_like_a_role(role):
    assert why(role) == "name_like_role"
    assert why(role.upper()) == "name_like_role"
    assert why(f"{role} Ana") == "name_like_role"
    assert why(f"Ana-{role}") == "name_like_role"
    assert why(f"Ana_{role}") == "name_like_role"
    assert why(f"Ana ({role})") == "name_like_role"


@pytest.mark.parametrize(
    "name",
    [
        "H0st",
        "hоst",
        "Adm1n",
        "adm!n",
        "ＡＤＭＩＮ",
        "h o s t",
        "h.o.s.t Ana",
        "Ho\u200bst",
        "һost",
        "Fаcilitаtоr",
        "Facilitat0r",
        "$taff",
        "Hóst",
        "system.",
        "co-host",
        "Host🌳",
    ],
    ids=ascii,
)
def test_nor_so_that_it_looks_like_one(name):
    assert why(name) == "name_like_role"


@pytest.mark.parametrize("name", ["Hostess", "Modesty", "Leadbelly", "Ghost", "Chairo", "Adminah"])
def test_a_name_that_only_contains_one_is_a_name(name):
    assert why(name) is None


@pytest.mark.parametrize(
    ("present", "name"),
    [
        ("Ben", "ben"),
        ("Ben", "BEN"),
        ("Ben", "Веn"),
        ("Ben", "Bеn"),
        ("Ben", "B e n"),
        ("Ben", "Ben."),
        ("Ben", "B3n"),
        ("Ben", "Bén"),
        ("Ben", "B\u0338en"),
        ("Ben", "βεn"),
        ("Ben", "Be\u034fn"),
        ("Bob", "B0b"),
        ("Lily", "1i1y"),
        ("Lily", "Liiy"),
        ("Sian", "Siân"),
        ("Amber", "Arnber"),
        ("Wren", "vvren"),
        ("Paula", "Раulа"),
        ("Søren", "Soren"),
        ("Łukasz", "Lukasz"),
        ("Straße", "STRASSE"),
    ],
    ids=ascii,
)
def test_nobody_looks_like_somebody_else(present, name):
    assert why(name, present) == "name_taken"
    assert why(present, name) == "name_taken"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ben", "Bea"),
        ("Ann", "Anna"),
        ("सीमा", "सोम"),
        ("रवि", "रावी"),
        ("กิน", "กัน"),
        ("บุญ", "บูญ"),
        ("かな", "がな"),
        ("தமிழ்", "தமாழ்"),
        ("محمد", "أحمد"),
        ("נעם", "נעמה"),
    ],
    ids=ascii,
)
def test_two_people_with_two_names_are_two_people(one, other):
    assert why(one, other) is None
    assert why(other, one) is None


names = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["Ben", "Ana", "Host", "a", "mod", "Вen", "Ben Oak", "Oak River"]),
    st.text("aeioаеrnlI1|0 .-\u0301\u200b", max_size=30),
)


@given(name=names, present=st.lists(names, max_size=8))
@example(name="a\u0301\u0301\u0301\u0301", present=[])
@example(name="Ben", present=["Ben", "Ben Oak", "Ben River", "Oak River"])
def test_a_no_comes_with_three_names_that_are_free_and_a_yes_can_be_read(name, present):
    refusal = refuse(name, present)
    if refusal is None:
        shown = tidy(name)
        assert tidy(shown) == shown
        assert SHORTEST <= visible(shown) <= LONGEST
        assert skeleton(shown) not in map(skeleton, present)
        assert shown.isprintable()
    else:
        assert len(set(refusal.offers)) == 3
        assert [refuse(offer, present) for offer in refusal.offers] == [None] * 3


def test_what_is_offered_is_near_what_was_wanted():
    assert suggestions("Ben", frozenset({skeleton("Ben"), skeleton("Ben Oak")})) == (
        "Ben River",
        "Ben Moss",
        "Ben Lark",
    )
    assert suggestions("", frozenset()) == ("Oak River", "Oak Moss", "Oak Lark")


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
@example("|l!i 0ver-r.nv v")
def test_a_plain_name_is_read_like_any_other(name: str):
    """The short way says what the long one does, which a character that nobody sees makes it take."""
    assert tidy(name) == tidy(f"{name}\u200b")
    assert skeleton(name) == skeleton(f"{name}\u200b")


@given(st.text(max_size=30))
@example("Siân")
@example("Be\u0301\u0338n")
@example("שָׂרָה")
@example("सी\u200dमा")
@example("Σίσυφος")
def test_a_name_is_read_the_same_whether_or_not_all_of_it_must_be_looked_at(name: str):
    """What shows from end to end is not looked at letter by letter; what nobody sees, and a tree, make it so."""
    assert tidy(name) == tidy(f"{name}\u200b")
    assert skeleton(name) == skeleton(f"{name}🌳")
