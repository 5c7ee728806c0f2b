"""pytest in several processes that share what is costly: everything is read once, and each takes the next file that nobody
has taken yet. ``python -m tests.shared 4 tests/server -m "not browser"``: what each told, beginning with the first.

xdist reads everything once for each process, which takes longer than a third of the tests.
"""

import asyncio
import multiprocessing
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import pytest

# All of a folder is taken by one: the first of them starts a Postgres, or a cluster of Redis.
TAKEN_WHOLE = ("tests/records/", "tests/engines/")

SERVER = Path(__file__).parent / "server"


class Shares:
    """Takes the place of the loop that goes through the tests."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._next = multiprocessing.get_context("fork").Value("i", 0)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed:
            return None  # something could not be read, and pytest says what
        files = [list(items) for _, items in groupby(sorted(session.items, key=_place), key=_place)]
        files.sort(key=_length, reverse=True)
        if any(items[0].path.is_relative_to(SERVER) for items in files):
            asyncio.run(_first_house())
            _alone()
        capture = session.config.pluginmanager.getplugin("capturemanager")
        capture.stop_global_capturing()
        with ExitStack() as open_files:
            told = [open_files.enter_context(TemporaryFile()) for _ in range(self._processes)]
            processes: list[int] = []
            for each in told:
                if (process := os.fork()) == 0:
                    os.dup2(each.fileno(), 1)
                    os.dup2(each.fileno(), 2)
                    break
                processes.append(process)
            else:
                session.testsfailed = sum(os.waitpid(each, 0)[1] != 0 for each in processes)
                session.config.pluginmanager.unregister(name="terminalreporter")
                for each in told:
                    each.seek(0)
                    sys.stdout.write(each.read().decode("utf-8", "replace"))
                return True
        capture.start_global_capturing()
        self._go_through(files)
        return True

    def _go_through(self, files: list[list[pytest.Item]]) -> None:
        taken = self._taken(files)
        item = next(taken, None)
        while item is not None:
            # What a session shares stays for the file that comes next, so that one has to be known before this one ends.
            following = next(taken, None)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            item = following

    def _taken(self, files: list[list[pytest.Item]]) -> Iterator[pytest.Item]:
        while True:
            with self._next.get_lock():
                number = self._next.value
                self._next.value += 1
            if number >= len(files):
                return
            yield from files[number]


async def _first_house() -> None:
    """Opened and left before they part: half a second of each of them goes into what only the first one has to read."""
    # What stands in other folders is read only by those who want its tests.
    from tests.server.house import open_house

    with TemporaryDirectory() as folder:
        async with open_house(Path(folder)) as house:
            evening = await house.evening(listed=True)
            ana, ben = await evening.facilitates("Ana"), await evening.visits("Ben")
            olu = await house.signed_in("Olu")
            for page in ("/", "/desk", f"/desk/rooms/{evening.room.id}", evening.door_path):
                await olu.gets(page)
            for visitor in (ana, ben):
                await visitor.browser.gets(evening.live_path)


def _alone() -> None:
    """Whoever parts takes no thread along. Those that were asked to end may not be quite there yet."""
    for thread in set(threading.enumerate()) - {threading.current_thread()}:
        thread.join(10)
        assert not thread.is_alive(), f"{thread.name} does not end"


def _length(items: list[pytest.Item]) -> int:
    """What is long to read is long to run, more or less; what is begun last should not be."""
    return sum(path.stat().st_size for path in {item.path for item in items})


def _place(item: pytest.Item) -> str:
    file = item.path.relative_to(Path(__file__).parents[1]).as_posix()
    return next((folder for folder in TAKEN_WHOLE if file.startswith(folder)), file)


def main(words: list[str]) -> int:
    return int(pytest.main(["-p", "no:cacheprovider", *words[1:]], plugins=[Shares(int(words[0]))]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
