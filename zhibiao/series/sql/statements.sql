-- One row a statement, with its place in its report.
SELECT
    s.statement_id, s.cell_id, c.subject_id, c.subject_name, c.indicator_id, c.indicator_name, c.is_identified,
    c.numerator, c.project, c.measure, c.prices, c.base, c.time_period, c.status, s.value, s.unit, s.low, s.high,
    s.approximate, s.stated_value, s.stated_unit, s.written, s.statement_id = c.statement_id AS is_preferred,
    s.report, s.sha256, f.report_title AS title, s.reference_year, s.vintage, f.indicator AS indicator_written, f.sentence,
    f.start, f."end", f.page, f.paragraph, f.sheet, f."table", f.cell, s.confidence
FROM statements s
JOIN cells c USING (cell_id)
JOIN stated f USING (fact_id)
ORDER BY s.statement_id
