"""The words people read: catalogues of messages, dates in words, and what is said when the room says no.

A page is rendered with `**words.page()`, which carries `lang`, `dir` and the catalogue's voice.
`python -m server.words extract` brings locale/ up to date with the templates and the code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime, format_time, format_timedelta, get_timezone_name
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.compiled import Compiled
from server.mirror import MIRRORED, Mirrored
from server.voices import Page, theirs, voices

ROOT: Path = Path(__file__).parent.parent
LOCALE: Path = ROOT / "locale"
DEFAULT: str = "en"


def N_(message: str) -> str:  # noqa: N802 - the name every extraction tool knows
    """Mark a message for the catalogue where it cannot be spoken yet."""
    return message


REFUSALS: Mapping[str, str] = {
    "not_allowed": N_("Only a facilitator can do that."),
    "not_now": N_("That cannot be done just now."),
    "not_here": N_("You are not in this room at the moment."),
    "quieted": N_("A facilitator has asked you to take a few minutes. You can still read. Nothing was sent."),
    "listening": N_("You came in to listen, so this was not sent."),
    "waiting": N_("You are still waiting to come in, so this was not sent."),
    "paused": N_("The room is paused. Your words stay here until it starts again."),
    "held": N_("We are waiting for a facilitator. Your words stay here until one is back."),
    "over": N_("This session has ended."),
    "too_long": N_("That is too long to send. Please make it shorter, or send it in parts."),
    "empty": N_("There are no words in it yet."),
    "name_taken": N_("Someone here has that name, or one very like it. Please choose another."),
    "name_like_role": N_(
        "That name could be mistaken for the person who runs the room. Please choose another."
    ),
    "name_too_short": N_("Please use at least 2 letters."),
    "name_too_long": N_("Please use 24 letters or fewer."),
    "name_not_visible": N_(
        "Some of those letters cannot be seen by others. Please use plain letters or numbers."
    ),
    "no_work": N_("Nobody comes to this room for their work. You are welcome as yourself."),
    "full": N_("Every seat is taken just now."),
    "locked": N_("The door is closed for the rest of this session."),
    "removed": N_("You cannot come back into this session."),
    "declined": N_("The facilitators could not let you in this time."),
    "no_such_message": N_("That message is no longer here."),
    "not_yours": N_("You can take back your own words only."),
    "already": N_("Someone has already done this."),
    "too_many_extends": N_(
        "This session has been made longer twice already. It cannot be made longer again."
    ),
    "booked": N_(
        "Another session of this room, or of those who facilitate, begins then. It cannot be made longer."
    ),
    "agreement": N_("The agreement has changed. Please read it and say yes first."),
    "check_runs": N_("One question at a time. Please wait until this one is over."),
    "claimed": N_("Another facilitator is with this person."),
    "cornered": N_("You are in the quiet corner. Come back when you like, then write."),
    "leave_be": N_("They asked to be left alone for a while."),
    "line_declined": N_("They would rather not write in private now. They can write to you at any time."),
    "looked_at_first": N_("A facilitator reads first just now, so this was not sent."),
    "many_proposals": N_("There are ten lines to talk about already."),
    "names_frozen": N_("Names stay as they are for now. Please try again later."),
    "nobody_in_line": N_("Nobody stands in line, so a second room is not needed."),
    "next_door": N_("You have a place in the other room of this session. Please leave it there first."),
    "with_the_first": N_("Both rooms start and end together. It is decided in the first room."),
    "needs_two": N_("This takes two facilitators, and you are the only one here."),
    "no_hand": N_("No hand is up there any more."),
    "no_hands": N_("Nobody has a hand up."),
    "no_round": N_("There is no round at the moment."),
    "no_such_code": N_("That code does not work. It may be too old, or used already."),
    "no_such_line": N_("That line is no longer on the list."),
    "not_your_turn": N_("Someone else has the word now. Your words stay here until it is your turn."),
    "offer_over": N_("That seat has gone to the next person. You keep your place in the line."),
    "one_gentle_line": N_("One line was sent already. Please wait until they write."),
    "only_once": N_("That works once in a turn."),
    "only_the_lead": N_("Only the person who leads can decide that."),
    "other_mode": N_("The room talks in another way at the moment."),
    "parked": N_("Writing rests for the moment. Your words stay here."),
    "renamed_lately": N_("You can change your name once in ten minutes."),
    "sitting": N_("We are sitting together quietly. Your words stay here. Raise a hand to end the quiet."),
    "slow_mode": N_("The room is going slowly. Please wait a little, then send it. Your words stay here."),
    "too_few": N_("There are too few people here for that."),
    "too_late": N_("It is too late to undo that."),
    "waits_for_cosign": N_("You have asked. Another facilitator needs to say yes."),
    "busy": N_("A lot is happening at once. Please try again in a moment."),
    "unavailable": N_("We cannot reach the room just now. Nothing was sent. Your words stay here."),
    "too_fast": N_("That was a lot in a short time. Please wait a few seconds, then try again."),
    "unreadable": N_(
        "This page and the room did not understand each other. Loading the page again may help."
    ),
    "unknown": N_("This page asked for something the room does not know. Loading the page again may help."),
    "invalid": N_("Something in that did not fit, so nothing happened. Loading the page again may help."),
}


@dataclass(frozen=True, slots=True)
class Purpose:
    """What kind of space a room is, in the words its door shows: what it is, and what nobody should expect of it."""

    label: str
    is_text: str
    is_not_text: str


PURPOSES: Mapping[str, Purpose] = {
    "peer_support": Purpose(
        N_("Peer support"),
        N_(
            "People who have been through something alike listen to each other, and share as much as they choose."
        ),
        N_("It is not treatment, a crisis line or advice from experts. Nobody here decides what you need."),
    ),
    "drop_in": Purpose(
        N_("Drop-in"),
        N_("Come for all of it or a part of it. We talk about what people bring that day."),
        N_("It is not a course, and nobody waits for you to come again. It is not a crisis line."),
    ),
    "social": Purpose(
        N_("Social"),
        N_("A cup of something and a chat. We talk about everyday things."),
        N_(
            "It is not a support group. If something weighs on you, a facilitator can say where there is room for it."
        ),
    ),
    "workers_space": Purpose(
        N_("Workers\u2019 space"),
        N_("People who work or volunteer as peers think together about the work, and how it is for them."),
        N_(
            "It is not supervision, and no manager reads along. We do not talk about others so that they could be known."
        ),
    ),
    "network": Purpose(
        N_("Network"),
        N_("People and groups meet to share news and to learn from each other."),
        N_("It is not a support group. Nobody has to tell their own story to be part of it."),
    ),
    "coproduction": Purpose(
        N_("Coproduction"),
        N_(
            "People with lived experience and people who work in services make something together, as equals."
        ),
        N_("It is not a support group, and not a way to collect views for others to decide on."),
    ),
    "campaign": Purpose(
        N_("Campaign"),
        N_("We want something to change, and we plan how."),
        N_("It is not a support group. Nobody has to tell their own story to take part."),
    ),
}


@dataclass(frozen=True, slots=True)
class Words:
    """One language: its catalogue and its way of telling the time."""

    lang: str
    dir: str
    locale: Locale = field(repr=False)
    catalogue: NullTranslations = field(repr=False)
    voices: Mapping[str, Callable[..., str]] = field(repr=False)
    messages: Sequence[str | tuple[str, str]] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """As those who speak it call it."""
        name: str = self.locale.languages[self.locale.language]
        return name.capitalize()

    def gettext(self, message: str) -> str:
        return self.catalogue.gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.catalogue.ngettext(one, many, number)

    def refusal(self, code: str) -> str:
        return self.gettext(REFUSALS[code])

    def purpose(self, key: str) -> Purpose:
        said = PURPOSES[key]
        return Purpose(*map(self.gettext, (said.label, said.is_text, said.is_not_text)))

    def purposes(self) -> list[tuple[str, str, str]]:
        """The choices of a form: key, label, what it is."""
        return [(key, self.gettext(said.label), self.gettext(said.is_text)) for key, said in PURPOSES.items()]

    def when(self, at: datetime, zone: str) -> str:
        """The moment as people where the group is would say it: Tuesday 24 November, 7:30 pm UK time."""
        there = at.astimezone(ZoneInfo(zone))
        # Translators: a date pattern (Unicode CLDR): put day, month and clock in your order.
        pattern = self.gettext("EEEE d MMMM, h:mm a") if there.minute else self.gettext("EEEE d MMMM, h a")
        return f"{format_datetime(there, pattern, locale=self.locale)} {self._zone(zone)}"

    def wall(self, wall: datetime) -> str:
        """A time on a wall clock whose place goes without saying; with the year, for it may be far away."""
        # Translators: a date pattern (Unicode CLDR): put day, month, year and clock in your order.
        return format_datetime(wall, self.gettext("EEEE d MMMM yyyy, h:mm a"), locale=self.locale)

    def clock(self, at: datetime, zone: str) -> str:
        """The time of day where the group is."""
        there = at.astimezone(ZoneInfo(zone))
        return f"{format_time(there, 'short', locale=self.locale)} {self._zone(zone)}"

    def day(self, at: datetime) -> str:
        """A day without its hour."""
        # Translators: a date pattern (Unicode CLDR): put day, month and year in your order.
        return format_datetime(at, self.gettext("d MMMM yyyy"), locale=self.locale)

    def month(self, at: datetime) -> str:
        """A month with its year."""
        # Translators: a date pattern (Unicode CLDR): put month and year in your order.
        return format_datetime(at, self.gettext("LLLL yyyy"), locale=self.locale)

    def span(self, wall: datetime, minutes: int) -> str:
        """A date and how long it lasts."""
        long = self.ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}
        return self.gettext("%(when)s, for %(long)s") % {"when": self.wall(wall), "long": long}

    def until(self, at: datetime, now: datetime) -> str:
        """How far away a moment is, in words: in 2 days."""
        return format_timedelta(at - now, add_direction=True, threshold=1.2, locale=self.locale)

    def page(self) -> dict[str, object]:
        """What a template needs to speak this language; belongs in the context of every page."""
        return {
            "lang": self.lang,
            "dir": self.dir,
            "other_languages": [
                (lang, other) for lang, other in catalogues().items() if other.lang != self.lang
            ],
            "purpose_of": self.purpose,
            **self.voices,
        }

    def _zone(self, zone: str) -> str:
        if zone == "Europe/London":
            return self.gettext("UK time")
        if zone in {"UTC", "Etc/UTC"}:
            return "UTC"
        return get_timezone_name(ZoneInfo(zone), width="long", zone_variant="generic", locale=self.locale)


@cache
def environment(templates: Path) -> Environment:
    """One for the life of a process, with every page compiled: nobody at the door waits for that."""
    env = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=Compiled(templates, Path(__file__).read_text("utf-8")),
    )
    # As server.extraction folds white space, or a message in a page would not be found in the catalogue.
    env.policies["ext.i18n.trimmed"] = True
    env.newstyle_gettext = True  # type: ignore[attr-defined]  # the i18n extension puts it there
    env.filters["theirs"] = theirs
    env.template_class = Page
    # A page's context overrides these with its reader's language; an imported macro, which has no context, keeps them.
    # But for "_": Jinja's own asks the context, whatever it holds.
    env.globals.update({**catalogues()[DEFAULT].page(), "_": env.globals["_"]})
    for page in env.list_templates(extensions=["html"]):
        env.get_template(page)
    return env


def when(at: datetime, zone: str, lang: str = DEFAULT) -> str:
    return catalogues()[lang].when(at, zone)


# For a whole house that comes back at once. Anybody may send anything: only so many are remembered.
@lru_cache(maxsize=64)
def choose(accept_language: str) -> Words:
    """The best of our languages for what a browser says it likes; English when nothing fits."""
    known = catalogues()
    for tag in _liked(accept_language):
        if tag == MIRRORED.lower():
            return _mirrored()
        for lang in (tag.replace("-", "_"), tag.partition("-")[0]):
            if lang in known:
                return known[lang]
    return known[DEFAULT]


@cache
def catalogues() -> Mapping[str, Words]:
    return {po.parts[-3]: _load(po) for po in sorted(LOCALE.glob("*/LC_MESSAGES/tealight.po"))}


@cache
def _mirrored() -> Words:
    # For the time and the forms of plurals, a language that does run from right to left.
    return Words(MIRRORED, "rtl", Locale.parse("ar"), Mirrored(), voices(Mirrored(), ()))


def _liked(header: str) -> list[str]:
    liked = []
    # A header is as long as its sender pleases: ten languages are more than anybody reads.
    for part in header[:400].split(",")[:10]:
        tag, _, quality = part.partition(";q=")
        try:
            liked.append((-float(quality or 1), tag.strip().lower()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(liked, key=lambda like: like[0]) if weight < 0]


def _load(po: Path) -> Words:
    lang = po.parts[-3]
    with po.open("rb") as source:
        catalog = read_po(source, locale=lang, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    # Bare "en" would tell the time the American way.
    locale = Locale.parse("en_GB" if lang == "en" else lang)
    known = GNUTranslations(compiled)
    messages = tuple(
        message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
        for message in catalog
        if message.id
    )
    said = voices(known, (message for message in messages if isinstance(message, str)))
    return Words(lang.replace("_", "-"), locale.text_direction, locale, known, said, messages)


if __name__ == "__main__":
    from server.extraction import main

    main()
