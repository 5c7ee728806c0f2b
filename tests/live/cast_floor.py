"""The cast with verbs for hands, modes and rounds, and evenings that are in the middle of one."""

from dataclasses import replace

from rooms.live import Terms
from rooms.live.conducting import BeginRound, EndRound, GoOnRound, PauseRound, ShortenRound
from rooms.live.hands import Call, CallNext, ClearHands, LowerHand, MoveHand, RaiseHand, SkipHand
from rooms.live.modes import Prompt, SetMode
from rooms.live.rounds import PREVIEW, READY
from rooms.live.state import Round
from rooms.live.turns import ComeBackLater, Done, MoreTime, PassTurn, SetExtraTime
from rooms.live.words import Role
from tests.people import DOORS, START, Evening, Person


class Circle(Evening):
    """An evening of people who take turns."""

    def facilitator(self, name: str) -> "Talker":
        return Talker(self, name, Role.FACILITATOR)

    def member(self, name: str) -> "Talker":
        return Talker(self, name, Role.MEMBER)

    @property
    def round(self) -> Round:
        now = self.room.controls.round
        assert now is not None, "there is no round"
        return now

    @property
    def order(self) -> list[str]:
        """The names of those who have a turn, in order."""
        return [self.room.controls.seats[seat].name for seat in self.round.order]

    @property
    def queue(self) -> list[str]:
        """The names of those whose hands are up, in order."""
        return [self.room.controls.seats[hand.seat].name for hand in self.room.controls.hands]

    def is_turn_of(self, who: Person, phase: str = "turn") -> None:
        assert (self.round.speaker, self.round.phase) == (who.id, phase)

    def is_over(self) -> None:
        assert self.room.controls.round is None


class Talker(Person):
    """Somebody who asks for the word, has a turn, or looks after those of others."""

    evening: Circle

    def raises_hand(self, reason: str = "") -> None:
        self.asks(RaiseHand(reason))

    def lowers_hand(self) -> None:
        self.asks(LowerHand())

    def is_done(self) -> None:
        self.asks(Done())

    def passes(self) -> None:
        self.asks(PassTurn())

    def comes_back_later(self) -> None:
        self.asks(ComeBackLater())

    def needs_more_time(self) -> None:
        self.asks(MoreTime())

    def sets_extra_time(self, times: int) -> None:
        self.asks(SetExtraTime(times))

    def calls_next(self) -> None:
        self.asks(CallNext())

    def calls(self, other: Person) -> None:
        self.asks(Call(other.id))

    def skips(self, other: Person) -> None:
        self.asks(SkipHand(other.id))

    def moves(self, other: Person, place: int, reason: str = "not_heard_yet") -> None:
        self.asks(MoveHand(other.id, place, reason))

    def clears_hands(self) -> None:
        self.asks(ClearHands())

    def sets_mode(self, mode: str, minutes: int | None = None) -> None:
        self.asks(SetMode(mode, minutes))

    def prompts(self, text: str) -> None:
        self.asks(Prompt(text))

    def begins_round(self, card: str = "check_in", seconds: int = 120, order: str = "listed") -> None:
        self.asks(BeginRound(card, seconds, order))

    def shortens_round(self, seconds: int) -> None:
        self.asks(ShortenRound(seconds))

    def pauses_round(self) -> None:
        self.asks(PauseRound())

    def goes_on_with_round(self) -> None:
        self.asks(GoOnRound())

    def ends_round(self) -> None:
        self.asks(EndRound())


def a_circle(*names: str, **terms: object) -> tuple[Circle, list[Talker]]:
    """A live room: a facilitator, the first, and the others."""
    circle = Circle(replace(Terms(starts_at=START), **terms))  # type: ignore[arg-type]  # names of Terms
    circle.comes_to(DOORS)
    cast = circle.under_way(*names)
    return circle, [person for person in cast if isinstance(person, Talker)]


def a_round(*names: str, seconds: int = 120, **terms: object) -> tuple[Circle, list[Talker]]:
    """A round of them, as listed, in its preview."""
    circle, cast = a_circle(*names, **terms)
    cast[0].begins_round(seconds=seconds)
    return circle, cast


def in_a_turn(*names: str, seconds: int = 120, **terms: object) -> tuple[Circle, list[Talker]]:
    """The first turn has just begun. The facilitator, who stands first in the list, has passed."""
    circle, cast = a_round(*names, seconds=seconds, **terms)
    cast[0].passes()
    circle.passes(PREVIEW + READY)
    circle.is_turn_of(cast[1])
    return circle, cast
