-- One row a subject, those with most cells first.
SELECT
    subject_id, any_value(subject_name ORDER BY cell_id) AS subject_name, any_value(subject_kind) AS subject_kind,
    any_value(subject_within) AS subject_within, count(*) AS cells
FROM cells
GROUP BY subject_id
ORDER BY cells DESC, subject_id
