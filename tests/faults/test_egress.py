"""A15: the server asks nobody for anything. Pages are watched where they are played: ``led to`` in tests/browser/people.py."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.node import ROOT
from tests.faults.wires import why_not

pytestmark = pytest.mark.timeout(400)
NO_NAMESPACE = why_not()


@pytest.mark.skipif(NO_NAMESPACE is not None, reason=str(NO_NAMESPACE))
def test_a15_a_server_connects_to_its_redis_and_to_nothing_else(tmp_path: Path):
    ended = subprocess.run(
        ["unshare", "-n", sys.executable, "-m", "tests.faults.sink", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told["planted"] == ["tcp 192.0.2.7:443", "udp 192.0.2.53:53"], "what sets out is seen"
    assert set(told["home"]) == set(told["went"]), "the Redis and the nodes themselves, and nobody else"
