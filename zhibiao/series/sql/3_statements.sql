-- statements: every statement in the unit of its series, with the interval that its words allow, its series and its cell.
--   A series takes the unit that is written most for its indicator; what cannot be converted into it is a series apart.
--   least, most   the interval: an exact number within its rounding, 近 within one unit of its last digit, 约 within half
--                 of it, a bound as it is said; null where open
-- `units` (unit, dimension, numerator, denominator) comes from the normaliser's tables.

CREATE TABLE statements AS
WITH counted AS (
    SELECT s.about_id, s.measure, u.dimension, s.stated_unit AS unit, u.numerator, u.denominator, count(*) AS times
    FROM spoken s
    JOIN units u ON u.unit = s.stated_unit AND (s.is_identified OR u.dimension <> 'enterprises')
    GROUP BY ALL
),
chosen AS (
    SELECT about_id, measure, dimension, unit, numerator, denominator
    FROM counted
    QUALIFY row_number() OVER (PARTITION BY about_id, measure, dimension ORDER BY times DESC, unit) = 1
),
factors AS (
    SELECT
        c.about_id, c.measure, c.unit AS stated_unit, o.unit,
        c.numerator * o.denominator AS numerator, c.denominator * o.numerator AS denominator
    FROM counted c
    JOIN chosen o USING (about_id, measure, dimension)
    WHERE c.unit <> o.unit
),
reconciled AS (
    SELECT
        s.* EXCLUDE (value, low, high, half),
        s.value AS stated_value,
        coalesce(f.unit, s.stated_unit) AS unit,
        CASE WHEN f.unit IS NULL THEN s.value ELSE convert_unit(s.value, f.numerator, f.denominator) END AS value,
        CASE WHEN f.unit IS NULL THEN s.low ELSE convert_unit(s.low, f.numerator, f.denominator) END AS low,
        CASE WHEN f.unit IS NULL THEN s.high ELSE convert_unit(s.high, f.numerator, f.denominator) END AS high,
        CASE WHEN f.unit IS NULL THEN s.half ELSE convert_unit(s.half, f.numerator, f.denominator) END AS half,
        last_unit(s.value) AS coarse,
        f.unit IS NOT NULL AS is_converted
    FROM spoken s
    LEFT JOIN factors f ON f.about_id = s.about_id AND f.measure = s.measure AND f.stated_unit = s.stated_unit
),
bounded AS (
    SELECT
        *,
        NOT approximate AND value IS NOT NULL AND low = high AS is_exact,
        CASE
            WHEN NOT approximate AND low = high THEN low - half
            WHEN approximate AND low IS NULL AND high IS NULL THEN value - coarse / 2
            WHEN approximate AND low IS NULL THEN high - coarse
            ELSE low
        END::DECIMAL(38, 10) AS least,
        CASE
            WHEN NOT approximate AND low = high THEN high + half
            WHEN approximate AND low IS NULL AND high IS NULL THEN value + coarse / 2
            WHEN approximate AND high IS NULL THEN low + coarse
            ELSE high
        END::DECIMAL(38, 10) AS most
    FROM reconciled
)
SELECT
    row_number() OVER whole AS statement_id,
    dense_rank() OVER by_cell AS cell_id,
    dense_rank() OVER by_series AS series_id,
    * EXCLUDE (coarse)
FROM bounded
WINDOW
    by_series AS (ORDER BY subject_id, about_id, numerator, of_project, measure, unit, prices, base),
    by_cell AS (
        ORDER BY subject_id, about_id, numerator, of_project, measure, unit, prices, base, period_start, period_end, status
    ),
    whole AS (
        ORDER BY subject_id, about_id, numerator, of_project, measure, unit, prices, base, period_start, period_end, status,
            fact_id, written
    );
