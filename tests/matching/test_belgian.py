"""Belgian VAT numbers of a whole column are what each would be alone."""

from hypothesis import example, given
from hypothesis import strategies as st

from octowizard.matching.belgian import belgian_keys
from octowizard.matching.vat_numbers import vat_key


@st.composite
def _written(draw: st.DrawFn) -> str:
    """A number, right or mistyped, as people write it, or some text."""
    first = draw(st.integers(0, 19_999_999))
    check = 97 - first % 97 + draw(st.sampled_from((0, 0, 0, 1)))
    digits = f"{first:08}{check:02}"
    shape = draw(
        st.sampled_from(("{}", "BE{}", "be {}", "BE {}.{}.{}", "{}.{}.{}", "BE{} ", "BTW {}", "BE BE{}"))
    )
    parts = (digits[:4], digits[4:7], digits[7:]) if shape.count("{}") == 3 else (digits,)
    text = shape.format(*parts)
    return draw(st.sampled_from((text, text.replace("BE0", "BE"), text.lstrip("0"), text[:-1])))


_TEXTS = st.one_of(_written(), st.text(alphabet="BE019. \n\u0660é/", max_size=12))


@given(st.lists(_TEXTS, max_size=8))
@example(["BE0403.170.701", "403170701", "BE", "", "0000000097"])
@example(["BE0403.170.701\n", "0403170701"])
def test_a_column_is_what_each_of_it_is(values: list[str]) -> None:
    for written, key in zip(values, belgian_keys(values), strict=True):
        assert key in ("", vat_key(written, "BE"))


def test_plain_ones_are_all_found() -> None:
    assert belgian_keys(["BE 0403.170.701", "403170701", "0403170702", "NL403170701B01", ""]) == [
        "BE0403170701",
        "BE0403170701",
        "",
        "",
        "",
    ]
