"""Ready mails to the accountant, the customer or Octopus: the question, what it is about, and where to click.

`letters/ID.toml` holds one kind of question in three languages, with the problems and set-up steps that raise it;
`letter_words.toml` what every letter says. The language is the reader's, whatever octowizard itself speaks.
Not here: how a letter is handed to a mail program (`octowizard.reports.mail`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from octowizard.locale import _, labels
from octowizard.locale.formats import amount, day, labelled
from octowizard.locale.labels import Languages
from octowizard.presentation.blocks import Block, Entry, Item, Page, colon_after, listed
from octowizard.presentation.confirmation import Question
from octowizard.presentation.visible import plain
from octowizard.problems import catalogue

if TYPE_CHECKING:
    from octowizard.checks.registry import Finding, Record
    from octowizard.locale.labels import Language
    from octowizard.onboarding.model import Step
    from octowizard.snapshot.model import DocumentHead, Snapshot
    from octowizard.workspace.profiles import Profile

Recipient = Literal["accountant", "customer", "octopus"]
REPORT, SOFTWARE_HOUSE = "report", "software-house"
LANGUAGES: tuple[Language, ...] = ("nl", "fr", "en")
_NAMED = 50  # records that a letter names
_SHORT = 8  # that a question among others names
_PATHS = 3


class _Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    subject: str
    question: str
    details: tuple[str, ...] = ()  # to be filled in by whoever sends it


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of question, and the problems and steps that raise it."""

    id: str
    to: Recipient
    problems: tuple[str, ...]
    nl: _Question
    fr: _Question
    en: _Question
    steps: tuple[str, ...] = ()

    def asked(self, language: Language) -> _Question:
        """Its words in a language."""
        return {"nl": self.nl, "fr": self.fr, "en": self.en}[language]


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every letter says in one language."""

    greeting: str
    books: str
    declared: str  # in place of `books` where a side is not connected
    records: str
    questions: str
    more: str
    cut: str
    where: str
    attached: str
    closing: str
    practice: str
    names: Mapping[str, str]


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that is ready to be sent. `about`: the customer that it goes to; `address`: "" where it is not known.

    `above` and `below` are paragraphs, `records` the lines between them: what it is about, and `lead` the line over
    these unless it is that of most letters. `practice`: its names are invented.
    """

    template: str
    to: Recipient
    language: Language
    subject: str
    above: tuple[str, ...]
    lead: str = ""
    records: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    about: str = ""
    address: str = ""
    practice: bool = False

    def text(self, most: int = _NAMED) -> str:
        """The body, which names at most so many records."""
        words = _words()[self.language]
        lines = [f"- {record}" for record in self.records[:most]]
        rest = len(self.records) - len(lines)
        if rest:
            lines.append(f"- {words.more.format(count=rest)}")
        if most < min(_NAMED, len(self.records)):
            lines.append(words.cut)
        about = (f"{self.lead or words.records}\n" + "\n".join(lines),) if lines else ()
        return "\n\n".join((*self.above, *about, *self.below)) + "\n"


@cache
def templates() -> dict[str, Template]:
    """All kinds of questions, by their ids."""
    folder = files("octowizard.presentation") / "letters"
    read = (
        msgspec.toml.decode(file.read_bytes(), type=Template)
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    )
    return {one.id: one for one in read}


@cache
def _words() -> dict[str, _Words]:
    body = (files("octowizard.presentation") / "letter_words.toml").read_bytes()
    return msgspec.toml.decode(body, type=dict[str, _Words])


def template_of(problem: str) -> Template | None:
    """What is asked about a problem; None where nobody has to be asked."""
    return next((one for one in templates().values() if problem in one.problems), None)


def template_of_step(step: str) -> Template | None:
    """What is asked at a step of the set-up; None where nobody has to be asked."""
    return next((one for one in templates().values() if step in one.steps), None)


def recipient(to: Recipient) -> str:
    """To whom a letter goes, as it stands after `To`."""
    return {
        "accountant": _("the accountant"),
        "customer": _("the customer"),
        "octopus": _("Octopus"),
    }[to]


def practice_company() -> str:
    """That what is shown, or would be sent, is about nobody."""
    return _(
        "This is a practice company: all names and amounts are invented. Nothing of it is to be sent to anybody."
    )


# --- letters --------------------------------------------------------------------------------------------------


