"""PDF files: what stands on a page, its lines, its ruled tables, and the paragraphs they make."""

from zhibiao.documents.pdf.reading import read_pdf

__all__ = ["read_pdf"]
