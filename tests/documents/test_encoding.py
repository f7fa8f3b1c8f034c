import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhibiao.documents import check_text, decode, read
from zhibiao.errors import DocumentError, TextError

SIMPLIFIED = "云溪县2020年工作总结\r\n　　规模工业增加值46.78亿元，较上年增长17.95%。\r\n占全县比重88.5%。"
TRADITIONAL = "臺北市政府工作報告\n今年預算執行率達到百分之九十五，較去年增加三億元，財政收支平衡，建設經費為五百萬元。"
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk", "gb2312"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_chinese_encodings_are_found(encoding):
    document = read(SIMPLIFIED.encode(encoding), "a.txt")
    assert document.text == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "gbk", "big5", "cp950", "big5hkscs"])
def test_traditional_text_too(encoding):
    assert decode(TRADITIONAL.encode(encoding))[0] == TRADITIONAL


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("length", [2, 5, 9])
def test_short_texts(encoding, length):
    part = SIMPLIFIED.replace("　", "").replace("\r\n", "")[:length]
    assert decode(part.encode(encoding))[0] == part


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufeff")))
def test_utf8_comes_back_unchanged(text):
    assert decode(text.encode())[0] == text


@pytest.mark.parametrize("text", ["", "   \n\t", "增长5%\u200b\ufeff，🏭\U00020000", "甲\r乙\n丙\r\n丁\u2028戊"])
def test_texts_are_never_altered(text):
    assert read(text.encode(), "a.txt").text == text


def test_a_byte_that_does_not_decode_is_named():
    source = "规模工业增加值46.78亿元，较上年增长".encode() + b"\xff" + "17.95%。".encode()
    with pytest.raises(TextError, match=r"Byte 0xFF at offset 50 cannot be decoded as UTF-8 .* Save the file as UTF-8"):
        decode(source)


def test_the_offset_counts_a_byte_order_mark():
    with pytest.raises(TextError, match="Byte 0x00 at offset 4 cannot be decoded as UTF-16-LE"):
        decode(b"\xff\xfe\x2d\x4e" + b"\x00\xd8")


def test_damaged_gb18030_is_no_other_encoding():
    source = "全县地区生产总值一百四十六亿元".encode("gb18030") + b"\xff\xff"
    with pytest.raises(TextError, match="Byte 0xFF at offset 30"):
        decode(source)


@pytest.mark.parametrize("source", [b"\x00\x01\x02\x03", b"text\x00more", bytes(range(256)), b"\x01\x02\x03" * 50])
def test_binary_content_is_refused(source):
    with pytest.raises(TextError):
        decode(source)


def test_a_nul_is_named_with_its_place():
    with pytest.raises(TextError, match="byte 0x00 at offset 6 is a control character"):
        decode("增长".encode() + b"\x00")


def test_lone_surrogates_are_refused_with_their_place():
    with pytest.raises(TextError, match=r"lone surrogate U\+D83D at character 2"):
        check_text("增长\ud83d")
    assert check_text("增长🏭") == "增长🏭"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG image"),
        (b"\x7fELF\x02\x01\x01\x00", "a program"),
        (b"{\\rtf1\\ansi", "rich text"),
        (b"\x1f\x8b\x08\x00\x00", "gzip"),
    ],
)
def test_other_files_are_named(source, message):
    with pytest.raises(DocumentError, match=message):
        read(source, "报告.txt")
