"""The queue of pairs that a person looks at: side by side, with what speaks for and against, and which one survives.

Two views: relations of Octopus beside customers of Teamleader (what an import would make twice), and customers of
Teamleader beside each other (what stands there twice or more: groups). Works on what is kept. Writes to no vendor;
`noticed` keeps that somebody has merged two in Teamleader's own screen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import reduce
from itertools import chain
from typing import Literal, NamedTuple

import msgspec

from octowizard.customers import directory
from octowizard.locale import _, ngettext
from octowizard.locale.counted import counted
from octowizard.matching.engine import Matches, match
from octowizard.matching.evidence import Evidence, Pair, Zone
from octowizard.matching.record import Customer
from octowizard.snapshot.assemble import kept_documents
from octowizard.teamleader.client import Teamleader
from octowizard.teamleader.models import IMPORT_TAG
from octowizard.workspace import links
from octowizard.workspace.db import Workspace

View = Literal["across", "within"]
Mark = Literal["=", "≈", "≠", ""]
Side = Literal["left", "right"]
Kind = Literal["doubtful", "sure", "telling", "judged"]  # of a pair; each pair is of one of them

_ID_SHOWN = 8  # characters of Teamleader's id: it shows no number of a customer
_SAME = {"same": "=", "other": "≠", "little": "≠"}  # any other level: nearly


class Row(msgspec.Struct, frozen=True):
    """One field of a pair. `mark` "" where one of the two lacks it; `weight` in log-odds, 0 where it says nothing."""

    field: str
    left: str
    right: str
    mark: Mark
    weight: float = 0.0


class Member(msgspec.Struct, frozen=True):
    """One of a group of customers that are, or may be, one. `text`: as `apart` has it.

    `sure`: surely the same as the one that stays, or that one itself.
    """

    name: str  # as `workspace.answers` names it
    text: str
    sure: bool


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One pair to look at. `places`: where the two are, `octopus` or `teamleader`.

    `keep`: which one survives when the two are made one, "" across (nothing is merged, they are linked); `because`
    says why. `gets`: what the survivor lacks and the other has; `conflicts`: where they say something else.
    """

    left: Customer
    right: Customer
    places: tuple[str, str]
    zone: Zone
    score: float
    why: tuple[Evidence, ...]
    rows: tuple[Row, ...]
    levels: Mapping[str, int]
    keep: Side | Literal[""] = ""
    because: str = ""
    gets: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    hangs: tuple[str, str] = ("", "")  # what is known to hang on each
    pages: tuple[str, str] = ("", "")  # their pages in the browser
    said: bool | None = None  # the user called them the same, or different
    group: tuple[Member, ...] = ()  # of more than two, all that are one with them: the one that stays first
    identities: tuple[str, str] = ("", "")  # number, place and what hangs on them
    rivalled: bool = False  # another one is about as like, or it would be sure

    @property
    def apart(self) -> tuple[str, str]:
        """The two, each told apart from others of its name."""
        left, right = zip((self.left.name, self.right.name), self.identities, strict=True)
        return _named(*left), _named(*right)

    @property
    def survivor(self) -> str:
        """The one that stays, told apart from others of its name; "" where none goes."""
        return {"left": self.apart[0], "right": self.apart[1]}.get(self.keep, "")

    @property
    def names(self) -> tuple[str, str]:
        """The two as `workspace.answers` names them."""
        return f"{self.places[0]}/{self.left.key}", f"{self.places[1]}/{self.right.key}"


class _Place(NamedTuple):
    """What stands at a place of the queue: a pair by its number in the matches, and the group it is of, if any."""

    number: int
    zone: Zone
    group: tuple[int, ...] = ()  # rows of one list, the one that stays first
    sure: int = 0  # how many of the first of `group` are surely one
    turned: bool = False  # left and right change places: the one that stays is on the right


class Line(NamedTuple):
    """What a list shows of a pair without looking further into it."""

    kind: Kind
    left: Customer
    right: Customer
    why: tuple[Evidence, ...]


