-- What schema 3 adds to the rows of schema 2.
INSERT INTO item (id, student_id, domain, uid, first_seen_at) VALUES (50, 1, 'persons', 'o1', '2025-11-17 08:00:00');
INSERT INTO persons_history (id, student_id, name, kind, address, postal_code, city, province, country, email, phone, landline, ine, valid_from) VALUES
	(50, 1, 'MARTIN Léa', 'student', '4 allée des Glycines', '00000', 'Villeneuve', '', '', 'lea@example.org', '', '', '001', '2025-11-17 08:00:00');
UPDATE student SET groups = '4B gr1, 4B LATIN';
