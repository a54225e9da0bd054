"""How amounts, days and moments are written for people: as Belgians do in the language that octowizard speaks.

English follows Dutch. `tests/locale` holds them to CLDR's nl-BE and fr-BE, but for the thin no-break space of French
thousands, which terminals draw as they like. Not for programs: `--json` and the workspace use ISO dates and plain
decimal numbers.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from octowizard.locale import _, ngettext, spoken

TYPE_CHECKING = False  # typing takes longer to load than a text to print
if TYPE_CHECKING:
    from octowizard.locale.labels import Language

WORTH_A_WORD = timedelta(minutes=1)  # what was read is told its age from then on

_SWAP = str.maketrans(",.", ".,")
_FRENCH = str.maketrans(",.", "\N{NO-BREAK SPACE},")

# How the name of a fiscal year begins in each language of Octopus; octowizard names the years so that it makes.
YEAR_WORDS = {"NL": "Boekjaar", "FR": "Exercice", "EN": "Fiscal year", "DE": "Geschäftsjahr"}
_YEAR_WORD = re.compile(rf"\A\s*(?:{'|'.join(YEAR_WORDS.values())})(?: comptable)?\s+", re.IGNORECASE)


def _swapped(text: str) -> str:
    """A number as Python writes it (`1,210.00`), with the signs of the language."""
    return text.translate(_FRENCH if spoken() == "fr" else _SWAP)


def amount(value: Decimal, currency: str = "EUR") -> str:
    """`1.210,00`, in French `1 210,00`; any other currency than the euro follows it: `1.210,00 USD`.

    Never fewer than two decimals.
    """
    exponent = value.as_tuple().exponent
    decimals = max(2, -exponent) if isinstance(exponent, int) else 2
    text = _swapped(f"{value:,.{decimals}f}")
    return text if currency == "EUR" else f"{text} {currency}"


def document_amount(kind: str, value: Decimal, currency: str = "EUR") -> str:
    """The amount of a document; that of a credit note with its sign."""
    return ("-" if kind == "credit_note" else "") + amount(value, currency)


def short_amount(value: Decimal) -> str:
    """`942`, `1,9k`, `12k`, `1,2M`: an amount where there is hardly room, to be read at a glance only."""
    size, sign = abs(value), "-" if value < 0 else ""
    for unit, least in (("M", 999_500), ("k", 1000)):
        if size >= least:
            part = size / (1_000_000 if unit == "M" else 1000)
            text = f"{part:.1f}" if part < Decimal("9.95") else f"{part:.0f}"
            return f"{sign}{text.removesuffix('.0').translate(_SWAP)}{unit}"
    return f"{sign}{size:.0f}"


def count(value: int) -> str:
    """`20.000`, in French `20 000`."""
    return _swapped(f"{value:,}")


def day(value: date) -> str:
    """`14/03/2026`: day, month, year."""
    return f"{value:%d/%m/%Y}"


def year_name(name: str) -> str:
    """A fiscal year's name where the sentence says already what it is: `2026` of `Boekjaar 2026`."""
    return _YEAR_WORD.sub("", name) or name


def clock(value: datetime) -> str:
    """`09:12`, in its own time zone."""
    return f"{value:%H:%M}"


def moment(value: datetime, now: datetime) -> str:
    """`09:12` today, else `14/03 09:12`, else with its year; in the time zone of `now` (both aware)."""
    local = value.astimezone(now.tzinfo)
    if local.date() == now.date():
        return clock(local)
    return f"{local:%d/%m %H:%M}" if local.year == now.year else dated_moment(value, now)


def dated_moment(value: datetime, now: datetime | None = None) -> str:
    """`14/03/2026 09:12`, also today; in the time zone of `now`, without it that of this computer (aware)."""
    local = value.astimezone(now.tzinfo if now is not None else None)
    return f"{day(local)} {clock(local)}"


def ago(value: datetime, now: datetime) -> str:
    """`just now`, `2 min ago`, `3 h ago`, `5 days ago` (both aware)."""
    seconds = int((now - value).total_seconds())
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return _("{count} min ago").format(count=seconds // 60)
    if seconds < 86400:
        return _("{count} h ago").format(count=seconds // 3600)
    days = seconds // 86400
    return ngettext("{count} day ago", "{count} days ago", days).format(count=days)


def duration(seconds: float) -> str:
    """`0,4 s`, `42 s`, `2 min`, `1 h 05 min`."""
    if 0 <= seconds < 9.95:
        return _("{count} s").format(count=_swapped(f"{seconds:.1f}").removesuffix(",0"))
    whole = max(0, round(seconds))
    if whole < 60:
        return _("{count} s").format(count=whole)
    minutes = round(timedelta(seconds=whole) / timedelta(minutes=1))
    if minutes < 60:
        return _("{count} min").format(count=minutes)
    return _("{hours} h {minutes:02} min").format(hours=minutes // 60, minutes=minutes % 60)


def month_name(month: int) -> str:
    """A month in three letters: 1 to 12."""
    # Translators: the twelve months, each in its usual abbreviation, with blanks between.
    return _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()[month - 1]


def colon(language: "Language | None" = None) -> str:
    """What stands behind a label, in the language spoken or in this one: in French a space of its own comes first."""
    return "\N{NO-BREAK SPACE}:" if (language or spoken()) == "fr" else ":"


def labelled(label: object, text: object, language: "Language | None" = None) -> str:
    """`Octopus: Beheer > Dagboeken`, what something is and what is told of it."""
    return f"{label}{colon(language)} {text}"