class Queue:
    """All pairs of one view, each made when it is asked for; what wants an answer most comes first.

    The doubtful ones, by falling score; the sure ones, which can be settled together; those that seem to be no pair,
    where an answer would teach much about the others; last those that were judged. In one list a group of customers
    that are one gives a pair for each of them but the one that stays, with that one.
    """

    def __init__(
        self,
        view: View,
        left: Sequence[Customer],
        right: Sequence[Customer] | None,
        matches: Matches,
        known: Known,
        read_at: datetime | None,
        asking: int | None = None,
    ) -> None:
        """`right` None: the customers of `left` among themselves. `read_at`: the age of the older side; None never.

        `asking`: for somebody who judges: how many telling questions to have ready; those called different are there.
        """
        self.view = view
        self.read_at = read_at
        self.compared = (len(left), len(left if right is None else right))
        self.one_list = right is None
        self._left, self._right = left, left if right is None else right
        self._matches, self._known = matches, known
        self._sides = (directory.OCTOPUS if view == "across" else directory.TEAMLEADER, directory.TEAMLEADER)
        questions = self._of_groups() if right is None else self._of_pairs()
        numbers = {place.number for place in questions}
        telling = matches.questions(asking) if asking and questions else []
        different = [] if asking is None else matches.different()
        questions += [_Place(number, "not") for number in (*telling, *different) if number not in numbers]
        order: tuple[Kind, ...] = ("doubtful", "sure", "telling", "judged")
        kinds = {place.number: _kind(place, matches) for place in questions}
        self._places = sorted(questions, key=lambda place: order.index(kinds[place.number]))
        self._kinds = [kinds[place.number] for place in self._places]
        at = {place.number: n for n, place in enumerate(self._places)}
        self.telling = [at[number] for number in telling]
        """Where the pairs stand whose answers teach most, the most telling first."""
        self._names: list[tuple[str, str]] = []
        for place in self._places:
            pair = self._pair(place)
            ends = self._left[pair.left].key, self._right[pair.right].key
            self._names.append((f"{self._sides[0]}/{ends[0]}", f"{self._sides[1]}/{ends[1]}"))
        self._index = {names: n for n, names in enumerate(self._names)}

    def _of_pairs(self) -> list[_Place]:
        return [_Place(number, pair.zone) for number, pair in enumerate(self._matches)]

    def _of_groups(self) -> list[_Place]:
        sure: list[_Place] = []
        doubtful: list[_Place] = []
        for group in self._matches.groups[0]:
            stays, *heads = [survivor(core, self._left, self._known) for core in group.cores]
            first = _first(stays, group.cores[0])
            order = (*first, *(row for row in group.members if row not in first))
            sure += self._beside(first, order, "sure", len(first))
            for head, core in zip(heads, group.cores[1:], strict=True):
                # Those that surely are one among themselves: it is asked of one of them whether they are `stays` too.
                own = _first(head, core)
                sure += self._beside(own, own, "sure", len(own))
                doubtful += self._beside((stays, head), order, "doubtful", len(first))
        return sure + doubtful

    def _beside(self, rows: Sequence[int], group: tuple[int, ...], zone: Zone, sure: int) -> list[_Place]:
        """The pairs of the first of these rows with each of the others."""
        stays, *others = rows
        numbers = {row: self._matches.number(min(stays, row), max(stays, row)) for row in others}
        return [
            _Place(number, zone, group, sure, stays < row)
            for row, number in numbers.items()
            if number is not None
        ]

    def _pair(self, place: _Place) -> Pair:
        pair = self._matches.pair(place.number)
        if not place.turned:
            return pair
        why = tuple(msgspec.structs.replace(one, left=one.right, right=one.left) for one in pair.why)
        return msgspec.structs.replace(pair, left=pair.right, right=pair.left, why=why)

    def __len__(self) -> int:
        return len(self._places)

    def count(self, zone: Literal["sure", "doubtful"]) -> int:
        """How many pairs are in a zone, judged or not."""
        return sum(place.zone == zone for place in self._places)

    def kind(self, index: int) -> Kind:
        """Of which kind the pair at a place is."""
        return self._kinds[index]

    def kinds(self) -> Counter[Kind]:
        """How many pairs are of each kind: they add up to all."""
        return Counter(self._kinds)

    def line(self, index: int) -> Line:
        """What a list shows of a pair."""
        pair = self._pair(self._places[index])
        return Line(self._kinds[index], self._left[pair.left], self._right[pair.right], pair.why)

    def identities(self, index: int) -> tuple[Identity, Identity]:
        """What tells the two of a pair apart from others of their names."""
        line, (here, there) = self.line(index), self._sides
        return identity(line.left, here, self._known), identity(line.right, there, self._known)

    def case(self, index: int) -> Case:
        """The pair at a place. IndexError when there is none."""
        place = self._places[index]
        pair = self._pair(place)
        case = _case(
            pair,
            self._left[pair.left],
            self._right[pair.right],
            self._sides,
            self._matches.levels(place.number),
            self._known,
            merging=self.view == "within",
            rivalled=place.zone == "doubtful" and self._matches.rivalled(place.number),
        )
        return msgspec.structs.replace(
            case, zone=place.zone, said=self.said(index), group=self._members(place)
        )

    def _members(self, place: _Place) -> tuple[Member, ...]:
        if len(place.group) <= 2:
            return ()
        customers = [self._left[row] for row in place.group]
        return tuple(
            Member(
                f"{directory.TEAMLEADER}/{one.key}",
                apart(one, directory.TEAMLEADER, self._known),
                n < place.sure,
            )
            for n, one in enumerate(customers)
        )

    def said(self, index: int) -> bool | None:
        """Whether the user said that the two at a place are the same; None: nothing."""
        return self._matches.said(self._places[index].number)

    def index(self, names: tuple[str, str]) -> int | None:
        """Where a pair stands; None when it is none any more."""
        return self._index.get(names)

    def names(self, index: int) -> tuple[str, str]:
        """The two of a pair as `workspace.answers` names them."""
        return self._names[index]


