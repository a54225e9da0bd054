"""What Octopus says when it refuses: error codes, their texts, and the exception that carries a refusal.

The numbers and their names come from the table of the older SOAP service; -13, -14 and -79 were recorded with
the same meaning here. Only two texts are genuine (both Dutch, recorded); every other text is a placeholder and
says so, because the vendor's wording is not known.
"""

from __future__ import annotations

from typing import Any

from octowizard.sandbox.web import Answer, json_response

LANGUAGES = ("NL", "FR", "EN", "DE")  # localeId 1..4

INVALID_PARAMETERS = "Invalid or missing parameters passed"  # recorded

# code -> (name, NL, FR, EN, DE)
_TEXTS: dict[int, tuple[str, str, str, str]] = {
    -1: ("ongeldige aanmelding", "identification invalide", "invalid login", "ungültige Anmeldung"),
    -2: ("niet aangemeld", "non authentifié", "not authenticated", "nicht angemeldet"),
    -3: ("geen toegang", "pas d'accès", "no access", "kein Zugriff"),
    -5: ("dossier uitgeschakeld", "dossier désactivé", "dossier disabled", "Dossier deaktiviert"),
    -7: ("relatie geweigerd", "relation refusée", "relation refused", "Relation abgelehnt"),
    -9: ("onbekend boekjaar", "exercice inconnu", "unknown bookyear", "unbekanntes Geschäftsjahr"),
    -10: ("onbekend dagboek", "journal inconnu", "unknown journal", "unbekanntes Journal"),
    -11: ("dagboek afgesloten", "journal clôturé", "journal closed", "Journal abgeschlossen"),
    -12: (
        "dagboek geopend door andere gebruiker",
        "journal ouvert par un autre utilisateur",
        "journal open by other user",
        "Journal von anderem Benutzer geöffnet",
    ),
    -13: (
        "ongeldig documentnummer",
        "numéro de document invalide",
        "illegal document number",
        "ungültige Belegnummer",
    ),
    -14: ("onbekende periode", "période inconnue", "unknown bookyear period", "unbekannte Periode"),
    -15: (
        "periode beveiligd of afgesloten",
        "période protégée ou clôturée",
        "bookyear period protected or closed",
        "Periode geschützt oder abgeschlossen",
    ),
    -16: ("onbekende relatie", "relation inconnue", "unknown relation", "unbekannte Relation"),
    -17: ("geen documentdatum", "pas de date de document", "no document date", "kein Belegdatum"),
    -18: ("geen vervaldatum", "pas de date d'échéance", "no expiry date", "kein Fälligkeitsdatum"),
    -19: ("onbekende munt", "devise inconnue", "unknown currency", "unbekannte Währung"),
    -20: ("ongeldige wisselkoers", "taux de change invalide", "illegal exchange rate", "ungültiger Kurs"),
    -21: ("onbekende rekening", "compte inconnu", "unknown account", "unbekanntes Konto"),
    -22: ("onbekende btw-code", "code TVA inconnu", "unknown VAT code", "unbekannter MwSt-Code"),
    -23: (
        "basis en btw met verschillend teken",
        "base et TVA de signe différent",
        "base and VAT with other sign",
        "Basis und MwSt mit verschiedenem Vorzeichen",
    ),
    -24: ("boeking geweigerd", "écriture refusée", "booking refused", "Buchung abgelehnt"),
    -25: ("onbekend lijntype", "type de ligne inconnu", "unknown line type", "unbekannter Zeilentyp"),
    -26: ("afpunting geweigerd", "lettrage refusé", "balancing refused", "Ausgleich abgelehnt"),
    -27: ("rekening geweigerd", "compte refusé", "account refused", "Konto abgelehnt"),
    -29: (
        "dagboek heeft het verkeerde invoertype",
        "journal avec un mauvais type d'encodage",
        "journal in the wrong mode",
        "Journal mit falschem Eingabetyp",
    ),
    -34: ("boeking bestaat niet", "écriture inexistante", "booking does not exist", "Buchung fehlt"),
    -35: ("wijziging geweigerd", "modification refusée", "change refused", "Änderung abgelehnt"),
    -37: ("factuur geweigerd", "facture refusée", "invoice refused", "Rechnung abgelehnt"),
    -38: ("ongeldig dagboek", "journal invalide", "invalid journal", "ungültiges Journal"),
    -40: (
        "onbekende kostenplaats",
        "centre de coûts inconnu",
        "unknown cost centre",
        "unbekannte Kostenstelle",
    ),
    -41: ("kostenplaats afgesloten", "centre de coûts clôturé", "cost centre closed", "Kostenstelle zu"),
    -49: ("product geweigerd", "produit refusé", "product refused", "Produkt abgelehnt"),
    -50: (
        "op deze rekening kan niet geboekt worden",
        "compte non imputable",
        "account cannot be booked on",
        "Konto nicht bebuchbar",
    ),
    -51: ("te veel oproepen", "trop d'appels", "too many calls", "zu viele Aufrufe"),
    -61: ("factuur bestaat niet", "facture inexistante", "invoice does not exist", "Rechnung fehlt"),
    -68: (
        "ongeldige identificatie van het softwarehuis",
        "identification de la société de logiciels invalide",
        "invalid software house identification",
        "ungültige Kennung des Softwarehauses",
    ),
    -73: ("aanmaning bestaat niet", "rappel inexistant", "reminder does not exist", "Mahnung fehlt"),
    -75: (
        "verkeerde soort btw-code",
        "mauvais type de code TVA",
        "VAT code of wrong type",
        "falscher MwSt-Typ",
    ),
    -76: (
        "kostenplaats geweigerd",
        "centre de coûts refusé",
        "cost centre refused",
        "Kostenstelle abgelehnt",
    ),
    -79: ("ongeldige parameter", "paramètre invalide", "invalid parameter", "ungültiger Parameter"),
}

