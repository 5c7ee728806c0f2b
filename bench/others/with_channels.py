"""Django Channels with its layer in memory, on uvicorn."""

# mypy: ignore-errors
# Its library lives in a venv of the benchmark, not in the project's.
import sys

import django
import uvicorn
from django.conf import settings

settings.configure(
    SECRET_KEY="for a benchmark",
    CHANNEL_LAYERS={
        "default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 20_000}}
    },
    ALLOWED_HOSTS=["*"],
    LOGGING_CONFIG=None,
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402  Django wants its settings first
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402  as above
from django.urls import re_path  # noqa: E402  as above


class Member(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        self.group = "room" + self.scope["url_route"]["kwargs"]["room"]
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        await self.send(text_data='{"type":"joined"}')

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.channel_layer.group_send(self.group, {"type": "chat.message", "said": text_data})

    async def chat_message(self, event: dict[str, str]) -> None:
        await self.send(text_data=event["said"])


uvicorn.run(
    ProtocolTypeRouter({"websocket": URLRouter([re_path(r"ws/(?P<room>\d+)$", Member.as_asgi())])}),
    port=int(sys.argv[1]),
    log_level="error",
    lifespan="off",
    ws_per_message_deflate=False,
    backlog=4096,
)
