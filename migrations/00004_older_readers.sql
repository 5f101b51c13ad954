-- Views for all programs that can read STRICT tables, which SQLite has had since
-- 2021. One that finds a word of a newer SQLite in a view reads no table at all:
-- Debian 12 does not know an order within an aggregate, Ubuntu 22.04 not ->>.

-- +goose Up

DROP VIEW evaluations;

CREATE VIEW evaluations AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.subject, h.name, h.date, h.teacher, h.description, h.coefficient, h.domain, h.cycles,
	(SELECT coalesce(group_concat(abbreviation, ', '), '') FROM (
		SELECT s.abbreviation FROM skills_history s WHERE s.evaluation_id = h.id AND s.valid_to IS NULL ORDER BY s.position)) AS levels,
	item.first_seen_at, h.valid_from AS changed_at
FROM evaluations_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

DROP VIEW schools;

CREATE VIEW schools AS
SELECT
	account.name AS account, coalesce(nullif(json_extract(site.value, '$.Name'), ''), school) AS name,
	json_extract(calendar, '$.Year') AS year,
	json_extract(calendar, '$.Starts') AS starts_on, json_extract(calendar, '$.Ends') AS ends_on,
	json_extract(site.value, '$.Address') AS address, json_extract(site.value, '$.PostalCode') AS postal_code,
	json_extract(site.value, '$.City') AS city, json_extract(site.value, '$.Province') AS province,
	json_extract(site.value, '$.Country') AS country, json_extract(site.value, '$.Website') AS website,
	json_extract(site.value, '$.Logo') AS logo
FROM account LEFT JOIN json_each(calendar, '$.Sites') AS site
WHERE school IS NOT NULL;
