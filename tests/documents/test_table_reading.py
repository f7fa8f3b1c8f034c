import pytest
from table_cases import PlantedTable, described, planted_tables

from zhibiao.documents import Document, read
from zhibiao.documents.tables import TableFact, read_tables, table_facts
from zhibiao.documents.tables.cells import is_column_numbers, number_in
from zhibiao.documents.tables.heads import read_head, unit_of, units_in_caption

PLANTED = list(planted_tables())


def _document(table: PlantedTable) -> Document:
    return read(table.source.encode(), "t.html" if table.name.endswith("html") else "t.txt")


@pytest.mark.parametrize("table", PLANTED, ids=[table.name for table in PLANTED])
def test_planted(table):
    assert described(read_tables(_document(table))) == table.expected


def test_there_are_at_least_forty():
    assert len(PLANTED) >= 40


def _pieces(fact: TableFact):
    names = fact.names
    dated = fact.period.piece if fact.period else None
    return filter(None, (fact.value, names.indicator, names.project, names.subject, names.numerator, dated))


@pytest.mark.parametrize("table", PLANTED, ids=[table.name for table in PLANTED])
def test_offsets_point_at_the_text(table):
    document = _document(table)
    for fact in table_facts(document):
        assert all(document.text[piece.start : piece.end] == piece.text for piece in _pieces(fact))
        source = document.source_of(fact.value.start, fact.value.end)
        assert (source.table, source.cell) == (fact.table, fact.cell.address)


@pytest.mark.parametrize(
    ("text", "written", "unit", "is_negative"),
    [
        ("46.78", "46.78", None, False),
        ("1,234,567.8", "1,234,567.8", None, False),
        ("(1,204.5)", "1,204.5", None, True),
        ("（12）", "12", None, True),
        ("－3.5%", "3.5", "%", True),
        ("↓5.2%", "5.2", "%", True),
        ("350余万元", "350余", "万元", False),
        ("１２．５", "12.5", None, False),
        ("146.78*", "146.78", None, False),
    ],
)
def test_numbers(text, written, unit, is_negative):
    number = number_in(text)
    assert number is not None
    assert (number.written, number.unit, number.is_negative) == (written, unit, is_negative)


@pytest.mark.parametrize(
    "text", ["", "—", "2020年", "3月", "12,34", "1.2.3", "第3名", "(12", "甲", "5号", "2019-2020", "1-6月"]
)
def test_no_numbers(text):
    assert number_in(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (["栏次", "1", "2", "3"], True),
        (["甲", "1", "2=3+4", "3"], True),
        (["合计", "1", "2"], False),
        (["1", "3"], False),
        (["1"], False),
    ],
)
def test_rows_that_number_the_columns(text, expected):
    assert is_column_numbers(text) is expected


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("万元", "万元"),
        ("元/平方米", "元/平方米"),
        ("％", "%"),
        ("万千瓦时", "万千瓦时"),
        ("主营业务", None),
        ("GDP", None),
    ],
)
def test_units(text, unit):
    assert unit_of(text) == unit


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("单位：万元", ["万元"]),
        ("表1 2020年投资（单位：亿元、%）", ["亿元", "%"]),
        ("（亿元）", ["亿元"]),
        ("编制单位：某某局", []),
        ("计量单位:元/人", ["元/人"]),
    ],
)
def test_units_of_captions(text, units):
    assert units_in_caption(text) == units


@pytest.mark.parametrize(
    ("text", "measure", "name", "period", "unit", "status"),
    [
        ("2020年完成数（亿元）", "level", "", "2020年", "亿元", "actual"),
        ("规模工业增加值增速（%）", "growth", "规模工业增加值", "", "%", None),
        ("增加值", "level", "增加值", "", None, None),
        ("1.增值税", "level", "增值税", "", None, None),
        ("人口自然增长率（‰）", "level", "人口自然增长率", "", "‰", None),
        ("比上年增减额（万元）", "change", "", "", "万元", None),
        ("完成预算%", "progress", "", "", "%", None),
        ("占GDP比重(%)", "share", "占GDP比重", "", "%", None),
        ("2021年预算数", "level", "", "2021年", None, "budget"),
        ("计划总投资", "level", "总投资", "", None, None),
        ("其中：税收收入", "level", "税收收入", "", None, None),
        ("一般公共预算收入", "level", "一般公共预算收入", "", None, None),
        ("预计完成数", "level", "", "", None, "forecast"),
    ],
)
def test_heads(text, measure, name, period, unit, status):
    head = read_head(text)
    assert (head.measure, head.name_text, head.period_text, head.unit, head.status) == (
        measure,
        name,
        period,
        unit,
        status,
    )
