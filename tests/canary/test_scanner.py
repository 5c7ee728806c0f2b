"""The search itself: what it must find, in every dress, and that it finds nothing where there is nothing."""

import gzip
import random
import sqlite3
import string
from pathlib import Path

import pytest

from tests.canary.dresses import dresses
from tests.canary.scanner import Scanner
from tests.canary.tokens import LENGTH, Registry

REGISTRY = Registry(1)
WORD, OTHER = REGISTRY.plant("said"), REGISTRY.plant("said")
PLAIN = WORD.encode()


DRESSES = dresses(WORD)


@pytest.mark.parametrize("dress", DRESSES)
def test_a_word_in_any_dress_is_found(dress):
    around = random.Random(dress)
    noise = around.randbytes(300) + b"\n"
    before = b"" if dress == "deflate" else noise
    found = Scanner(REGISTRY).finds(before + DRESSES[dress] + b"\n" + noise)
    assert {find.plant.word for find in found} == {WORD}


def test_eleven_letters_are_not_a_word():
    found = Scanner(REGISTRY).finds(b" ".join(PLAIN[at : at + 11] for at in range(LENGTH - 10)))
    assert found == []


def test_nothing_is_found_where_there_is_nothing():
    dice = random.Random(2)
    letters = "".join(dice.choices(string.ascii_letters + string.digits, k=200_000)).encode()
    everything = b"\n".join(path.read_bytes() for path in Path(__file__).parents[2].glob("static/js/*.js"))
    for content in (dice.randbytes(400_000), letters, gzip.compress(letters), everything):
        assert Scanner(REGISTRY).finds(content) == []


def test_each_word_is_told_from_the_others_and_how_it_stood():
    packed = gzip.compress(OTHER.encode("utf-16-le"))
    found = Scanner(REGISTRY).finds(packed + b" " + PLAIN)
    assert {(find.plant.word, find.how) for find in found} == {
        (WORD, ()),
        (OTHER, ("gzip", "utf-16 or 32")),
    }


def test_what_was_deleted_and_still_stands_on_a_free_page(tmp_path: Path):
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("PRAGMA secure_delete=OFF")
    connection.execute("CREATE TABLE words (word TEXT)")
    connection.executemany("INSERT INTO words VALUES (?)", [(f"{n} {WORD} {'~' * 900}",) for n in range(50)])
    connection.commit()
    connection.execute("DELETE FROM words")
    connection.commit()
    connection.close()
    assert [find.plant.word for find in Scanner(REGISTRY).finds((tmp_path / "a.db").read_bytes())] == [WORD]


def test_a_secret_of_the_product_is_found_by_its_parts_and_short_ones_are_left_alone():
    registry = Registry(3)
    registry.note("cookie", "eyJhIjoi.short.8uhN3jX0qQ9rVb2mWk4LzT6y_A-c")
    assert len(registry) == 1
    (find,) = Scanner(registry).finds(b"Cookie: seat=8uhN3jX0qQ9rVb2m")
    assert find.plant.family == "cookie"


def test_a_seed_brings_its_words_back_and_two_runs_of_it_share_none():
    def words(registry: Registry) -> list[str]:
        return [registry.plant("said") for _ in range(3)]

    assert words(Registry(7, "one")) == words(Registry(7, "one"))
    assert not set(words(Registry(7, "one"))) & set(words(Registry(7, "two")))
    one, other = Registry(7), Registry(8)
    assert (words(one), one.digest) != (words(other), other.digest)
