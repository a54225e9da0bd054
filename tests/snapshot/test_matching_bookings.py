"""Which booking is which document, when only what stands in Octopus tells."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octowizard.snapshot.matching_bookings import MARK, comment_for, imported_twice, recognise
from octowizard.snapshot.model import BookingHead, DocumentHead

DAY = date(2026, 2, 10)
COMMUNICATION = "084261366074"
WRITTEN = "+++084/2613/66074+++"


def document(number: str = "2026 / 15", **changes: Any) -> DocumentHead:
    known: dict[str, Any] = {
        "id": number,
        "kind": "invoice",
        "number": number,
        "date": DAY,
        "due_on": None,
        "customer_id": "c",
        "customer_type": "company",
        "customer_name": "Foo",
        "amount": Decimal("121.00"),
        "currency": "EUR",
        "open_amount": None,
        "communication": COMMUNICATION,
        "stamp": "",
    }
    return DocumentHead(**(known | changes))


def booking(comment: str = "", reference: str = "", **changes: Any) -> BookingHead:
    known: dict[str, Any] = {
        "bookyear": 5,
        "journal": "V1",
        "number": 41,
        "relation": 9,
        "date": DAY,
        "amount": Decimal("121.00"),
    }
    return BookingHead(**(known | changes), comment=comment, reference=reference)


CREDIT_NOTE = document("2026/15", id="cn", kind="credit_note", communication=None)


def where(one: DocumentHead, *bookings: BookingHead) -> str:
    """In which of the three lists the document is, or `nowhere`."""
    found = recognise([one], bookings)
    places = {"ours": found.ours, "elsewhere": found.elsewhere, "differing": found.differing}
    named = [place for place, pairs in places.items() if pairs]
    assert len(named) <= 1
    return named[0] if named else "nowhere"


@pytest.mark.parametrize("number", ["2026 / 15", "2026/15", "INV 2026 / 15", "7"])
def test_what_octowizard_booked_is_known_again_by_its_own_comment(number: str) -> None:
    assert where(document(number, communication=None), booking(comment_for(number), number)) == "ours"


@pytest.mark.parametrize(
    ("comment", "reference"),
    [
        ("2026/15", ""),
        ("2026 / 15", ""),
        ("", "2026/15"),
        ("Factuur 2026/15", ""),
        ("Invoice 2026 / 15 of Foo [BE] bvba", ""),
        ("Factuur:2026/15", ""),
        ("(2026/15)", ""),
        ("#2026/15.", ""),
        ("V1/2026/15", ""),
        ("2026/15, 2026/16", ""),
        (f"2026 / 15{MARK} (corrected by hand)", ""),
        ("", WRITTEN),
        ("", COMMUNICATION),
        (WRITTEN, ""),
        ("Ref. 084/2613/66074", ""),
        ("***084/2613/66074***", ""),
    ],
)
def test_what_another_connector_or_a_person_booked_is_known_again_and_not_booked_twice(
    comment: str, reference: str
) -> None:
    assert where(document(), booking(comment, reference)) == "elsewhere"
    assert where(document("2026/15"), booking(comment, reference)) == "elsewhere"


def test_a_number_without_a_slash_is_known_again_where_it_stands_alone() -> None:
    plain = document("F26-0015", communication=None)
    assert where(plain, booking("F26-0015")) == "elsewhere"
    assert where(plain, booking("", " F26-0015 ")) == "elsewhere"


@pytest.mark.parametrize(
    ("comment", "reference"),
    [
        ("2026/151", ""),
        ("12026/15", ""),
        ("2025/15", ""),
        ("2026/1", ""),
        ("", "+++145/2000/00117+++"),
        ("", "+++084/2613/66075+++"),
        ("", ""),
        ("Foo", "Bar"),
    ],
)
def test_another_number_is_another_document_even_with_the_same_amount_and_day(
    comment: str, reference: str
) -> None:
    assert where(document(), booking(comment, reference)) == "nowhere"


@pytest.mark.parametrize("comment", ["2026/15", "2026 / 15", comment_for("2026 / 15"), WRITTEN])
@pytest.mark.parametrize("other", [{"amount": Decimal("120.99")}, {"date": date(2026, 2, 11)}])
def test_a_booking_that_bears_the_number_with_another_content_stops_the_document(
    comment: str, other: dict[str, Any]
) -> None:
    assert where(document(), booking(comment, **other)) == "differing"


@pytest.mark.parametrize(
    "text", ["Credit for 2026/15", "see also 2026 / 15", f"Rest of {WRITTEN}", "2026/15, 2026/16"]
)
def test_a_number_that_is_only_mentioned_with_another_amount_stops_nothing(text: str) -> None:
    assert where(document(), booking(text, amount=Decimal("60.00"))) == "nowhere"


def test_an_invoice_and_a_credit_note_of_the_same_number_are_told_apart_by_sign() -> None:
    invoice, credit = booking("2026/15"), booking("2026/15", journal="V2", amount=Decimal("-121.00"))
    found = recognise([document(), CREDIT_NOTE], [credit, invoice])
    assert [(head.kind, there.journal) for head, there in found.elsewhere] == [
        ("invoice", "V1"),
        ("credit_note", "V2"),
    ]
    assert where(document(), credit) == "nowhere"
    assert where(CREDIT_NOTE, invoice) == "nowhere"


def test_a_credit_note_booked_with_the_invoices_communication_is_not_taken_for_the_invoice() -> None:
    credit = booking("credit", WRITTEN, journal="V2", amount=Decimal("-121.00"))
    assert where(document(), credit) == "nowhere"


def test_an_invoice_below_zero_is_known_again_and_not_booked_twice() -> None:
    refund = document(amount=Decimal("-50.00"))
    below = booking(comment_for("2026 / 15"), amount=Decimal("-50.00"))
    assert where(refund, below) == "ours"
    assert where(refund, booking(comment_for("2026 / 15"), amount=Decimal("50.00"))) == "nowhere"
    assert where(document(amount=Decimal("50.00")), below) == "nowhere"


def test_a_booking_is_one_document_and_a_document_one_booking() -> None:
    both = "2026/15 2026/16"
    found = recognise([document(), document("2026 / 16", communication=None)], [booking(both)])
    assert [head.number for head, _ in found.elsewhere] == ["2026 / 15"]
    assert not found.differing
    twice = recognise([document()], [booking("2026/15", number=41), booking("2026/15", number=42)])
    assert len(twice.elsewhere) == 1


def test_of_two_bookings_of_a_document_our_own_is_the_one() -> None:
    hand, ours = booking("2026/15", number=40), booking(comment_for("2026 / 15"), number=41)
    found = recognise([document()], [hand, ours])
    assert found.ours == [(document(), ours)]
    assert not found.elsewhere


def test_of_two_bookings_of_a_document_the_one_with_its_amount_is_the_one() -> None:
    wrong, right = booking("2026/15", number=40, amount=Decimal(1)), booking("2026/15", number=41)
    assert recognise([document()], [wrong, right]).elsewhere == [(document(), right)]


NUMBERS = st.integers(1, 9999).map(lambda n: f"2026 / {n}")
WORDS = st.text(alphabet="abc .,:;()#-é", max_size=8)


@given(st.lists(NUMBERS, unique=True, min_size=1, max_size=8), st.data())
def test_after_the_workspace_is_lost_every_own_booking_finds_its_document_again(
    numbers: list[str], data: st.DataObject
) -> None:
    heads = [document(number, communication=None) for number in numbers]
    made = [booking(comment_for(number), number=n) for n, number in enumerate(numbers, start=1)]
    found = recognise(heads, data.draw(st.permutations(made)))
    assert sorted((head.number, there.number) for head, there in found.ours) == sorted(
        (number, n) for n, number in enumerate(numbers, start=1)
    )
    assert not found.elsewhere
    assert not found.differing


@given(NUMBERS, NUMBERS, WORDS, WORDS)
def test_a_booking_with_words_around_its_number_is_that_document_and_no_other(
    one: str, other: str, before: str, after: str
) -> None:
    there = booking(f"{before} {one.replace(' ', '')} {after}")
    assert where(document(one, communication=None), there) == "elsewhere"
    if one != other:
        assert where(document(other, communication=None), there) == "nowhere"


@given(st.lists(st.builds(booking, st.text(max_size=20), st.text(max_size=20)), max_size=5))
def test_any_text_in_a_booking_is_read_without_a_fault(bookings: list[BookingHead]) -> None:
    found = recognise([document(), CREDIT_NOTE], bookings)
    assert len(found.ours) + len(found.elsewhere) + len(found.differing) <= 2


OURS = booking(f"2026 / 15{MARK}", WRITTEN)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (booking("UBL 2026 / 15", number=50), True),
        (booking("", WRITTEN, number=50), True),
        (booking("2026/15", "2026/15", number=50), True),
        (booking("UBL 2026 / 15", number=7, journal="V4"), True),
        (booking("UBL 2026 / 15", number=50, amount=Decimal("121.02"), date=date(2026, 2, 13)), True),
        (booking("UBL 2026 / 15", number=50, amount=Decimal("121.03")), False),
        (booking("UBL 2026 / 15", number=50, date=date(2026, 2, 14)), False),
        (booking("UBL 2026 / 15", number=50, amount=Decimal("-121.00")), False),
        (booking("UBL 2026 / 15", number=50, relation=10), False),  # somebody else's: another fault
        (booking("UBL 2026 / 16", number=50), False),
        (booking("Abonnement", number=50), False),  # amount and date alone are those of every subscription
        (booking(f"2026 / 15{MARK}", WRITTEN, number=50), False),  # both are octowizard's
        (booking("UBL 2026 / 15", number=50, amount=Decimal("0.00")), False),  # it was voided
    ],
)
def test_the_same_sale_once_more_is_known_by_number_amount_and_relation(
    other: BookingHead, same: bool
) -> None:
    assert list(imported_twice([other, OURS])) == ([(OURS, other)] if same else [])


# --- where another connector is known to book ---------------------------------------------------------------


def paired(
    documents: list[DocumentHead], bookings: list[BookingHead], *relations: int
) -> list[tuple[str, int]]:
    """What is recognised of bookings by others, the customer of each document being one of these relations."""
    found = recognise(documents, bookings, lambda _head: relations)
    return [(head.id, entry.number) for head, entry in found.elsewhere]


def test_a_booking_that_names_no_document_is_known_by_its_own_number() -> None:
    nameless = booking(number=15, relation=9)
    assert paired([document()], [nameless]) == [(document().id, 15)]
    assert recognise([document()], [nameless]).elsewhere == []  # only where another connector books


def test_a_booking_that_names_no_document_is_known_by_its_relation() -> None:
    assert paired([document()], [booking(number=77, relation=9)], 9) == [(document().id, 77)]
    assert paired([document()], [booking(number=77, relation=9)], 8) == []


@pytest.mark.parametrize("changes", [{"amount": Decimal("1.00")}, {"date": date(2026, 1, 9)}])
def test_another_amount_or_day_is_another_sale_whatever_its_number_and_relation(changes: Any) -> None:
    assert paired([document()], [booking(**{"number": 15, "relation": 9, **changes})], 9) == []


def test_a_booking_that_names_another_document_is_not_taken_for_this_one() -> None:
    assert paired([document()], [booking("Factuur 2026 / 99", number=15, relation=9)], 9) == []


def test_where_two_could_be_meant_none_is_guessed() -> None:
    twins = [document(id="a", number="2026 / 15"), document(id="b", number="2026 / 16")]
    assert paired(twins, [booking(number=77, relation=9)], 9) == []
    assert paired(twins[:1], [booking(number=77, relation=9), booking(number=78, relation=9)], 9) == []
    # their own numbers tell which is which
    assert paired(twins, [booking(number=16, relation=9), booking(number=15, relation=9)], 9) == [
        ("a", 15),
        ("b", 16),
    ]


@given(
    st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["10.00", "20.00"])), max_size=8),
    st.lists(
        st.tuples(st.integers(1, 6), st.sampled_from(["10.00", "20.00"]), st.integers(1, 3)), max_size=8
    ),
)
def test_no_document_and_no_booking_is_paired_twice(
    documents: list[tuple[int, str]], bookings: list[tuple[int, str, int]]
) -> None:
    heads = [
        document(id=str(place), number=f"2026 / {number}", amount=Decimal(amount), communication=None)
        for place, (number, amount) in enumerate(documents)
    ]
    entries = [
        booking(number=number, amount=Decimal(amount), relation=relation)
        for number, amount, relation in {one[0]: one for one in bookings}.values()
    ]
    pairs = paired(heads, entries, 1, 2)
    assert len({key for key, _number in pairs}) == len({number for _key, number in pairs}) == len(pairs)
    sums = {head.id: head.amount for head in heads}
    there = {entry.number: entry.amount for entry in entries}
    assert all(sums[key] == there[number] for key, number in pairs)
