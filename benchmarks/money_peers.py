"""What other tools read as money, for comparison: runs where they are installed, without zhibiao.

    python money_peers.py jionlp|recognizers < TEXTS.jsonl > READ.jsonl

TEXTS has one JSON string a line. READ has, for each, a JSON list of [start, end, low, high] with decimals as strings,
and a last line with the seconds that the reading alone took. Install: `pip install jionlp` and
`pip install recognizers-text-suite emoji==1.7.0`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

Reader = Callable[[str], Iterator[list[Any]]]


def jionlp_reader() -> Reader:
    """JioNLP's money extractor with its parser."""
    import jionlp

    def read(text: str) -> Iterator[list[Any]]:
        for money in jionlp.ner.extract_money(text, with_parsing=True, ret_all=False):
            detail = money.get("detail")
            number = detail["num"] if detail else None
            low, high = number if isinstance(number, list) else (number, number)
            yield [*money["offset"], low, high]

    return read


def recognizers_reader() -> Reader:
    """Recognizers-Text's Chinese currency model."""
    from recognizers_number_with_unit import Culture, NumberWithUnitRecognizer

    model = NumberWithUnitRecognizer(Culture.Chinese).get_currency_model()

    def read(text: str) -> Iterator[list[Any]]:
        for money in model.parse(text):
            value = money.resolution.get("value") if money.resolution else None
            yield [money.start, money.end + 1, value, value]

    return read


def main() -> None:
    """Read standard input with the tool named."""
    reader = {"jionlp": jionlp_reader, "recognizers": recognizers_reader}[sys.argv[1]]()
    texts = [json.loads(line) for line in sys.stdin]
    list(reader("收入3亿元。"))  # loads what it loads on first use
    seconds, failed = 0.0, 0
    for text in texts:
        started = time.perf_counter()
        try:
            found = list(reader(text))
        except Exception:
            found, failed = [], failed + 1
        seconds += time.perf_counter() - started
        print(json.dumps(found, ensure_ascii=False))
    print(json.dumps({"seconds": seconds, "failed": failed}))


if __name__ == "__main__":
    main()
