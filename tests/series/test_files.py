"""What `zhibiao series` writes."""

import csv
from datetime import date
from decimal import Decimal

import openpyxl
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from tests.series.made import fact, series_of, tables
from zhibiao.batch.tables import parquet_bytes
from zhibiao.cli.app import app
from zhibiao.errors import SeriesError
from zhibiao.series import Series, write_csv, write_parquet, write_sdmx, write_workbook
from zhibiao.series.sheets import Names
from zhibiao.series.words import CODES, HEADS

FACTS = [
    fact("17.3亿元", year=2019, report="2019.txt"),
    fact("18.6亿元", growth="7.5%", report="2020.txt", start=40, end=60),
    fact("18.9亿元", report="2021.txt"),
    fact("20亿元以上", status="target", report="2020.txt", year=2021),
    fact(
        "近4亿元",
        report="2021.txt",
        year=2021,
        indicator="=1+1/[x]:很长的名字：很长的名字：很长的名字",
        known=None,
    ),
]


@pytest.fixture
def series():
    with series_of(*FACTS) as made:
        yield made


@pytest.fixture
def folder(tmp_path):
    """A folder as `zhibiao batch` writes it."""
    facts, reports = tables(FACTS)
    for path, table in (("facts/year=2020/source=a", facts), ("reports", reports)):
        (tmp_path / "in" / path).mkdir(parents=True)
        (tmp_path / "in" / path / "part-0.parquet").write_bytes(parquet_bytes(table))
    return tmp_path / "in"


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_parquet_has_a_row_a_cell_with_its_statements(series, tmp_path):
    write_parquet(series, tmp_path)
    rows = pyarrow.parquet.read_table(tmp_path / "series.parquet").to_pylist()
    revised = next(row for row in rows if row["time_period"] == "2020" and row["measure"] == "level")
    assert revised["value"] == Decimal(1_890_000_000)
    assert [(one["report"], one["written"]) for one in revised["sources"]] == [
        ("2020.txt", "18.6亿元"),
        ("2021.txt", "18.9亿元"),
    ]
    assert revised["period_start"] == date(2020, 1, 1)
    assert len(pyarrow.parquet.read_table(tmp_path / "statements.parquet")) == 6


def test_csv_is_exact_and_holds_no_formula(series, tmp_path):
    write_csv(series, tmp_path)
    rows = read(tmp_path / "series.csv")
    assert {row["数值"] for row in rows} >= {"1890000000", "7.5"}
    assert [row["指标"] for row in rows if row["已归并"] == "false"] == ["'" + FACTS[-1]["indicator"]]
    assert [row["类别"] for row in read(tmp_path / "findings.csv")] == ["修订"]


def test_sdmx_names_its_dimensions(series, tmp_path):
    write_sdmx(series, tmp_path)
    [target] = [row for row in read(tmp_path / "sdmx.csv") if row["STATUS"] == "target"]
    assert (target["FREQ"], target["REF_AREA"], target["TIME_PERIOD"]) == ("A", "431181", "2021")
    assert (target["OBS_VALUE"], target["OBS_LOW"], target["OBS_STATUS"]) == ("2000000000", "2000000000", "F")
    assert target["UNIT_MEASURE"] == "CNY"


def test_files_of_nothing_have_heads(tmp_path):
    with series_of(fact("1亿元", indicator=None, known=None)) as empty:
        write_csv(empty, tmp_path)
        write_parquet(empty, tmp_path)
        write_sdmx(empty, tmp_path)
        write_workbook(empty, tmp_path / "series.xlsx")
    assert (tmp_path / "series.csv").read_text("utf-8-sig").startswith("对象标识,对象,")


def test_the_workbook_links_each_figure_to_its_source(series, tmp_path):
    write_workbook(series, tmp_path / "series.xlsx", amount_unit="亿元")
    book = openpyxl.load_workbook(tmp_path / "series.xlsx")
    assert book.sheetnames == ["概览", "一般公共预算收入", "其他指标", "提示", "来源"]
    sheet = book["一般公共预算收入"]
    heads = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if (row[2].value, row[4].value) == ("水平", "实际"))
    cell = row[heads.index("2020")]
    assert (cell.value, cell.data_type) == (18.9, "n")
    assert cell.fill.fgColor.rgb.endswith("FBE3B5"), "what reports differ about is marked"
    place = cell.hyperlink.location.rpartition("!")[2]
    source = book["来源"][place].row
    names = [cell.value for cell in book["来源"][1]]
    assert book["来源"].cell(source, names.index("原文数值") + 1).value == "18.9亿元"


def test_no_text_of_the_workbook_is_a_formula(series, tmp_path):
    write_workbook(series, tmp_path / "series.xlsx")
    book = openpyxl.load_workbook(tmp_path / "series.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
    assert FACTS[-1]["indicator"] in [cell.value for cell in cells]


def test_sheet_names_are_legal_and_unlike():
    names = Names()
    long = "新" * 40
    taken = [names.take(name) for name in ("a/b", "A_B", "History", "'x'", "", long, long, "😀" * 20)]
    assert taken[:5] == ["a_b", "A_B~2", "History~2", "x", "_"]
    assert taken[5] == "新" * 31
    assert taken[6] == "新" * 29 + "~2"
    assert all(len(name.encode("utf-16-le")) // 2 <= 31 for name in taken)
    assert len({name.casefold() for name in taken}) == len(taken)


def test_the_command_writes_every_form(folder, tmp_path):
    result = CliRunner().invoke(app, ["series", str(folder), str(tmp_path / "out"), "--memory", "300MB"])
    assert result.exit_code == 0, result.output
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {
        *(f"{name}.{form}" for name in ("series", "statements", "findings") for form in ("csv", "parquet")),
        "series.xlsx",
        "sdmx.csv",
    }
    assert "表述\t6" in result.output


def test_a_run_gives_the_same_bytes_again(folder, tmp_path):
    for name in ("a", "b"):
        CliRunner().invoke(
            app, ["series", str(folder), str(tmp_path / name), "-f", "csv", "-f", "parquet", "-f", "sdmx"]
        )
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "reports" / "part-0.parquet").unlink(), "no reports/"),
        (lambda folder: _without(folder, "indicator_id"), "indicator_id"),
        (lambda folder: next((folder / "facts").rglob("*.parquet")).write_bytes(b"PAR1"), "cannot be read"),
    ],
    ids=["no-reports", "a-column-is-missing", "a-broken-file"],
)
def test_a_folder_that_is_none_is_refused(folder, change, said):
    change(folder)
    with pytest.raises(SeriesError, match=said):
        Series.from_folder(folder)


def _without(folder, column):
    path = next((folder / "facts").rglob("*.parquet"))
    pyarrow.parquet.write_table(pyarrow.parquet.read_table(path).drop_columns([column]), path)


def test_nothing_is_left_behind(folder, tmp_path):
    (tmp_path / "scratch").mkdir()
    with Series.from_folder(folder, scratch=tmp_path / "scratch") as series:
        assert series.count("cells") > 0
        assert list((tmp_path / "scratch").iterdir())
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_memory_that_is_none_is_refused(folder):
    with pytest.raises(SeriesError, match="500MB"):
        Series.from_folder(folder, memory="much")


def test_both_languages_have_words_for_every_code():
    assert all(zh and en for codes in CODES.values() for zh, en in codes.values())
    assert all(HEADS.values())
