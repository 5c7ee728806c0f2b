"""The written protocol is the one that is spoken."""

import json

from rooms.live import COMMANDS, EVENTS
from rooms.live.view import from_a_page
from rooms.live.words import NOBODY
from server import asyncapi

AGAIN = "the types of the wire changed; run: python -m server.asyncapi"


def test_the_document_is_that_of_the_types():
    assert json.loads(asyncapi.DOCUMENT.read_text("utf-8")) == asyncapi.document(), AGAIN


def test_the_types_of_our_scripts_are_those_of_the_server():
    assert asyncapi.TYPES.read_text("utf-8") == asyncapi.types(), AGAIN


def test_the_tables_of_the_protocol_are_those_of_the_types():
    written = asyncapi.PROTOCOL.read_text("utf-8")
    assert written == asyncapi.protocol(written), AGAIN


def test_it_names_every_frame_that_a_browser_may_send_or_be_sent():
    messages = asyncapi.document()["components"]["messages"]
    assert {f"ask.{name}" for name in COMMANDS if from_a_page(name)} | {"ask.hello"} == {
        name for name in messages if name.startswith("ask.")
    }
    assert {f"tell.{name}" for name, event in EVENTS.items() if event.reach != NOBODY} <= set(messages)


def test_nothing_that_is_hidden_from_members_is_numbered():
    messages = asyncapi.document()["components"]["messages"]
    for name, event in EVENTS.items():
        if event.reach != NOBODY:
            assert ("seq" in messages[f"tell.{name}"]["payload"]["properties"]) == event.numbered