def on_findings(
    findings: Sequence[Finding], snapshot: Snapshot, profile: Profile, language: Language | None = None
) -> tuple[Letter, ...]:
    """The letters about findings of one kind: one to the accountant, or one to each customer; none if none helps.

    `language`: else that in which Octopus is shown to the profile's user.
    """
    template = template_of(findings[0].problem) if findings else None
    if template is None:
        return ()
    spoken = language or profile.screens.octopus
    heads = {head.id: head for head in snapshot.documents}
    records = [record for one in findings for record in one.records]
    if template.to != "customer":
        paths = [path for one in findings for path in _paths(one.problem, spoken)]
        facts = [fact for one in findings if (fact := _facts(one, spoken))]
        bookings = _bookings(snapshot)
        named = (*facts, *(bookings.get(record.id) or _record(record, heads) for record in records))
        return (_to_the_books(template, profile, spoken, named, paths),)
    letters = []
    for customer, (name, lines) in _by_customer(records, heads).items():
        known = snapshot.customers.get(customer)
        letters.append(
            _letter(
                template,
                profile,
                spoken,
                records=lines,
                about=name,
                address=(known.email or "") if known is not None and template.id != "email" else "",
            )
        )
    return tuple(letters)


def on_step(step: Step, profile: Profile, language: Language | None = None) -> Letter | None:
    """The letter about a step of the set-up; None where nobody has to be asked."""
    template = template_of_step(step.id)
    if template is None:
        return None
    spoken = language or profile.screens.octopus
    paths = [
        labelled(one.vendor, _menu(one.menu, spoken) if one.menu else one.path, spoken)
        for one in step.show
        if one.path
    ]
    return _to_the_books(template, profile, spoken, (), paths)


def on_report(findings: Iterable[Finding], profile: Profile, language: Language | None = None) -> Letter:
    """The letter that goes with a report: the questions that only the accountant can answer."""
    spoken = language or profile.screens.octopus
    asked = questions(findings, spoken)
    records = tuple(
        f"{one.subject}{colon_after(one.subject, spoken)} {one.question}"
        + (f" ({one.about})" if one.about else "")
        for one in asked
    )
    words = _words()[spoken]
    made = _to_the_books(templates()[REPORT], profile, spoken, records, ())
    return msgspec.structs.replace(made, lead=words.questions, below=(words.attached, *made.below))


def on_software_house(redirect: str, language: Language) -> Letter:
    """The letter that asks Octopus for a software-house id, with the redirect address; the rest is to be filled in."""
    template, words = templates()[SOFTWARE_HOUSE], _words()[language]
    asked = template.asked(language)
    details = "\n".join(line.format(redirect=redirect) for line in asked.details)
    return Letter(
        template=template.id,
        to=template.to,
        language=language,
        subject=asked.subject,
        above=(words.greeting, asked.question, details),
        below=(words.closing,),
    )


class Asked(NamedTuple):
    """A question, and the records that it is about, by their labels."""

    subject: str
    question: str
    about: str


def questions(findings: Iterable[Finding], language: Language) -> list[Asked]:
    """What only the accountant can answer about findings, each question once, worst first."""
    kinds: dict[str, list[str]] = {}
    for one in findings:
        template = template_of(one.problem)
        if template is not None and template.to == "accountant":
            kinds.setdefault(template.id, []).extend(record.label for record in one.records if record.label)
    asked = []
    for id, records in kinds.items():
        once = list(dict.fromkeys(records))
        words, rest = templates()[id].asked(language), len(once) - _SHORT
        about = ", ".join(once[:_SHORT])
        if rest > 0:
            about = f"{about} {_words()[language].more.format(count=rest)}"
        asked.append(Asked(words.subject, words.question, about))
    return asked


def _to_the_books(
    template: Template, profile: Profile, language: Language, records: tuple[str, ...], paths: Iterable[str]
) -> Letter:
    """A letter to somebody who keeps the books: it says which ones, and where to click."""
    words = _words()[language]
    dossier = f"{profile.dossier_id} {profile.dossier_name}".strip()
    books = words.books.format(dossier=plain(dossier), company=plain(profile.department_name or "Teamleader"))
    if profile.unconnected:
        books = words.declared.format(vendors=", ".join(sorted(profile.unconnected)))
    shown = list(dict.fromkeys(paths))[:_PATHS]
    where = (words.where + "\n" + "\n".join(f"- {path}" for path in shown),) if shown else ()
    return _letter(template, profile, language, records=records, books=(books,), where=where)


