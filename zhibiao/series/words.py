"""Heads, codes and findings in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from typing import Any

from zhibiao.outputs.rows import WORDS, Language
from zhibiao.schema import AmountUnit, plain

Row = Mapping[str, Any]

#: Chinese heads of the columns; the English head is the key.
HEADS: Mapping[str, str] = {
    "subject_name": "对象", "subject_kind": "对象类别", "subject_code": "行政区划代码", "subject_within": "所在地",
    "subject_id": "对象标识", "indicator_id": "指标标识", "indicator_name": "指标", "is_identified": "已归并",
    "numerator": "分子", "project": "项目", "measure": "度量", "unit": "单位", "prices": "价格", "base": "基期",
    "freq": "频率", "time_period": "时期", "year": "年份", "period_start": "时期起", "period_end": "时期止",
    "status": "状态", "value": "数值", "low": "下限", "high": "上限", "approximate": "约数", "is_exact": "精确",
    "vintage": "版次", "statements": "表述数", "reports": "报告数", "values": "不同数值", "is_disputed": "有出入",
    "why": "采用理由", "report": "报告", "title": "标题", "reference_year": "报告年份", "written": "原文数值",
    "sentence": "原文", "start": "起", "end": "止", "page": "页", "paragraph": "段", "sheet": "工作表", "table": "表",
    "cell": "单元格", "confidence": "置信度", "statement_id": "表述号", "cell_id": "格号", "is_preferred": "采用",
    "sha256": "SHA-256", "stated_value": "原单位数值", "stated_unit": "原单位", "indicator_written": "原文指标",
    "finding_id": "序号", "kind": "类别", "severity": "程度", "detail": "细目", "slip": "疑似差错", "said": "说明",
    "first_value": "数值一", "first_written": "原文一", "first_report": "报告一", "first_sentence": "句子一",
    "second_value": "数值二", "second_written": "原文二", "second_report": "报告二", "second_sentence": "句子二",
    "growth": "增长", "growth_written": "原文增长", "growth_report": "增长出处", "growth_sentence": "增长句子",
    "expected": "应为", "difference": "相差", "first_id": "表述一", "second_id": "表述二", "third_id": "表述三",
    "subjects": "对象数", "cells": "格数", "first_year": "起始年", "last_year": "终止年", "findings": "提示数",
    "tab": "工作表名",
}  # fmt: skip

#: Codes of the columns -> (Chinese, English).
CODES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "measure": {
        "level": ("水平", "level"), "change": ("增减量", "change"), "growth": ("增速", "growth"),
        "points": ("百分点变动", "points"),
    },
    "prices": {"constant": ("可比价", "constant prices"), "current": ("现价", "current prices")},
    "base": {"year": ("上年同期", "year before"), "previous": ("上期", "period before")},
    "kind": {
        "conflict": ("冲突", "conflict"), "revision": ("修订", "revision"), "growth": ("增速不符", "growth differs"),
        "target": ("目标对照", "target"), "gap": ("缺年", "gap"),
    },
    "severity": {"error": ("差错", "error"), "warning": ("警告", "warning"), "note": ("提示", "note")},
    "slip": {"scale": ("数量级", "scale"), "digits": ("数位颠倒", "digits swapped")},
    "detail": {
        "met": ("达到", "met"), "missed": ("未达到", "missed"), "open": ("不能判定", "not known"),
        "above": ("高于", "above"), "below": ("低于", "below"), "equal": ("相符", "as stated"),
        "within": ("同一报告", "within one report"), "undated": ("时期未写明", "period not written"),
        "years": ("不同年份", "reports of different years"), "same": ("同年报告", "reports of one year"),
    },
    "why": {
        "only": ("唯一表述", "the only one"), "agreed": ("各报告一致", "reports agree"),
        "exact": ("精确数", "it is exact"),
        "slip": ("另一数疑似差错", "the other looks like a slip"), "dated": ("写明时期", "its period is written"),
        "final": ("决算或公报", "final figures"), "latest": ("最新报告", "the latest report"),
        "supported": ("更多报告", "more reports say it"), "confidence": ("置信度较高", "it is read more surely"),
        "first": ("在前", "it comes first"),
    },
    "vintage": {"final": ("决算、公报", "final"), "preliminary": ("快报", "preliminary")},
    "status": {
        "actual": ("实际", "actual"), "target": ("目标", "target"), "forecast": ("预计", "forecast"),
        "budget": ("预算", "budget"),
    },
    "unit": {
        **{code: (word, code) for code, word in WORDS["unit"].items()},
        "percent": ("%", "%"), "permille": ("‰", "‰"), "percentage_point": ("个百分点", "pp"),
    },
}  # fmt: skip

_AMOUNT_UNITS: Mapping[AmountUnit, Decimal] = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}


def head(key: str, language: Language) -> str:
    """The head of a column."""
    return HEADS.get(key, key) if language == "zh" else key


def word(key: str, value: object, language: Language) -> object:
    """A code in words; what is no code stays."""
    if not isinstance(value, str):
        return value
    if key == "unit" and "/" in value:
        above, _, below = value.partition("/")
        return f"{word('unit', above, language)}/{below}"
    pair = CODES.get(key, {}).get(value)
    return value if pair is None else pair[language == "en"]


def shown(value: Decimal | None, unit: str, amount_unit: AmountUnit = "元") -> Decimal | None:
    """A value in the unit that amounts are to be shown in."""
    if value is None or unit.partition("/")[0] != "CNY":
        return value
    with localcontext(prec=60):
        return value / _AMOUNT_UNITS[amount_unit]


def shown_unit(unit: str, language: Language, amount_unit: AmountUnit = "元") -> str:
    """The unit of `shown`, in words."""
    above, slash, below = unit.partition("/")
    if above == "CNY" and (language == "zh" or amount_unit != "元"):
        return amount_unit + slash + below
    return str(word("unit", unit, language))


def say(finding: Row, language: Language = "zh") -> str:
    """A finding in one sentence."""
    pair = _SENTENCES[finding["kind"]]
    said = pair[language == "en"].format_map(_parts(finding, language))
    slip = finding["slip"]
    return said + (_SLIPS[slip][language == "en"] if slip else "")


_SENTENCES: Mapping[str, tuple[str, str]] = {
    "conflict": (
        "{first}（{first_report}）与{second}（{second_report}）不一致，相差{difference}",
        "{first} ({first_report}) and {second} ({second_report}) differ by {difference}",
    ),
    "revision": (
        "{second}（{second_report}）后改为{first}（{first_report}），相差{difference}",
        "{second} ({second_report}) was restated as {first} ({first_report}), by {difference}",
    ),
    "growth": (
        "{first}、增长{growth}，上年应约为{expected}，而{second_report}为{second}，相差{difference}",
        "{first} and its growth of {growth} give about {expected} for the year before; "
        "{second_report} has {second}, which differs by {difference}",
    ),
    "target": (
        "{status}{first}（{first_report}），实际{second}（{second_report}）：{detail}，相差{difference}",
        "{status} {first} ({first_report}), actual {second} ({second_report}): {detail}, by {difference}",
    ),
    "gap": ("缺{detail}年", "no value for {detail}"),
}
_SLIPS: Mapping[str, tuple[str, str]] = {
    "scale": ("；数量级疑似有误", "; one of them seems to be off by its scale"),
    "digits": ("；疑似数位颠倒", "; two digits seem to have changed places"),
}


def _parts(finding: Row, language: Language) -> dict[str, str]:
    unit = finding["unit"]
    detail = str(word("detail", finding["detail"] or "", language))
    apart = "percentage_point" if unit == "percent" else unit
    return {
        "first": str(finding["first_written"]),
        "second": str(finding["second_written"]),
        "first_report": str(finding["first_report"]),
        "second_report": str(finding["second_report"]),
        "growth": str(finding["growth_written"]),
        "status": str(word("status", finding["status"], language)),
        "detail": detail.replace(" ", "、" if language == "zh" else ", "),
        "expected": readable(finding["expected"], unit, language),
        "difference": readable(finding["difference"], apart, language),
    }


def readable(value: Decimal | None, unit: str, language: Language = "zh") -> str:
    """A value with its unit and few zeros: with 万 and 亿 in Chinese, millions in English."""
    if value is None:
        return ""
    scale, name = next((pair for pair in _SCALES[language] if abs(value) >= pair[0]), (1, ""))
    with localcontext(prec=60):
        number = plain(value / scale)
    words = shown_unit(unit, language)
    return f"{number}{name}{words}" if language == "zh" else " ".join(filter(None, (number, name, words)))


_SCALES: Mapping[Language, tuple[tuple[int, str], ...]] = {
    "zh": ((10**8, "亿"), (10**4, "万")),
    "en": ((10**6, "million"),),
}
