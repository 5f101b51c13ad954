-- Rows of a mirror at schema 1: a pupil with something in every table that others refer to.
INSERT INTO _account (id, name, url, kind, school, phase) VALUES (1, 'lea', 'https://0123456a.example/pronote/', 'student', 'Collège Inventé', 'ready');
INSERT INTO _login (account_id, at) VALUES (1, 1763366400);
INSERT INTO _student (id, account_id, name, alias, class, groups) VALUES (1, 1, 'MARTIN Léa', 'Léa', '4B', '4B gr1, 4B LATIN');
INSERT INTO _item (id, student_id, domain, uid, first_seen_at) VALUES
	(1, 1, 'periods', 'p1', '2025-11-17 08:00:00'),
	(2, 1, 'marks', 'm1', '2025-11-17 08:00:00'),
	(3, 1, 'averages', 'a1', '2025-11-17 08:00:00'),
	(4, 1, 'homework', 'h1', '2025-11-17 08:00:00'),
	(5, 1, 'infos', 'i1', '2025-11-17 08:00:00'),
	(8, 1, 'reports', 'r1', '2025-12-12 08:00:00'),
	(9, 1, 'report_subjects', 'r2', '2025-12-12 08:00:00'),
	(6, 1, 'evaluations', 'e1', '2025-11-17 08:00:00'),
	(7, 1, 'skills', 'e2', '2025-11-17 08:00:00'),
	(30, 1, 'absences', 's1', '2025-11-17 08:00:00'),
	(31, 1, 'delays', 's2', '2025-11-17 08:00:00'),
	(32, 1, 'punishments', 's3', '2025-11-17 08:00:00'),
	(33, 1, 'detentions', 's4', '2025-11-17 08:00:00'),
	(34, 1, 'observations', 's5', '2025-11-17 08:00:00'),
	(22, 1, 'questions', 'q1', '2025-11-17 08:00:00'),
	(20, 1, 'discussions', 'd1', '2025-11-17 08:00:00'),
	(21, 1, 'messages', 'n1', '2025-11-17 08:00:00');
INSERT INTO _coverage (student_id, domain, low, high) VALUES (1, 'homework', '2025-09-01', '2026-07-04');
INSERT INTO _suspicion (student_id, domain, high, missing) VALUES (1, 'infos', '', '0123456789abcdef');
INSERT INTO _change (id, at, item_id, kind, what, before, after, subject, title, summary) VALUES
	(1, '2025-11-18 08:00:00', 2, 'changed', '["value","value_text"]', '{"value":12,"value_text":"12"}', '{"value":14,"value_text":"14"}',
	'MATHÉMATIQUES', 'Fractions', 'MATHÉMATIQUES, Fractions : 12 devient 14.');
INSERT INTO _event (id, batch, at, account_id, student_id, item_id, kind, data, cause, day, over_at, minor) VALUES
	(1, 1, '2025-11-18 08:00:00', 1, 1, 2, 'mark.changed', '{}', NULL, NULL, NULL, 'title'),
	(2, 2, '2025-11-18 08:15:00', 1, NULL, NULL, 'system.recovered', '{}', NULL, NULL, NULL, NULL),
	(3, 3, '2025-11-18 08:30:00', 1, 1, NULL, 'day.changed', '{}', 'day 2025-11-19', '2025-11-19', '2025-11-19 17:00:00', NULL);
INSERT INTO _letter (id, first_id, recipient, channel, kind, day, identity, composed, composed_at, title, text, manner, night, amends_id, state, attempts, due, sent_at, receipt) VALUES
	(1, NULL, 'maman', 'ntfy', 'news', NULL, 'a0', 1763452800, '2025-11-18 08:00:00', 'Léa · Maths : 14/20', 'Fractions', '{}', 0, NULL, 'sent', 1, 1763452800, '2025-11-18 08:00:01', 'aB3'),
	(2, NULL, 'maman', 'ntfy', 'evening', '2025-11-18', 'a1', 1763487000, '2025-11-18 18:30:00', 'Demain', 'Rien', '{"level":-1}', 0, 1, 'pending', 0, 1763487000, NULL, NULL),
	(3, 2, 'maman', 'ntfy', 'evening', '2025-11-18', 'a2', 1763487000, '2025-11-18 18:30:00', 'Demain', 'Plus tard', '{}', 0, NULL, 'pending', 0, 1763487000, NULL, NULL);
INSERT INTO _delivery (id, event_id, recipient, channel, state, way, reason, due, due_at, letter_id) VALUES
	(1, 1, 'maman', 'ntfy', 'sent', 'now', 'preset', 1763452800, '2025-11-18 08:00:00', 1),
	(2, 1, 'papa', 'email', 'pending', 'now', 'group', 1763452800, '2025-11-18 08:00:00', NULL),
	(3, 3, 'papa', 'email', 'silent', 'none', 'muted', 1763452800, '2025-11-18 08:00:00', NULL);
