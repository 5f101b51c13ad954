-- What schema 2 adds to the rows of schema 1.
INSERT INTO item (id, student_id, domain, uid, first_seen_at) VALUES
	(40, 1, 'links', 'l1', '2025-11-17 08:00:00'),
	(41, 1, 'wallets', 'w1', '2025-11-17 08:00:00');
INSERT INTO links_history (id, student_id, title, url, comment, partner, valid_from) VALUES
	(40, 1, 'Manuels numériques', 'https://manuels.example/', '', '', '2025-11-17 08:00:00');
INSERT INTO wallets_history (id, student_id, label, hint, balance, balance_text, balance_hint, warning, valid_from) VALUES
	(41, 1, 'Restauration', '', 8.3, '8,30 €', 'Solde au 17/11/2025', 1, '2025-11-17 08:00:00');
