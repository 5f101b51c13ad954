-- Who is logged in, the groups that a pupil is in, and all schools behind an
-- account.

-- +goose Up

CREATE TABLE persons_history (
	version     INTEGER PRIMARY KEY,
	id          INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id  INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	name        TEXT NOT NULL, -- as PRONOTE writes it
	kind        TEXT NOT NULL CHECK (kind IN ('student', 'parent')),
	address     TEXT NOT NULL, -- street, in one line; '' like what follows when the school does not know it
	postal_code TEXT NOT NULL,
	city        TEXT NOT NULL,
	province    TEXT NOT NULL,
	country     TEXT NOT NULL,
	email       TEXT NOT NULL,
	phone       TEXT NOT NULL, -- mobile, '+33 612345678'
	landline    TEXT NOT NULL,
	ine         TEXT NOT NULL, -- national number of a pupil
	valid_from  TEXT NOT NULL,
	valid_to    TEXT,
	gone        INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX persons_current ON persons_history (id) WHERE valid_to IS NULL;
CREATE INDEX persons_student ON persons_history (student_id) WHERE valid_to IS NULL;

CREATE VIEW persons AS
SELECT
	owner.account, owner.student, item.uid,
	h.name, h.kind, h.address, h.postal_code, h.city, h.province, h.country, h.email, h.phone, h.landline, h.ine,
	item.first_seen_at, h.valid_from AS changed_at
FROM persons_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

ALTER TABLE student ADD COLUMN groups TEXT; -- '4B gr1, 4B LATIN'

DROP VIEW students;
CREATE VIEW students AS
SELECT
	account.name AS account, coalesce(student.alias, student.name) AS name, class, student.school, current_period, left_on,
	groups
FROM student JOIN account ON account.id = student.account_id
WHERE holder = 0;

-- One row for each school, or what is known without its address.
DROP VIEW schools;
CREATE VIEW schools AS
SELECT
	account.name AS account, coalesce(nullif(site.value ->> '$.Name', ''), school) AS name, calendar ->> '$.Year' AS year,
	calendar ->> '$.Starts' AS starts_on, calendar ->> '$.Ends' AS ends_on,
	site.value ->> '$.Address' AS address, site.value ->> '$.PostalCode' AS postal_code,
	site.value ->> '$.City' AS city, site.value ->> '$.Province' AS province,
	site.value ->> '$.Country' AS country, site.value ->> '$.Website' AS website, site.value ->> '$.Logo' AS logo
FROM account LEFT JOIN json_each(calendar, '$.Sites') AS site
WHERE school IS NOT NULL;
