-- What schema 5 adds to the rows of schema 4.
INSERT INTO item (id, student_id, domain, uid, first_seen_at) VALUES (60, 1, 'attachments', 'f1', '2025-12-12 08:00:00');
INSERT INTO attachments_history (id, student_id, owner_id, name, kind, role, valid_from) VALUES
	(60, 1, 8, 'Bulletin Trimestre 1 2025-2026.pdf', 'file', 'report', '2025-12-12 08:00:00');
INSERT INTO file (item_id, path, folded, size, sha256, kept_at, outdated) VALUES
	(60, 'Léa/reports/Bulletin.pdf', 'léa/reports/bulletin.pdf', 5, 'aa', '2025-12-12 08:00:00', 1);
