"""Which nodes keep a room though nobody has come to them: two, so that one can die and nothing that was said with it."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

KEEPERS: Final = 2


def keepers(room: str, nodes: Iterable[str]) -> frozenset[str]:
    """The same for everybody who knows the same nodes. When a node comes or goes, only its own rooms move."""

    def weight(node: str) -> bytes:
        return blake2b(f"{room} {node}".encode(), digest_size=8).digest()

    return frozenset(sorted(nodes, key=weight)[:KEEPERS])
