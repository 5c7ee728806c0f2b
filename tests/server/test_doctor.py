"""What is unsafe is named with its cure, at every start and whenever somebody asks; and what is grave is refused."""

import os
import signal
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from rooms.engines.examination import Condition
from rooms.records.examination import Condition as Postgres
from server.app import ROOT
from server.doctor import NAMES, bus, records
from tests.engines.servers import Client, Server, free_port
from tests.server.test_command_line import KEY, command, in_this_process

# Of what a machine is, and no setting can mend.
ITS_OWN = {"swap", "open-files"}
NAKED = """
import os, resource, sys
from server import unread
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
assert unread.can_be_read(), "it must be able to fail"
if sys.argv[1:] == ["forbids"]:
    unread.forbid()
    assert not unread.can_be_read()
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
os.abort()
"""


def kept(folder: Path) -> dict[str, str]:
    return {
        "SECRET_KEY": KEY,
        "DATABASE_URL": f"sqlite:///{folder}/records.db",
        "FORWARDED_ALLOW_IPS": "",
        "ACCEPTED_RISKS": "",
    }


def named(printed: str) -> dict[str, str]:
    """By the name of each finding, its line."""
    lines = [line for line in printed.splitlines() if line.endswith("]")]
    return {line.rpartition("[")[2].rstrip("]"): line for line in lines}


def test_where_nothing_is_wrong_it_says_so(tmp_path: Path):
    well = in_this_process("doctor", **kept(tmp_path))
    assert well.exit_code == 0
    assert named(well.stdout).keys() <= ITS_OWN
    assert named(well.stdout) or "Nothing is wrong here" in well.stdout


@pytest.mark.processes
async def test_an_environment_that_talks_is_refused_with_a_cure_for_each(tmp_path: Path):
    (tmp_path / "sentry_sdk.py").touch()
    (tmp_path / "sitecustomize.py").write_text(
        "import logging\nlogging.getLogger('websockets').setLevel(logging.DEBUG)\n"
    )
    records = tmp_path / "records.db"
    assert await (await command(tmp_path, "migrate", **kept(tmp_path))).wait() == 0
    assert stat.S_IMODE(records.stat().st_mode) == 0o600
    records.chmod(0o644)
    spoilt = kept(tmp_path) | {
        "PYTHONASYNCIODEBUG": "1",
        "FORWARDED_ALLOW_IPS": "*",
        "SECRET_KEY": "change-me" * 5,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}",
        "PYTHONWARNINGS": "",
    }
    asked = await command(tmp_path, "doctor", **spoilt)
    out, _ = await asked.communicate()
    found = named(out.decode())
    grave = {"debugging", "logging", "proxies", "secret", "reports", "records-readable"}
    assert found.keys() - ITS_OWN == grave
    assert all(found[name].startswith("grave") for name in grave)
    assert "chmod 600 records.db" in found["records-readable"]
    assert "sentry_sdk" in found["reports"]
    assert "change-me" not in out.decode()
    assert asked.returncode == 1

    refused = await command(tmp_path, "run", **spoilt, PORT=str(free_port()))
    out, err = await refused.communicate()
    assert (refused.returncode, out) == (2, b"")
    assert named(err.decode()).keys() - ITS_OWN == grave

    taken = await command(tmp_path, "doctor", **(spoilt | {"ACCEPTED_RISKS": ", ".join(sorted(grave))}))
    out, _ = await taken.communicate()
    assert taken.returncode == 0
    assert all(named(out.decode())[name].startswith("taken") for name in grave)


@pytest.mark.processes
async def test_a_process_that_serves_leaves_no_file_of_its_memory():
    def ends(*words: str) -> int:
        started = os.posix_spawn(
            sys.executable,
            [sys.executable, "-c", NAKED, *words],
            {**os.environ, "PYTHONPATH": str(ROOT)},
            file_actions=[(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)],
        )
        return os.waitpid(started, 0)[1]

    status = ends("forbids")
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGABRT
    assert not os.WCOREDUMP(status)


def test_a_risk_that_is_none_is_named(tmp_path: Path):
    wrong = in_this_process("doctor", **(kept(tmp_path) | {"ACCEPTED_RISKS": "swap everything"}))
    assert wrong.exit_code == 2
    assert wrong.stderr.startswith("Tealight cannot start. ACCEPTED_RISKS: 'everything' is none; they are ")


def test_a_redis_that_is_watched_is_refused_and_the_password_is_not_shown(tmp_path: Path):
    with closing(Server("--requirepass", "hunter2")) as server, closing(Client(server.port)) as eve:
        environ = kept(tmp_path) | {"REDIS_URL": f"redis://:hunter2@127.0.0.1:{server.port}"}
        assert in_this_process("doctor", **environ).exit_code == 0
        assert eve.do("AUTH", "hunter2") == b"OK"
        assert eve.do("MONITOR") == b"OK"
        asked = in_this_process("doctor", **environ)
        refused = in_this_process("run", **environ, PORT=str(free_port()))
    assert asked.exit_code == 1
    assert named(asked.stdout).keys() - ITS_OWN == {"redis-monitor"}
    assert refused.exit_code == 2
    assert refused.stderr.splitlines()[-1].startswith("Tealight cannot start. REDIS_URL: somebody reads")
    assert "hunter2" not in asked.output + refused.output
    gone = in_this_process("doctor", **environ)
    assert gone.exit_code == 2
    assert "REDIS_URL: " in gone.stderr


WELL = Condition(
    address="bus:6379", near=False, password=True, tls=True, ahead=0.1, watched=False, evicts=False, writes=False
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, {}),
        ({"password": False}, {"redis-password": True}),
        ({"password": False, "tls": False, "near": True}, {}),
        ({"tls": False}, {"redis-tls": False}),
        ({"ahead": 2.5}, {"redis-clock": True}),
        ({"ahead": -90.0}, {"redis-clock": True}),
        ({"watched": True}, {"redis-monitor": True}),
        ({"evicts": True}, {"redis-eviction": True}),
        ({"writes": True}, {"redis-files": False}),
        ({"ahead": None, "watched": None, "evicts": None, "writes": None}, {"redis-unseen": False}),
    ],
)
def test_every_condition_of_a_redis(changes: dict[str, object], names: dict[str, bool]):
    facts = {name: getattr(WELL, name) for name in WELL.__slots__} | changes
    assert {each.name: each.grave for each in bus.findings(Condition(**facts))} == names


@pytest.mark.parametrize(
    ("found", "names"),
    [
        (Postgres(tls=True, near=False, logs=()), {}),
        (Postgres(tls=False, near=True, logs=()), {}),
        (Postgres(tls=False, near=False, logs=()), {"postgres-tls": True}),
        (Postgres(tls=True, near=False, logs=("log_statement",)), {"postgres-log": False}),
    ],
)
def test_every_condition_of_a_postgres(found: Postgres, names: dict[str, bool]):
    assert {each.name: each.grave for each in records.of_a_server(found)} == names


def test_the_guide_tells_of_every_name():
    guide = (ROOT / "docs" / "operating.md").read_text()
    assert {name for name in NAMES if f"`{name}`" not in guide} == set()


def test_a_full_disk_is_told_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(records, "_LEAST_FREE", 1 << 62)
    found = named(in_this_process("doctor", **kept(tmp_path)).stdout)
    assert found["disk"].startswith("look at")