def _kind(place: _Place, matches: Matches) -> Kind:
    if matches.said(place.number) is not None:
        return "judged"
    return "telling" if place.zone == "not" else place.zone


def _first(stays: int, core: Sequence[int]) -> tuple[int, ...]:
    """These rows, the one that stays first."""
    return (stays, *(row for row in core if row != stays))


class Known(msgspec.Struct, frozen=True):
    """What is known of the customers beyond their fields, by Teamleader id."""

    documents: Mapping[str, int]  # invoices and credit notes since the start date
    relations: Mapping[str, int]  # the relation that each is linked with
    pages: Mapping[str, str]
    inactive: frozenset[str]
    added: Mapping[str, datetime]


def best_view(workspace: Workspace) -> View:
    """Within Teamleader once something was imported there; before, across the two sides."""
    imported = any(IMPORT_TAG in one.customer.tags for one in directory.seen(workspace))
    return "within" if imported else "across"


def queue(workspace: Workspace, view: View, asking: int | None = None) -> Queue:
    """The pairs of what is kept. Computed: seconds with ten thousands of customers, so call it in a thread.

    `asking`: as `Queue` takes it.
    """
    octopus_at, teamleader_at = directory.read_at(workspace)
    if view == "across":
        taken = {str(link.relation) for link in links.customers(workspace).values()}
        linked = links.customers(workspace).keys()
        left = [one for one in directory.in_octopus(workspace) if one.key not in taken]
        right: list[Customer] | None = [
            one for one in directory.in_teamleader(workspace) if one.key not in linked
        ]
        read_at = teamleader_at if octopus_at is not None else None  # by this computer's clock
        given = directory.answered(workspace, directory.OCTOPUS, directory.TEAMLEADER)
    else:
        left, right = directory.in_teamleader(workspace), None
        read_at = teamleader_at
        given = directory.answered(workspace, directory.TEAMLEADER, directory.TEAMLEADER)
    return Queue(view, left, right, match(left, right, given), known(workspace), read_at, asking)


