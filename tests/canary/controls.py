"""The test of the test: leaks on purpose, each of which must turn the run red; a canary that cannot die proves nothing."""

from dataclasses import dataclass
from typing import Final

from tests.canary.dresses import dresses
from tests.canary.scene import Scene, Setting, a_scene

# By the leak: the kind of place in which its word must be found.
LEAKS: Final = {
    "log": "logs",
    "records": "records",
    "redis": "Redis: key",
    "file": "temporary folder",
    "exception": "logs",
}
DELETED: Final = "deleted"
_SETTING: Final = Setting(modules=("tests.canary.wrapped",), nodes=1, members=("Ben",), shared=False)


@dataclass(frozen=True, slots=True)
class Control:
    name: str
    is_red: bool


async def leaks(seed: int) -> list[Control]:
    """An evening at a server that leaks, each word in a way of its own."""
    async with a_scene("controls", seed, _SETTING) as scene:
        for leak in (*LEAKS, DELETED):
            await scene.plants.leaks(leak)
        lies_about(scene)
    outcome = scene.outcome
    found = {(hit.plant.family, hit.kind) for hit in outcome.hits}
    controls = [
        Control(f"a leak by {leak}", (f"leak: {leak}", kind) in found) for leak, kind in LEAKS.items()
    ]
    dressed = {hit.plant.family for hit in outcome.hits if hit.kind == "temporary folder"}
    return [
        *controls,
        Control("a file that is not in the manifest", any("/tmp/tmp" in fault for fault in outcome.faults)),
        Control(
            "a file that is deleted and still open", any("(deleted)" in fault for fault in outcome.faults)
        ),
        Control(
            "the room's title in the records", not any("is blind" in each for each in outcome.complaints)
        ),
        *(
            Control(f"a word that lies about: {dress}", f"lies about: {dress}" in dressed)
            for dress in dresses("")
        ),
    ]


def lies_about(scene: Scene) -> None:
    """Files with a word in each dress."""
    for number, dress in enumerate(dresses("")):
        word = scene.registry.plant(f"lies about: {dress}")
        noise = b"\x01\x02 \xff\x00 some more\n"
        before = b"" if dress == "deflate" else noise
        (scene.stage.tmp / f"{number}.bin").write_bytes(before + dresses(word)[dress] + b"\n" + noise)
