"""The names of things in Redis. Nothing that a person chose is in them."""

from hashlib import blake2b

NODES = "tealight:nodes"


def room_key(room: str) -> str:
    """The hash of a room, and its channel. The braces keep all that is a room's on one server of a cluster."""
    return f"tealight:{{{room}}}"


def seats_key(room: str) -> str:
    return f"tealight:{{{room}}}:seats"


def receipt_key(room: str, receipt: str) -> str:
    # half of a receipt comes from a browser: hashed, it can carry no words into Redis
    digest = blake2b(receipt.encode(), digest_size=12, key=room.encode()[:64], person=b"tealight").hexdigest()
    return f"tealight:{{{room}}}:once:{digest}"
