"""Compiled templates, kept where Python keeps its own: compiling all of them takes as long as everything else at a start."""

import sys
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class Compiled(FileSystemBytecodeCache):
    """Good for one text of a template, one way to compile it, one Jinja and one Python; anything else is made anew.

    Where nothing can be written, or Python is told not to, nothing is.
    """

    def __init__(self, templates: Path, way: str) -> None:
        """``way``: what else the outcome depends on."""
        super().__init__(str(Path(cache_from_source(str(templates / "any.py"))).parent), "%s.jinja")
        self._way = f"{version('jinja2')}\n{way}\n"

    def get_source_checksum(self, source: str) -> str:
        return sha256((self._way + source).encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 - whatever is wrong with what was kept, a house opens without it
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
