"""What an organiser types about a room, kept as it was typed until it fits."""

from dataclasses import dataclass, field, fields
from typing import Any, get_args

from starlette.datastructures import FormData

from rooms.records import limits
from rooms.records.drafts import Draft
from rooms.records.words import Question
from server.pages import schedule, typed
from server.pages.again import new_mark
from server.pages.schedule import Schedule
from server.starters import STARTERS, is_a_starter, starter
from server.words import N_, Words

NAME_WRONG = N_("Please give the room a name of 3 to 60 letters.")
LINE_WRONG = N_("Please keep it to 140 letters.")
TEXT_WRONG = N_("Please keep it to 300 letters.")
AGREEMENT_WRONG = N_("Please keep to 30 lines of at most 300 letters each.")
WORDS_WRONG = N_("Please keep to six words or short phrases of 2 to 30 letters, with commas between them.")


@dataclass(frozen=True, slots=True)
class Form:
    """The five questions and what is under *more*."""

    name: str = ""
    purpose: str = ""
    one_line: str = ""
    for_whom: str = ""
    also_welcome: str = ""
    words: str = ""
    when: Schedule = field(default_factory=Schedule)
    lead: str = ""
    second: str = ""
    on_call: str = ""
    seats: str = "8"
    listed: bool = False
    door: str = "open"
    talk: str = "open"
    least_age: str = "18"
    admits_work: bool = False
    keeps_catch_up: bool = True
    starter_of: str = "peer_support"
    agreement: str = ""
    once: str = field(default_factory=new_mark)
    errors: dict[str, str] = field(default_factory=dict)


def form_of(sent: FormData, words: Words) -> Form:
    purpose, starter_of = typed(sent, "purpose"), typed(sent, "starter_of")
    agreement = typed(sent, "agreement")
    if purpose in STARTERS and purpose != starter_of and is_a_starter(words, starter_of, agreement):
        # Nobody changed the words that another kind of space begins with.
        agreement, starter_of = starter(words, purpose), purpose
    return Form(
        name=typed(sent, "name"),
        purpose=purpose,
        one_line=typed(sent, "one_line"),
        for_whom=typed(sent, "for_whom"),
        also_welcome=typed(sent, "also_welcome"),
        words=typed(sent, "words"),
        when=schedule.schedule_of(sent),
        lead=typed(sent, "lead"),
        second=typed(sent, "second"),
        on_call=typed(sent, "on_call"),
        seats=typed(sent, "seats"),
        listed=typed(sent, "listed") == "1",
        door=typed(sent, "door"),
        talk=typed(sent, "talk"),
        least_age=typed(sent, "least_age"),
        admits_work=typed(sent, "admits_work") == "1",
        keeps_catch_up=typed(sent, "keeps_catch_up") != "0",
        starter_of=starter_of,
        agreement=agreement,
        once=typed(sent, "once"),
    )


def faults_of_texts(name: str, one_line: str, for_whom: str, also_welcome: str) -> dict[str, str]:
    texts = (
        ("name", name.strip(), limits.ROOM_NAME, NAME_WRONG),
        ("one_line", one_line.strip(), limits.ONE_LINE, LINE_WRONG),
        ("for_whom", text_of(for_whom), limits.FOR_WHOM, TEXT_WRONG),
        ("also_welcome", text_of(also_welcome), limits.ALSO_WELCOME, TEXT_WRONG),
    )
    return {name: said for name, value, limit, said in texts if not limit.holds(value)}


def words_of_group(given: str, errors: dict[str, str]) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(" ".join(word.split()) for word in given.split(",") if word.strip()))
    if not limits.GROUP_WORDS.holds(len(words)) or not all(map(limits.GROUP_WORD.holds, words)):
        errors["words"] = WORDS_WRONG
    return words


def agreement_of(given: str, errors: dict[str, str]) -> list[str]:
    lines = [line.strip() for line in given.splitlines() if line.strip()]
    if len(lines) > limits.AGREEMENT_LINES.most or not all(map(limits.AGREEMENT_LINE.holds, lines)):
        errors["agreement"] = AGREEMENT_WRONG
    return lines


def text_of(given: str) -> str:
    return "\n".join(line.rstrip() for line in given.strip().splitlines())


# As a draft

OF_A_SCHEDULE = {each.name for each in fields(Schedule)} & set(get_args(Question))
# A draft that was begun before these were asked has no answer to them.
_AT_FIRST: dict[str, str] = {name: getattr(Form(), name) for name in ("door", "talk", "least_age")}
_MARKS = ("listed", "admits_work", "keeps_catch_up")


def answers_of(form: Form) -> dict[Question, list[str]]:
    answers: dict[Question, list[str]] = {}
    for question in get_args(Question):
        given = getattr(form.when if question in OF_A_SCHEDULE else form, question)
        if isinstance(given, bool):
            lines = ["1" if given else "0"]
        elif question == "agreement":
            lines = [line for line in given.splitlines() if line]
        elif question == "breaks":
            lines = given.replace(",", " ").split()
        else:
            lines = [given] if given else []
        if lines:
            answers[question] = lines
    return answers


def form_of_draft(draft: Draft) -> Form:
    given: dict[str, str] = {
        question: ("\n" if question == "agreement" else " ").join(lines)
        for question, lines in draft.answers.items()
    }
    when: dict[str, Any] = {question: given.get(question, "") for question in OF_A_SCHEDULE}
    others: dict[str, Any] = {
        each.name: given.get(each.name, _AT_FIRST.get(each.name, ""))
        for each in fields(Form)
        if each.name in get_args(Question) and each.name not in OF_A_SCHEDULE
    }
    marks = {mark: others[mark] == "1" for mark in _MARKS}
    return Form(name=draft.name, when=Schedule(**when), **{**others, **marks})
