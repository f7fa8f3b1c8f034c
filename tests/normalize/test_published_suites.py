"""The suites that other projects publish, where their files are at hand.

`PUBLISHED_SUITES=FOLDER pytest tests/normalize/test_published_suites.py` (see adapters.py for what FOLDER holds). The
bars are what those projects' own Python reaches.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from . import adapters

SPECS = "Recognizers-Text/Specs"
SUITES = [
    pytest.param(
        adapters.recognizers_currency, f"{SPECS}/NumberWithUnit/Chinese/CurrencyModel.json", 28 / 35, id="currency"
    ),
    pytest.param(adapters.recognizers_percent, f"{SPECS}/Number/Chinese/PercentModel.json", 139 / 152, id="percent"),
    pytest.param(adapters.recognizers_number, f"{SPECS}/Number/Chinese/NumberModel.json", 334 / 365, id="number"),
    pytest.param(adapters.jionlp_money, "JioNLP/test/test_money_parser.py", 52 / 54, id="jionlp"),
    pytest.param(adapters.cn2an_pairs, "cn2an/cn2an/cn2an_test.py", 1.0, id="cn2an"),
    pytest.param(adapters.duckling_money, "duckling/Duckling/AmountOfMoney/ZH/Corpus.hs", 0.8, id="duckling"),
]


@pytest.mark.parametrize(("adapter", "path", "bar"), SUITES)
def test_published_suite(adapter: object, path: str, bar: float) -> None:
    folder = os.environ.get("PUBLISHED_SUITES")
    if folder is None:
        pytest.skip("set PUBLISHED_SUITES to a folder with checkouts of the other projects (see adapters.py)")
    suite = Path(folder) / path
    if not suite.exists():
        pytest.skip(f"{suite} is not there (see adapters.py)")
    assert callable(adapter)
    results = list(adapter(suite))
    missed = [text for text, is_right in results if not is_right]
    sys.stdout.write(f"{len(results) - len(missed)} of {len(results)}; not as they have it: {missed}\n")
    assert len(results) - len(missed) >= bar * len(results), missed