_GENUINE_NL = {
    -13: (
        "Het document nummer is ongeldig. Het document nummer dient tevens oplopend te zijn en dient "
        "opeenvolgend te zijn met het laatste document nummer van het dagboek."
    ),
    -14: "De gebruikte boekjaar periode bestaat niet in het boekjaar.",
}


def text(code: int, locale: int) -> str:
    """The message of `code` in the language of a locale (1 Dutch, 2 French, 3 English, 4 German).

    Genuine where it was recorded, otherwise a placeholder that can be told from the vendor's text at a glance.
    """
    if locale == 1 and code in _GENUINE_NL:
        return _GENUINE_NL[code]
    words = _TEXTS.get(code)
    return f"[placeholder {LANGUAGES[locale - 1]} {code}] {words[locale - 1] if words else 'error'}"


class Refused(Exception):
    """A call that is refused: status, error code, text for developers. Neither code nor text: no body."""

    def __init__(
        self, status: int, code: int | None = None, technical: str = "", *, nothing_found: bool = False
    ) -> None:
        super().__init__(technical or f"{status} {code}")
        self.status = status
        self.code = code
        self.technical = technical
        self.nothing_found = nothing_found

    def answer(self, locale: int) -> Answer:
        """The refusal as ErrorResult in the caller's language; members that are not known are left out."""
        if self.code is None and not self.technical:
            return Answer(b"", self.status)
        return error_answer(self.status, self.code, self.technical, locale, refusal=not self.nothing_found)


def error_answer(
    status: int, code: int | None, technical: str, locale: int, *, refusal: bool = True
) -> Answer:
    """An ErrorResult answer."""
    data: dict[str, Any] = {}
    if code is not None:
        data["errorCode"] = code
        data["errorMessage"] = text(code, locale)
    if technical:
        data["technicalInfo"] = technical
    return json_response(data, status, sort_keys=True, refusal=refusal)


def bad_parameters() -> Refused:
    """A missing, misnamed or mistyped parameter or member: only the text for developers (recorded)."""
    return Refused(400, None, INVALID_PARAMETERS)


def nothing_found(what: str) -> Refused:
    """An empty list or report, which Octopus answers with 404."""
    return Refused(404, None, f"No {what} found", nothing_found=True)


def malformed() -> Refused:
    """An object that cannot be read, such as a wrong date or an empty body: 500 without a body."""
    return Refused(500)


def describe(data: Any) -> tuple[int | None, str]:
    """Error code and the telling text of an ErrorResult, for the list of refused calls."""
    if not isinstance(data, dict):
        return None, "(no body)"
    code = data.get("errorCode")
    said = data.get("errorMessage") or data.get("technicalInfo") or ""
    return (code if isinstance(code, int) else None), str(said)
