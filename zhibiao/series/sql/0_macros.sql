-- Periods as SDMX writes them. A series is annual (A), half-yearly (S), quarterly (Q), monthly (M), at a day (D), of any
-- other length (_O), or of no period (_Z).

CREATE MACRO is_whole_months(first, last) AS day(first) = 1 AND last = last_day(last);

CREATE MACRO months(first, last) AS date_diff('month', first, last) + 1;

CREATE MACRO frequency(first, last) AS CASE
    WHEN first IS NULL AND last IS NULL THEN '_Z'
    WHEN first IS NULL OR first = last THEN 'D'
    WHEN last IS NULL OR NOT is_whole_months(first, last) OR first > last THEN '_O'
    WHEN months(first, last) = 12 AND month(first) = 1 THEN 'A'
    WHEN months(first, last) = 6 AND month(first) IN (1, 7) THEN 'S'
    WHEN months(first, last) = 3 AND month(first) IN (1, 4, 7, 10) THEN 'Q'
    WHEN months(first, last) = 1 THEN 'M'
    ELSE '_O'
END;

CREATE MACRO time_period(first, last) AS CASE frequency(first, last)
    WHEN '_Z' THEN NULL
    WHEN 'A' THEN strftime(first, '%Y')
    WHEN 'S' THEN strftime(first, '%Y') || '-S' || CASE WHEN month(first) = 1 THEN '1' ELSE '2' END
    WHEN 'Q' THEN strftime(first, '%Y') || '-Q' || ((month(first) + 2) // 3)::VARCHAR
    WHEN 'M' THEN strftime(first, '%Y-%m')
    WHEN 'D' THEN strftime(last, '%Y-%m-%d')
    ELSE CASE
        WHEN last IS NULL THEN strftime(first, '%Y-%m-%d') || '/..'
        WHEN is_whole_months(first, last) AND months(first, last) % 12 = 0
            THEN strftime(first, '%Y-%m-%d') || '/P' || (months(first, last) // 12)::VARCHAR || 'Y'
        WHEN is_whole_months(first, last) THEN strftime(first, '%Y-%m-%d') || '/P' || months(first, last)::VARCHAR || 'M'
        ELSE strftime(first, '%Y-%m-%d') || '/P' || (date_diff('day', first, last) + 1)::VARCHAR || 'D'
    END
END;

-- The same day a year before; the end of a month stays one.
CREATE MACRO year_before(given) AS CASE
    WHEN given = last_day(given) THEN last_day((given - INTERVAL 1 YEAR)::DATE) ELSE (given - INTERVAL 1 YEAR)::DATE
END;
