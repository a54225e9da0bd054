"""The catalogues of translators: takes the texts out of the sources, brings nl and fr up to date, and compiles them.

    python -m tests.locale.catalogues            # after a text was added or changed; says what is to be translated
    python -m tests.locale.catalogues --missing  # and prints it

It compiles them as an install does (`hatch_build.py`), so that the next start speaks what was translated.
A text that changed keeps no translation: what was said of the old one may not be so of the new one.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from hatch_build import compiled
from octowizard.locale.practice import CONTEXT, english

ROOT = Path(__file__).parents[2]
LANGUAGES = ("nl", "fr")
PLURALS = {
    "nl": "(n != 1)",
    "fr": "(n > 1)",
}  # CLDR has a third form in French, for whole millions: we have none
KEYWORDS = {"_": None, "worded": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
METHODS = [
    ("sandbox/serve.py", "python"),  # gets its words from whoever reads them
    ("sandbox/**.py", "ignore"),
    ("**.py", "python"),
    ("problems/catalogue/**.toml", "octowizard.problems.card_text:extract_cards"),
]

LOOSE = re.compile(r" (?=[;:!?»](?!\S))|(?<=«) |(?<=\d) (?=%)")
HEADER = "# Texts of octowizard; `python -m tests.locale.catalogues` keeps them in step with its sources."
DATED = re.compile(rb'"(Project-Id|Report-Msgid|POT-Cre|PO-Rev|Last-T|Language-Team|Generated)[^\n]*\n')


def source(language: str) -> Path:
    """The .po file of a language."""
    return ROOT / "octowizard" / "locale" / language / "LC_MESSAGES" / "octowizard.po"


def template() -> Catalog:
    """All texts that a user can see, with where they stand and what translators should know."""
    made = Catalog(header_comment=HEADER, charset="utf-8")
    extracted = extract_from_dir(
        ROOT / "octowizard",
        method_map=METHODS,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for name, _line, message, comments, context in sorted(extracted, key=lambda one: (one[0], one[1])):
        made.add(message, locations=[(f"octowizard/{name}", 0)], auto_comments=comments, context=context)
    for place, text, context in practice_texts():
        made.add(text, locations=[(place, 0)], auto_comments=["practice company"], context=context)
    return made


def practice_texts() -> Iterator[tuple[str, str, str | None]]:
    """What the practice company says of itself to people: file, text and context.

    It imports no catalogue; who shows it does.
    """
    from octowizard.sandbox.worlds.scenarios import SCENARIOS

    for scenario in SCENARIOS.values():
        yield "octowizard/sandbox/worlds", scenario.summary, None
    actions = ROOT / "octowizard" / "sandbox" / "practice" / "actions.json"
    for summary, arguments in json.loads(actions.read_text()).values():
        yield "octowizard/sandbox/practice/actions.json", summary, None
        for name, text in arguments.items():
            yield "octowizard/sandbox/practice/actions.json", text, None
            yield "octowizard/sandbox/practice/actions.json", english(name), CONTEXT


def catalogue(language: str) -> Catalog:
    """The texts of today in this language, as far as they are translated."""
    texts = template()
    texts.locale = language
    texts.mime_headers = [
        ("Language", language),
        ("Plural-Forms", f"nplurals=2; plural={PLURALS[language]};"),
        ("Content-Type", "text/plain; charset=utf-8"),
    ]
    path = source(language)
    if path.exists():
        with path.open("rb") as file:
            kept = read_po(file, locale=language)
        for message in texts:
            known = kept.get(_id(message), message.context) if message.id else None
            if known is not None and known.id == message.id and not known.fuzzy:
                message.string = known.string
    for message in texts if language == "fr" else ():
        if message.id and isinstance(message.string, str):
            message.string = _held(message.string)
        elif message.id and message.string:
            message.string = tuple(map(_held, message.string))
    return texts


def _held(text: str) -> str:
    """French with its signs held to their words by a no-break space, whatever a translator typed."""
    return LOOSE.sub("\N{NO-BREAK SPACE}", text)


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def missing(texts: Catalog) -> list[Message]:
    """The messages that have no translation, or not all of their forms."""
    return [
        message
        for message in texts
        if message.id and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]


def written(texts: Catalog) -> bytes:
    """The .po file of a catalogue. Where a text stands is told by its file alone: a line moves with every change."""
    file = io.BytesIO()
    write_po(file, texts, width=110, omit_header=False, include_lineno=False, sort_output=False)
    return DATED.sub(b"", file.getvalue()).replace(b'#, fuzzy\nmsgid ""', b'msgid ""', 1)


def compile_changed() -> None:
    """Compile what was translated since it was compiled, as an install would."""
    for language in LANGUAGES:
        path = source(language)
        made = path.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < path.stat().st_mtime:
            made.write_bytes(compiled(path))


def main(words: list[str]) -> int:
    """Bring both up to date. The exit code: 1 where something is to be translated."""
    left = 0
    for language in LANGUAGES:
        texts = catalogue(language)
        path = source(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(texts))
        path.with_suffix(".mo").write_bytes(compiled(path))
        untranslated = missing(texts)
        left += len(untranslated)
        sys.stdout.write(f"{language}: {len(texts)} texts, {len(untranslated)} to be translated\n")
        if "--missing" in words:
            for message in untranslated:
                sys.stdout.write(f"  {message.id!r}\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
