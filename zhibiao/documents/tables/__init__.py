"""Tables -> facts, cell by cell: heads, units, periods, merged cells, totals; what is not clear gives none."""

from zhibiao.documents.tables.nouns import Dating, Names, Piece, TableFact, TableReading
from zhibiao.documents.tables.reading import read_tables, table_facts

__all__ = ["Dating", "Names", "Piece", "TableFact", "TableReading", "read_tables", "table_facts"]
