"""What is unsafe here, told before anybody trusts a room to it: which setting it is, and the cure.

The same at every start and for ``python -m server doctor``. A start with something grave is refused, unless whoever runs
it has taken that risk by its name (`ACCEPTED_RISKS`).
"""

from collections.abc import AsyncIterator

from rooms.engines.examination import examine as examine_redis
from server.doctor import bus, machine, records
from server.doctor.finding import Finding
from server.settings import Settings

__all__ = ["NAMES", "Finding", "examine"]

NAMES: frozenset[str] = frozenset().union(machine.NAMES, records.NAMES, bus.NAMES)


async def examine(settings: Settings) -> list[Finding]:
    """All that was looked at and found wanting. Raises EngineUnusable where Redis cannot be asked."""
    return [finding async for finding in _findings(settings)]


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    for finding in machine.findings(settings):
        yield finding
    for finding in await records.findings(settings):
        yield finding
    if settings.redis_url is not None:
        for condition in await examine_redis(settings.redis_url):
            for finding in bus.findings(condition):
                yield finding
