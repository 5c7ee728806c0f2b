"""Switches by which a programme is made to tell more of what it does: refused at the start, or silent all the same."""

import asyncio
from typing import Final

from tests.canary.scene import Scene
from tests.engines.servers import free_port

# By each of these alone it must not start.
REFUSED: Final = (
    ("PYTHONDEVMODE", "1"),
    ("PYTHONASYNCIODEBUG", "1"),
    ("PYTHONINSPECT", "1"),
)
# With all of these it starts, those above taken for a risk; and what is said is said nowhere else.
ON: Final = {
    "PYTHONDEVMODE": "1",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONFAULTHANDLER": "1",
    "PYTHONWARNINGS": "always",
    "PYTHONBREAKPOINT": "builtins.print",
    "UVICORN_LOG_LEVEL": "trace",
    "UVICORN_ACCESS_LOG": "1",
    "UVICORN_RELOAD": "1",
    "WEBSOCKETS_MAX_LOG_SIZE": "100000",
    "SQLALCHEMY_ECHO": "debug",
    "LOG_LEVEL": "DEBUG",
    "LOGLEVEL": "DEBUG",
    "DEBUG": "1",
    "TEALIGHT_DEBUG": "1",
    "ACCEPTED_RISKS": "debugging redis-password redis-monitor",
}


async def is_asked_to_tell_more(scene: Scene) -> None:
    await scene.plants.everything_is_said()
    await scene.plants.hostile_things_are_sent()
    for name, value in REFUSED:
        environ = {**scene.town.nodes[0]._environ, "ACCEPTED_RISKS": "", "PORT": str(free_port())}
        quiet = {key: what for key, what in environ.items() if key not in ON}
        process = await asyncio.create_subprocess_exec(
            *scene.stage.start().command,
            cwd=scene.stage.cwd,
            env={**quiet, "ACCEPTED_RISKS": "redis-password redis-monitor", name: value},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, told = await process.communicate()
        # Asked to become a prompt when it ends, Python ends by the end of that, and says 1.
        if not process.returncode or b"[debugging]" not in told:
            scene.outcome.faults.append(f"R8: {name}={value} was not refused ({process.returncode})")
    await scene.plants.ends()
