-- stated: the facts in a fixed order, numbered, each with what its report is.
-- From `facts` and `reports`, as `zhibiao batch` writes them.

CREATE TABLE stated AS
SELECT
    row_number() OVER (
        ORDER BY f.report, f.start, f."end", f.indicator, f.project, f.written, f.growth_written, f.status, f.value, f.growth
    ) AS fact_id,
    f.*,
    r.reference_year,
    r.title AS report_title,
    coalesce(f.subject_name, r.title, f.report) AS about_name,
    CASE
        WHEN f.subject_name IS NULL THEN 'report:' || f.report
        WHEN f.subject_code IS NOT NULL AND f.subject_kind IN ('nation', 'province', 'city', 'county') THEN f.subject_code
        ELSE concat(f.subject_kind, ':', f.subject_name, '@' || f.subject_code)
    END AS subject_id
FROM facts f
LEFT JOIN reports r ON r.report = f.report
WHERE f.indicator IS NOT NULL OR f.project IS NOT NULL;
