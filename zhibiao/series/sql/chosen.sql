-- The cells of one indicator, for all subjects or for some, with every statement of each; the preferred one first.
SELECT
    c.*,
    a.sources
FROM cells c
JOIN (
    SELECT
        s.cell_id,
        list({
            'statement_id': s.statement_id, 'is_preferred': s.statement_id = p.statement_id, 'report': s.report,
            'reference_year': s.reference_year, 'value': s.value, 'low': s.low, 'high': s.high,
            'approximate': s.approximate, 'written': s.written, 'sentence': f.sentence, 'start': f.start, 'end': f."end",
            'page': f.page, 'confidence': s.confidence
        } ORDER BY s.statement_id <> p.statement_id, s.statement_id) AS sources
    FROM statements s
    JOIN stated f USING (fact_id)
    JOIN cells p ON p.cell_id = s.cell_id
    WHERE p.indicator_id = $1
    GROUP BY s.cell_id
) a ON a.cell_id = c.cell_id
WHERE $2 OR list_contains($3::VARCHAR[], c.subject_id)
ORDER BY c.series_id, c.status, c.period_end NULLS LAST, c.period_start, c.cell_id
LIMIT $4
