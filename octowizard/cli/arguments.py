"""Small readers of arguments, and the parser that answers a mistake in one sentence."""

from __future__ import annotations

import argparse
import os
import sys

from octowizard.cli.argparse_words import value_said
from octowizard.cli.commands import EXAMPLES, summary
from octowizard.cli.console import clean, fitted
from octowizard.cli.exits import WRONG_USAGE
from octowizard.locale import _

TYPE_CHECKING = False  # typing takes longer to load than a text to print
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from typing import Any, NoReturn

    from octowizard.workspace.profiles import Mirror

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


_WIDE = 34  # columns of a command beside which what it is for still finds room


class Parser(argparse.ArgumentParser):
    """As argparse's, but a mistake gets one sentence and the place where the rest is told."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _Words, **options})

    def error(self, message: str) -> NoReturn:
        """Exit 2 with the sentence on stderr."""
        sentence = _("octowizard: {message} (`{program} --help` tells more)")
        text = fitted(sentence.format(message=message, program=self.prog), sys.stderr)
        self.exit(WRONG_USAGE, clean(text) + "\n")

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse's; an option that does not exist is named with the nearest that does."""
        known, rest = self.parse_known_args(args, namespace)
        if rest:
            parser, _text = below(self, list(args or sys.argv[1:]))
            word = rest[0].partition("=")[0]
            hint = near(word, list(parser._option_string_actions))
            parser.error(_("there is no {word} here. {hint}").format(word=word, hint=hint).rstrip())
        return known

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """As argparse's; of a word that is no command, the nearest is named."""
        if action.choices is not None and value not in action.choices:
            known = [str(choice) for choice in action.choices]
            if isinstance(action, argparse._SubParsersAction):
                text = _("there is no command “{word}”. {hint}")
            else:
                text = _("{option} takes no “{word}”. {hint}")
            name = "/".join(action.option_strings) or value_said(str(action.metavar or action.dest))
            self.error(text.format(word=value, option=name, hint=near(str(value), known)))

    def _print_message(self, message: str, file: Any = None) -> None:
        """As argparse's, which says nothing where stdout takes no more."""
        if file is sys.stdout:
            file.write(message or "")
        else:
            super()._print_message(message, file)


class _Words(argparse.HelpFormatter):
    """Says what stands for a value in the language of the help; asks for the width without shutil, which loads much."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)

    def _metavar_formatter(self, action: argparse.Action, default_metavar: str) -> Callable[[int], Any]:
        plain = super()._metavar_formatter(action, default_metavar)
        return plain if action.metavar is None else lambda size: tuple(map(value_said, plain(size)))


class _Format(_Words):
    """The same, and breaks prose at the width of the terminal; lines that are indented stay as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines: list[str] = []
        for line in text.splitlines():
            if line.strip() and not line.startswith(" ") and lines and lines[-1] and lines[-1][0] != " ":
                lines[-1] += f" {line}"
            else:
                lines.append(line)
        return "".join(
            super(_Format, self)._fill_text(line, width, indent) + "\n"
            if line and line[0] != " "
            else line + "\n"
            for line in lines
        )


def _columns() -> int:
    """Of the terminal: what COLUMNS says, else what stdout says, else 80."""
    wanted = os.environ.get("COLUMNS", "")
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]  # caught
    except (AttributeError, ValueError, OSError):
        return 80


def formatted() -> Any:
    """The format of our help."""
    return _Format


