-- The cells in the long form of SDMX: one row an observation, its dimensions, value and attributes by their SDMX names.
--   REF_AREA    the code of GB/T 2260 where the subject is a place of the nation, province, city or county; else _Z
--   OBS_STATUS  of the code list CL_OBS_STATUS: A normal, E estimated (about, nearly, bounds), P provisional, F forecast
--   STATUS      actual, target, forecast or budget: SDMX has no code for what is meant to be
SELECT
    c.freq AS "FREQ",
    CASE WHEN c.subject_kind IN ('nation', 'province', 'city', 'county') THEN coalesce(c.subject_code, '_Z') ELSE '_Z' END AS "REF_AREA",
    c.subject_id AS "SUBJECT",
    c.indicator_id AS "INDICATOR",
    coalesce(c.numerator, '_Z') AS "NUMERATOR",
    coalesce(c.project, '_Z') AS "PROJECT",
    c.measure AS "MEASURE",
    CASE c.unit WHEN 'percent' THEN 'PT' ELSE c.unit END AS "UNIT_MEASURE",
    coalesce(c.prices, '_Z') AS "PRICES",
    coalesce(c.base, '_Z') AS "BASE_PERIOD",
    c.status AS "STATUS",
    coalesce(c.time_period, '_Z') AS "TIME_PERIOD",
    c.value AS "OBS_VALUE",
    c.low AS "OBS_LOW",
    c.high AS "OBS_HIGH",
    '0' AS "UNIT_MULT",
    CASE
        WHEN c.status <> 'actual' THEN 'F'
        WHEN c.vintage = 'preliminary' THEN 'P'
        WHEN NOT c.is_exact THEN 'E'
        ELSE 'A'
    END AS "OBS_STATUS",
    c.subject_name AS "SUBJECT_NAME",
    c.indicator_name AS "INDICATOR_NAME",
    c.is_identified AS "IS_IDENTIFIED",
    c.is_disputed AS "IS_DISPUTED",
    s.report AS "SOURCE",
    f.sentence AS "COMMENT_OBS"
FROM cells c
JOIN statements s USING (statement_id)
JOIN stated f USING (fact_id)
ORDER BY c.cell_id
