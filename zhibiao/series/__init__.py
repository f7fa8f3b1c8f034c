"""Facts of many reports -> series: each subject, indicator and period with its sentences, and what does not fit."""

from zhibiao.series.engine import Series, sql
from zhibiao.series.files import write_csv, write_parquet, write_sdmx
from zhibiao.series.words import say
from zhibiao.series.workbook import write_workbook

__all__ = ["Series", "say", "sql", "write_csv", "write_parquet", "write_sdmx", "write_workbook"]
