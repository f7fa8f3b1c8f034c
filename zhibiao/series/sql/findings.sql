-- One row a finding, with the statements that it rests on. Of a gap the cell is that of the last year before it.
SELECT
    x.finding_id, x.kind, x.severity, x.detail, x.slip, c.subject_id, c.subject_name, c.indicator_id, c.indicator_name,
    c.is_identified, c.numerator, c.project, c.measure, c.unit, c.time_period, c.status,
    a.value AS first_value, a.written AS first_written, a.report AS first_report, f.sentence AS first_sentence,
    b.value AS second_value, b.written AS second_written, b.report AS second_report, g.sentence AS second_sentence,
    d.value AS growth, d.written AS growth_written, d.report AS growth_report, h.sentence AS growth_sentence,
    x.expected, x.difference, x.first_id, x.second_id, x.third_id, a.cell_id
FROM found x
JOIN statements a ON a.statement_id = x.first_id
JOIN stated f ON f.fact_id = a.fact_id
JOIN cells c ON c.cell_id = coalesce(x.cell_id, a.cell_id)
JOIN statements b ON b.statement_id = x.second_id
JOIN stated g ON g.fact_id = b.fact_id
LEFT JOIN statements d ON d.statement_id = x.third_id
LEFT JOIN stated h ON h.fact_id = d.fact_id
ORDER BY CASE x.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, x.finding_id
