"""What is compared of two customers: the fields, how far each may agree, and what to expect before any data is seen.

A field's levels run from *another* to *the same*; level 0 is "one of the two lacks it" and always weighs nothing.
`same` is how often a level is seen among pairs that are the same customer: where the data starts from (inferred), not
what it is held to. Address, phone, mail and account move together: only the strongest of them counts in full.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One field: the words for its levels (1, 2, …), how often each is seen among the same customers, its unit.

    Fields of one `unit` are parts of one thing (an address); units of the group contact are weighed together.
    """

    name: str
    levels: tuple[str, ...]
    same: tuple[float, ...]
    unit: str = ""

    @property
    def top(self) -> int:
        """The level of full agreement."""
        return len(self.levels)


FIELDS: tuple[Field, ...] = (
    Field("name", ("other", "little", "part", "within", "near", "same"), (0.02, 0.02, 0.06, 0.12, 0.18, 0.6)),
    Field("structure", ("other", "same"), (0.02, 0.98)),
    Field("legal", ("other", "same"), (0.08, 0.92)),
    Field("vat", ("other", "unsure", "near", "same"), (0.001, 0.009, 0.03, 0.96)),
    Field("national", ("other", "near", "same"), (0.02, 0.08, 0.9)),
    Field("external", ("other", "same"), (0.3, 0.7)),
    Field("born", ("other", "near", "same"), (0.02, 0.08, 0.9)),
    Field("kind", ("other", "same"), (0.05, 0.95)),
    Field("country", ("other", "same"), (0.02, 0.98)),
    Field("street", ("other", "part", "same"), (0.12, 0.06, 0.82), "address"),
    Field("house", ("other", "same"), (0.12, 0.88), "address"),
    Field("postcode", ("other", "near", "same"), (0.1, 0.04, 0.86), "address"),
    Field("city", ("other", "near", "same"), (0.1, 0.06, 0.84), "address"),
    Field("region", ("other", "same"), (0.1, 0.9), "address"),
    Field("email", ("other", "near", "same"), (0.3, 0.05, 0.65), "mail"),
    Field("domain", ("other", "same"), (0.2, 0.8), "mail"),
    Field("phone", ("other", "near", "same"), (0.3, 0.05, 0.65), "phone"),
    Field("iban", ("other", "same"), (0.3, 0.7), "iban"),
)
INDEX: dict[str, int] = {field.name: number for number, field in enumerate(FIELDS)}
UNITS: tuple[str, ...] = ("address", "mail", "phone", "iban")
