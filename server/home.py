"""Everything a request may need, made once in ``server.app`` and found on every connection."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from jinja2 import Environment
from starlette.requests import HTTPConnection

from rooms.house import House
from rooms.live.words import Role
from rooms.records.database import Database
from server.calls import Calls
from server.door import Door
from server.live_now import LiveNow
from server.pace import CODES, MOVES, SIGN_INS, Pace, PaceOfEach, Paces
from server.passkeys import Passkeys
from server.settings import Settings
from server.signposts import Board
from server.staff_pages import StaffPages
from server.streams import Streams
from server.tally import Tally


@dataclass(frozen=True, slots=True)
class Home:
    settings: Settings
    database: Database
    house: House
    door: Door
    passkeys: Passkeys
    templates: Environment
    clock: Callable[[], float]
    hello_seconds: float
    paces: Paces
    staff_pages: StaffPages
    live_now: LiveNow
    calls: Calls
    streams: Streams
    posts: Mapping[Role, PaceOfEach]
    tally: Tally
    codes: Pace = field(default_factory=lambda: Pace(CODES))
    moves: PaceOfEach = field(default_factory=lambda: PaceOfEach(MOVES))
    sign_ins: PaceOfEach = field(default_factory=lambda: PaceOfEach(SIGN_INS))
    board: Board = field(default_factory=Board)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)


def home(connection: HTTPConnection) -> Home:
    found: Home = connection.state.home
    return found
