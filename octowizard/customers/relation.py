"""What a new relation takes over from a customer. Pure. Which relation a customer already is: checks/identity.py."""

from __future__ import annotations

from octowizard.matching.countries import VAT_AREA
from octowizard.matching.vat_numbers import is_intra_community, vat_key
from octowizard.octopus.models import Relation, RelationIdentification
from octowizard.planning.customers import country_of, full_name
from octowizard.snapshot.model import CustomerFacts

# Octopus' VAT types of a relation (its contract).
BELGIAN, INTRA_COMMUNITY, OUTSIDE_EU = 1, 4, 6
PRIVATE_BELGIUM, PRIVATE_EU, PRIVATE_OUTSIDE_EU, NOT_LIABLE = 7, 8, 9, 10

_LANGUAGES = {"nl": 0, "fr": 1, "en": 2, "de": 3}


def vat_type(customer: CustomerFacts) -> int:
    """The VAT type a new relation gets, from country and checked VAT number (Octopus' list)."""
    country = country_of(customer) or "BE"
    within = country in VAT_AREA
    if customer.type == "contact":
        return PRIVATE_BELGIUM if country == "BE" else PRIVATE_EU if within else PRIVATE_OUTSIDE_EU
    if key := vat_key(customer.vat_number, customer.country):
        return vat_type_of_number(key)
    return NOT_LIABLE if country == "BE" else PRIVATE_EU if within else OUTSIDE_EU


def vat_type_of_number(key: str) -> int:
    """The VAT type of a firm with this checked number: it outweighs the address."""
    if key.startswith("BE"):
        return BELGIAN
    return INTRA_COMMUNITY if is_intra_community(key) else OUTSIDE_EU


def _vat_number(customer: CustomerFacts) -> str:
    key = vat_key(customer.vat_number, customer.country)
    if key and key.startswith("BE"):
        return f"BE{key[2:6]}.{key[6:9]}.{key[9:12]}"
    return key or customer.vat_number or ""


def new_relation(customer: CustomerFacts, number: int, own_currency: str) -> Relation:
    """The relation to create: everything the API takes and Teamleader knows, under our external number."""
    is_person = customer.type == "contact"
    return Relation(
        relation_identification_service_data=RelationIdentification(external_relation_id=number),
        currency_code=customer.currency or own_currency,
        name=customer.name or full_name(customer),
        # Who has a first name only bears it as the name: not both, or Octopus would show it twice.
        first_name=customer.first_name or "" if is_person and customer.name else "",
        client=True,
        supplier=False,
        street_and_nr=customer.street or "",
        postal_code=customer.postcode or "",
        city=customer.city or "",
        country=country_of(customer) or "",
        telephone=customer.telephone or "",
        mobile=customer.mobile or "",
        email=customer.email or "",
        url=customer.website or "",
        iban_account_nr=customer.iban or "",
        bic_code=customer.bic or "",
        vat_nr=_vat_number(customer),
        vat_type=vat_type(customer),
        expiration_type=1 if customer.term_type == "end_of_month" else 2,
        expiration_days=customer.term_days if customer.term_type else None,
        fact_language=_LANGUAGES.get((customer.language or "")[:2].lower()),
        active=True,
    )
