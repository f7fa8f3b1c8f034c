"""Finders: what of each kind stands in a running text."""

from zhibiao.normalize.find.amounts import find_amounts
from zhibiao.normalize.find.engine import Found
from zhibiao.normalize.find.numbers import find_numbers
from zhibiao.normalize.find.percentages import find_percentages
from zhibiao.normalize.find.quantities import find_quantities

__all__ = ["Found", "find_amounts", "find_numbers", "find_percentages", "find_quantities"]
