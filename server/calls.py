"""A session that needs somebody, told to those who are not at the desk: by e-mail, and to an address of the operator's.

Without a topic, a name or a word: a phone shows it on a kitchen table. What it is about stands at the desk.
"""

import asyncio
import json
import logging
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from functools import partial
from http.client import HTTPMessage
from typing import IO, Final

from rooms.records import addresses
from rooms.records.database import Database
from rooms.records.words import What
from server.settings import PostOffice, Settings
from server.whereabouts import whereabouts
from server.words import DEFAULT, N_, catalogues

PATIENCE_SECONDS: Final = 15.0
AGAIN_AFTER: Final = (10.0, 60.0)
_MOST_WAITING: Final = 1000
_AT_ONCE: Final = 4

log = logging.getLogger(__name__)

SUBJECT: Final = N_("Please look at your desk")
_NEEDED: Final = N_("Something that you look after needs somebody now.")
_MISSED: Final = N_("Something that you look after did not take place.")
_TO_READ: Final = N_("There is something for you to read.")
_SAID: Final[Mapping[What, str]] = {
    "nobody_came": _NEEDED,
    "held": _NEEDED,
    "asked": _NEEDED,
    "not_held": _MISSED,
    "not_okay": _TO_READ,
}
_KIND: Final = {_NEEDED: "needed", _MISSED: "missed", _TO_READ: "to_read"}
_WELCOME: Final = N_("From now on this address is told when something that you look after needs somebody.")

Delivery = Callable[[], None]


class Calls:
    """What is told is delivered by tasks of ours: a room never waits for a post office."""

    def __init__(
        self, settings: Settings, database: Database, again_after: tuple[float, ...] = AGAIN_AFTER
    ) -> None:
        self._settings = settings
        self._database = database
        self._again_after = again_after
        self._waiting: asyncio.Queue[tuple[str, What]] = asyncio.Queue(_MOST_WAITING)
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    @property
    def by_mail(self) -> bool:
        return self._settings.post_office is not None

    def tell(self, session_id: str, what: What) -> None:
        """At once, and never waiting. Nobody there to be told: nothing."""
        if not self.by_mail and self._settings.calls_to is None:
            return
        if self._waiting.full():
            log.error("more calls wait than can be delivered: one is dropped")
        else:
            self._waiting.put_nowait((session_id, what))

    async def welcome(self, mail: str) -> bool:
        """The first letter to an address, so that who gave it sees that it arrives. False: the post office did not take it."""
        try:
            await asyncio.to_thread(self._letter(mail, _WELCOME))
        except (OSError, smtplib.SMTPException) as error:
            log.warning("a letter could not be handed in: %s", whereabouts(error))
            return False
        return True

    async def go_on(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            while True:
                session_id, what = await self._waiting.get()
                try:
                    deliveries = await self._deliveries(session_id, what)
                except Exception as error:  # noqa: BLE001  the notice stands at the desk all the same
                    log.error("it cannot be found out who is to be called: %s", whereabouts(error))  # noqa: TRY400  without its words
                    continue
                for each in deliveries:
                    tasks.create_task(self._deliver(each))

    async def _deliveries(self, session_id: str, what: What) -> list[Delivery]:
        said = _SAID[what]
        found: list[Delivery] = []
        if self._settings.calls_to is not None:
            found.append(partial(_post, self._settings.calls_to, _KIND[said], self._desk))
        if self.by_mail:
            async with self._database.reading() as conn:
                called = await addresses.of_those_called(conn, session_id, what)
            # A letter for each: nobody learns who else looks after it.
            found += [self._letter(mail, said) for mail in called]
        return found

    async def _deliver(self, delivery: Delivery) -> None:
        for pause in (*self._again_after, None):
            try:
                async with self._at_once:
                    await asyncio.to_thread(delivery)
            except Exception as error:  # noqa: BLE001  whatever answers there, the others are still to be called
                log.warning("a call could not be delivered: %s", whereabouts(error))
            else:
                return
            if pause is not None:
                await asyncio.sleep(pause)

    def _letter(self, mail: str, said: str) -> Delivery:
        office = self._settings.post_office
        assert office is not None
        words = catalogues()[DEFAULT]
        letter = EmailMessage()
        letter["From"], letter["To"] = office.sender, mail
        letter["Subject"] = words.gettext(SUBJECT)
        # Nobody's machine answers that somebody is on holiday.
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(f"{words.gettext(said)}\n\n{self._desk}\n")
        return partial(_hand_in, office, letter)

    @property
    def _desk(self) -> str:
        return f"{self._settings.public_url}/desk"


def _hand_in(office: PostOffice, letter: EmailMessage) -> None:
    """Raises OSError or SMTPException; never sends a password or a letter over a network as it is."""
    where = (office.host, office.port)
    with (
        smtplib.SMTP_SSL(*where, timeout=PATIENCE_SECONDS, context=ssl.create_default_context())
        if office.tls
        else smtplib.SMTP(*where, timeout=PATIENCE_SECONDS)
    ) as server:
        if not office.tls and not office.is_near:
            server.starttls(context=ssl.create_default_context())
        if office.user:
            server.login(office.user, office.password)
        server.send_message(letter)


def _post(address: str, kind: str, desk: str) -> None:
    request = urllib.request.Request(  # noqa: S310  the settings take https:// alone, or this machine
        address,
        json.dumps({"what": kind, "desk": desk}).encode(),
        {"Content-Type": "application/json", "User-Agent": "Tealight"},
    )
    _OPENER.open(request, timeout=PATIENCE_SECONDS).close()


class _StayHere(urllib.request.HTTPRedirectHandler):
    """An address is the operator's word: what answers there does not send us on."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None


_OPENER: Final = urllib.request.build_opener(_StayHere)
