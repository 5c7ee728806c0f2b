"""A browser without a screen: it keeps cookies, says where a request comes from, and never goes on by itself."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Protocol

import httpx2

from tests.server.connections import Connections

NAVIGATES = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "accept-language": "en-GB,en;q=0.8"}


class Tab(Protocol):
    async def closes_the_tab(self) -> None: ...

    def must_have_looked(self) -> None: ...


class Browser:
    """One person's, with one jar of cookies."""

    def __init__(self, url: str, origin: str) -> None:
        self.url = url
        self.origin = origin
        self.http = httpx2.AsyncClient(base_url=url, transport=Connections())
        self.tabs: list[Tab] = []

    async def closes(self) -> None:
        for tab in self.tabs:
            await tab.closes_the_tab()
        await self.http.aclose()
        for tab in self.tabs:
            tab.must_have_looked()

    def goes_to(self, url: str) -> None:
        """Another server of the same house: what it holds goes along, as it does behind one name."""
        self.url = self.origin = url
        self.http.base_url = url

    # Going to places

    async def gets(self, path: str, **headers: str) -> httpx2.Response:
        """Of an answer that goes on, its head."""
        sent = {**NAVIGATES, "sec-fetch-site": "none", **headers}
        async with self.http.stream("GET", path, headers=sent) as answer:
            if not answer.headers.get("content-type", "").startswith("text/event-stream"):
                await answer.aread()
        return answer

    async def heads(self, path: str) -> httpx2.Response:
        return await self.http.head(path, headers={**NAVIGATES, "sec-fetch-site": "none"})

    async def posts(self, path: str, **fields: str) -> httpx2.Response:
        """A form of ours is sent. Our pages ask for no referrer, and browsers then say no more than ``null`` as origin."""
        sent = {**NAVIGATES, "origin": "null", "sec-fetch-site": "same-origin"}
        return await self.http.post(path, data=fields, headers=sent)

    async def follows(self, answer: httpx2.Response) -> httpx2.Response:
        """Wherever it leads, as a browser does after a redirect."""
        while answer.is_redirect:
            answer = await self.gets(answer.headers["location"])
        return answer

    # What it holds

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.http.cookies.jar}

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def holds(self, name: str, value: str) -> None:
        """A cookie that somebody put there by hand."""
        self.http.cookies.delete(name) if name in self.cookies else None
        self.http.cookies.set(name, value, domain="127.0.0.1")


class Page(HTMLParser):
    """A page as its reader meets it: fields with what is in them, and the fault beside each."""

    def __init__(self, response: httpx2.Response) -> None:
        super().__init__()
        self.tags: list[tuple[str, Mapping[str, str | None]]] = []
        self.values: dict[str, str] = {}
        self.faults: dict[str, str] = {}
        self.texts: list[str] = []
        self._inside: str | None = None
        self._into: dict[str, str] = {}
        self._select = ""
        self.feed(response.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        name = given.get("name") or ""
        if tag == "input" and name and given.get("type") in {"radio", "checkbox"}:
            if "checked" in given:
                self.values[name] = given.get("value") or ""
        elif tag == "input" and name:
            self.values[name] = given.get("value") or ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given and "value" in given:
            self.values[self._select] = given["value"] or ""
        elif tag == "option" and "selected" in given:
            self._inside, self._into = self._select, self.values
        elif tag == "textarea" and name:
            self._inside, self._into = name, self.values
        elif tag == "p" and (given.get("id") or "").startswith("error-"):
            self._inside, self._into = (given["id"] or "").removeprefix("error-"), self.faults

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._inside is not None:
            self._into[self._inside] = self._into.get(self._inside, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag in {"textarea", "p", "option"}:
            self._inside = None

    @property
    def title(self) -> str:
        at = self.texts.index("Tealight") if "Tealight" in self.texts else 0
        return self.texts[at]

    def filled(self, name: str) -> str:
        # As browsers do, the line break after an opening <textarea> is not part of what it holds.
        return self.values[name].removeprefix("\n")

    def attributes(self, name: str) -> list[str]:
        return [given[name] or "" for _, given in self.tags if name in given]
