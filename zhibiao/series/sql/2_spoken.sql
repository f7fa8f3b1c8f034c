-- spoken: one row a statement. A fact that gives a value and its growth makes two.
--   measure    level     how much there is
--              change    by how much it rose or fell, in its own unit
--              growth    by how many percent it rose or fell (times, ‰ and 番 as percent)
--              points    by how many percentage points
--   prices     constant where the growth is at constant prices, current where the report says so
--   base       of growth and points: what it is compared with (year, previous, a named year)
--   half       half a unit of the last digit that is written
--   vintage    preliminary (快报) or final (决算), where title or sentence says so

CREATE TABLE spoken AS
WITH named AS (
    SELECT
        *,
        indicator_id IS NOT NULL AS is_identified,
        -- 地区生产总值增速 is the growth of 地区生产总值.
        CASE
            WHEN indicator_kind = 'rate' THEN regexp_replace(indicator_id, '(增长速度|增长率|增速|增幅|涨幅)$', '')
            ELSE coalesce(indicator_id, '~' || coalesce(indicator, project))
        END AS about_id,
        CASE
            WHEN indicator_kind = 'rate' THEN regexp_replace(indicator_name, '(增长速度|增长率|增速|增幅|涨幅)$', '')
            ELSE coalesce(indicator_name, indicator, project)
        END AS indicator_shown,
        CASE WHEN indicator IS NOT NULL THEN project END AS of_project,
        CASE
            WHEN regexp_matches(concat(report_title, report), '决算|公报') OR regexp_matches(sentence, '最终核实|核定为|决算数') THEN 'final'
            WHEN regexp_matches(concat(report_title, report), '快报') OR regexp_matches(sentence, '快报|初步核算|初步统计|初步测算') THEN 'preliminary'
        END AS vintage,
        CASE growth_direction WHEN 'down' THEN -1 WHEN 'flat' THEN 0 ELSE 1 END AS sign
    FROM stated
),
levels AS (
    SELECT
        * EXCLUDE (value, low, high, approximate, unit, written),
        CASE WHEN change IS NOT NULL THEN 'change' WHEN indicator_kind = 'rate' AND unit = 'percent' THEN 'growth' ELSE 'level' END AS measure,
        concat(unit, '/' || per) AS stated_unit,
        NULL AS prices,
        CASE WHEN indicator_kind = 'rate' AND change IS NULL AND unit = 'percent' THEN 'year' END AS base,
        CASE WHEN change = 'down' THEN -value ELSE value END AS value,
        CASE WHEN change = 'down' THEN -high ELSE low END AS low,
        CASE WHEN change = 'down' THEN -low ELSE high END AS high,
        coalesce(approximate, false) AS approximate,
        half_unit(coalesce(value, high, low), written) AS half,
        written
    FROM named
    WHERE coalesce(value, low, high) IS NOT NULL
),
growths AS (
    SELECT
        * EXCLUDE (value, low, high, approximate, unit, written),
        CASE WHEN growth_unit IN ('percentage_point', 'basis_point') THEN 'points' ELSE 'growth' END AS measure,
        CASE WHEN growth_unit IN ('percentage_point', 'basis_point') THEN 'percentage_point' ELSE 'percent' END AS stated_unit,
        CASE
            WHEN growth_unit IN ('percentage_point', 'basis_point') THEN NULL
            WHEN regexp_matches(sentence, '现价|名义增长') THEN 'current'
            WHEN regexp_matches(sentence, '可比价|不变价|实际增长') OR regexp_matches(indicator_shown, $real_growth) THEN 'constant'
        END AS prices,
        CASE
            WHEN growth_base IS NULL OR growth_base IN ('prior_year', 'same_period') THEN 'year'
            WHEN growth_base = 'prior_period' THEN 'previous'
            ELSE growth_base
        END AS base,
        CASE growth_unit
            WHEN 'times' THEN 100.0 WHEN 'permille' THEN 0.1 WHEN 'basis_point' THEN 0.01 ELSE 1.0
        END::DECIMAL(6, 3) AS scale,
        CASE WHEN growth_unit = 'doubling' THEN (growth_factor - 1) * 100 ELSE growth END AS plain_value,
        CASE WHEN growth_unit = 'doubling' THEN (growth_factor - 1) * 100 ELSE growth_low END AS plain_low,
        CASE WHEN growth_unit = 'doubling' THEN (growth_factor - 1) * 100 ELSE growth_high END AS plain_high,
        coalesce(growth_approximate, false) AS approximate,
        half_unit(coalesce(growth, growth_high, growth_low), growth_written) AS plain_half,
        growth_written AS written
    FROM named
    WHERE coalesce(growth, growth_low, growth_high) IS NOT NULL
),
both_kinds AS (
    SELECT
        fact_id, report, sha256, subject_id, about_name, subject_kind, subject_code, subject_within, about_id, indicator_shown, is_identified,
        numerator, of_project, measure, stated_unit, prices, base, value, low, high, approximate, half, written,
        period_start, period_end, period_from, status, confidence, vintage, reference_year
    FROM levels
    UNION ALL
    SELECT
        fact_id, report, sha256, subject_id, about_name, subject_kind, subject_code, subject_within, about_id, indicator_shown, is_identified,
        numerator, of_project, measure, stated_unit, prices, base,
        rescale(plain_value, scale * sign), rescale(CASE WHEN sign < 0 THEN plain_high ELSE plain_low END, scale * sign),
        rescale(CASE WHEN sign < 0 THEN plain_low ELSE plain_high END, scale * sign), approximate, rescale(plain_half, scale), written,
        period_start, period_end, period_from, status, confidence, vintage, reference_year
    FROM growths
)
SELECT
    * EXCLUDE (period_start),
    -- A stock at the end of a year is that year's figure: 2020年末 is 2020.
    CASE
        WHEN measure = 'level' AND month(period_end) = 12 AND day(period_end) = 31 AND (period_start IS NULL OR period_start = period_end)
            AND regexp_matches(indicator_shown, $stocks)
        THEN make_date(year(period_end), 1, 1)
        ELSE period_start
    END AS period_start
FROM both_kinds;