def _letter(
    template: Template,
    profile: Profile,
    language: Language,
    *,
    records: Sequence[str],
    books: tuple[str, ...] = (),
    where: tuple[str, ...] = (),
    about: str = "",
    address: str = "",
) -> Letter:
    words, asked = _words()[language], template.asked(language)
    warning = (words.practice,) if profile.practice else ()
    return Letter(
        template=template.id,
        to=template.to,
        language=language,
        subject=asked.subject,
        above=(*warning, words.greeting, *books, asked.question),
        records=tuple(dict.fromkeys(map(plain, records))),
        below=(*where, f"{words.closing}\n{plain(profile.department_name)}".rstrip()),
        about=about,
        address=address,
        practice=profile.practice,
    )


def _paths(problem: str, language: Language) -> list[str]:
    """Where the card of a problem says to click, in a language."""
    known = catalogue.card(problem)
    menus = [step.path for step in known.fix if step.path] if known is not None else []
    vendors = ["Octopus" if menu[0].startswith("octopus.") else "Teamleader" for menu in menus]
    return [
        labelled(vendor, _menu(menu, language), language) for vendor, menu in zip(vendors, menus, strict=True)
    ]


def _menu(ids: Sequence[str], language: Language) -> str:
    """A menu path in the language of a letter, whose reader knows no mark of octowizard's."""
    return labels.path(ids, Languages.both(language)).replace(labels.MARK, "")


def _facts(one: Finding, language: Language) -> str:
    """What a finding calls by name: `journal: V1 · period: 202610`."""
    known = _words()[language].names
    return " · ".join(
        labelled(known[name], value, language) for name, value in one.names.items() if name in known and value
    )


def _record(record: Record, heads: Mapping[str, DocumentHead]) -> str:
    head = heads.get(record.id)
    if head is None:
        return record.label
    return f"{head.number} · {day(head.date)} · {head.customer_name} · {amount(head.amount, head.currency)}"


def _bookings(snapshot: Snapshot) -> dict[str, str]:
    """The bookings that findings name, by the ids of their records: a place alone tells not which sale stands there."""
    groups = (*snapshot.twice, *snapshot.imported_twice, snapshot.earlier)
    return {
        "/".join(map(str, one.place)): " · ".join(
            filter(
                None,
                (
                    f"{one.journal}/{one.number}",
                    day(one.date),
                    one.comment or one.reference,
                    amount(one.amount, snapshot.own_currency),
                ),
            )
        )
        for group in groups
        for one in group
    }


def _by_customer(
    records: Iterable[Record], heads: Mapping[str, DocumentHead]
) -> dict[str, tuple[str, list[str]]]:
    """The name of each customer, and its documents, by its id."""
    by_customer: dict[str, tuple[str, list[str]]] = {}
    for record in records:
        head = heads.get(record.id)
        if head is None:
            by_customer.setdefault(record.id, (record.label, []))
        else:
            shown = f"{head.number} · {day(head.date)} · {amount(head.amount, head.currency)}"
            by_customer.setdefault(head.customer_id, (head.customer_name, []))[1].append(shown)
    return by_customer


# --- how a letter is shown ------------------------------------------------------------------------------------


def page(letter: Letter) -> Page:
    """A letter to be read before it is copied, saved or opened."""
    to = " · ".join(part for part in (recipient(letter.to), letter.about, letter.address) if part)
    blocks: list[Block] = [Entry(_("To"), to), Entry(_("Subject"), letter.subject, "head")]
    blocks += listed("", (practice_company(),) if letter.practice else (), "warn")
    blocks += [Item(paragraph) for paragraph in letter.text().rstrip().split("\n")]
    return Page(title=_("A ready mail"), blocks=tuple(blocks))


def copied(letter: Letter) -> str:
    """A letter as text, to be put into a mail."""
    return _("Subject: {subject}").format(subject=letter.subject) + f"\n\n{letter.text()}"


def cut_short() -> str:
    """That a mail program does not get all of a letter."""
    return _(
        "Mail programs take no more than a page this way, so that not all is named: saved as .eml it is whole."
    )


def not_attached() -> str:
    """That the report does not go with a letter that is copied, printed or opened."""
    return _("The report does not go along this way: saved as .eml the mail has it attached.")


def no_mail_program() -> str:
    """That nothing opened the letter."""
    return _("There is no mail program here that opens it: copy it, or save it as .eml.")


def question_before_opening() -> Question:
    """The question before a mail of a practice company goes to a real mail program."""
    return Question(
        title=_("Open this mail in your mail program?"),
        blocks=(Item(practice_company()),),
        yes=_("open it"),
        no=_("not now"),
        careful=True,
    )
