"""A `REDIS_URL` is read once, and what is wrong with it is told in words that hold no password."""

import pytest

from rooms.engines import EngineUnusable
from rooms.engines.address import Address, read_url


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://localhost", Address("localhost")),
        ("redis://10.0.0.5:7000/3", Address("10.0.0.5", 7000, db=3)),
        ("redis://:pass%40word@host", Address("host", password="pass@word")),
        ("redis://tea:light@[::1]:6380?db=2", Address("::1", 6380, username="tea", password="light", db=2)),
        ("unix:///run/redis.sock", Address(path="/run/redis.sock")),
        (
            "unix://tea:light@/run/redis.sock?db=1",
            Address(path="/run/redis.sock", username="tea", password="light", db=1),
        ),
    ],
)
def test_an_url_is_read(url: str, address: Address):
    place = read_url(url)
    assert place.seeds == (address,)
    assert not place.cluster


def test_a_cluster_is_named_by_some_of_its_nodes():
    place = read_url("redis+cluster://tea:light@one,two:7001")
    assert place.cluster
    assert [str(seed) for seed in place.seeds] == ["one:6379", "two:7001"]
    assert {seed.password for seed in place.seeds} == {"light"}


def test_tls_verifies_unless_told_otherwise():
    (safe,) = read_url("rediss://host").seeds
    (lax,) = read_url("rediss+cluster://host?ssl_check_hostname=false").seeds
    (blind,) = read_url("rediss://host?ssl_cert_reqs=none").seeds
    assert safe.tls
    assert safe.tls.check_hostname
    assert lax.tls
    assert (lax.tls.check_hostname, lax.tls.verify_mode.name) == (False, "CERT_REQUIRED")
    assert blind.tls
    assert blind.tls.verify_mode.name == "CERT_NONE"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://user:hunter2@host", "must begin with redis://"),
        ("", "must begin with redis://"),
        ("redis://[::1", "cannot be read"),
        ("redis://user:hunter2@", "names no host"),
        ("redis://user:hunter2@host:port", "port that is not a number"),
        ("redis://user:hunter2@host:99999", "port that is not a number"),
        ("redis+cluster://user:hunter2@one,,two", "names no host"),
        ("redis://user:hunter2@host/zero", "database that is not a number"),
        ("redis+cluster://user:hunter2@host/1", "a cluster has only one"),
        ("redis://user:hunter2@host?timeout=3&colour=red", "mean nothing here: colour, timeout"),
        ("unix://user:hunter2@host/run/redis.sock", "absolute path"),
        ("unix://", "absolute path"),
        ("rediss://user:hunter2@host?ssl_ca_certs=/nowhere/at/all", "certificate or key that cannot be read"),
        ("rediss://user:hunter2@host?ssl_certfile=/nowhere/at/all", "certificate or key that cannot be read"),
        ("rediss://user:hunter2@host?ssl_cert_reqs=perhaps", "required or none"),
    ],
)
def test_a_mistake_is_named_and_the_password_is_not(url: str, words: str):
    with pytest.raises(EngineUnusable, match=words) as unusable:
        read_url(url)
    assert "hunter2" not in str(unusable.value)
    assert "\n" not in str(unusable.value)


def test_a_password_is_in_no_repr():
    assert "hunter2" not in repr(read_url("redis://user:hunter2@host"))


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("redis://localhost", True),
        ("redis://127.0.0.1:6380", True),
        ("redis://[::1]", True),
        ("unix:///run/redis.sock", True),
        ("redis://10.0.0.5", False),
        ("redis://[2001:db8::1]", False),
        # A name that begins like ours leads where its owner wants.
        ("redis://localhost.example.org", False),
        ("redis://127.0.0.1.example.org", False),
    ],
)
def test_what_is_on_this_machine_is_known(url: str, *, near: bool):
    assert read_url(url).seeds[0].is_near is near
