-- One row a cell: the preferred value, why it is preferred, its source, and every statement of the cell.
SELECT
    c.* EXCLUDE (cell_id, series_id, least, most, half, statement_id),
    s.report, f.report_title AS title, s.reference_year, s.written, f.sentence, f.start, f."end", f.page, f.paragraph,
    f.sheet, f."table", f.cell, s.confidence,
    a.sources
FROM cells c
JOIN statements s USING (statement_id)
JOIN stated f USING (fact_id)
JOIN (
    SELECT
        s.cell_id,
        list({
            'report': s.report, 'title': f.report_title, 'reference_year': s.reference_year, 'value': s.value,
            'low': s.low, 'high': s.high, 'approximate': s.approximate, 'written': s.written, 'sentence': f.sentence,
            'start': f.start, 'end': f."end", 'page': f.page, 'paragraph': f.paragraph, 'sheet': f.sheet,
            'table': f."table", 'cell': f.cell, 'confidence': s.confidence
        } ORDER BY s.statement_id) AS sources
    FROM statements s
    JOIN stated f USING (fact_id)
    GROUP BY s.cell_id
) a ON a.cell_id = c.cell_id
ORDER BY c.cell_id
