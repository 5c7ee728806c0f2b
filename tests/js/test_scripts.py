"""The scripts of the live room, tested by node; this file brings their words here."""

import subprocess
from pathlib import Path

import pytest

from tests.js.check import complaints, node

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def binary():
    found = node()
    if found is None:
        pytest.fail("no node here; install nodejs, or playwright, which brings one")
    return found


def test_node_can_read_every_script(binary):
    assert complaints(binary) == ""


def test_the_scripts_keep_their_promises(binary):
    ran = subprocess.run(
        [binary, "--test", *sorted(map(str, HERE.glob("*.test.mjs")))],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