def taken_by(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """The options and arguments of a parser, without its commands."""
    return [one for one in parser._actions if not isinstance(one, argparse._SubParsersAction)]


def commands_of(parser: argparse.ArgumentParser) -> dict[str, tuple[argparse.ArgumentParser, str]]:
    """The commands below a parser, by name: their parsers, and what they are for. Empty where there are none."""
    known = next((one for one in parser._actions if isinstance(one, argparse._SubParsersAction)), None)
    if known is None:
        return {}
    texts = {one.dest: one.help or "" for one in known._choices_actions}
    return {name: (made, texts.get(name, "")) for name, made in known.choices.items()}


def below(parser: argparse.ArgumentParser, words: list[str]) -> tuple[argparse.ArgumentParser, str]:
    """The parser of the command and the action that stand among the words, and what it is for."""
    text = ""
    for word in words:
        parser, text = commands_of(parser).get(word, (parser, text))
    return parser, text


def near(word: str, known: list[str]) -> str:
    """A sentence with the known words that are like this one, or with all of them."""
    import difflib

    alike = difflib.get_close_matches(word, known, n=2, cutoff=0.6)
    if alike:
        return _("Did you mean {names}?").format(names=_(" or ").join(alike))
    if not known or len(known) > 40:
        return ""
    return _("There are: {names}.").format(names=", ".join(known))


def with_examples(name: str, epilog: str | None = None) -> str | None:
    """What stands below the help of a command: examples first, then the rest."""
    if name not in EXAMPLES:
        return epilog
    examples = EXAMPLES[name]()
    width = max(len(words) for words, _what in examples) + len("octowizard ")
    lines = [_("examples:")]
    for words, what in examples:
        command = f"octowizard {words}"
        lines += [f"  {command:{width}}  {what}"] if width < _WIDE else [f"  {command}", f"      {what}"]
    return "\n".join([*lines, "", *([epilog] if epilog else [])]).rstrip("\n")


def paragraphs(*parts: str) -> str:
    """What stands below the help of a command. The form of its JSON is English, as its names are: programs read it."""
    return "\n\n".join(parts)


def add_command(
    commands: Commands,
    common: argparse.ArgumentParser,
    name: str,
    description: str = "",
    epilog: str | None = None,
) -> argparse.ArgumentParser:
    """A command with what all share."""
    return add_part(commands, common, name, summary(name), description, with_examples(name, epilog))


def add_part(
    commands: Commands,
    common: argparse.ArgumentParser,
    name: str,
    help: str,
    description: str = "",
    epilog: str | None = None,
) -> argparse.ArgumentParser:
    """As `add_command`, of a subcommand. `help`: half a line for the list of them."""
    return commands.add_parser(
        name,
        parents=[common],
        help=help,
        description=description or help,
        epilog=epilog,
        formatter_class=_Format,
        allow_abbrev=False,
    )


def add_action(
    actions: Commands, common: argparse.ArgumentParser, name: str, text: str
) -> argparse.ArgumentParser:
    """An action of a command, with `--json` as the command has it."""
    made = actions.add_parser(name, parents=[common], help=text, description=text, allow_abbrev=False)
    add_json(made, _("one JSON object on stdout"), default=argparse.SUPPRESS)
    return made


def add_json(parser: argparse.ArgumentParser, help: str = "", default: bool | str = False) -> None:
    """`--json`, of a command or of a subcommand under it."""
    text = help or _("one JSON object on stdout (see below)")
    parser.add_argument("--json", action="store_true", default=default, help=text)


def add_yes(parser: argparse.ArgumentParser) -> None:
    """`--yes`."""
    parser.add_argument("--yes", action="store_true", help=_("do not ask first (for scripts)"))


def add_accept_loss(parser: argparse.ArgumentParser) -> None:
    """`--accept-loss`."""
    parser.add_argument(
        "--accept-loss",
        action="store_true",
        help=_("agree to a loss that was shown; --yes alone never does"),
    )


def add_offline(parser: argparse.ArgumentParser, help: str = "") -> None:
    """`--offline`."""
    parser.add_argument(
        "--offline",
        action="store_true",
        help=help or _("use what was kept of the last look at the accounts"),
    )


def add_fresh(parser: argparse.ArgumentParser, help: str = "") -> None:
    """`--fresh`; `--refresh` is its older name."""
    text = help or _("read both sides again, also what was read a few minutes ago")
    parser.add_argument("--fresh", "--refresh", action="store_true", help=text)


def day_of(text: str) -> date:
    """A date, as `locale.days` reads it."""
    from octowizard.locale.days import NotADay, day_of

    try:
        return day_of(text)
    except NotADay as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None


def mirror_of(text: str) -> Mirror:
    """A journal and its account: `F1:550000`."""
    from octowizard.workspace.profiles import Mirror

    journal, _colon, account = text.partition(":")
    if journal[:1] not in ("F", "D") or not journal[1:].isdigit() or not account.isdigit():
        raise argparse.ArgumentTypeError(
            _("“{text}” is no journal with its account: write it as F1:550000 or D1:580000").format(text=text)
        )
    return Mirror(journal=journal, account=int(account))


def span_of(text: str) -> float:
    """A time such as 30m, 2h, 90s or 1h30m, in seconds; a week at most."""
    import re

    given = re.fullmatch(r"(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?", text.strip().lower())
    hours, minutes, seconds = (int(part or 0) for part in given.groups()) if given else (0, 0, 0)
    span = 3600 * hours + 60 * minutes + seconds
    if not text.strip() or given is None or not 0 < span <= 7 * 24 * 3600:
        wrong = _("“{text}” is no time of up to a week: write it as 30m, 2h, 90s or 1h30m")
        raise argparse.ArgumentTypeError(wrong.format(text=text))
    return float(span)


def whole(text: str) -> int:
    """A whole number, zero or more."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(_("“{text}” is no whole number of zero or more").format(text=text))
    return int(text)
