"""An nginx in front: as the distribution leaves it, and as ``ops/nginx.conf`` has it. What does it write down?"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.canary.scene import Setting, a_scene
from tests.canary.search import Outcome
from tests.canary.stage import Stage
from tests.canary.tokens import PROXY_LOG
from tests.engines.servers import free_port, wait_until
from tests.faults.node import ROOT, Start
from tests.faults.town import Town

OURS: Final = "files of nginx"
_TEMPORARY: Final = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_AS_IT_COMES: Final = """
access_log {folder}/access.log combined;
error_log {folder}/error.log info;
server {{
	listen 127.0.0.1:{port};
	location / {{
		proxy_pass http://{nodes[0]};
		proxy_http_version 1.1;
		proxy_set_header Host $http_host;
		proxy_set_header Upgrade $http_upgrade;
		proxy_set_header Connection "upgrade";
	}}
}}
"""


def nginx() -> str | None:
    return os.environ.get("TEALIGHT_NGINX") or shutil.which("nginx")


def why_not() -> str | None:
    return None if nginx() else "no nginx here, and TEALIGHT_NGINX names none"


async def behind(name: str, seed: int, *, ours: bool) -> Outcome:
    """An evening of which every byte comes and goes by it."""
    port = free_port()

    def start(stage: Stage) -> Start:
        return stage.start(environ={"PUBLIC_URL": f"http://127.0.0.1:{port}"})

    @contextlib.contextmanager
    def front(stage: Stage, town: Town) -> Iterator[None]:
        nodes = [f"127.0.0.1:{node.port}" for node in town.nodes]
        folder = stage.apart
        site = (
            _ours(folder, port, nodes) if ours else _AS_IT_COMES.format(folder=folder, port=port, nodes=nodes)
        )
        with _running(folder, site, port):
            for node in town.nodes:
                node.url = f"http://127.0.0.1:{port}"
            yield

    async with a_scene(name, seed, Setting(), start=start, front=front) as scene:
        await scene.plants.everything_is_said()
        await scene.plants.hostile_things_are_sent()
        await scene.plants.ends()
        kind = OURS if ours else PROXY_LOG
        scene.looks.append(lambda search: search.through_folder(kind, scene.stage.apart))
    if not ours and not any(kind == PROXY_LOG for kind, _ in scene.outcome.found):
        scene.outcome.faults.append(f"{name}: nginx was to write addresses down, and did not")
    return scene.outcome


def _ours(folder: Path, port: int, nodes: list[str]) -> str:
    """ops/nginx.conf with this machine's addresses and folders, and without TLS; what it says of logs stays."""
    said = (ROOT / "ops" / "nginx.conf").read_text(encoding="utf-8")
    for pattern, instead in (
        (r"server 127\.0\.0\.1:8000;", " ".join(f"server {node};" for node in nodes)),
        (r"listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        (r"listen \[::\]:443 ssl;", ""),
        (r"ssl_certificate(_key)? [^;]*;", ""),
        (r"/var/log/nginx/", f"{folder}/"),
        (r"Host \$host;", "Host $http_host;"),
    ):
        said, times = re.subn(pattern, instead, said)
        assert times, f"ops/nginx.conf does not say {pattern} any more"
    return said


@contextlib.contextmanager
def _running(folder: Path, site: str, port: int) -> Iterator[None]:
    programme = nginx()
    assert programme is not None
    temporary = "\n".join(f"{name}_temp_path {folder}/{name};" for name in _TEMPORARY)
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/start.log;\n"
        f"events {{}}\nhttp {{\n{temporary}\n{site}\n}}\n",
        encoding="utf-8",
    )
    with (folder / "printed").open("wb") as printed:
        process = subprocess.Popen(
            [programme, "-p", str(folder), "-c", str(conf)],
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
        )
    try:
        wait_until(lambda: _answers(process, port, folder))
        yield
    finally:
        process.terminate()
        process.wait()


def _answers(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> bool:
    assert process.poll() is None, (folder / "printed").read_text() + (folder / "start.log").read_text()
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    return False
