"""Keeps the catalogues in locale/ in step with what the templates and the server say."""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from server.words import DEFAULT, LOCALE, ROOT

TEMPLATE = LOCALE / "tealight.pot"


def main() -> None:
    if sys.argv[1:] != ["extract"]:
        sys.exit("usage: python -m server.words extract")
    for path in write(extract()):
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")


def extract() -> Catalog:
    """Every message the templates and the server can say."""
    catalog = Catalog(charset="utf-8")
    keywords = {**DEFAULT_KEYWORDS, "N_": None}
    jinja = {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
    for folder, pattern, method, options in (
        ("server", "**.py", "python", {}),
        ("templates", "**.html", "jinja2.ext:babel_extract", jinja),
    ):
        found = extract_from_dir(
            ROOT / folder,
            method_map=[(pattern, method)],
            options_map={pattern: options},
            keywords=keywords,
            comment_tags=["Translators:"],
            directory_filter=lambda _: True,
        )
        for name, _, message, comments, context in found:
            catalog.add(message, locations=[(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    return catalog


def inventory(catalog: Catalog) -> frozenset[tuple[object, str]]:
    """What a catalogue says and where: two with the same inventory need no new writing."""
    return frozenset((message.id, name) for message in catalog if message.id for name, _ in message.locations)


def write(found: Catalog) -> list[Path]:
    """Bring locale/ up to date; returns the files that had to change. English says its own messages."""
    changed = []
    for path in (TEMPLATE, *sorted(LOCALE.glob("*/LC_MESSAGES/tealight.po"))):
        catalog = _read(path)
        if inventory(catalog) == inventory(found):
            continue
        said = {message.id for message in catalog if message.string}
        catalog.update(found, no_fuzzy_matching=True)
        catalog.header_comment = "# The words of Tealight."
        catalog.fuzzy = False
        if path.parts[-3] == DEFAULT:
            for message in catalog:
                message.string = message.string if message.id in said else message.id
        with path.open("wb") as target:
            write_po(
                target, catalog, width=110, sort_by_file=True, ignore_obsolete=True, include_lineno=False
            )
        changed.append(path)
    return changed


def _read(path: Path) -> Catalog:
    lang = None if path == TEMPLATE else path.parts[-3]
    if not path.exists():
        return Catalog(locale=lang, project="Tealight", version="0.1", charset="utf-8")
    with path.open("rb") as source:
        return read_po(source, locale=lang)