def known(workspace: Workspace, read: Sequence[directory.Seen] | None = None) -> Known:
    """What is kept about the customers of Teamleader, or about those that were `read` just now."""
    documents: Counter[str] = Counter()
    for head in chain(kept_documents(workspace, "invoice"), kept_documents(workspace, "credit_note")):
        documents[head.customer_id] += 1
    seen = list(directory.seen(workspace)) if read is None else read
    return Known(
        documents=documents,
        relations={link.customer: link.relation for link in links.customers(workspace).values()},
        pages={one.customer.key: one.web_url for one in seen if one.web_url},
        inactive=frozenset(one.customer.key for one in seen if one.status != "active"),
        added={one.customer.key: one.added_at for one in seen if one.added_at},
    )


# --- one pair --------------------------------------------------------------------------------------------


def _case(
    pair: Pair,
    left: Customer,
    right: Customer,
    places: tuple[str, str],
    levels: Mapping[str, int],
    about: Known,
    *,
    merging: bool,
    rivalled: bool,
) -> Case:
    rows = _rows(left, right, pair.why)
    keep: Side | Literal[""] = ""
    because = ""
    gets: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    if merging:
        keep, because = _survivor(left, right, about)
        gets, conflicts = _gains(rows, keep)
    return Case(
        left=left,
        right=right,
        places=places,
        zone=pair.zone,
        score=pair.score,
        why=pair.why,
        rows=rows,
        levels=levels,
        keep=keep,
        because=because,
        gets=gets,
        conflicts=conflicts,
        hangs=(
            _hangs(left.key, about) if places[0] == "teamleader" else "",
            _hangs(right.key, about),
        ),
        pages=(
            about.pages.get(left.key, "") if places[0] == "teamleader" else "",
            about.pages.get(right.key, ""),
        ),
        identities=(str(identity(left, places[0], about)), str(identity(right, places[1], about))),
        rivalled=rivalled,
    )


def _rows(left: Customer, right: Customer, why: Sequence[Evidence]) -> tuple[Row, ...]:
    by_field = {one.field: one for one in why}
    texts = {
        "name": (left.name, right.name),
        "vat": (left.vat, right.vat),
        "national": (left.national, right.national),
        "street": (_street(left), _street(right)),
        "postcode": (left.postcode, right.postcode),
        "city": (left.city, right.city),
        "country": (left.country, right.country),
        "email": (", ".join(left.emails), ", ".join(right.emails)),
        "phone": (", ".join(left.phones), ", ".join(right.phones)),
        "iban": (", ".join(left.ibans), ", ".join(right.ibans)),
        "domain": (left.website, right.website),
        "external": (left.external, right.external),
    }
    rows = []
    for field, (one, other) in texts.items():
        trivial = field == "country" and one == other
        if trivial or not (one or other):
            continue
        rows.append(Row(field, one, other, _mark(field, one, other, by_field), _weight(field, by_field)))
    return tuple(rows)


def _street(customer: Customer) -> str:
    return " ".join(part for part in (customer.street, customer.number) if part)


def _mark(field: str, left: str, right: str, by_field: Mapping[str, Evidence]) -> Mark:
    if not left or not right:
        return ""
    if field == "street" and "house" in by_field and by_field["house"].how == "other":
        return "≠"
    evidence = by_field.get(field)
    if evidence is None:
        return "=" if left == right else "≠"
    mark = _SAME.get(evidence.how, "≈")
    if mark == "≠" and field == "email" and "domain" in by_field and by_field["domain"].how == "same":
        return "≈"
    return "=" if mark == "=" else "≠" if mark == "≠" else "≈"


def _weight(field: str, by_field: Mapping[str, Evidence]) -> float:
    parts = {
        "name": ("name", "structure", "legal"),
        "street": ("street", "house"),
        "email": ("email", "domain"),
    }
    return sum(by_field[part].weight for part in parts.get(field, (field,)) if part in by_field)


def survivor(rows: Sequence[int], customers: Sequence[Customer], about: Known) -> int:
    """The one of these rows that stays when they are made one."""

    def better(one: int, other: int) -> int:
        return one if _survivor(customers[one], customers[other], about)[0] == "left" else other

    return reduce(better, rows)


