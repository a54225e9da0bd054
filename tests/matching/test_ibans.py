"""One account in every notation, and none that fails its check."""

import pytest

from octowizard.matching.ibans import iban_key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("BE68 5390 0754 7034", "BE68539007547034"),
        ("BE68-5390-0754-7034", "BE68539007547034"),
        ("be68539007547034", "BE68539007547034"),
        ("NL91 ABNA 0417 1643 00", "NL91ABNA0417164300"),
        ("FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
        ("LU28 0019 4006 4475 0000", "LU280019400644750000"),
        ("DE89370400440532013000", "DE89370400440532013000"),
        ("BE68539007547035", ""),
        ("NL91ABNA0417164301", ""),
        ("NL91ABNA04171643", ""),  # too short for its country
        ("BE68 5390 0754 703", ""),
        ("XX00", ""),
        ("", ""),
    ],
)
def test_an_account(written: str, key: str) -> None:
    assert iban_key(written) == key
