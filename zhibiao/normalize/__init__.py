"""The normaliser: amounts, quantities, ratios, growth and periods as Chinese reports write them, exactly.

Read -> parse -> value: `numbers` reads number words, `expressions` parses numbers with their bounds and units into
plain tuples, and a module per kind makes the typed values of `zhibiao.schema`. Words are data files under `data/`.
"""

from zhibiao.errors import NormalizeError
from zhibiao.normalize.amounts import parse_amount
from zhibiao.normalize.find import Found, find_amounts, find_numbers, find_percentages, find_quantities
from zhibiao.normalize.growths import parse_growth
from zhibiao.normalize.periods import parse_period
from zhibiao.normalize.quantities import parse_quantity
from zhibiao.normalize.ratios import parse_ratio
from zhibiao.normalize.showing import shown
from zhibiao.normalize.spans import normalize
from zhibiao.normalize.years import find_reference_year

__all__ = [
    "Found",
    "NormalizeError",
    "find_amounts",
    "find_numbers",
    "find_percentages",
    "find_quantities",
    "find_reference_year",
    "normalize",
    "parse_amount",
    "parse_growth",
    "parse_period",
    "parse_quantity",
    "parse_ratio",
    "shown",
]
