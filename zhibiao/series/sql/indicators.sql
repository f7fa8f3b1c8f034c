-- One row an indicator, those that are known and have most cells first; a name that is said once has no sheet of its own.
SELECT
    indicator_id, any_value(indicator_name ORDER BY cell_id) AS indicator_name, is_identified,
    count(DISTINCT subject_id) AS subjects, count(*) AS cells, sum(statements)::BIGINT AS statements,
    min(coalesce(year, year(period_end))) AS first_year, max(coalesce(year, year(period_end))) AS last_year,
    any_value(x.findings) AS findings,
    is_identified OR count(DISTINCT (subject_id, time_period)) > 1 AS has_sheet
FROM cells c
LEFT JOIN (
    SELECT indicator_id AS id, count(DISTINCT finding_id) AS findings
    FROM found JOIN cells USING (series_id)
    GROUP BY indicator_id
) x ON x.id = c.indicator_id
GROUP BY indicator_id, is_identified
ORDER BY has_sheet DESC, is_identified DESC, cells DESC, indicator_id
