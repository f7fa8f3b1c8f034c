"""Adapters: the suites that other projects publish, run over this normaliser.

Each reads a suite's own file and gives (case, whether ours agrees). The files are not part of this project: check the
repositories out side by side into one folder.

    JioNLP/test/test_money_parser.py                                          amounts
    cn2an/cn2an/cn2an_test.py                                                 numerals
    duckling/Duckling/AmountOfMoney/ZH/Corpus.hs                              amounts
    Recognizers-Text/Specs/Number/Chinese/{NumberModel,PercentModel}.json     numbers, percentages
    Recognizers-Text/Specs/NumberWithUnit/Chinese/CurrencyModel.json          amounts
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from zhibiao.normalize import (
    NormalizeError,
    find_amounts,
    find_numbers,
    find_percentages,
    parse_amount,
    parse_quantity,
)
from zhibiao.normalize.tables import fold
from zhibiao.schema import Amount, Bounded, Ratio

Case = tuple[str, bool]

#: JioNLP names currencies in Chinese.
_CODES = {
    "元": "CNY", "港元": "HKD", "美元": "USD", "日元": "JPY", "新台币": "TWD", "泰铢": "THB", "卢布": "RUB",
    "欧元": "EUR", "澳元": "AUD", "韩元": "KRW", "英镑": "GBP", "加元": "CAD",
}  # fmt: skip


def jionlp_money(suite: Path) -> Iterator[Case]:
    """JioNLP's money parser: number (or both ends of a range) to the cent, currency, and exactness."""
    cases = _assigned(suite, "money_string_list")
    for text, wanted in cases:
        yield text, _agrees_with_jionlp(text, wanted)


def _agrees_with_jionlp(text: str, wanted: dict[str, Any]) -> bool:
    try:
        amount = parse_amount(text)
    except NormalizeError:
        return False
    number = wanted["num"]
    ends = number if isinstance(number, list) else [number]
    ours = [amount.low, amount.high] if len(ends) == 2 else [amount.value]
    is_close = all(
        one is not None and abs(one - Decimal(end)) < Decimal("0.01") for one, end in zip(ours, ends, strict=True)
    )
    return is_close and amount.unit == _CODES.get(wanted["case"]) and _blur(amount) == wanted["definition"]


def _blur(amount: Amount) -> str:
    if amount.low is not None and amount.low == amount.high:
        return "accurate"
    if amount.value is None or (amount.low is None) == (amount.high is None):
        return "blur"
    return "blur-" if amount.low is None else "blur+"


def cn2an_pairs(suite: Path) -> Iterator[Case]:
    """cn2an's pairs of Chinese numerals and numbers."""
    pairs = {**_assigned(suite, "strict_data_dict"), **_assigned(suite, "normal_data_dict")}
    for text, wanted in pairs.items():
        try:
            is_money = "元" in text or "圆" in text
            number = (parse_amount if is_money else parse_quantity)(text).value
            yield text, number == Decimal(repr(wanted))
        except NormalizeError:
            yield text, False


def duckling_money(suite: Path) -> Iterator[Case]:
    """Duckling's amounts; its `Cent` and `Dollar` are money of no country, ours is the yuan."""
    groups = re.findall(r"examples \((.*?)\)\s*\[(.*?)\]\n", suite.read_text(encoding="utf-8"), re.DOTALL)
    for meaning, texts in groups:
        for text in re.findall(r'"([^"]+)"', texts):
            yield text, _agrees_with_duckling(text, meaning.replace("(", "").split())


def _agrees_with_duckling(text: str, meaning: list[str]) -> bool:
    try:
        amount = parse_amount(text)
    except NormalizeError:
        return False
    kind, unit, *numbers = meaning
    wanted = [Decimal(number.strip(",)")) / (100 if unit == "Cent" else 1) for number in numbers]
    if unit in ("CNY", "HKD") and amount.unit != unit:
        return False
    ours = {
        "simple": [amount.value],
        "under": [amount.high],
        "above": [amount.low],
        "between": [amount.low, amount.high],
    }
    return ours[kind] == wanted


def recognizers_currency(suite: Path) -> Iterator[Case]:
    """Recognizers-Text's CurrencyModel: texts, numbers and ISO codes of every result."""
    for case in json.loads(suite.read_text(encoding="utf-8")):
        ours = [(fold(one.text), _number(one.value), one.value.unit) for one in find_amounts(case["Input"])]
        wanted = [
            (fold(result["Text"]), _decimal(result["Resolution"]["value"]), result["Resolution"].get("isoCurrency"))
            for result in case["Results"]
        ]
        yield case["Input"], _same(ours, wanted)


def recognizers_percent(suite: Path) -> Iterator[Case]:
    """Recognizers-Text's PercentModel."""
    for case in json.loads(suite.read_text(encoding="utf-8")):
        ours = [(one.text, _number(one.value)) for one in find_percentages(case["Input"])]
        wanted = [(result["Text"], _decimal(result["Resolution"]["value"].rstrip("%"))) for result in case["Results"]]
        yield case["Input"], _same(ours, wanted)


def recognizers_number(suite: Path) -> Iterator[Case]:
    """Recognizers-Text's NumberModel, to fifteen digits as it gives them; its texts are folded and in lower case."""
    for case in json.loads(suite.read_text(encoding="utf-8")):
        ours = [(fold(one.text).lower(), _number(one.value)) for one in find_numbers(case["Input"])]
        wanted = [(fold(result["Text"]).lower(), _decimal(result["Resolution"]["value"])) for result in case["Results"]]
        yield case["Input"], _same(ours, wanted)


def _assigned(suite: Path, name: str) -> Any:
    """The literal that a test file assigns to a name or an attribute."""
    for node in ast.walk(ast.parse(suite.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).removeprefix("self.") == name:
            return ast.literal_eval(node.value)
    raise LookupError(f"{suite} assigns no {name}")


def _number(value: Amount | Ratio | Bounded) -> Decimal | None:
    """The number as those suites give it: of a vague one (二十几万) its least."""
    return value.low if value.value is None and value.approximate else value.value


def _decimal(written: str) -> Decimal | None:
    try:
        return Decimal(written)
    except InvalidOperation:
        return None


def _same(ours: list[tuple[Any, ...]], wanted: list[tuple[Any, ...]]) -> bool:
    if len(ours) != len(wanted):
        return False
    return all(
        one[0] == other[0] and _is_near(one[1], other[1]) and one[2:] == other[2:]
        for one, other in zip(ours, wanted, strict=True)
    )


def _is_near(one: Decimal | None, other: Decimal | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= abs(other) * Decimal("1E-13")
