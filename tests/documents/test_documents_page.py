import doctest
from pathlib import Path

from zhibiao.documents import Limits
from zhibiao.outputs.rows import COLUMNS

PAGE = Path(__file__).parents[2] / "docs" / "documents.md"


def test_the_examples_run_as_shown():
    result = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert (result.failed, result.attempted > 5) == (0, True)


def test_the_limits_are_those_of_the_code():
    page, limits = PAGE.read_text(encoding="utf-8"), Limits()
    assert f"{limits.file_bytes // 2**20} MiB" in page
    assert f"{limits.unpacked_bytes // 2**20} MiB of XML" in page
    assert f"{limits.pages:,} pages" in page
    assert f"{limits.cells:,} cells" in page
    assert f"{limits.seconds:g} s" in page
    assert all(f"`{name}`" in page for name in Limits.__slots__)


def test_columns_have_heads_of_their_own():
    assert len({column.head for column in COLUMNS}) == len({column.key for column in COLUMNS}) == len(COLUMNS)
