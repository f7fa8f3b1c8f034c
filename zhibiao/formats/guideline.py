"""The guideline's rules for single spans, as far as a program can see that they are broken.

Each rule takes a marked text and one of its entities and gives what is wrong, or None. The words come from the sections
"Labels", "Values" and "INDICATOR" of the guideline.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zhibiao.formats.findings import Finding, Severity, finding
from zhibiao.schema import VALUE_LABELS, AnnotatedDocument, AnnotatedEntity, Label

_PAIRS = {
    "（": "）",
    "(": ")",
    "“": "”",
    "‘": "’",
    "《": "》",
    "〈": "〉",
    "「": "」",
    "『": "』",
    "【": "】",
    "[": "]",
    "〔": "〕",
}
_CLOSERS = {closer: opener for opener, closer in _PAIRS.items()}
#: Punctuation that may stand at the edge of a span: signs of a number, units, and marks of a currency.
_ALLOWED_AT_EDGE = frozenset("%％‰‱-－−")

# Approximation words belong to the value that they touch. Each alternative ends at the span; longer words come first,
# and a word that is the end of another one (通过, 最近) is none.
_BEFORE = re.compile(
    r"(?:不足|不到|不低于|不少于|不高于|不超过|大约|(?<![大公条合特签制契节预简])约|将近|接近|超过|"
    r"(?<![最附临靠邻远新就])近|(?<![高赶反])超|(?<!不)逾|至少|(?<!不)高于|(?<!不)低于)$"
)
_AFTER = re.compile(
    r"(?:以上|以下|左右|上下|以内)(?![的]?(?:项目|企业|学校|学位|工业|单位|人员|级|规模))|余(?![额下款热温])|多(?![个家种项年元次])"
)

_OUT_OF_VALUES = re.compile(
    r"(?:达到?|完成|实现|突破|为|是|占|增长|增加|下降|提高|减少|降低|上升|共|总计|累计|合计|分别|平均|每年|较|比|同比|环比|同期)"
)
_OUT_OF_INDICATORS = re.compile(
    r"(?:完成(?!率|比例|情况|度|进度)|实现(?!率)|达到|达成|取得|累计(?!折旧|摊销|亏损|盈余|结余|确诊)|预计|力争|同比|环比)"
)
_COMPARISON_AT_END = re.compile(r"(?:同比|环比|增速|增幅|(?<!自然)增长率|比上年|较上年)$")

_CHANGE = re.compile(
    r"(?:(?:增长|下降|减少|回落|上升|提高|降低|上涨|下跌|同比|环比)(?:约|了|幅度|分别)?|"
    r"(?:增速|增幅|降幅|(?<!自然)增长率)(?:约|为|是|:|：|达|达到|分别为?)?)$"
)
_SHARE = re.compile(r"(?:占比|比重|覆盖率|合格率|完成率|执行率|达标率|负债率)(?:约|为|了|是|:|：|达|达到)?$")
_MONEY = re.compile(r"[元圆]|美金|欧元|日元|英镑|港币|人民币|[¥￥$€£]")
_NOT_MONEY = re.compile(r"单元|[多公纪]元")


@dataclass(frozen=True)
class Marked:
    """A text with the places of all characters that some span has taken."""

    text: str
    taken: frozenset[int]

    def span(self, entity: AnnotatedEntity) -> str:
        """The words of an entity."""
        return self.text[entity.start : entity.end]


Rule = Callable[[Marked, AnnotatedEntity], str | None]


def break_lines(marked: Marked, entity: AnnotatedEntity) -> str | None:
    """A span never crosses a paragraph break."""
    return "it crosses a line break" if len(marked.span(entity).splitlines()) > 1 else None


def edges(marked: Marked, entity: AnnotatedEntity) -> str | None:
    """A span never begins or ends with white space or punctuation, but for % and brackets with their partner inside."""
    span = marked.span(entity)
    if span != span.strip():
        return "white space at its edge"
    if _is_loose(span[0], span) or _is_loose(span[-1], span):
        return "punctuation at its edge"
    return None


def brackets(marked: Marked, entity: AnnotatedEntity) -> str | None:
    """A bracket or quotation mark has its partner inside the span."""
    open_ones: list[str] = []
    for character in marked.span(entity):
        if character in _PAIRS:
            open_ones.append(character)
        elif character in _CLOSERS and (not open_ones or open_ones.pop() != _CLOSERS[character]):
            return f"{character} has no partner in the span"
    return f"{open_ones[-1]} has no partner in the span" if open_ones else None


def halved_number(marked: Marked, entity: AnnotatedEntity) -> str | None:
    """A number is taken whole."""
    text, (start, end) = marked.text, (entity.start, entity.end)
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if text[start].isdecimal() and (before.isdecimal() or (before in "." and text[start - 2 : start - 1].isdecimal())):
        return "the number begins before the span"
    if text[end - 1].isdecimal() and (after.isdecimal() or (after == "." and text[end + 1 : end + 2].isdecimal())):
        return "the number goes on after the span"
    return None


def approximation(marked: Marked, entity: AnnotatedEntity) -> str | None:
    """Approximation words that touch a value belong to it."""
    if entity.label not in VALUE_LABELS:
        return None
    before = _BEFORE.search(marked.text[max(0, entity.start - 4) : entity.start])
    if before and entity.start - 1 not in marked.taken:
        return f"{before[0]} before it belongs to the value"
    after = _AFTER.match(marked.text[entity.end : entity.end + 6])
    if after and entity.end not in marked.taken:
        return f"{after[0]} after it belongs to the value"
    return None


def words_out_of_values(marked: Marked, entity: AnnotatedEntity) -> str | None:
    """Verbs, 共 累计 分别 and the base of a comparison stay out of values."""
    found = _OUT_OF_VALUES.match(marked.span(entity)) if entity.label in VALUE_LABELS else None
    return f"{found[0]} stays out of a value" if found else None


def words_out_of_indicators(marked: Marked, entity: AnnotatedEntity) -> str | None:
    """Light verbs and comparison words stay out of indicators."""
    if entity.label != Label.INDICATOR:
        return None
    span = marked.span(entity)
    found = _OUT_OF_INDICATORS.match(span) or _COMPARISON_AT_END.search(span)
    return f"{found[0]} stays out of an indicator" if found else None


def ratio_or_growth(marked: Marked, entity: AnnotatedEntity) -> str | None:
    """A percentage after 增长, 同比 … is a growth; after 占比, 比重 or a rate it is a ratio."""
    before = marked.text[max(0, entity.start - 12) : entity.start]
    if entity.label == Label.RATIO and (found := _CHANGE.search(before)):
        return f"after {found[0]} it is a growth"
    if entity.label == Label.GROWTH and (found := _SHARE.search(before)):
        return f"after {found[0]} it is a ratio"
    return None


def money_or_count(marked: Marked, entity: AnnotatedEntity) -> str | None:
    """Money is an amount, all else counted or measured a quantity."""
    counted = re.split("[/／]", marked.span(entity))[0]  # 0.6人/百亿元 counts people
    is_money = bool(_MONEY.search(_NOT_MONEY.sub("", counted)))
    return "it is money, an AMOUNT" if entity.label == Label.QUANTITY and is_money else None


#: The rules, each with its name and how sure it is.
RULES: dict[str, tuple[Severity, Rule]] = {
    "line-break": ("fault", break_lines),
    "edge": ("fault", edges),
    "bracket": ("fault", brackets),
    "half-number": ("fault", halved_number),
    "approximation": ("fault", approximation),
    "verb-in-value": ("fault", words_out_of_values),
    "verb-in-indicator": ("doubt", words_out_of_indicators),
    "ratio-or-growth": ("doubt", ratio_or_growth),
    "money-or-count": ("doubt", money_or_count),
}


def findings(document: AnnotatedDocument) -> Iterator[Finding]:
    """Every breach of a rule in a document, in the order of its entities."""
    taken = frozenset(at for entity in document.entities for at in range(entity.start, entity.end))
    marked = Marked(document.text, taken)
    for entity in document.entities:
        for name, (severity, rule) in RULES.items():
            message = rule(marked, entity)
            if message is not None:
                yield finding(document, entity, name, severity, message)


def _is_loose(edge: str, span: str) -> bool:
    """Whether a character at a span's edge is punctuation that does not belong to it."""
    if edge in _PAIRS:
        return _PAIRS[edge] not in span
    if edge in _CLOSERS:
        return _CLOSERS[edge] not in span
    if edge in "\"'":
        return span.count(edge) % 2 == 1
    return unicodedata.category(edge).startswith("P") and edge not in _ALLOWED_AT_EDGE
