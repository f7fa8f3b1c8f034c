"""Reports -> flat rows: one fact a row, with all that is needed to read it without the report."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from zhibiao.schema import Entity, Fact, Name, Report
from zhibiao.text import sentences

Language = Literal["zh", "en"]
Value = Decimal | date | str | bool | int | float | None
Row = dict[str, Any]
ColumnType = Literal["text", "number", "integer", "date", "boolean"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the flat row: its key (also its English head), Chinese head, type, and width in characters."""

    key: str
    head: str
    type: ColumnType = "text"
    width: int = 12


#: The columns in their order; the key set of every row.
COLUMNS: tuple[Column, ...] = (
    Column("file", "文件", width=18),
    Column("title", "标题", width=24),
    Column("indicator", "指标", width=28),
    Column("numerator", "分子", width=18),
    Column("project", "项目", width=24),
    Column("subject", "对象", width=16),
    Column("parent", "上级指标", width=18),
    Column("value", "数值", "number", 18),
    Column("unit", "单位", width=9),
    Column("per", "每", width=6),
    Column("change", "变动", width=7),
    Column("low", "下限", "number", 16),
    Column("high", "上限", "number", 16),
    Column("approximate", "约数", "boolean", 6),
    Column("written", "原文数值", width=16),
    Column("shown_value", "显示数值", "number", 14),
    Column("shown_unit", "显示单位", width=9),
    Column("growth", "增长", "number", 10),
    Column("growth_unit", "增长单位", width=9),
    Column("growth_direction", "增长方向", width=9),
    Column("growth_base", "增长基期", width=10),
    Column("growth_factor", "倍数", "number", 10),
    Column("growth_low", "增长下限", "number", 10),
    Column("growth_high", "增长上限", "number", 10),
    Column("growth_approximate", "增长约数", "boolean", 8),
    Column("growth_written", "原文增长", width=12),
    Column("period_start", "时期起", "date", 12),
    Column("period_end", "时期止", "date", 12),
    Column("period_from", "时期来源", width=9),
    Column("status", "状态", width=7),
    Column("confidence", "置信度", "number", 8),
    Column("sentence", "原文", width=80),
    Column("start", "起", "integer", 7),
    Column("end", "止", "integer", 7),
    Column("page", "页", "integer", 6),
    Column("paragraph", "段", "integer", 6),
    Column("sheet", "工作表", width=10),
    Column("table", "表", "integer", 6),
    Column("cell", "单元格", width=8),
    Column("model", "模型", width=16),
)

#: Codes of the rows -> Chinese words, by column.
WORDS: Mapping[str, Mapping[str, str]] = {
    "unit": {
        "CNY": "元",
        "USD": "美元",
        "HKD": "港元",
        "EUR": "欧元",
        "JPY": "日元",
        "percent": "%",
        "permille": "‰",
        "times": "倍",
    },
    "growth_unit": {
        "percent": "%",
        "percentage_point": "个百分点",
        "permille": "‰",
        "basis_point": "个基点",
        "times": "倍",
        "doubling": "番",
    },
    "change": {"up": "增加", "down": "减少", "flat": "不变"},
    "growth_direction": {"up": "上升", "down": "下降", "flat": "持平"},
    "growth_base": {"prior_year": "上年", "same_period": "同期", "prior_period": "上期"},
    "period_from": {"span": "句中", "heading": "标题", "report": "报告"},
    "status": {"actual": "实际", "target": "目标", "forecast": "预计", "budget": "预算"},
}


def rows(report: Report, *, file: str | None = None, text: str | None = None) -> list[Row]:
    """The facts of a report as flat rows with the keys of `COLUMNS`, in the order of the report.

    Numbers are `Decimal`, days `date`, codes as in the report's JSON; what a fact does not have is None.

    Args:
        report: the report.
        file: the name of the document that it was read from.
        text: the text that was submitted, for the source sentences; `report.text` where left out.
    """
    text = report.text if text is None else text
    frame = _Frame(
        entities={entity.id: entity for entity in report.entities},
        indicators={fact.id: fact.indicator.text for fact in report.facts if fact.indicator},
        text=text or "",
        sentences=list(sentences(text)) if text else [],
    )
    common = {"file": file, "title": report.document.title, "model": report.model}
    return [_row(fact, frame, common) for fact in report.facts]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the rows of one report share."""

    entities: Mapping[str, Entity]
    indicators: Mapping[str, str]
    text: str
    sentences: Sequence[tuple[int, int]]

    def sentence(self, fact: Fact) -> str | None:
        """The sentences that hold the fact's names and values; a period may stand far before them."""
        parts = [part.entity for part in (fact.indicator, fact.numerator, fact.value, fact.growth) if part]
        spans = [self.entities[part] for part in parts if part in self.entities]
        start = min((span.start for span in spans), default=fact.start)
        end = max((span.end for span in spans), default=fact.end)
        starts = [first for first, _ in self.sentences]
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        if first < 0:
            return None
        return self.text[self.sentences[first][0] : self.sentences[last][1]].strip()


def _row(fact: Fact, frame: _Frame, common: Row) -> Row:
    filled = {
        **common,
        "indicator": _text(fact.indicator),
        "numerator": _text(fact.numerator),
        "project": _text(fact.project),
        "subject": _text(fact.subject),
        "parent": frame.indicators.get(fact.parent or ""),
        **_value_part(fact),
        **_growth_part(fact),
        "period_start": fact.period.start if fact.period else None,
        "period_end": fact.period.end if fact.period else None,
        "period_from": fact.period.source if fact.period else None,
        "status": fact.status,
        "confidence": fact.confidence,
        "sentence": frame.sentence(fact),
        "start": fact.start,
        "end": fact.end,
        **(fact.source.model_dump() if fact.source else {}),
    }
    return {column.key: filled.get(column.key) for column in COLUMNS}


def _text(name: Name | None) -> str | None:
    return name.text if name else None


def _value_part(fact: Fact) -> Row:
    value = fact.value
    if value is None:
        return {}
    return {
        "value": value.value,
        "unit": value.unit,
        "per": value.per,
        "change": value.change,
        "low": value.low,
        "high": value.high,
        "approximate": value.approximate,
        "written": value.text,
        "shown_value": value.shown.value if value.shown else None,
        "shown_unit": value.shown.unit if value.shown else None,
    }


def _growth_part(fact: Fact) -> Row:
    growth = fact.growth
    if growth is None:
        return {}
    return {
        "growth": growth.value,
        "growth_unit": growth.unit,
        "growth_direction": growth.direction,
        "growth_base": growth.base,
        "growth_factor": growth.factor,
        "growth_low": growth.low,
        "growth_high": growth.high,
        "growth_approximate": growth.approximate,
        "growth_written": growth.text,
    }


def head(column: Column, language: Language) -> str:
    """A column's head in this language; in English it is its key."""
    return column.head if language == "zh" else column.key


def word(key: str, value: Value, language: Language) -> Value:
    """A value as this language has it: codes become words in Chinese, all else stays."""
    return WORDS.get(key, {}).get(value, value) if language == "zh" and isinstance(value, str) else value
