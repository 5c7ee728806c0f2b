"""What a seal binds, and what does not open."""

import pytest

from rooms.engines.seal import Seals

ANA, BEN = b"ana-node", b"ben-node"


def test_any_node_with_the_secret_opens_it_and_learns_who_sealed():
    opened = Seals("shared", BEN).open(
        "commit", "tuesday", "k3v", 4, Seals("shared", ANA).seal("commit", "tuesday", "k3v", 4, b"hi")
    )
    assert opened is not None
    assert (opened.sender, opened.content) == (ANA, b"hi")


@pytest.mark.parametrize(
    ("purpose", "room", "epoch", "version"),
    [
        ("whisper", "tuesday", "k3v", 4),
        ("commit", "wednesday", "k3v", 4),
        ("commit", "tuesday", "k3w", 4),
        ("commit", "tuesday", "k3v", 5),
    ],
)
def test_it_opens_nowhere_but_where_it_belongs(purpose: str, room: str, epoch: str, version: int):
    sealed = Seals("shared", ANA).seal("commit", "tuesday", "k3v", 4, b"hi")
    assert Seals("shared", BEN).open(purpose, room, epoch, version, sealed) is None


def test_no_bit_can_be_changed_and_no_byte_cut_off():
    ben = Seals("shared", BEN)
    sealed = Seals("shared", ANA).seal("commit", "tuesday", "k3v", 4, b"hi")
    for place in range(len(sealed)):
        forged = bytearray(sealed)
        forged[place] ^= 1
        assert ben.open("commit", "tuesday", "k3v", 4, bytes(forged)) is None
        assert ben.open("commit", "tuesday", "k3v", 4, sealed[:place]) is None
    assert ben.open("commit", "tuesday", "k3v", 4, sealed + b"\0") is None
    assert ben._keys == {}


def test_another_secret_opens_nothing():
    sealed = Seals("theirs", ANA).seal("commit", "tuesday", "k3v", 4, b"hi")
    assert Seals("ours", BEN).open("commit", "tuesday", "k3v", 4, sealed) is None


def test_a_new_key_is_brought_in_one_node_after_the_other():
    old, both, new = Seals("old", ANA), Seals("new, old", BEN), Seals("new", b"chi-node")
    for seals, opens in ((old, [old, both]), (both, [both, new]), (new, [both, new])):
        sealed = seals.seal("commit", "tuesday", "k3v", 4, b"hi")
        opened_by = [node for node in (old, both, new) if node.open("commit", "tuesday", "k3v", 4, sealed)]
        assert opened_by == opens


def test_the_running_number_grows_even_when_the_clock_goes_back():
    now = [1000.0]
    seals = Seals("shared", ANA, lambda: now[0])
    numbers = []
    for then in (1000.0, 1000.0, 3.0, 1001.0):
        now[0] = then
        opened = seals.open("commit", "tuesday", "k3v", 4, seals.seal("commit", "tuesday", "k3v", 4, b""))
        assert opened is not None
        numbers.append(opened.number)
    assert numbers == [1_000_000_000, 1_000_000_001, 1_000_000_002, 1_001_000_000]


def test_the_keys_of_many_rooms_do_not_pile_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("rooms.engines.seal._MAX_KEYS", 3)
    seals = Seals("shared", ANA)
    for n in range(10):
        assert seals.open("commit", f"{n}", "k3v", 0, seals.seal("commit", f"{n}", "k3v", 0, b"hi"))
        assert len(seals._keys) <= 3


def test_nobody_can_seal_without_a_secret():
    assert not Seals(" , ", ANA).can_seal
    assert "hi" not in repr(
        Seals("shared", ANA).open("w", "r", "", 0, Seals("shared", ANA).seal("w", "r", "", 0, b"hi"))
    )
