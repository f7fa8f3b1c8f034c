"""What the heads of a table's rows and columns say: name, unit, period, and what kind of number stands under them.

2020年完成数（亿元）       period 2020年, status actual, unit 亿元, no name of its own
规模工业增加值增速（%）     name 规模工业增加值, growth, unit %
占比（%）                share; 完成预算%  progress; 比上年增减额（万元）  change
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from zhibiao.schema import Status

#: What a number under a head is: `change` is an absolute change (增加额).
Measure = Literal["level", "growth", "share", "progress", "change"]
#: What a column is for. A `name` names the rows, `ordinal` numbers them, `unit` has their units.
Role = Literal["value", "name", "ordinal", "unit", "remark"]

_MONEY = r"(?:人民币)?(?:美元|美金|港元|港币|欧元|日元|英镑|元)(?:人民币)?"
_COUNTS = (
    "平方公里|平方千米|平方米|立方米|立方|公顷|公里|千米|公斤|千克|毫米|千瓦时|千瓦小时|千瓦|兆瓦|吨标准煤|吨标煤|标准煤吨|"
    "标箱|标准箱|人次|户次|批次|台套|台（套）|台\\(套\\)|个百分点|百分点|分钟|小时|件次|辆次|车次|架次|班次|平米|"
    "个|家|户|人|名|位|项|件|条|座|栋|幢|处|所|套|台|部|辆|艘|只|头|羽|株|棵|张|亩|米|吨|斤|度|间|批|次|天|日|宗|起|笔|种|"
    "类|村|镇|县|市|区|乡|公|页|篇|册|床|张床|元|倍|番|分|岁|㎡|m²|m2|m³|m3|km²|km2|km|kWh|kwh|KWh|GWh|MWh|kW|MW|kg|t|ha"
)
#: A unit: scale, then money, percent or a measure, then what it is counted by.
_UNIT_WORD = (
    rf"(?:[百千万亿]{{0,2}}(?:{_MONEY}|{_COUNTS})|[%‰]|[百千万亿]{{1,2}}|pct|PCT|bp|BP)"
    rf"(?:[/每](?:[百千万]?(?:{_COUNTS}|年|月)))?"
)
_UNIT = re.compile(_UNIT_WORD)
_IN_BRACKETS = re.compile(r"[（(［\[]\s*(?:(?:计量)?单位\s*[:：]\s*)?([^（）()［］\[\]]*(?:[（(]套[)）])?)\s*[)）］\]]")
_CAPTION_UNIT = re.compile(
    r"(?:计量|货币|金额)?单位\s*[:：]\s*([^\s（）()，,；;。]+(?:[、，,;；/]\s*[^\s（）()，,；;。、]+)*)"
)

_YEAR = r"(?:19|20)\d{2}"
_MONTHS = r"\d{1,2}\s*[-—–~至]\s*\d{1,2}\s*月份?|\d{1,2}月(?:份|底|末)?"
_PART = rf"(?:{_MONTHS}|上半年|下半年|第?[一二三四1-4]季度|前三季度|全年|年底|年末)"
_PERIOD = re.compile(
    rf"(?:截[至止]到?|到|至)?{_YEAR}\s*(?:[-—–~至]\s*{_YEAR}\s*)?(?:年度?|(?=[\s(（]|$))[末底初]?\s*"
    rf"{_PART}?(?:\d{{1,2}}日)?"
    rf"|{_PART}|“?十[一二三四五六]五”?(?:时期|期间)?"
    r"|(?:比|较|与)?(?:上年|去年)(?:度|同期|同月)?(?:全年)?|本年度?|今年|当年"
)
#: Heads of earlier figures, whose date only the reader of the report can tell.
_PRIOR = re.compile(r"上期|上年|去年|同期(?!比)|期初|年初(?!预算)|上月|上季|基期|前期")

_GROWTH = re.compile(
    r"(?:比|较|与)?(?:上年|去年|上月|上期|上季度?|同期|(?:19|20)\d{2}年?|年初)?(?:同期|末|底)?(?:数|相比|相较)?"
    r"(?:实际|名义|年均|平均|累计|可比)?(?:同比|环比)?"
    # 增 alone ends a head (较上年增); 增值税, 增加值, 新增就业 and 自然增长率 are names
    r"(?<!自然)(?:增长|增减|增幅|增速|(?<!新)增加(?!值)|(?<!新)增(?=[\s%‰]*$)|变动|变化|涨跌|升降|上升|提高|下降|减少|降低|回落|涨幅|降幅|±|\+/?-)"
    r"(?:或?(?:增减|变动|下降|减少|±))?(?:速度|幅度|情况|比例|百分比|率|幅|速|绝对额|额|数|量|值|[%％])*"
    r"|同比|环比|±"
)
_RATE = re.compile(r"率|幅|速|比例|百分比|[%％]")
_CHANGE = re.compile(r"(?:额|数|量|值)$")
_SHARE = re.compile(r"占.{0,12}?(?:比重|比例|比|份额|[%％])|占比|比重|构成比?|所占比例|份额|占总.{1,4}$")
_PROGRESS = re.compile(
    r"(?:完成|为|占|达)(?:年初|年度|全年|调整|上级下达)?(?:预算|计划|目标|任务|序时)数?(?:的?(?:比重|比例|百分比|[%％]))?(?:进度)?"
    r"|(?:预算|计划|任务|目标|投资|资金)?(?:执行|完成|支出|收入|到位)(?:率|进度|比例|百分比|[%％])|进度|决算数?为预算数?的?"
    r"|(?:预算|决算|执行)数?(?:占|为)(?:上年|年初)?(?:预算|决算|执行)数?的?"
)

_STATUSES: tuple[tuple[Status, re.Pattern[str]], ...] = (
    ("forecast", re.compile(r"^(?:预计|预测|预期|预估)(?:完成|执行|实现)?(?:数|值|额)?")),
    ("target", re.compile(r"^(?:年度|全年|本年)?(?:目标|计划|任务|拟|力争)(?:完成|实现)?(?:任务|目标)?(?:数|值|额)?")),
    ("budget", re.compile(r"^(?:年初|调整|本年|当年|全年|上年)?预算(?:调整|安排|批复)?(?:数|额)?$")),
    (
        "actual",
        re.compile(r"^(?:年终|本年|累计|实际)?(?:决算|执行|完成|实际|实绩)(?:完成|执行|发生)?(?:数|值|额|情况)?$"),
    ),
)
#: A name that says nothing of what is measured.
_GENERIC = re.compile(
    r"(?:本年|本期|本月|当月|当期|止|累计|全年|年度|期末|年末|实际|合计|其中|自年初|上期|上月|上年|同期|期初|年初)*"
    r"(?:金额|数额|数值|数量|数据|数|总量|绝对值|绝对量|绝对数|绝对额|实绩|实现|完成|完成值|完成额|完成情况|发生额|余额|"
    r"水平|指标值|值|量|额|计|小计|合计|总计|累计|本年|本期|本月|当月|期末|年末|指标|情况|本年累计|自年初累计|累计数|发生数|结果|内容)?"
)
_ORDINAL = re.compile(
    r"序号|编号|行次|栏次|(?:科目|项目|指标|功能分类)?(?:代码|编码)|排名|排位|位次|名次|排序|顺序|号|No\.?|NO\.?"
)
_UNIT_HEAD = re.compile(r"(?:计量)?单位")
_REMARK = re.compile(
    r"备注|说明|注|建设(?:地点|地址|性质|内容|规模及内容|内容及规模|年限|起止年限|工期|单位)|(?:主要)?(?:建设)?内容|责任(?:单位|部门|人|领导)|"
    r"(?:牵头|业主|项目|主管|实施|承办)单位|联系(?:人|电话|方式|领导)|开工时间|竣工时间|进展情况|(?:形象)?进度情况|地点|地址|电话|性质|状态|依据|来源"
)
_NAME = re.compile(
    r"(?:主要|经济|绩效|具体|统计|一级|二级|三级)?(?:指标|项目|科目|名称|内容|类别|分类|行业|产业|产品|地区|区域|县区|区县|市县|市州|县（市、区）|乡镇|镇街|园区|"
    r"单位|部门|企业|公司|收入|支出|来源|运用|资产|负债|负债[和及与]?(?:所有者|股东)权益|年份|年度|时间|月份|季度|工程|税种|功能分类科目|科目名称)"
    r"(?:及[^（(]{1,6})?(?:名称|项目|类别|科目|指标)?"
)


#: What may stand before a name: a list number, 其中, 按行业分.
_LEAD = re.compile(
    r"[\s\-—·*#]*(?:(?:第?[一二三四五六七八九十]+|\d{1,2})\s*[、.,](?!\d)|[（(][一二三四五六七八九十\d]+[)）])?\s*"
    r"(?:其\s*中|按.{1,6}分)?[\s:：,，、]*"
)


#: The mark of a footnote at the end of a name.
_NOTE_MARK = re.compile(r"(?:[①-⑳*]|\[\d{1,2}\]|注\d)+\s*$")


@dataclass(frozen=True, slots=True)
class Head:
    """One head, read. `name` and `period` are extents in its text; None where it has none."""

    text: str
    role: Role = "value"
    measure: Measure = "level"
    name: tuple[int, int] | None = None
    period: tuple[int, int] | None = None
    unit: str | None = None
    status: Status | None = None
    is_rate: bool = False
    is_prior: bool = False
    base: str | None = None

    @property
    def name_text(self) -> str:
        """The name, empty where it has none."""
        return self.text[slice(*self.name)] if self.name else ""

    @property
    def period_text(self) -> str:
        """The period, empty where it has none."""
        return self.text[slice(*self.period)] if self.period else ""


@lru_cache(maxsize=8192)  # a column of names is read more than once
def read_head(text: str) -> Head:
    """What a head says; see the module."""
    folded = fold(text)
    unit, bare = _take_unit(folded)
    role = role_of(bare.strip())
    if role in ("ordinal", "unit", "remark"):
        return Head(text, role=role, unit=unit)
    measure, rest = _take_measure(bare, unit)
    period, rest = _take_period(rest, measure)
    is_prior = measure == "level" and bool(_PRIOR.search(folded))
    status, rest = _take_status(rest)
    name = _name_extent(rest)
    if name and not _is_name(rest[slice(*name)]):
        name = None
    is_rate = measure == "growth" and bool(_RATE.search(_strip_brackets(bare)))
    return Head(text, role, measure, name, period, unit, status, is_rate, is_prior, _base_of(folded))


#: Full-width ASCII and the wide space, one for one.
_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}


def fold(text: str) -> str:
    """The text with full-width ASCII as half width, its length unchanged."""
    return text.translate(_WIDTHS)


def _blank(text: str, start: int, end: int) -> str:
    """The text with a range of it made white, its length unchanged."""
    return text[:start] + " " * (end - start) + text[end:]


def unit_of(text: str) -> str | None:
    """The text if it is a unit: 万元, %, 元/平方米.

    >>> unit_of("万元/亩"), unit_of("主营业务")
    ('万元/亩', None)
    """
    text = fold(text.strip())
    return text if _UNIT.fullmatch(text) else None


def units_in_caption(text: str) -> list[str]:
    """The units that a caption names: 单位：万元、% -> 万元, %; also those in brackets."""
    folded = fold(text)
    units: list[str] = []
    for found in _CAPTION_UNIT.finditer(folded):
        parts = [found[1]] if unit_of(found[1]) else re.split(r"[、，,;；/]\s*", found[1])
        units.extend(unit for part in parts if (unit := unit_of(part)))
    for found in _IN_BRACKETS.finditer(folded):
        unit = unit_of(found[1])
        if unit and unit not in units:
            units.append(unit)
    return units


def _take_unit(text: str) -> tuple[str | None, str]:
    """The unit in brackets, after 单位: or as a percent sign at the end, and the text without it."""
    for found in _IN_BRACKETS.finditer(text):
        unit = unit_of(found[1])
        if unit:
            return unit, _blank(text, *found.span())
    found_unit = _CAPTION_UNIT.search(text)
    if found_unit and unit_of(found_unit[1]):
        return unit_of(found_unit[1]), _blank(text, *found_unit.span())
    tail = re.search(r"[,，:：/]\s*([^\s,，:：/]+)\s*$", text)
    if tail and unit_of(tail[1]):
        return unit_of(tail[1]), _blank(text, *tail.span())
    percent = re.search(r"(?:的)?([%‰])\s*$", text)
    if percent:
        return percent[1], _blank(text, percent.start(1), percent.end(1))
    return None, text


def role_of(text: str) -> Role:
    """What a column with this head is for, as far as the head says."""
    text = re.sub(r"\s+", "", text)
    for role, pattern in (("ordinal", _ORDINAL), ("unit", _UNIT_HEAD), ("remark", _REMARK), ("name", _NAME)):
        if pattern.fullmatch(text):
            return role  # type: ignore[return-value]
    return "value"


def _take_measure(text: str, unit: str | None) -> tuple[Measure, str]:
    is_percent = unit in ("%", "‰") or unit is None
    share = _SHARE.search(text)
    progress = _PROGRESS.search(text)
    if progress and is_percent and (unit or re.search(r"率|进度|[%比]", progress[0]) or "为" in progress[0]):
        return "progress", _blank(text, *progress.span())
    if share and is_percent:
        return "share", text
    growth = _GROWTH.search(text)
    if growth and growth[0].strip():
        rest = _blank(text, *growth.span())
        is_change = unit is not None and unit not in _CHANGE_UNITS
        if is_change or (unit is None and _CHANGE.search(growth[0]) and not _RATE.search(growth[0])):
            return "change", rest
        return "growth", rest
    return "level", text


#: Units that a relative change may have.
_CHANGE_UNITS = frozenset(["%", "‰", "个百分点", "百分点", "倍", "番", "pct", "PCT", "bp", "BP"])


def _take_period(text: str, measure: Measure) -> tuple[tuple[int, int] | None, str]:
    found = _PERIOD.search(text)
    if not found or not found[0].strip() or (measure == "growth" and found[0].startswith(("比", "较", "与"))):
        return None, text
    start, end = _trimmed(text, *found.span())
    return (start, end), _blank(text, start, end)


def _take_status(text: str) -> tuple[Status | None, str]:
    stripped = text.strip(" 的、,:;。-")
    offset = text.find(stripped) if stripped else 0
    for status, pattern in _STATUSES:
        found = pattern.match(stripped)
        if not found or not found[0]:
            continue
        rest = stripped[found.end() :]
        if rest.startswith("总投资"):  # the guideline: a planned total investment is actual
            return None, _blank(text, offset, offset + found.end())
        return status, _blank(text, offset, offset + found.end())
    return None, text


def _name_extent(text: str) -> tuple[int, int] | None:
    """The extent of what is left: without list numbers, 其中, and connecting words at its ends."""
    found = _LEAD.match(text)
    start = found.end() if found else 0
    start, end = _trimmed(text, start, len(text))
    note = _NOTE_MARK.search(text, start, end)
    end = note.start() if note else end
    while end > start and text[end - 1] in " 的:：、,，;；-—":
        end -= 1
    while start < end and text[start] in " 的:：、,，;；":
        start += 1
    return (start, end) if end > start else None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_name(text: str) -> bool:
    text = re.sub(r"\s+", "", text)
    return bool(text) and not _GENERIC.fullmatch(text) and bool(re.search(r"[一-鿿A-Za-z]", text))


def _strip_brackets(text: str) -> str:
    return re.sub(r"[（()）]", "", text)


def _base_of(text: str) -> str | None:
    """What a growth is measured against, where its head says so."""
    if "环比" in text or "上月" in text or "上期" in text or "上季" in text:
        return "prior_period"
    if "同比" in text or "同期" in text:
        return "same_period"
    if "上年" in text or "去年" in text:
        return "prior_year"
    year = re.search(rf"(?:比|较|与)({_YEAR})", text)
    return year[1] if year else None
