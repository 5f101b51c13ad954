-- What schema 6 adds to the rows of schema 5.
UPDATE homework_history SET returned_at = '2025-11-18 18:00:00', remark = 'Bon travail.', themes = 'Lecture';
