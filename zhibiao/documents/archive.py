"""Members of zipped documents, read within limits, and their XML, read without entities or network."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from zhibiao.documents.model import Limits
from zhibiao.errors import DocumentError

_MEMBERS = 20_000
_BROKEN = "Open it in Word, Excel or WPS and save it again."


class Archive:
    """A zipped document. Its XML is bounded when it is opened, so that a zip bomb is refused unopened."""

    def __init__(self, source: bytes, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise DocumentError(f"The file is damaged ({error}). {_BROKEN}") from None
        infos = self._zip.infolist()
        if len(infos) > _MEMBERS:
            raise DocumentError(f"The file holds {len(infos):,} members; a document has fewer than {_MEMBERS:,}.")
        # Images and other media are never unpacked, and so do not count.
        unpacked = sum(info.file_size for info in infos if info.filename.endswith((".xml", ".rels")))
        if unpacked > limits.unpacked_bytes:
            raise DocumentError(
                f"The file unpacks to {unpacked:,} bytes of XML; the limit is {limits.unpacked_bytes:,}. "
                "Split it, or raise the limit."
            )
        if any(info.flag_bits & 1 for info in infos):
            raise DocumentError("The file is encrypted. Remove the password and send it again.")

    def xml(self, name: str) -> etree._Element | None:
        """The root of this member, None where the file has none of this name; DocumentError where it is broken."""
        try:
            content = self.content(name)
        except KeyError:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise DocumentError(f"{name} in the file is no sound XML ({error}). {_BROKEN}") from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise DocumentError(f"{name} in the file declares entities, which no document does. {_BROKEN}")
        return root

    def names(self) -> list[str]:
        """The names of the members."""
        return self._zip.namelist()

    def content(self, name: str) -> bytes:
        """The bytes of a member; KeyError where there is none, DocumentError where it is broken."""
        try:
            return self._zip.read(name)  # zipfile stops at the declared size, which was bounded above
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
            raise DocumentError(f"{name} in the file is damaged ({error}). {_BROKEN}") from None
