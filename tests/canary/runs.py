"""The runs: what happens to a session before everything is searched. Each is a whole evening on a stage of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.canary.scene import Scene, Setting, a_scene
from tests.canary.search import Outcome


@dataclass(frozen=True, slots=True)
class Run:
    name: str
    what: str
    plays: Callable[[Scene], Awaitable[None]]
    setting: Setting = Setting()

    async def of(self, seed: int, *, members: tuple[str, ...] | None = None) -> Outcome:
        few = {} if members is None else {"members": members}
        async with a_scene(self.name, seed, self.setting, **few) as scene:
            await self.plays(scene)
        return scene.outcome


async def ends_well(scene: Scene) -> None:
    await scene.plants.everything_is_said()
    await scene.plants.hostile_things_are_sent()
    await scene.plants.ends()


NORMAL = Run("R1", "a normal evening, and everything that a hostile client can send", ends_well)
HOSTILE_REDIS = Run(
    "R7",
    "a Redis that remembers everything: slow log of all, MONITOR, files after every write, a replica",
    ends_well,
    Setting(hostile=True),
)
