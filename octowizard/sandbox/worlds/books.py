"""The Octopus side as an accountant has set it up: years, journals, accounts, VAT codes. No customers here.

Shapes are those of the vendor's contract. The chart follows the Belgian minimum system in Octopus' six
digits; the codes for intra-community, export and co-contractor sales are invented, since every dossier names
its own.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from octowizard.sandbox.state import Account, Bookyear, Dossier, Journal, Json, OctopusSide

DOSSIER_ID = 45119
SET_UP_ON = datetime(2025, 1, 6, 9, 30, tzinfo=UTC)
LANGUAGES = ("NL", "FR", "EN", "DE")

COMPANY: Json = {
    "name": "Meubelatelier Noordster BV",
    "vat": "0998877690",
    "street": "Nijverheidskaai 12",
    "postal_code": "9000",
    "city": "Gent",
    "iban": "BE24063987654338",
    "bic": "GKCCBEBB",
}

# account, its name in NL, FR, EN, DE, sales VAT code
_ACCOUNTS = """
400000 | Handelsdebiteuren | Clients | Trade debtors | Kunden |
440000 | Leveranciers | Fournisseurs | Suppliers | Lieferanten |
451000 | Te betalen btw | TVA à payer | VAT payable | Zu zahlende MwSt. |
499000 | Wachtrekening | Compte d'attente | Suspense account | Zwischenkonto |
550000 | Bank | Banque | Bank | Bank |
580000 | Interne overboekingen | Virements internes | Internal transfers | Interne Überweisungen |
588888 | Openingsrekening | Compte d'ouverture | Opening account | Eröffnungskonto |
604000 | Aankopen handelsgoederen | Achats de marchandises | Goods for resale | Wareneinkauf |
610000 | Diensten en diverse goederen | Services et biens divers | Services | Dienstleistungen |
700000 | Verkopen binnenland | Ventes en Belgique | Domestic sales | Verkäufe Inland | 21
700100 | Diensten in België | Services en Belgique | Services in Belgium | Leistungen Inland | 21
700300 | Onderhoud en herstelling | Entretien et réparation | Maintenance | Wartung | 21
700500 | Verkopen medecontractant | Ventes cocontractant | Co-contractor sales | Vertragspartner | MC
700600 | IC leveringen | Livraisons IC | Intra-community supplies | IG Lieferungen | IC
700610 | IC diensten | Services IC | Intra-community services | IG Dienstleistungen | ICD
700700 | Verkopen buiten de EU | Ventes hors UE | Sales outside the EU | Verkäufe Drittland | EX
700999 | Verkopen (groep) | Ventes (groupe) | Sales (group) | Verkäufe (Gruppe) |
701000 | Verkopen afgewerkte producten | Ventes de produits finis | Products | Erzeugnisse | 21
705000 | Prestaties | Prestations | Services rendered | Leistungen | 21
708000 | Toegekende kortingen | Remises accordées | Discounts granted | Gewährte Rabatte |
709000 | Afronding van betalingen | Arrondi des paiements | Rounding | Rundung |
740000 | Exploitatiesubsidies | Subsides d'exploitation | Operating subsidies | Subventionen |
757000 | Betalingsverschillen | Différences de paiement | Payment differences | Differenzen |
"""
_GROUP_ACCOUNTS = frozenset({700999})

# code, description, percentage, account proposed for sales
_SALE_CODES = """
21 | Binnenland 21 % | 21 | 700000
12 | Binnenland 12 % | 12 | 700000
06 | Binnenland 6 % | 6 | 700000
00 | Binnenland 0 % | 0 | 700000
MC | Medecontractant (btw verlegd) | 0 | 700500
IC | Intracommunautaire leveringen | 0 | 700600
ICD | Intracommunautaire diensten | 0 | 700610
EX | Export (uitvoer buiten de EU) | 0 | 700700
"""
_PURCHASE_CODES = """
D21 | Diensten 21 % | 21
D6 | Diensten 6 % | 6
I21 | Investeringen 21 % | 21
H21 | Handelsgoederen 21 % | 21
H12 | Handelsgoederen 12 % | 12
H6 | Handelsgoederen 6 % | 6
H00 | Handelsgoederen 0 % | 0
"""
# key, its name in NL, FR, EN, DE, insertion type
_JOURNALS = """
A1 | Aankopen | Achats | Purchases | Einkäufe | 1
V1 | Verkopen | Ventes | Sales | Verkäufe | 1
V2 | Creditnota's verkoop | Notes de crédit vente | Sales credit notes | Gutschriften | 1
V3 | Facturatie | Facturation | Invoicing | Fakturierung | 2
F1 | Bank | Banque | Bank | Bank | 1
D1 | Diverse verrichtingen | Opérations diverses | Miscellaneous | Sonstiges | 1
"""


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in row.split("|")] for row in table.strip().splitlines()]


def periods(start: date, end: date, kind: str) -> list[Json]:
    """The periods of a bookyear: numbered YYYYNN with the year of the first day, whatever the month (inferred
    for years that do not begin in January). `kind`: MONTH, QUARTER or YEAR."""
    made: list[Json] = []
    first = start
    while first <= end:
        months = {"MONTH": 1, "QUARTER": 3}.get(kind)
        following = (
            end + timedelta(days=1) if months is None else months_later(start, months * (len(made) + 1))
        )
        last = min(following - timedelta(days=1), end)
        number = start.year * 100 + len(made) + 1
        made.append({"bookyearPeriod": number, "startDate": first.isoformat(), "endDate": last.isoformat()})
        first = last + timedelta(days=1)
    return made


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def bookyear(bookyear_id: int, year: int, closed: bool = False, desktop_only: bool = False) -> Bookyear:
    """A calendar year in twelve monthly periods numbered `202601`.."""
    data: Json = {
        "bookyearKey": {"id": bookyear_id},
        "bookyearDescription": f"Boekjaar {year}",
        "startDate": f"{year}-01-01",
        "endDate": f"{year}-12-31",
        "closed": closed,
        "periods": periods(date(year, 1, 1), date(year, 12, 31), "MONTH"),
    }
    names = {"NL": "Boekjaar", "FR": "Exercice", "EN": "Fiscal year", "DE": "Geschäftsjahr"}
    detail: Json = {"names": {language: f"{word} {year}" for language, word in names.items()}}
    return Bookyear(data, desktop_only=desktop_only, detail=detail)


def journals(bookyear_id: int, modified: datetime = SET_UP_ON) -> list[Journal]:
    """The six journals of one year, all open."""
    return [
        Journal(
            bookyear_id=bookyear_id,
            key=key,
            names=dict(zip(LANGUAGES, names, strict=True)),
            insertion_type=int(entry),
            currency="EUR" if key.startswith("F") else None,
            iban=COMPANY["iban"] if key.startswith("F") else None,
            modified=modified,
        )
        for key, *names, entry in _rows(_JOURNALS)
    ]


def accounts(bookyear_id: int, modified: datetime = SET_UP_ON) -> list[Account]:
    """The chart of one year."""
    made = []
    for written, *names, code in _rows(_ACCOUNTS):
        number = int(written)
        data: Json = {
            "accountKey": {"bookyearKey": {"id": bookyear_id}, "id": number},
            "description": dict(zip((f"description_{one}" for one in LANGUAGES), names, strict=True)),
            "vatRecupPercentage": Decimal("100.00"),
            "fiscProfessionalPercentage": Decimal("100.00"),
            "fiscRecupPercentage": Decimal("100.00"),
            "costCentreType": 2 if number == 610000 else 0,
        }
        if code:
            data["salesVatCode"] = code
        if 600000 <= number < 700000:
            data["purchaseVatCode"] = "H21" if number < 610000 else "D21"
        made.append(Account(data, bookable=number not in _GROUP_ACCOUNTS, modified=modified))
    return made


def vat_codes() -> list[Json]:
    """Each sales code as type 2 and 4, each purchase code as type 1 and 3."""
    made: list[Json] = []
    for kind in (2, 4):
        made += [
            _vat_code(code, text, kind, percentage) | {"defaultSellBookingAccountNr": int(account)}
            for code, text, percentage, account in _rows(_SALE_CODES)
        ]
    for kind in (1, 3):
        made += [_vat_code(code, text, kind, share) for code, text, share in _rows(_PURCHASE_CODES)]
    return made


def _vat_code(code: str, text: str, kind: int, percentage: str) -> Json:
    return {"code": code, "description": text, "type": kind, "basePercentage": Decimal(f"{percentage}.00")}


def add_year(dossier: Dossier, made: Bookyear, with_books: bool = True) -> None:
    """Put a year into the dossier, with its journals and chart unless told otherwise."""
    dossier.bookyears[made.id] = made
    if with_books:
        for journal in journals(made.id):
            dossier.journals[made.id, journal.key] = journal
        for account in accounts(made.id):
            dossier.accounts[made.id, int(account.data["accountKey"]["id"])] = account


def empty_dossier() -> Dossier:
    """The company file as the vendor delivers it: no years, so no journals and no accounts."""
    return Dossier(
        data={
            "dossierKey": {"id": DOSSIER_ID},
            "dossierDescription": COMPANY["name"],
            "vatNr": f"BE{COMPANY['vat'][:4]}.{COMPANY['vat'][4:7]}.{COMPANY['vat'][7:]}",
            "streetAndNr": COMPANY["street"],
            "country": "BE",
            "postalCode": COMPANY["postal_code"],
            "city": COMPANY["city"],
            "url": "",
            "email": "info@noordster.example.com",
            "corporationTypeKey": {"id": 9},
            "languageCode": "nl",
        },
        vat_codes=vat_codes(),
        currencies=["EUR", "USD", "GBP"],
        cost_centres=[
            {
                "costCentreKey": {"id": number},
                "description": {"description_NL": dutch, "description_FR": french},
                "closed": False,
            }
            for number, dutch, french in ((1, "Atelier", "Atelier"), (2, "Toonzaal", "Showroom"))
        ],
    )


def ready_dossier() -> Dossier:
    """2025 closed, 2026 and 2027 open; the returns of 2026 are filed up to September."""
    dossier = empty_dossier()
    for number, year in ((4, 2025), (5, 2026), (6, 2027)):
        add_year(dossier, bookyear(number, year, closed=year == 2025))
    for key in ("V1", "V2"):
        dossier.journals[5, key].protected_period = 202609
        dossier.journals[5, key].modified = datetime(2026, 10, 19, 14, 2, tzinfo=UTC)
    return dossier


def side(dossier: Dossier) -> OctopusSide:
    """The Octopus login of the practice company, which sees this one dossier."""
    return OctopusSide(
        software_house="6f1d3c52-8f3e-4b53-9a3f-0c1d2e3f4a5b",
        user="U-practice",
        password="practice-Gent-9000",  # an invented password of an invented company
        dossiers={dossier.id: dossier},
    )


def year_of(dossier: Dossier, day: date) -> Bookyear | None:
    """The year that holds `day`, or None."""
    text = day.isoformat()
    for found in dossier.bookyears.values():
        if found.data["startDate"] <= text <= found.data["endDate"]:
            return found
    return None


def period_of(year: Bookyear, day: date) -> int | None:
    """The period of the year that holds `day`, by the year's own list."""
    text = day.isoformat()
    for period in year.data["periods"]:
        if period["startDate"] <= text <= period["endDate"]:
            return int(period["bookyearPeriod"])
    return None
