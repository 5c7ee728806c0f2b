"""The names of things in Redis. Nothing that a person chose is in them."""

from hashlib import blake2b

NODES = b"tealight:nodes"


def room_key(room: str) -> bytes:
    """The hash of a room, and its channel. The braces keep all that is a room's on one server of a cluster."""
    return b"tealight:{%b}" % room.encode()


def seats_key(room: str) -> bytes:
    return b"tealight:{%b}:seats" % room.encode()


def receipt_key(room: str, receipt: str) -> bytes:
    # half of a receipt comes from a browser: hashed, it can carry no words into Redis
    digest = blake2b(receipt.encode(), digest_size=12, key=room.encode()[:64], person=b"tealight").hexdigest()
    return b"tealight:{%b}:once:%b" % (room.encode(), digest.encode())


def probe_key(node: str, attempt: int) -> bytes:
    return b"tealight:{%b:%d}:probe" % (node.encode(), attempt)
