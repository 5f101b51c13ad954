-- What only the home page shows: useful links, and wallets of the canteen.

-- +goose Up

CREATE TABLE links_history (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	title      TEXT NOT NULL,
	url        TEXT,          -- NULL where only PRONOTE can open it
	comment    TEXT NOT NULL,
	partner    TEXT NOT NULL, -- to whom PRONOTE logs in: 'TURBOSELF'
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX links_current ON links_history (id) WHERE valid_to IS NULL;
CREATE INDEX links_student ON links_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE wallets_history (
	version      INTEGER PRIMARY KEY,
	id           INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id   INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	label        TEXT NOT NULL,
	hint         TEXT NOT NULL,
	balance      REAL,          -- NULL when what is shown is no amount
	balance_text TEXT NOT NULL, -- as shown: '420,69 €'
	balance_hint TEXT NOT NULL,
	warning      INTEGER NOT NULL CHECK (warning IN (0, 1)), -- PRONOTE draws attention to the balance
	valid_from   TEXT NOT NULL,
	valid_to     TEXT,
	gone         INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX wallets_current ON wallets_history (id) WHERE valid_to IS NULL;
CREATE INDEX wallets_student ON wallets_history (student_id) WHERE valid_to IS NULL;

CREATE VIEW links AS
SELECT
	owner.account, owner.student, item.uid,
	h.title, h.url, h.comment, h.partner,
	item.first_seen_at, h.valid_from AS changed_at
FROM links_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW wallets AS
SELECT
	owner.account, owner.student, item.uid,
	h.label, h.hint, h.balance, h.balance_text, h.balance_hint, h.warning,
	item.first_seen_at, h.valid_from AS changed_at
FROM wallets_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;
