"""The contenders of `matching_bench`, each as its makers' own guide would have it used on such lists.

    python -m tests.benchmarks.matching_others recordlinkage|splink-persons|splink-firms FOLDER

Reads `left.csv` and `right.csv` of the folder; prints pairs as JSON lines: left id, right id, score 0 to 1.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Scored = Iterable[tuple[str, str, float]]


def _read(folder: Path) -> tuple[Any, Any]:
    import pandas as pd

    lists = [pd.read_csv(folder / f"{side}.csv", dtype=str) for side in ("left", "right")]
    return lists[0], lists[1]


def recordlinkage(folder: Path) -> Scored:
    """Seven blocking rules, nine comparisons, ECM (the classifier of its guide that needs no labels)."""
    import pandas as pd
    import recordlinkage as rl

    left, right = (rows.set_index("id") for rows in _read(folder))
    index = rl.Index()
    for rule in ("given_name", "surname", "date_of_birth", "soc_sec_id", "postcode", "address_1", "suburb"):
        index.block(rule)
    candidates = index.index(left, right)
    compare = rl.Compare()
    for column, threshold in (("given_name", 0.85), ("surname", 0.85), ("address_1", 0.85), ("suburb", 0.85)):
        compare.string(column, column, method="jarowinkler", threshold=threshold, label=column)
    for column in ("street_number", "postcode", "state", "date_of_birth", "soc_sec_id"):
        compare.exact(column, column, label=column)
    features = compare.compute(candidates, left, right)
    classifier = rl.ECMClassifier(binarize=0.5)
    classifier.fit(features)
    chances: pd.Series[float] = classifier.prob(features)
    return ((str(a), str(b), float(p)) for (a, b), p in chances.items())


def _splink(
    left: Any, right: Any, comparisons: list[Any], rules: list[Any], sure: list[Any], train: list[Any]
) -> Scored:
    from splink import DuckDBAPI, Linker, SettingsCreator

    logging.getLogger("splink").setLevel(logging.ERROR)
    database = DuckDBAPI()
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="id",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        retain_matching_columns=False,
    )
    linker = Linker(
        [database.register(left, table_name="l_rows"), database.register(right, table_name="r_rows")],
        settings,
        log_level=40,
    )
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
    for rule in train:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted: Any = linker.inference.predict(threshold_match_probability=0.01)
    found = predicted.as_pandas_dataframe()
    return zip(
        found["id_l"].tolist(), found["id_r"].tolist(), found["match_probability"].tolist(), strict=True
    )


def splink_persons(folder: Path) -> Scored:
    """febrl4 by names, date of birth, number and address."""
    import splink.comparison_library as cl
    from splink import block_on

    left, right = _read(folder)
    comparisons = [
        cl.JaroWinklerAtThresholds("given_name", [0.9, 0.8]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("surname", [0.9, 0.8]).configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.8]),
    ]
    rules = [
        block_on("soc_sec_id"),
        block_on("given_name", "surname"),
        block_on("date_of_birth"),
        block_on("given_name", "postcode"),
        block_on("surname", "postcode"),
        block_on("address_1"),
        block_on("suburb", "street_number"),
    ]
    train = [block_on("date_of_birth"), block_on("given_name", "surname")]
    return _splink(left, right, comparisons, rules, rules[:2], train)


def splink_firms(folder: Path) -> Scored:
    """Firms by name, VAT number, mail, phone, account and address, after the usual tidying of each."""
    import splink.comparison_library as cl
    from splink import block_on

    left, right = _read(folder)
    forms = r"\b(?:bv|bvba|nv|sa|srl|sprl|vzw|asbl|vof|snc|cv|sc|commv|scomm|gcv|cvba|scrl|sarl|sas)\b"
    for rows in (left, right):
        name = (
            rows["name"].str.lower().str.normalize("NFKD").str.encode("ascii", "ignore").str.decode("ascii")
        )
        name = name.str.replace(".", "", regex=False).str.replace(forms, " ", regex=True)
        rows["name"] = name.str.replace(r"[^a-z0-9]+", " ", regex=True).str.strip().replace("", None)
        rows["vat"] = rows["vat"].str.replace(r"\D", "", regex=True).str.zfill(10).replace("", None)
        rows["phone"] = rows["phone"].str.replace(r"\D", "", regex=True).str[-8:].replace("", None)
        rows["iban"] = rows["iban"].str.replace(" ", "", regex=False)
        rows["email"] = rows["email"].str.lower()
        rows["street"] = rows["street"].str.lower()
        rows["postcode"] = rows["postcode"].str.replace(r"\D", "", regex=True).replace("", None)
        rows["begin"] = rows["name"].str[:4]
    comparisons = [
        cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8]).configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("vat", [1]),
        cl.ExactMatch("email"),
        cl.ExactMatch("phone"),
        cl.ExactMatch("iban"),
        cl.LevenshteinAtThresholds("street", [2, 5]),
        cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
    ]
    rules = [
        block_on("vat"),
        block_on("name"),
        block_on("email"),
        block_on("phone"),
        block_on("iban"),
        block_on("postcode", "begin"),
        block_on("postcode", "street"),
    ]
    return _splink(left, right, comparisons, rules, [rules[0]], [block_on("vat"), block_on("name")])


CONTENDERS = {"recordlinkage": recordlinkage, "splink-persons": splink_persons, "splink-firms": splink_firms}


def main(words: list[str]) -> int:
    """Run one contender."""
    warnings.simplefilter("ignore")
    for left, right, score in CONTENDERS[words[0]](Path(words[1])):
        sys.stdout.write(json.dumps([left, right, score]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
