"""The servers that Tealight is compared with, where they are installed: in the benchmark's own folder, or the system's."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.load import Shape, Target
from bench.servers import Opened, Server, free_port, running
from bench.workshop import FOLDER, HERE

PEERS = FOLDER / "peers"
_VENV, _NODE, _DEBS = PEERS / "venv", PEERS / "node", PEERS / "nginx"
_PYTHON_PACKAGES = (
    "uvicorn starlette websockets picows aiohttp uvloop httptools python-socketio channels django"
)
_NODE_PACKAGES = "ws socket.io"
_DEBIAN_PACKAGES = "nginx libnginx-mod-nchan"
_SOCKETIO_PATH = "/socket.io/?EIO=4&transport=websocket"


def peers() -> list[Server]:
    """All of them, those that are missing with the reason."""
    return [
        _node("Node ws", "ws", "ws"),
        _nchan(),
        _node("Socket.IO", "socketio", "socket.io", wire="socketio"),
        _python("picows", "picows"),
        _python("aiohttp", "aiohttp"),
        _python("websockets broadcast", "websockets"),
        _python("plain Starlette", "starlette"),
        _python("python-socketio", "socketio", wire="socketio"),
        _python("Django Channels", "channels"),
    ]


def install() -> None:
    """Bring in what registries have, into the benchmark's folder. What fails is told and left out."""
    PEERS.mkdir(parents=True, exist_ok=True)
    _try([sys.executable, "-m", "venv", str(_VENV)])
    _try([str(_VENV / "bin/pip"), "install", "-q", *_PYTHON_PACKAGES.split()])
    if shutil.which("npm"):
        _try(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(_NODE), *_NODE_PACKAGES.split()])
    if shutil.which("apt-get") and shutil.which("dpkg-deb"):
        # Unpacked here and not installed: a benchmark must not leave a web server running on the machine.
        _DEBS.mkdir(exist_ok=True)
        _try(["apt-get", "download", *_DEBIAN_PACKAGES.split()], cwd=_DEBS)
        for package in _DEBS.glob("*.deb"):
            _try(["dpkg-deb", "-x", str(package), str(_DEBS)])
        # The one folder that this build of nginx wants to see whatever its configuration says.
        _try(["mkdir", "-p", "/var/lib/nginx"])


def _try(command: list[str], cwd: Path | None = None) -> None:
    if subprocess.run(command, cwd=cwd, check=False).returncode:
        print(f"this did not work: {' '.join(command[:4])} …", file=sys.stderr)


def _python(name: str, library: str, wire: str = "plain") -> Server:
    python = _VENV / "bin/python"
    found = (
        python.exists()
        and subprocess.run([python, "-c", f"import {library}"], capture_output=True, check=False).returncode
        == 0
    )
    command = (str(python), str(HERE / f"others/with_{library}.py"))
    return Server(name, _opens(command, wire), "" if found else f"no {library} in {_VENV}")


def _node(name: str, script: str, package: str, wire: str = "plain") -> Server:
    node, modules = shutil.which("node"), _NODE / "node_modules"
    found = node is not None and (modules / package).exists()
    command = (node or "node", str(HERE / f"others/{script}.js"))
    return Server(
        name,
        _opens(command, wire, NODE_PATH=str(modules)),
        "" if found else f"no node, or no {package} in {modules}",
    )


def _opens(command: tuple[str, ...], wire: str, **environment: str) -> Callable[[Shape], Opened]:
    @contextmanager
    def opened(_: Shape) -> Iterator[Target]:
        port = free_port()
        with running((*command, str(port)), port, **environment) as pid:
            path = _SOCKETIO_PATH if wire == "socketio" else "/ws/%d"
            yield Target((port,), (pid,), wire=wire, path=path)

    return opened


def _nchan() -> Server:
    found = next((pair for root in (_DEBS, Path("/")) if (pair := _nginx_in(root))), None)

    @contextmanager
    def opened(_: Shape) -> Iterator[Target]:
        assert found is not None, "a server that is missing is not opened"
        port, folder = free_port(), PEERS / "run"
        folder.mkdir(exist_ok=True)
        words = (HERE / "others/nchan.conf").read_text()
        for name, value in (("MODULE", found[1]), ("FOLDER", folder), ("PORT", port)):
            words = words.replace(f"@{name}@", str(value))
        (folder / "nginx.conf").write_text(words)
        with running((str(found[0]), "-c", str(folder / "nginx.conf"), "-p", str(folder)), port) as pid:
            yield Target((port,), (pid,), silent_join=True)

    return Server(
        "nginx + nchan", opened, "" if found else "no nginx with nchan (Debian: libnginx-mod-nchan)"
    )


def _nginx_in(root: Path) -> tuple[Path, Path] | None:
    binary, module = root / "usr/sbin/nginx", root / "usr/lib/nginx/modules/ngx_nchan_module.so"
    return (binary, module) if binary.exists() and module.exists() else None