def _survivor(left: Customer, right: Customer, about: Known) -> tuple[Side, str]:
    """The one on which more hangs; else the one that no import made, the active, the fuller, the older one."""
    documents = [about.documents.get(one.key, 0) for one in (left, right)]
    if documents[0] != documents[1]:
        number = max(documents)
        reason = ngettext(
            "{count} document was made out to it", "{count} documents were made out to it", number
        ).format(count=number)
        return ("left" if documents[0] > documents[1] else "right"), reason
    tagged = [IMPORT_TAG in one.tags for one in (left, right)]
    if tagged[0] != tagged[1]:
        return ("right" if tagged[0] else "left"), _("it was there before the import")
    inactive = [one.key in about.inactive for one in (left, right)]
    if inactive[0] != inactive[1]:
        return ("right" if inactive[0] else "left"), _("the other one is not active")
    filled = [sum(bool(value) for value in msgspec.structs.astuple(one)) for one in (left, right)]
    if filled[0] != filled[1]:
        return ("left" if filled[0] > filled[1] else "right"), _("more of it is filled in")
    added = [about.added.get(one.key) for one in (left, right)]
    if added[0] and added[1] and added[0] != added[1]:
        return ("left" if added[0] < added[1] else "right"), _("it is the older one")
    return ("left" if left.key <= right.key else "right"), _("nothing tells them apart")


def _gains(rows: Sequence[Row], keep: Side) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Fields that the survivor gets from the other, and fields on which they differ."""
    gets = tuple(row.field for row in rows if not getattr(row, keep) and (row.left or row.right))
    return gets, tuple(row.field for row in rows if row.mark in ("≠", "≈"))


class Identity(NamedTuple):
    """What tells a customer apart from another one of its name. `town` and `hangs` are empty where nothing is known."""

    number: str  # `relation 12`, `Teamleader 8f14e45f`
    town: str
    hangs: str

    def __str__(self) -> str:
        return " · ".join(filter(None, self))


def apart(customer: Customer, place: str, about: Known) -> str:
    """A customer so that another one of its name is not taken for it."""
    return _named(customer.name, str(identity(customer, place, about)))


def _named(name: str, identity: str) -> str:
    return f"{name} ({identity})" if identity else name


def identity(customer: Customer, place: str, about: Known) -> Identity:
    """Its number, its place, what hangs on it."""
    town = " ".join(filter(None, (customer.postcode, customer.city)))
    if place == directory.OCTOPUS:
        return Identity(_("relation {number}").format(number=customer.key), town, "")
    number = _("Teamleader {id}").format(id=customer.key[:_ID_SHOWN])
    return Identity(number, town, _hangs(customer.key, about) or _("no document"))


def told_apart(workspace: Workspace, keys: Collection[str]) -> dict[str, str]:
    """The kept customers of Teamleader with these ids, each as `apart` has it."""
    about = known(workspace)
    return {
        one.customer.key: apart(one.customer, directory.TEAMLEADER, about)
        for one in directory.seen(workspace)
        if one.customer.key in keys
    }


def _hangs(key: str, about: Known) -> str:
    parts = []
    number = about.documents.get(key, 0)
    if number:
        parts.append(counted("document", number))
    if key in about.relations:
        parts.append(_("linked with relation {number}").format(number=about.relations[key]))
    if key in about.inactive:
        parts.append(_("not active"))
    return " · ".join(parts)


# --- merged by hand --------------------------------------------------------------------------------------


async def still_there(teamleader: Teamleader, ids: Sequence[str]) -> set[str]:
    """Which of these companies and contacts Teamleader still has: one or two calls. Raises VendorError."""
    present: set[str] = set()
    async for page in teamleader.companies_by_id(ids):
        present.update(one.id for one in page.records)
    missing = [one for one in ids if one not in present]
    if missing:
        async for people in teamleader.contacts_by_id(missing):
            present.update(one.id for one in people.records)
    return present


def noticed(workspace: Workspace, gone: str, survivor: str) -> None:
    """Two were merged in Teamleader: the survivor takes over the link with Octopus, and the other one is forgotten."""
    known_links = links.customers(workspace)
    link = known_links.get(gone)
    if link is not None and survivor not in known_links:
        links.keep(workspace, link._replace(customer=survivor))
    links.drop_customer(workspace, gone)
    directory.forget(workspace, (gone,))
