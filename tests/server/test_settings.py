"""What the operator set: read once, and every mistake named in words that do not repeat it."""

import stat
from pathlib import Path

import pytest

from server import settings
from server.settings import BadSettingError, read

KEY = "k" * 32
SECRET = "what-nobody-may-read-in-a-terminal"
POST = {"SMTP_URL": "smtp://localhost", "MAIL_FROM": "rooms@example.org"}
WATCHED = ("METRICS_PORT", "METRICS_ADDR", "LOG_FORMAT")
WHOLE = {"SECRET_KEY": KEY, "PUBLIC_URL": "https://rooms.example.org"}


def test_defaults_are_for_one_machine():
    found = read({"SECRET_KEY": KEY})
    assert (found.host, found.port, found.workers, found.redis_url) == ("127.0.0.1", 8000, 1, None)
    assert found.public_url == "http://localhost:8000"
    assert found.database_url == "sqlite:///var/tealight.db"
    assert not found.secure
    assert found.origins == {"http://localhost:8000", "http://127.0.0.1:8000"}


def test_empty_is_as_good_as_absent():
    names = (
        "PORT",
        "HOST",
        "PUBLIC_URL",
        "DATABASE_URL",
        "REDIS_URL",
        "WEB_CONCURRENCY",
        "LEAVE_TO",
        *WATCHED,
    )
    assert read({"SECRET_KEY": KEY, **dict.fromkeys(names, "")}) == read({"SECRET_KEY": KEY})


