-- claims: the statements of a cell that say the same number, once. A copy of a report (same bytes) counts once.
CREATE TABLE claims AS
SELECT
    cell_id,
    row_number() OVER (PARTITION BY cell_id ORDER BY min(statement_id)) AS claim,
    value, least, most, is_exact,
    CASE WHEN bool_or(vintage = 'final') THEN 2 WHEN bool_and(coalesce(vintage, '') = 'preliminary') THEN 0 ELSE 1 END AS finality,
    count(DISTINCT sha256) AS copies,
    max(reference_year) AS last_year,
    max(confidence) AS confidence,
    bool_or(period_from IS DISTINCT FROM 'report') AS is_dated,
    arg_max(statement_id, (coalesce(reference_year, 0), confidence, -statement_id)) AS statement_id
FROM statements
GROUP BY cell_id, value, least, most, is_exact;

-- apart: pairs of claims of one cell that cannot both be true, and by what slip one may come from the other.
CREATE TABLE apart AS
SELECT a.cell_id, a.claim, b.claim AS other, slip(a.value, b.value) AS slip
FROM claims a
JOIN claims b ON b.cell_id = a.cell_id AND b.claim <> a.claim
WHERE a.least > b.most OR b.least > a.most;

-- ranked: the claims of a cell from the one that is preferred on.
CREATE TABLE ranked AS
WITH rivals AS (
    SELECT x.cell_id, x.claim, max(o.copies) FILTER (x.slip IS NOT NULL) AS copies, count(*) AS against
    FROM apart x
    JOIN claims o ON o.cell_id = x.cell_id AND o.claim = x.other
    GROUP BY x.cell_id, x.claim
),
supported AS (
    -- A slip of what more reports say is not preferred.
    SELECT c.*, coalesce(r.copies, 0) > c.copies AS is_slip, coalesce(r.against, 0) AS against
    FROM claims c
    LEFT JOIN rivals r ON r.cell_id = c.cell_id AND r.claim = c.claim
)
SELECT
    *,
    row_number() OVER best AS place,
    CASE
        WHEN count(*) OVER (PARTITION BY cell_id) = 1 THEN CASE WHEN copies > 1 THEN 'agreed' ELSE 'only' END
        WHEN lead(is_exact) OVER best IS DISTINCT FROM is_exact THEN 'exact'
        WHEN lead(is_slip) OVER best IS DISTINCT FROM is_slip THEN 'slip'
        WHEN lead(is_dated) OVER best IS DISTINCT FROM is_dated THEN 'dated'
        WHEN lead(finality) OVER best IS DISTINCT FROM finality THEN 'final'
        WHEN lead(last_year) OVER best IS DISTINCT FROM last_year THEN 'latest'
        WHEN lead(copies) OVER best IS DISTINCT FROM copies THEN 'supported'
        WHEN lead(confidence) OVER best IS DISTINCT FROM confidence THEN 'confidence'
        ELSE 'first'
    END AS why
FROM supported
WINDOW best AS (
    PARTITION BY cell_id
    ORDER BY is_exact DESC, is_slip, is_dated DESC, finality DESC, last_year DESC NULLS LAST, copies DESC, confidence DESC, statement_id
);

-- cells: one row a subject, indicator, measure, unit, period and status, with the claim that is preferred.
CREATE TABLE cells AS
WITH counted AS (
    SELECT cell_id, count(*) AS statements, count(DISTINCT report) AS reports, count(DISTINCT value) AS "values"
    FROM statements
    GROUP BY cell_id
)
SELECT
    s.cell_id, s.series_id, s.subject_id, s.about_name AS subject_name, s.subject_kind, s.subject_code, s.subject_within,
    s.about_id AS indicator_id, s.indicator_shown AS indicator_name, s.is_identified, s.numerator, s.of_project AS project,
    s.measure, s.unit, s.prices, s.base,
    frequency(s.period_start, s.period_end) AS freq,
    time_period(s.period_start, s.period_end) AS time_period,
    CASE WHEN frequency(s.period_start, s.period_end) = 'A' THEN year(s.period_start) END AS year,
    s.period_start, s.period_end, s.status,
    s.value, s.low, s.high, s.approximate, s.is_exact, s.least, s.most, s.half, s.vintage,
    c.statements, c.reports, c."values", false AS is_disputed, r.why, r.statement_id
FROM ranked r
JOIN statements s USING (statement_id)
JOIN counted c ON c.cell_id = r.cell_id
WHERE r.place = 1;
