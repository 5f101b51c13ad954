-- What became of homework that was handed in, and its themes.

-- +goose Up

ALTER TABLE homework_history ADD COLUMN returned_at TEXT;                  -- when the pupil handed it in
ALTER TABLE homework_history ADD COLUMN remark TEXT NOT NULL DEFAULT '';   -- what the teacher says of that
ALTER TABLE homework_history ADD COLUMN themes TEXT NOT NULL DEFAULT '';   -- 'Fractions, Aires', '' for none

DROP VIEW homework;

CREATE VIEW homework AS
SELECT
	owner.account, owner.student, item.uid,
	h.subject, h.given_on, h.due_on, h.description, h.description_html, h.done, h.difficulty, h.minutes, h.return_kind,
	h.returned_at, h.remark, h.themes,
	item.first_seen_at, h.valid_from AS changed_at
FROM homework_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;
