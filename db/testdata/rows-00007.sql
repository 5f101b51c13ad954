-- What schema 7 adds to the rows of schema 6.
INSERT INTO item (id, student_id, domain, uid, first_seen_at) VALUES
	(61, 1, 'attachments', 'f2', '2025-12-12 08:00:00'),
	(62, 1, 'attachments', 'f3', '2025-12-12 08:00:00');
INSERT INTO attachments_history (id, student_id, owner_id, name, kind, role, valid_from) VALUES
	(61, 1, 32, 'rapport.pdf', 'file', 'circumstances', '2025-12-12 08:00:00'),
	(62, 1, 32, 'exercices.pdf', 'file', 'homework', '2025-12-12 08:00:00');
