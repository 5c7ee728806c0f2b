"""What the clocks of a place show, and at which moments they show it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rooms.records import limits


def zone_named(name: str) -> ZoneInfo | None:
    if not limits.ZONE.holds(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # Unknown; a path that leaves the zone data; a folder of zones such as "Europe".
        return None


def moments(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """When clocks show ``wall`` (naive), in order: once, or never or twice on the night that they change."""
    found: list[datetime] = []
    for fold in (0, 1):
        moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        shown = moment.astimezone(zone).replace(tzinfo=None)
        if shown == wall and moment not in found:
            found.append(moment)
    return tuple(found)
