"""The scripts of the live room, tested by node; this file brings their words here."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.js.check import complaints, node

HERE = Path(__file__).parent
# Of TAP, in which node tells of its tests.
_FAILED = re.compile(r"^not ok .*?^  \.\.\.$", re.MULTILINE | re.DOTALL)
_PASSED = re.compile(r"^# pass (\d+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def binary():
    found = node()
    if found is None:
        pytest.fail("no node here; install nodejs, or playwright, which brings one")
    return found


def test_node_can_read_every_script(binary):
    assert complaints(binary) == ""


def test_the_scripts_keep_their_promises(binary):
    # `node --test` would start a process for each file, which takes longer than all the tests.
    files = sorted(HERE.glob("*.test.mjs"))
    imports = "\n".join(f"await import({json.dumps(file.as_uri())});" for file in files)
    ran = subprocess.run(
        [binary, "--test-reporter=tap", "--input-type=module", "--eval", imports],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert ran.returncode == 0, "\n".join(_FAILED.findall(ran.stdout)) + ran.stderr
    assert len(files) <= int(_PASSED.findall(ran.stdout)[-1])
