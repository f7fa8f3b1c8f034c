-- What does not fit, or is worth knowing. Each finding names the statements that it rests on.
--   conflict   two statements about one cell that cannot both be true; `slip` says which slip one may come from. Two
--              numbers of one sentence are two things (城镇、农村; 由…增加到…), whatever they are called
--   revision   a later report, or one with final figures, states an earlier figure anew
--   growth     a value, its growth and the value of the year before do not fit
--   target     what came of a target, forecast or budget
--   gap        years without a value between others

CREATE TABLE found AS
WITH pairs AS (
    SELECT p.cell_id, p.statement_id AS first_id, o.statement_id AS second_id, x.slip, p.is_dated AND o.is_dated AS is_dated
    FROM ranked p
    JOIN apart x ON x.cell_id = p.cell_id AND x.claim = p.claim
    JOIN ranked o ON o.cell_id = x.cell_id AND o.claim = x.other
    WHERE p.place = 1
),
judged AS (
    SELECT
        pairs.*, c.series_id, a.value AS first_value, b.value AS second_value, a.measure, a.is_identified,
        a.sha256 = b.sha256 AS is_within,
        a.sha256 = b.sha256 AND f.sentence = g.sentence AS is_told_apart,
        a.sha256 <> b.sha256 AND (
            a.reference_year <> b.reference_year OR coalesce(a.vintage, '') <> coalesce(b.vintage, '') OR a.status <> 'actual'
        ) AS is_later
    FROM pairs
    JOIN cells c USING (cell_id)
    JOIN statements a ON a.statement_id = pairs.first_id
    JOIN statements b ON b.statement_id = pairs.second_id
    JOIN stated f ON f.fact_id = a.fact_id
    JOIN stated g ON g.fact_id = b.fact_id
    WHERE a.measure <> 'points' AND (a.is_identified OR (length(a.indicator_shown) >= 5 AND a.of_project IS NULL))
),
conflicts AS (
    SELECT
        CASE
            WHEN slip IS NULL AND is_later AND is_dated AND (
                measure = 'growth' OR abs(first_value - second_value) <= greatest(abs(first_value), abs(second_value)) * 0.3
            ) THEN 'revision'
            ELSE 'conflict'
        END AS kind,
        CASE
            WHEN is_within THEN 'within'
            WHEN NOT is_dated THEN 'undated'
            WHEN is_later THEN 'years'
            ELSE 'same'
        END AS detail,
        slip, cell_id, series_id, first_id, second_id, NULL::BIGINT AS third_id,
        second_value AS expected, first_value - second_value AS difference,
        is_dated AND is_identified AND NOT is_within AS is_sure
    FROM judged
    WHERE NOT is_told_apart
),
-- The growth of a year, the value that is said with it, else that of its cell, and the value of the year before.
chains AS (
    SELECT
        v.cell_id, v.series_id, coalesce(w.statement_id, v.statement_id) AS first_id, e.statement_id AS second_id,
        g.statement_id AS third_id, e.cell_id AS earlier_cell, e.value AS earlier, e.least AS earlier_least, e.most AS earlier_most,
        base_of(coalesce(w.value, v.value), g.value, e.half) AS expected,
        coalesce(w.least, v.least)::DOUBLE / (1 + g.most / 100)::DOUBLE * (1 - 1e-9) AS low,
        coalesce(w.most, v.most)::DOUBLE / (1 + g.least / 100)::DOUBLE * (1 + 1e-9) AS high,
        v.is_identified
    FROM cells v
    JOIN cells e ON e.series_id = v.series_id AND e.status = v.status
        AND e.period_start = year_before(v.period_start) AND e.period_end = year_before(v.period_end)
    JOIN cells g ON g.subject_id = v.subject_id AND g.indicator_id = v.indicator_id AND g.measure = 'growth'
        AND g.period_start = v.period_start AND g.period_end = v.period_end AND g.status = v.status
        AND g.numerator IS NOT DISTINCT FROM v.numerator AND g.project IS NOT DISTINCT FROM v.project
        AND g.base = 'year' AND coalesce(g.prices, 'current') = 'current'
    JOIN statements h ON h.statement_id = g.statement_id
    LEFT JOIN statements w ON w.cell_id = v.cell_id AND w.fact_id = h.fact_id AND w.is_exact
    JOIN statements i ON i.statement_id = e.statement_id
    WHERE h.period_from IS DISTINCT FROM 'report' AND i.period_from IS DISTINCT FROM 'report' AND v.measure = 'level' AND v.status = 'actual' AND v.is_exact AND e.is_exact AND g.is_exact
        AND v.unit NOT IN ('percent', 'permille', 'times') AND g.value > -100 AND v.value > 0 AND e.value > 0
),
growths AS (
    SELECT
        'growth' AS kind, NULL AS detail, CASE
            WHEN len(list_filter($scales, lambda k: earlier_least::DOUBLE * k <= high AND earlier_most::DOUBLE * k >= low)) > 0
            THEN 'scale'
            ELSE slip(earlier, expected)
        END AS slip,
        cell_id, series_id, first_id, second_id, third_id,
        expected, earlier - expected AS difference,
        is_identified AS is_sure
    FROM chains
    WHERE NOT EXISTS (
        FROM claims e WHERE e.cell_id = chains.earlier_cell AND e.most::DOUBLE >= low AND e.least::DOUBLE <= high
    )
),
-- What was meant to be reached: at least so much, or at most where the words put a cap, mean a fall, or less is better.
-- A report that plans a year does not say what came of it: its own undated figures are those of the year before.
goals AS (
    SELECT
        t.cell_id, t.series_id, t.status, t.statement_id AS first_id, a.statement_id AS second_id, a.value, a.least, a.most,
        a.is_exact, t.value AS stated, t.low, t.high, t.least AS goal_least, t.most AS goal_most, t.approximate,
        coalesce(t.high IS NOT NULL AND t.low IS NULL AND NOT t.approximate, false)
        OR coalesce(t.measure IN ('growth', 'change') AND coalesce(t.value, t.high) < 0, false)
        OR regexp_matches(t.indicator_name, $less_is_better) AS is_cap
    FROM cells t
    JOIN cells a ON a.series_id = t.series_id AND a.status = 'actual'
        AND a.period_start IS NOT DISTINCT FROM t.period_start AND a.period_end = t.period_end
    JOIN statements s ON s.statement_id = t.statement_id
    JOIN statements b ON b.statement_id = a.statement_id
    WHERE t.status <> 'actual' AND t.measure <> 'points' AND coalesce(a.value, a.low, a.high) IS NOT NULL
        AND (s.sha256 <> b.sha256 OR b.period_from IS DISTINCT FROM 'report')
),
aimed AS (
    SELECT
        *,
        CASE
            WHEN is_cap THEN CASE WHEN approximate THEN goal_most ELSE coalesce(high, stated, low) END
            WHEN approximate THEN coalesce(goal_least, stated)
            ELSE coalesce(low, stated, high)
        END AS goal
    FROM goals
),
targets AS (
    SELECT
        'target' AS kind,
        CASE
            WHEN status <> 'target' THEN
                CASE WHEN least > coalesce(goal_most, goal) THEN 'above' WHEN most < coalesce(goal_least, goal) THEN 'below' ELSE 'equal' END
            WHEN is_cap AND most <= goal OR NOT is_cap AND least >= goal THEN 'met'
            WHEN is_cap AND least > goal OR NOT is_cap AND most < goal THEN 'missed'
            WHEN is_exact THEN 'met'
            ELSE 'open'
        END AS detail,
        NULL AS slip, cell_id, series_id, first_id, second_id, NULL::BIGINT AS third_id,
        goal AS expected, value - coalesce(stated, goal) AS difference, true AS is_sure
    FROM aimed
    WHERE goal IS NOT NULL
),
years AS (
    SELECT series_id, list_sort(list(DISTINCT year)) AS held, min(statement_id) AS first_id, arg_max(statement_id, year) AS second_id
    FROM cells
    WHERE year IS NOT NULL AND status = 'actual' AND measure <> 'points' AND is_identified
    GROUP BY series_id
),
gaps AS (
    SELECT
        'gap' AS kind,
        array_to_string(list_filter(range(held[1], held[-1]), lambda y: NOT list_contains(held, y)), ' ') AS detail,
        NULL AS slip, NULL::BIGINT AS cell_id, series_id, first_id, second_id, NULL::BIGINT AS third_id,
        NULL::DECIMAL(38, 10) AS expected, NULL::DECIMAL(38, 10) AS difference, true AS is_sure
    FROM years
    WHERE held[-1] - held[1] + 1 > len(held)
),
every_kind AS (
    SELECT * FROM conflicts
    UNION ALL SELECT * FROM growths
    UNION ALL SELECT * FROM targets
    UNION ALL SELECT * FROM gaps
)
SELECT
    row_number() OVER (ORDER BY kind, series_id, cell_id, first_id, second_id, third_id) AS finding_id,
    kind,
    -- error: a slip; warning: to be looked at; note: to be known.
    CASE
        WHEN slip IS NOT NULL THEN 'error'
        WHEN kind IN ('conflict', 'growth') AND is_sure THEN 'warning'
        ELSE 'note'
    END AS severity,
    * EXCLUDE (kind, is_sure)
FROM every_kind;

UPDATE cells
SET is_disputed = cell_id IN (SELECT cell_id FROM found WHERE kind IN ('conflict', 'revision'));