INSERT INTO _seen (item_id, recipient, at) VALUES (30, 'maman', '2025-11-18 08:05:00');
INSERT INTO _mute (recipient, family, student_id, until) VALUES ('maman', 'homework', 1, 1764057600), ('papa', 'menu', NULL, 1764057600);
INSERT INTO _periods (id, student_id, year, name, starts_on, ends_on, kind, valid_from) VALUES
	(1, 1, '2025-2026', 'Trimestre 1', '2025-09-01', '2025-11-28', 'term', '2025-11-17 08:00:00');
INSERT INTO _marks (id, student_id, year, period, own_period, subject, given_on, title, comment, value, value_text, out_of, coefficient,
	bonus, optional, rescaled, valid_from, valid_to) VALUES
	(2, 1, '2025-2026', 'Trimestre 1', '', 'MATHÉMATIQUES', '2025-11-14', 'Fractions', '', 12, '12', 20, 1, 0, 0, 0, '2025-11-17 08:00:00', '2025-11-18 08:00:00'),
	(2, 1, '2025-2026', 'Trimestre 1', '', 'MATHÉMATIQUES', '2025-11-14', 'Fractions', '', 14, '14', 20, 1, 0, 0, 0, '2025-11-18 08:00:00', NULL);
INSERT INTO _averages (id, student_id, year, period, subject, student_average, out_of, valid_from) VALUES
	(3, 1, '2025-2026', 'Trimestre 1', 'MATHÉMATIQUES', 14, 20, '2025-11-18 08:00:00');
INSERT INTO _homework (id, student_id, subject, given_on, due_on, description, description_html, done, returned_at, remark, themes,
	valid_from) VALUES
	(4, 1, 'FRANÇAIS', '2025-11-17', '2025-11-20', 'Lire le chapitre 3', '<p>Lire le chapitre 3</p>', 0, '2025-11-18 18:00:00', 'Bon travail.', 'Lecture',
	'2025-11-17 08:00:00');
INSERT INTO _infos (id, student_id, title, author, category, published_at, recipient, read, survey, anonymous, answered, valid_from) VALUES
	(5, 1, 'Sortie au musée', 'M. DURAND', 'Vie scolaire', '2025-11-17 07:30:00', 'MARTIN Léa', 0, 1, 0, 0, '2025-11-17 08:00:00');
INSERT INTO _absences (id, student_id, year, period, starts_at, ends_at, open, justified, justification, settled, to_justify, reasons, hours, days, valid_from) VALUES
	(30, 1, '2025-2026', 'Trimestre 1', '2025-11-17 08:00:00', '2025-11-17 10:00:00', 0, 1, 'Fièvre', 1, 0, 'Maladie', 2, 0.5, '2025-11-17 12:00:00');
INSERT INTO _delays (id, student_id, year, period, starts_at, minutes, justified, justification, settled, to_justify, reasons, valid_from) VALUES
	(31, 1, '2025-2026', 'Trimestre 1', '2025-11-18 08:00:00', 12, 0, '', 0, 1, '', '2025-11-18 08:30:00');
INSERT INTO _punishments (id, student_id, year, period, kind, nature, given_on, given_at, outside_lessons, giver, decider, reasons, circumstances,
	homework, comment, minutes, exclusion, barred_from, incident, receipt_wanted, receipt_given, valid_from) VALUES
	(32, 1, '2025-2026', 'Trimestre 1', 'detention', 'Retenue', '2025-11-18', '2025-11-18 09:00:00', 0, 'M. DURAND', '', 'Bavardages', '',
	'', '', 60, 0, '', 0, 1, 0, '2025-11-18 10:00:00');
INSERT INTO _detentions (id, student_id, punishment_id, held_on, starts_at, minutes, supervisor, state, valid_from) VALUES
	(33, 1, 32, '2025-11-26', '2025-11-26 13:00:00', 60, 'Mme PETIT', 'scheduled', '2025-11-18 10:00:00');
INSERT INTO _observations (id, student_id, year, period, kind, title, category, given_on, subject, giver, comment, read, receipt_wanted, valid_from) VALUES
	(34, 1, '2025-2026', 'Trimestre 1', 'encouragement', 'Encouragements', 'Carnet', '2025-11-18', 'ANGLAIS', 'Mme PETIT', 'Bravo', 0, 0, '2025-11-18 12:00:00');
INSERT INTO _discussions (id, student_id, subject, creator, participants, people, kind, labels, message_count, unread, closed, can_reply,
	started_at, last_message_at, valid_from) VALUES
	(20, 1, 'Exposé', 'M. DURAND', 'M. DURAND', 2, 'discussion', '', 1, 1, 0, 1, '2025-11-16 18:00:00', '2025-11-16 18:00:00', '2025-11-17 08:00:00');
