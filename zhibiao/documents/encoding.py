"""Bytes -> text: finds the encoding of a Chinese text file, and refuses what is none.

The order: a byte order mark; UTF-8, which does not decode by chance; UTF-16 without a mark; then GB18030 or Big5,
whichever reads as the more ordinary Chinese. Nothing is ever replaced or left out.
"""

from __future__ import annotations

import codecs
import re

from zhibiao.errors import TextError

#: Byte order marks and the encodings they announce; UTF-32's begins like UTF-16's and so comes first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_REMEDY = "Save the file as UTF-8 (or GB18030) text and send it again."
#: Encodings are told apart on this many bytes; the whole is then decoded with the one found.
_SAMPLE = 1 << 16
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
#: The share of ordinary characters below which a reading is taken for noise.
_PLAUSIBLE = 0.5


def decode(source: bytes) -> tuple[str, str]:
    """The text that these bytes hold and the name of their encoding; a byte order mark is not part of the text.

    Raises:
        TextError: the bytes are no text, or hold a byte that their encoding does not have; the message gives its
            offset, its value, the encoding and the remedy.
    """
    for mark, encoding in _MARKS:
        if source.startswith(mark):
            return _checked(_decode(source, encoding, len(mark)), source, encoding, len(mark)), encoding
    encoding = _find_encoding(source)
    return _checked(_decode(source, encoding, 0), source, encoding, 0), encoding


def check_text(text: str) -> str:
    """The same text, if it can be processed and written out again.

    Raises:
        TextError: the text holds a lone surrogate (half of a character outside the basic plane), which no encoding
            can write; JSON lets them through as `\\ud83d`.
    """
    found = _SURROGATE.search(text)
    if found:
        raise TextError(
            f"The text holds a lone surrogate U+{ord(found[0]):04X} at character {found.start()}: half of a character. "
            "Send the whole character, or leave it out."
        )
    return text


def _find_encoding(source: bytes) -> str:
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(source):
            raise _undecodable(error, "UTF-8") from None
    else:
        wide = _utf16(source) if b"\0" in source[:_SAMPLE] else None
        return wide or "utf-8"
    return _utf16(source) or _chinese(source)


def _is_damaged_utf8(source: bytes) -> bool:
    """Whether all but a little outside ASCII is UTF-8: GB18030 would make rare characters of such bytes."""
    text = source.decode("utf-8", "replace")
    bad = text.count("�")
    wide = sum(1 for character in text if ord(character) > 0x7FF) - bad
    return wide > 4 * bad


def _utf16(source: bytes) -> str | None:
    """UTF-16 without a byte order mark, in the byte order that gives ordinary Chinese text; None if neither does."""
    if len(source) % 2:
        return None
    sample = source[:_SAMPLE]
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, "replace")
        if text and sum(map(_is_ordinary, text)) >= 0.9 * len(text):
            return encoding
    return None


def _is_ordinary(character: str) -> bool:
    """A character of modern Chinese text: ASCII in print, Han, CJK punctuation, full-width forms, dashes and quotes."""
    code = ord(character)
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x20 <= code < 0x7F
        or character in "\t\n\r"
        or 0x3000 <= code <= 0x303F
        or 0xFF00 <= code <= 0xFFEF
        or 0x2010 <= code <= 0x2027
    )


def _chinese(source: bytes) -> str:
    """GB18030 or Big5, whichever decodes and reads better."""
    failures: dict[str, UnicodeDecodeError] = {}
    scores: dict[str, float] = {}
    for encoding in ("gb18030", "cp950", "big5hkscs"):
        try:
            text = source.decode(encoding)
        except UnicodeDecodeError as error:
            failures[encoding] = error
        else:
            scores[encoding] = _commonness(text[:_SAMPLE], "gb2312" if encoding == "gb18030" else "big5")
    best = max(scores, key=lambda encoding: scores[encoding], default=None)
    if best and scores[best] >= _PLAUSIBLE:
        return best
    if best:
        raise TextError(f"The bytes decode as {best.upper()} only to characters that make no Chinese text. {_REMEDY}")
    furthest = max(failures, key=lambda encoding: failures[encoding].start)
    raise _undecodable(failures[furthest], "GB18030" if furthest == "gb18030" else "Big5")


def _commonness(text: str, standard: str) -> float:
    """How ordinary the characters outside ASCII are, 0 to 1.

    GB 2312 and Big5 both put the everyday characters into a first level: lead bytes B0-D7 and A4-C6; symbols come
    before it (from A1). Characters of the second level count half, others nothing.
    """
    first, second = ((0xA1, 0xD7), 0xF7) if standard == "gb2312" else ((0xA1, 0xC6), 0xF9)
    total, weight = 0, 0.0
    for character in text:
        if character < "\x80":
            continue
        total += 1
        code = character.encode(standard, "ignore")
        if len(code) == 2 and first[0] <= code[0] <= first[1]:
            weight += 1
        elif (len(code) == 2 and code[0] <= second) or "㐀" <= character <= "鿿":
            weight += 0.5
    return weight / total if total else 1.0


def _decode(source: bytes, encoding: str, skip: int) -> str:
    try:
        return source[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(error, encoding.upper(), skip) from None


def _undecodable(error: UnicodeDecodeError, encoding: str, skip: int = 0) -> TextError:
    return TextError(
        f"Byte 0x{error.object[error.start]:02X} at offset {error.start + skip} cannot be decoded as {encoding} "
        f"({error.reason}). {_REMEDY}"
    )


def _checked(text: str, source: bytes, encoding: str, skip: int) -> str:
    """Refuse binary content: a NUL anywhere, or control characters that text does not have in any number."""
    found = _CONTROLS.findall(text)
    if "\0" in found or len(found) > 2 + len(text) // 100:
        position = text.index("\0") if "\0" in found else text.index(found[0])
        offset = skip + len(text[:position].encode(encoding))
        raise TextError(
            f"This is no text: byte 0x{source[offset]:02X} at offset {offset} is a control character. "
            "Send a .txt, .md, .html, .docx, .xlsx or .pdf file."
        )
    return check_text(text)
