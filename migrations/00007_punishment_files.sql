-- Punishments and absences have files: of what happened, of the work to do, and
-- what justifies an absence.

-- +goose Up

DROP VIEW attachments;
CREATE TABLE attachments_history_new (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	owner_id   INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE, -- what it hangs on, of any domain
	name       TEXT NOT NULL,
	kind       TEXT NOT NULL CHECK (kind IN ('file', 'link', 'cloud', 'kiosk', 'video', 'other')),
	role       TEXT NOT NULL CHECK (role IN ('document', 'subject', 'correction', 'returned', 'report', 'circumstances', 'homework')),
	url        TEXT, -- of what lasts; the addresses of files are those of one session
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;
INSERT INTO attachments_history_new (version, id, student_id, owner_id, name, kind, role, url, valid_from, valid_to, gone)
SELECT version, id, student_id, owner_id, name, kind, role, url, valid_from, valid_to, gone FROM attachments_history;
DROP TABLE attachments_history;
ALTER TABLE attachments_history_new RENAME TO attachments_history;
CREATE UNIQUE INDEX attachments_current ON attachments_history (id) WHERE valid_to IS NULL;
CREATE INDEX attachments_student ON attachments_history (student_id) WHERE valid_to IS NULL;
CREATE INDEX attachments_owner ON attachments_history (owner_id) WHERE valid_to IS NULL;

CREATE VIEW attachments AS
SELECT
	owner.account, owner.student, item.uid, thing.uid AS owner_uid,
	h.name, h.kind, h.role, h.url, thing.domain AS owner_domain, file.path AS local_path, file.size, file.sha256,
	item.first_seen_at, h.valid_from AS changed_at
FROM attachments_history h JOIN item ON item.id = h.id JOIN item AS thing ON thing.id = h.owner_id
	JOIN owner ON owner.id = h.student_id LEFT JOIN file ON file.item_id = h.id
WHERE h.valid_to IS NULL;
