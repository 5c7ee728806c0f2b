"""The Redis that carries rooms. It sees nothing but sealed words; who can reach it sees when somebody speaks, and can stop it."""

from collections.abc import Iterator
from typing import Final

from rooms.engines.examination import Condition
from server.doctor.finding import Finding

NAMES: Final = frozenset(
    {
        "redis-password",
        "redis-tls",
        "redis-clock",
        "redis-monitor",
        "redis-eviction",
        "redis-files",
        "redis-unseen",
    }
)
_CLOCKS_APART: Final = 2.0


def findings(redis: Condition) -> Iterator[Finding]:
    at = redis.address
    if not redis.near and not redis.password:
        yield Finding(
            "redis-password",
            f"REDIS_URL: Redis at {at} lets anybody in who reaches it; give it a user (docs/engine.md has the ACL) and "
            "write redis://user:password@…",
        )
    if not redis.near and not redis.tls:
        yield Finding(
            "redis-tls",
            f"REDIS_URL: what goes to Redis at {at} is sealed, but not the password and who speaks when; rediss://, or a "
            "network of its own",
            grave=False,
        )
    if redis.ahead is not None and abs(redis.ahead) > _CLOCKS_APART:
        which = "ahead of" if redis.ahead > 0 else "behind"
        yield Finding(
            "redis-clock",
            f"clock: that of Redis at {at} is {abs(redis.ahead):.0f} s {which} this machine's; run an NTP service on both",
        )
    if redis.watched:
        yield Finding(
            "redis-monitor",
            f"REDIS_URL: somebody reads every command given to Redis at {at} (MONITOR); end that client",
        )
    if redis.evicts:
        yield Finding(
            "redis-eviction",
            f"REDIS_URL: when its memory is full Redis at {at} drops rooms that are on; CONFIG SET maxmemory-policy "
            "noeviction",
        )
    if redis.writes:
        yield Finding(
            "redis-files",
            f'REDIS_URL: Redis at {at} writes files, with sealed states of rooms in them; save "" and appendonly no',
            grave=False,
        )
    unseen = [
        name
        for name, value in (
            ("TIME", redis.ahead),
            ("CLIENT LIST", redis.watched),
            ("CONFIG GET", redis.evicts),
        )
        if value is None
    ]
    if unseen:
        yield Finding(
            "redis-unseen",
            f"REDIS_URL: this user may not ask Redis at {at} for {', '.join(unseen)}, so that nothing can be said of it; "
            "a good access list has this line",
            grave=False,
        )