@pytest.mark.parametrize(
    ("name", "values", "should"),
    [
        ("PORT", ["0", "65536", "x", "-1", "8_000", "8000.0", "٨٠٠٠", "9" * 5000, " 80"], "a whole number"),
        ("WEB_CONCURRENCY", ["0", "65", "x"], "a whole number from 1 to 64"),
        (
            "PUBLIC_URL",
            [
                SECRET,
                "https://",
                "ftp://rooms.example.org",
                "https://[::1",
                "https://rooms.example.org:port",
                "https://rooms.example.org:99999",
                "https://rooms.example.org/rooms",
                "https://rooms.example.org?x",
                "https://rooms.example.org#x",
                f"https://user:{SECRET}@rooms.example.org",
                "https://rooms.example.org\r\nx: y",
                "https://rooms.example.org; script-src *",
                "https://bücher.example",
                "http://rooms.example.org",
            ],
            "https://",
        ),
        (
            "DATABASE_URL",
            [SECRET, "sqlite://", "sqlite:///", "sqlite:///:memory:", f"mysql://user:{SECRET}@db", "postgresql://[x"],
            "sqlite:///a/file.db",
        ),
        ("LEAVE_TO", [SECRET, "http://www.bbc.co.uk", "https://", "https://[", "javascript:alert(1)"], "https://"),
        ("SMTP_URL", [SECRET, "smtp://", "http://mail", f"smtp://u:{SECRET}@[::1", "smtp://mail/box"], "smtps://user"),
        ("MAIL_FROM", ["", SECRET, "a@b", "Ana <a@b.org>", "a@b.org\r\nBcc: c@d.org", f"{'a' * 250}@b.org"], "rooms@"),
        ("CALLS_TO", [SECRET, "http://example.org/x", "ftp://example.org", "https://"], "https://"),
        ("METRICS_PORT", ["0", "65536", "x", "8000", "9" * 5000], "a"),
        ("METRICS_ADDR", [SECRET, "0.0.0.0", "::", "8.8.8.8", "localhost", "127.0.0.1:80"], "127.0.0.1, or"),
        ("LOG_FORMAT", [SECRET, "JSON", "text"], "line or json"),
        ("SECRET_KEY", ["", SECRET[:31], "   ", f"{KEY},", f"{KEY},short"], "python3 -c"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named_and_never_repeated(name: str, values: list[str], should: str):
    for value in values:
        with pytest.raises(BadSettingError) as bad:
            read({**WHOLE, "REDIS_URL": "redis://localhost", **POST, name: value})
        said = str(bad.value)
        assert said.startswith(f"{name}: "), value
        assert should in said, value
        assert SECRET[:20] not in said
        assert "\n" not in said


def test_numbers_are_read_by_who_is_near_or_by_nobody():
    assert read(WHOLE).metrics_port is None
    found = read({**WHOLE, "METRICS_PORT": "9150"})
    assert (found.metrics_addr, found.metrics_port) == ("127.0.0.1", 9150)
    for near in ("127.0.0.1", "::1", "10.0.0.5", "192.168.1.2", "fd00::1"):
        assert read({**WHOLE, "METRICS_PORT": "9150", "METRICS_ADDR": near}).metrics_addr == near
    with pytest.raises(BadSettingError, match=r"^METRICS_PORT: a number of its own"):
        read({**WHOLE, "METRICS_PORT": "7998", "WEB_CONCURRENCY": "2", "REDIS_URL": "redis://localhost"})


def test_rooms_cannot_be_in_two_memories():
    with pytest.raises(BadSettingError, match=r"^WEB_CONCURRENCY: .*REDIS_URL"):
        read({**WHOLE, "WEB_CONCURRENCY": "2"})
    assert read({**WHOLE, "WEB_CONCURRENCY": "2", "REDIS_URL": "redis://localhost"}).workers == 2


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Rooms.Example.ORG", "https://rooms.example.org"),
        ("https://rooms.example.org/", "https://rooms.example.org"),
        ("https://rooms.example.org:443", "https://rooms.example.org"),
        ("https://rooms.example.org:8443", "https://rooms.example.org:8443"),
        ("HTTPS://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
    ],
)
def test_the_origin_is_written_as_browsers_write_it(given: str, origin: str):
    found = read({"SECRET_KEY": KEY, "PUBLIC_URL": given})
    assert found.public_url == origin
    assert origin in found.origins


def test_nothing_secret_is_shown_by_a_setting_that_is_printed():
    found = read(
        {**WHOLE, "SECRET_KEY": SECRET, "DATABASE_URL": f"postgresql://u:{SECRET}@db/n", "REDIS_URL": SECRET}
    )
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("given", "port", "tls", "near"),
    [
        ("smtps://user:pass%40word@mail.example.org", 465, True, False),
        ("smtp://user:pass%40word@mail.example.org", 587, False, False),
        ("smtp://user:pass%40word@localhost:2525/", 2525, False, True),
    ],
)
def test_a_post_office_is_read_from_its_address(given: str, port: int, *, tls: bool, near: bool):
    office = read({**WHOLE, **POST, "SMTP_URL": given, "CALLS_TO": "https://example.org/hook"}).post_office
    assert office is not None
    assert (office.port, office.tls, office.is_near) == (port, tls, near)
    assert (office.user, office.password, office.sender) == ("user", "pass@word", "rooms@example.org")
    assert "pass@word" not in repr(office)
    assert read(WHOLE).post_office is None


def test_keys_are_believed_in_the_order_they_are_listed():
    assert read({"SECRET_KEY": f"{KEY}1, {KEY}2"}).secret_keys == (f"{KEY}1", f"{KEY}2")


def test_a_demo_makes_a_secret_of_its_own_and_finds_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings, "VAR", tmp_path / "var")
    first = read({}, demo=True)
    kept = tmp_path / "var" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert first.secret_keys == (kept.read_text(),)
    assert read({}, demo=True).secret_keys == first.secret_keys
    assert read({"SECRET_KEY": KEY}, demo=True).secret_keys == (KEY,)
    assert [each.name for each in kept.parent.iterdir()] == ["secret_key"]


def test_a_demo_that_cannot_keep_a_secret_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "var").write_text("a file where a folder should be")
    monkeypatch.setattr(settings, "VAR", tmp_path / "var")
    with pytest.raises(BadSettingError, match=r"^SECRET_KEY: .*cannot be written"):
        read({}, demo=True)