INSERT INTO _messages (id, student_id, discussion_id, sent_at, author, role, recipient, people, own, read, aside, content, valid_from) VALUES
	(21, 1, 20, '2025-11-16 18:00:00', 'M. DURAND', 'Professeur', 'Moi', 1, 0, 0, 0, 'Ton exposé est fixé à jeudi.', '2025-11-17 08:00:00');
INSERT INTO _evaluations (id, student_id, year, period, subject, name, date, teacher, description, coefficient, domain, cycles, valid_from) VALUES
	(6, 1, '2025-2026', 'Trimestre 1', 'ANGLAIS LV1', 'Compréhension orale', '2025-11-10', 'M. DURAND', '', 1, '', 'Cycle 4', '2025-11-17 08:00:00');
INSERT INTO _skills (id, student_id, evaluation_id, position, item, domain, pillar, pillar_codes, level, abbreviation, level_kind, coefficient,
	comment, valid_from) VALUES
	(7, 1, 6, 1, 'Comprendre un dialogue', 'Écouter', 'Les langages', 'D1.2', 'Maîtrise satisfaisante', 'A', 'acquired', 1, '', '2025-11-17 08:00:00');
INSERT INTO _questions (id, student_id, info_id, position, title, kind, content, content_html, choices, expected, answered, answered_by, answer, valid_from) VALUES
	(22, 1, 5, 1, '', 'choice', 'Y participerez-vous ?', 'Y participerez-vous ?', 'Oui
Non', 1, 0, '', '', '2025-11-17 08:00:00');
INSERT INTO _reports (id, student_id, year, period, class, student_average, class_average, out_of, comments, absences, delays, punishments, sanctions,
	valid_from) VALUES
	(8, 1, '2025-2026', 'Trimestre 1', '4B', 14.2, 12.1, 20, 'Appréciation globale : bon trimestre.', '', '', '', '', '2025-12-12 08:00:00');
INSERT INTO _report_subjects (id, student_id, report_id, position, subject, within, subject_group, teachers, coefficient, student_average, appreciation,
	valid_from) VALUES
	(9, 1, 8, 1, 'MATHÉMATIQUES', '', 'SCIENCES', 'M. DURAND', 1, 14, 'Bon travail.', '2025-12-12 08:00:00');
INSERT INTO _item (id, student_id, domain, uid, first_seen_at) VALUES
	(40, 1, 'links', 'l1', '2025-11-17 08:00:00'),
	(41, 1, 'wallets', 'w1', '2025-11-17 08:00:00');
INSERT INTO _links (id, student_id, title, url, comment, partner, valid_from) VALUES
	(40, 1, 'Manuels numériques', 'https://manuels.example/', '', '', '2025-11-17 08:00:00');
INSERT INTO _wallets (id, student_id, label, hint, balance, balance_text, balance_hint, warning, valid_from) VALUES
	(41, 1, 'Restauration', '', 8.3, '8,30 €', 'Solde au 17/11/2025', 1, '2025-11-17 08:00:00');
INSERT INTO _item (id, student_id, domain, uid, first_seen_at) VALUES (50, 1, 'persons', 'o1', '2025-11-17 08:00:00');
INSERT INTO _persons (id, student_id, name, kind, address, postal_code, city, province, country, email, phone, landline, ine, valid_from) VALUES
	(50, 1, 'MARTIN Léa', 'student', '4 allée des Glycines', '00000', 'Villeneuve', '', '', 'lea@example.org', '', '', '001', '2025-11-17 08:00:00');
INSERT INTO _item (id, student_id, domain, uid, first_seen_at) VALUES (60, 1, 'attachments', 'f1', '2025-12-12 08:00:00');
INSERT INTO _attachments (id, student_id, owner_id, name, kind, role, valid_from) VALUES
	(60, 1, 8, 'Bulletin Trimestre 1 2025-2026.pdf', 'file', 'report', '2025-12-12 08:00:00');
INSERT INTO _file (item_id, path, folded, size, sha256, kept_at, outdated) VALUES
	(60, 'Léa/reports/Bulletin.pdf', 'léa/reports/bulletin.pdf', 5, 'aa', '2025-12-12 08:00:00', 1);
INSERT INTO _item (id, student_id, domain, uid, first_seen_at) VALUES
	(61, 1, 'attachments', 'f2', '2025-12-12 08:00:00'),
	(62, 1, 'attachments', 'f3', '2025-12-12 08:00:00');
INSERT INTO _attachments (id, student_id, owner_id, name, kind, role, valid_from) VALUES
	(61, 1, 32, 'rapport.pdf', 'file', 'circumstances', '2025-12-12 08:00:00'),
	(62, 1, 32, 'exercices.pdf', 'file', 'homework', '2025-12-12 08:00:00');
