"""One node for the benchmark: the application as it is served, with one rule changed.

The one who talks in each room talks faster than any person could, and would be asked to slow down: the pace is counted
as ever, but the allowance is without end. Every other rule holds.
"""

import argparse

import uvicorn

from bench.house import settings_for
from rooms.live.words import Role
from server import logs
from server.__main__ import _options as served_as
from server.app import application
from server.pace import Allowance, Bounds

_ENDLESS = Allowance(rate=1e9, at_once=1e9)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("database_url")
    parser.add_argument("redis_url", nargs="?")
    given = parser.parse_args()
    settings = settings_for(given.database_url, given.port, given.redis_url)
    logs.begin()
    app = application(settings, bounds=Bounds(dict.fromkeys(Role, _ENDLESS), _ENDLESS, _ENDLESS, _ENDLESS))
    uvicorn.run(app, **served_as(settings))


if __name__ == "__main__":
    main()
