CREATE TABLE _schema (
	id         INTEGER PRIMARY KEY,
	version_id INTEGER NOT NULL UNIQUE,
	is_applied INTEGER NOT NULL,
	tstamp     TIMESTAMP DEFAULT (datetime('now')),
	digest     TEXT NOT NULL DEFAULT '' -- of the step as it was taken
);

CREATE TABLE _account (
	id               INTEGER PRIMARY KEY,
	name             TEXT NOT NULL UNIQUE,
	source           TEXT NOT NULL DEFAULT 'pronote', -- what is mirrored: the kind of school software
	url              TEXT NOT NULL,
	kind             TEXT NOT NULL, -- 'student' or 'parent'
	school           TEXT,
	software_version TEXT,
	calendar         TEXT CHECK (calendar IS NULL OR json_valid(calendar)), -- school year and holidays, as of the last login
	mirrored_at      TEXT,                              -- when the first mirror was complete
	last_success_at  TEXT,                              -- as of the last write: a poll without news writes nothing
	phase            TEXT NOT NULL DEFAULT 'ready' CHECK (phase IN ('ready', 'waiting', 'suspended', 'banned')),
	phase_until      INTEGER,                           -- Unix seconds; NULL when only a person can end the phase
	failures         INTEGER NOT NULL DEFAULT 0,        -- in a row
	failing_since    INTEGER,                           -- Unix seconds of the first of them
	told             INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)), -- whether people know of the failure
	last_error       TEXT,
	reason           TEXT,                              -- name of that error
	reason_since     INTEGER,                           -- Unix seconds since when it is that
	refused          TEXT,                              -- which credentials were refused, as a keyed digest cut short
	requests_on      TEXT,                              -- day that the next counter is of
	requests         INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE _login (
	account_id INTEGER NOT NULL REFERENCES _account (id) ON DELETE CASCADE,
	at         INTEGER NOT NULL -- Unix seconds
) STRICT;

CREATE INDEX _login_account ON _login (account_id, at);

CREATE TABLE _student (
	id             INTEGER PRIMARY KEY,
	account_id     INTEGER NOT NULL REFERENCES _account (id) ON DELETE CASCADE,
	name           TEXT NOT NULL, -- as PRONOTE writes it
	alias          TEXT,          -- as the configuration calls it
	class          TEXT,
	school         TEXT,
	current_period TEXT,
	holder         INTEGER NOT NULL DEFAULT 0 CHECK (holder IN (0, 1)),
	groups         TEXT, -- '4B gr1, 4B LATIN'
	left_on        TEXT, -- when the account no longer showed the pupil
	UNIQUE (account_id, name, holder)
) STRICT;

CREATE TABLE _item (
	id            INTEGER PRIMARY KEY,
	student_id    INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	domain        TEXT NOT NULL,
	uid           TEXT NOT NULL UNIQUE, -- the same when the same year is mirrored again elsewhere
	first_seen_at TEXT NOT NULL
) STRICT;

CREATE TABLE _coverage (
	student_id INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	domain     TEXT NOT NULL,
	low        TEXT NOT NULL,
	high       TEXT NOT NULL,
	PRIMARY KEY (student_id, domain, low)
) STRICT, WITHOUT ROWID;

CREATE TABLE _suspicion (
	student_id INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	domain     TEXT NOT NULL,
	high       TEXT NOT NULL, -- end of the span, which keeps still from poll to poll
	missing    TEXT NOT NULL, -- digest of the missing items
	PRIMARY KEY (student_id, domain, high)
) STRICT, WITHOUT ROWID;

CREATE TABLE _change (
	id      INTEGER PRIMARY KEY,
	at      TEXT NOT NULL,
	item_id INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	kind    TEXT NOT NULL CHECK (kind IN ('added', 'changed', 'removed')),
	what    TEXT NOT NULL CHECK (json_valid(what)), -- columns
	before  TEXT CHECK (before IS NULL OR json_valid(before)), -- their values
	after   TEXT CHECK (after IS NULL OR json_valid(after)),
	subject TEXT NOT NULL DEFAULT '', -- of the row, like the title
	title   TEXT NOT NULL DEFAULT '',
	summary TEXT NOT NULL DEFAULT ''  -- one sentence, in the language of the configuration
) STRICT;

CREATE INDEX _change_at ON _change (at);

CREATE INDEX _change_item ON _change (item_id);

CREATE TABLE _event (
	id         INTEGER PRIMARY KEY,
	batch      INTEGER NOT NULL, -- events of one poll and domain may share a message
	at         TEXT NOT NULL,
	account_id INTEGER NOT NULL REFERENCES _account (id) ON DELETE CASCADE,
	student_id INTEGER REFERENCES _student (id) ON DELETE CASCADE,
	item_id    INTEGER REFERENCES _item (id) ON DELETE CASCADE,
	kind       TEXT NOT NULL, -- 'mark.new' …
	data       TEXT NOT NULL CHECK (json_valid(data)),
	cause      TEXT, -- events of one account, pupil and cause share a message
	day        TEXT, -- that it concerns: of a lesson, or on which work is due
	over_at    TEXT, -- from then on it is not worth a message
	minor      TEXT  -- why it is hardly worth one
) STRICT;

CREATE INDEX _event_item ON _event (item_id) WHERE item_id IS NOT NULL;

CREATE TABLE _letter (
	id          INTEGER PRIMARY KEY,
	first_id    INTEGER REFERENCES _letter (id) ON DELETE CASCADE, -- the letter whose further part it is
	recipient   TEXT NOT NULL,
	channel     TEXT NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('news', 'evening', 'morning', 'week')),
	day         TEXT, -- on which a digest was due
	identity    TEXT NOT NULL, -- by which the channel may know a repeat
	composed    INTEGER NOT NULL, -- Unix seconds
	composed_at TEXT NOT NULL,    -- the same on the recipient's clock
	title       TEXT NOT NULL, -- with the covers of what is hidden until it is tapped, like the text
	text        TEXT NOT NULL,
	manner      TEXT NOT NULL CHECK (json_valid(manner)), -- how it is shown: link, level, thread …
	night       INTEGER NOT NULL CHECK (night IN (0, 1)), -- it leaves in quiet hours, too
	amends_id   INTEGER REFERENCES _letter (id) ON DELETE SET NULL, -- the letter that it corrects
	state       TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'expired', 'failed', 'empty')), -- of a digest without a word
	begun       INTEGER NOT NULL DEFAULT 0 CHECK (begun IN (0, 1)), -- an attempt was begun, and was not refused: it may have arrived
	attempts    INTEGER NOT NULL DEFAULT 0,
	tried_for   INTEGER NOT NULL DEFAULT 0, -- seconds of waits between tries, at it or at what goes before it
	due         INTEGER NOT NULL, -- Unix seconds
	sent_at     TEXT,
	last_error  TEXT,
	receipt     TEXT, -- the channel's own name of what it took
	CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) STRICT;

CREATE INDEX _letter_pending ON _letter (recipient, id) WHERE state = 'pending';

CREATE INDEX _letter_sent ON _letter (recipient, sent_at) WHERE state = 'sent';

CREATE INDEX _letter_digest ON _letter (recipient, kind, day) WHERE day IS NOT NULL;

CREATE INDEX _letter_first ON _letter (first_id) WHERE first_id IS NOT NULL;

CREATE INDEX _letter_amends ON _letter (amends_id) WHERE amends_id IS NOT NULL;

CREATE TABLE _delivery (
	id         INTEGER PRIMARY KEY,
	event_id   INTEGER NOT NULL REFERENCES _event (id) ON DELETE CASCADE,
	recipient  TEXT NOT NULL,
	channel    TEXT NOT NULL,
	state      TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'merged', 'silent', 'expired', 'failed')),
	way        TEXT NOT NULL CHECK (way IN ('now', 'digest', 'none')),
	reason     TEXT NOT NULL, -- one word: 'preset', 'quiet', 'typo' …
	due        INTEGER NOT NULL, -- Unix seconds
	due_at     TEXT NOT NULL,
	attempts   INTEGER NOT NULL DEFAULT 0, -- at letters that were composed anew, like the next two
	tried_for  INTEGER NOT NULL DEFAULT 0,
	last_error TEXT,
	letter_id  INTEGER REFERENCES _letter (id) ON DELETE SET NULL, -- the first part of what tells it
	UNIQUE (event_id, recipient)
) STRICT;

CREATE INDEX _delivery_due ON _delivery (recipient, due) WHERE state = 'pending' AND letter_id IS NULL;

CREATE INDEX _delivery_letter ON _delivery (letter_id) WHERE letter_id IS NOT NULL;

CREATE TABLE _seen (
	item_id   INTEGER PRIMARY KEY REFERENCES _item (id) ON DELETE CASCADE,
	recipient TEXT NOT NULL, -- who was the first to say so
	at        TEXT NOT NULL
) STRICT;

CREATE TABLE _mute (
	recipient  TEXT NOT NULL,
	family     TEXT NOT NULL, -- of events: 'homework' for 'homework.new' …
	student_id INTEGER REFERENCES _student (id) ON DELETE CASCADE, -- NULL for whoever it concerns
	until      INTEGER NOT NULL -- Unix seconds
) STRICT;

CREATE UNIQUE INDEX _mute_recipient ON _mute (recipient, family, coalesce(student_id, 0));

CREATE TABLE _periods (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	year       TEXT NOT NULL, -- school year, '2025-2026'
	name       TEXT NOT NULL,
	starts_on  TEXT,
	ends_on    TEXT,
	kind       TEXT NOT NULL, -- 'term', 'semester', 'year' or 'other'
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _periods_current ON _periods (id) WHERE valid_to IS NULL;

CREATE INDEX _periods_student ON _periods (student_id) WHERE valid_to IS NULL;

CREATE TABLE _marks (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	year          TEXT NOT NULL,
	period        TEXT NOT NULL, -- under which PRONOTE lists it
	own_period    TEXT NOT NULL, -- that PRONOTE gives the mark itself, '' for none
	subject       TEXT NOT NULL,
	given_on      TEXT,
	title         TEXT NOT NULL,
	comment       TEXT NOT NULL, -- the teacher's remark on this mark
	value         REAL,          -- NULL when the mark is no number
	value_text    TEXT NOT NULL, -- as shown: '15,5', 'Abs'
	out_of        REAL,
	coefficient   REAL,
	class_average REAL,
	class_min     REAL,
	class_max     REAL,
	bonus         INTEGER NOT NULL CHECK (bonus IN (0, 1)),    -- only points above half of the scale count
	optional      INTEGER NOT NULL CHECK (optional IN (0, 1)), -- counts only if it raises the average
	rescaled      INTEGER NOT NULL CHECK (rescaled IN (0, 1)), -- brought to a scale of 20 for the average
	valid_from    TEXT NOT NULL,
	valid_to      TEXT,
	gone          INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _marks_current ON _marks (id) WHERE valid_to IS NULL;

CREATE INDEX _marks_student ON _marks (student_id) WHERE valid_to IS NULL;

CREATE TABLE _averages (
	version         INTEGER PRIMARY KEY,
	id              INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id      INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	year            TEXT NOT NULL,
	period          TEXT NOT NULL,
	subject         TEXT NOT NULL, -- '' is the mean over all subjects
	student_average REAL,
	class_average   REAL,
	class_min       REAL,
	class_max       REAL,
	out_of          REAL,
	valid_from      TEXT NOT NULL,
	valid_to        TEXT,
	gone            INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _averages_current ON _averages (id) WHERE valid_to IS NULL;

CREATE INDEX _averages_student ON _averages (student_id) WHERE valid_to IS NULL;

CREATE TABLE _homework (
	version          INTEGER PRIMARY KEY,
	id               INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id       INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	subject          TEXT NOT NULL,
	given_on         TEXT,
	due_on           TEXT NOT NULL,
	description      TEXT NOT NULL,
	description_html TEXT NOT NULL,
	done             INTEGER NOT NULL CHECK (done IN (0, 1)),
	difficulty       TEXT, -- 'easy', 'medium' or 'hard'
	minutes          INTEGER, -- expected duration
	return_kind      TEXT, -- 'paper', 'pronote', 'kiosk' or 'audio'
	returned_at      TEXT, -- when the pupil handed it in
	remark           TEXT NOT NULL, -- what the teacher says of that
	themes           TEXT NOT NULL, -- 'Fractions, Aires', '' for none
	valid_from       TEXT NOT NULL,
	valid_to         TEXT,
	gone             INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _homework_current ON _homework (id) WHERE valid_to IS NULL;

CREATE INDEX _homework_student ON _homework (student_id, due_on) WHERE valid_to IS NULL;

CREATE TABLE _infos (
	version      INTEGER PRIMARY KEY,
	id           INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id   INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	title        TEXT NOT NULL,
	author       TEXT NOT NULL,
	category     TEXT NOT NULL,
	published_at TEXT,
	starts_on    TEXT,
	ends_at      TEXT, -- last day on which PRONOTE shows it
	recipient    TEXT NOT NULL,
	read         INTEGER NOT NULL CHECK (read IN (0, 1)),
	survey       INTEGER NOT NULL CHECK (survey IN (0, 1)),
	anonymous    INTEGER NOT NULL CHECK (anonymous IN (0, 1)), -- the answers to a survey are
	answered     INTEGER NOT NULL CHECK (answered IN (0, 1)),  -- nothing that it asks for is left to answer
	content      TEXT, -- NULL while it was not asked for, which would mark the item as read
	content_html TEXT,
	valid_from   TEXT NOT NULL,
	valid_to     TEXT,
	gone         INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _infos_current ON _infos (id) WHERE valid_to IS NULL;

CREATE INDEX _infos_student ON _infos (student_id) WHERE valid_to IS NULL;

CREATE TABLE _questions (
	version      INTEGER PRIMARY KEY,
	id           INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id   INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	info_id      INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	position     INTEGER NOT NULL,
	title        TEXT NOT NULL,
	kind         TEXT NOT NULL, -- 'acknowledgement', 'text', 'choice', 'choices' or 'none'
	content      TEXT NOT NULL,
	content_html TEXT NOT NULL,
	choices      TEXT NOT NULL, -- one on each line
	max_choices  INTEGER,
	expected     INTEGER NOT NULL CHECK (expected IN (0, 1)),
	answered     INTEGER NOT NULL CHECK (answered IN (0, 1)),
	answered_at  TEXT,
	answered_by  TEXT NOT NULL,
	answer       TEXT NOT NULL, -- in words; choices one on each line
	valid_from   TEXT NOT NULL,
	valid_to     TEXT,
	gone         INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _questions_current ON _questions (id) WHERE valid_to IS NULL;

CREATE INDEX _questions_student ON _questions (student_id) WHERE valid_to IS NULL;

CREATE INDEX _questions_info ON _questions (info_id) WHERE valid_to IS NULL;

CREATE TABLE _lessons (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	starts_at     TEXT NOT NULL,
	ends_at       TEXT,
	subject       TEXT NOT NULL,
	title         TEXT NOT NULL, -- of an outing, a detention, a project
	teachers      TEXT NOT NULL, -- 'M. A, Mme B', '' for none, like the next two
	rooms         TEXT NOT NULL,
	groups        TEXT NOT NULL,
	number        INTEGER,       -- in the school's timetable, whatever the login
	kind          TEXT NOT NULL, -- 'lesson', 'council', 'replacement', 'history', 'substitute' or 'other'
	status        TEXT NOT NULL, -- as shown: 'Prof. absent'
	cancelled     INTEGER NOT NULL CHECK (cancelled IN (0, 1)), -- by the flag or by the status
	replaced      INTEGER NOT NULL CHECK (replaced IN (0, 1)),  -- by another lesson
	detention     INTEGER NOT NULL CHECK (detention IN (0, 1)),
	outing        INTEGER NOT NULL CHECK (outing IN (0, 1)),
	test          INTEGER NOT NULL CHECK (test IN (0, 1)),
	test_kind     TEXT,
	exempted      INTEGER NOT NULL CHECK (exempted IN (0, 1)),
	exemption     TEXT,
	memo          TEXT,
	links         TEXT NOT NULL, -- 'https://a, https://b'
	link_labels   TEXT NOT NULL, -- one line for each link, '' when none has one; like the comments
	link_comments TEXT NOT NULL,
	reason        TEXT NOT NULL, -- why it is not held as planned: 'teacher_absent', 'outing', 'moved', 'other'; '' when it is
	valid_from    TEXT NOT NULL,
	valid_to      TEXT,
	gone          INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _lessons_current ON _lessons (id) WHERE valid_to IS NULL;

CREATE INDEX _lessons_student ON _lessons (student_id, substr(starts_at, 1, 10)) WHERE valid_to IS NULL;

CREATE TABLE _contents (
	version          INTEGER PRIMARY KEY,
	id               INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id       INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	starts_at        TEXT NOT NULL,
	ends_at          TEXT,
	subject          TEXT NOT NULL,
	teachers         TEXT NOT NULL, -- 'M. A, Mme B', '' for none, like the other lists
	groups           TEXT NOT NULL,
	title            TEXT NOT NULL,
	description      TEXT NOT NULL,
	description_html TEXT NOT NULL,
	category         TEXT NOT NULL, -- as the school calls it: 'Cours', 'Correction'
	themes           TEXT NOT NULL,
	path             TEXT, -- 'future', 'citizen', 'arts', 'health' or 'excellence'
	valid_from       TEXT NOT NULL,
	valid_to         TEXT,
	gone             INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _contents_current ON _contents (id) WHERE valid_to IS NULL;

CREATE INDEX _contents_student ON _contents (student_id, substr(starts_at, 1, 10)) WHERE valid_to IS NULL;

CREATE TABLE _evaluations (
	version     INTEGER PRIMARY KEY,
	id          INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id  INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	year        TEXT NOT NULL,
	period      TEXT NOT NULL,
	subject     TEXT NOT NULL,
	name        TEXT NOT NULL,
	date        TEXT,
	teacher     TEXT NOT NULL,
	description TEXT NOT NULL,
	coefficient REAL,
	domain      TEXT NOT NULL, -- of the curriculum, where the evaluation as a whole has one
	cycles      TEXT NOT NULL, -- of the curriculum: 'Cycle 4'; several apart by commas
	valid_from  TEXT NOT NULL,
	valid_to    TEXT,
	gone        INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _evaluations_current ON _evaluations (id) WHERE valid_to IS NULL;

CREATE INDEX _evaluations_student ON _evaluations (student_id) WHERE valid_to IS NULL;

CREATE TABLE _skills (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	evaluation_id INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	position      INTEGER NOT NULL, -- within the evaluation, as PRONOTE counts
	item          TEXT NOT NULL,    -- the skill; '' where the domain as a whole was judged
	domain        TEXT NOT NULL,
	pillar        TEXT NOT NULL,    -- of the common core of knowledge
	pillar_codes  TEXT NOT NULL,    -- 'D1.2'
	level         TEXT NOT NULL,    -- as the school calls it
	abbreviation  TEXT NOT NULL,    -- of the level
	level_kind    TEXT,             -- what the level amounts to, 'acquired' …; NULL for one of the school's own
	coefficient   REAL,
	comment       TEXT NOT NULL,    -- the teacher's remark on this skill
	valid_from    TEXT NOT NULL,
	valid_to      TEXT,
	gone          INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _skills_current ON _skills (id) WHERE valid_to IS NULL;

CREATE INDEX _skills_student ON _skills (student_id) WHERE valid_to IS NULL;

CREATE INDEX _skills_evaluation ON _skills (evaluation_id) WHERE valid_to IS NULL;

CREATE TABLE _absences (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	year          TEXT NOT NULL,
	period        TEXT NOT NULL,
	starts_at     TEXT,
	ends_at       TEXT, -- so far, while it is open
	open          INTEGER NOT NULL CHECK (open IN (0, 1)), -- the pupil has not come back
	justified     INTEGER NOT NULL CHECK (justified IN (0, 1)),
	justification TEXT NOT NULL,
	settled       INTEGER NOT NULL CHECK (settled IN (0, 1)), -- the office is done with it
	to_justify    INTEGER NOT NULL CHECK (to_justify IN (0, 1)), -- the parents are asked for a reason
	reasons       TEXT NOT NULL, -- several apart by ', '
	hours         REAL,
	days          REAL,
	valid_from    TEXT NOT NULL,
	valid_to      TEXT,
	gone          INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _absences_current ON _absences (id) WHERE valid_to IS NULL;

CREATE INDEX _absences_student ON _absences (student_id) WHERE valid_to IS NULL;

CREATE TABLE _delays (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	year          TEXT NOT NULL,
	period        TEXT NOT NULL,
	starts_at     TEXT,
	minutes       INTEGER,
	justified     INTEGER NOT NULL CHECK (justified IN (0, 1)),
	justification TEXT NOT NULL,
	settled       INTEGER NOT NULL CHECK (settled IN (0, 1)), -- as of absences, like the next two
	to_justify    INTEGER NOT NULL CHECK (to_justify IN (0, 1)),
	reasons       TEXT NOT NULL,
	valid_from    TEXT NOT NULL,
	valid_to      TEXT,
	gone          INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _delays_current ON _delays (id) WHERE valid_to IS NULL;

CREATE INDEX _delays_student ON _delays (student_id) WHERE valid_to IS NULL;

CREATE TABLE _punishments (
	version         INTEGER PRIMARY KEY,
	id              INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id      INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	year            TEXT NOT NULL,
	period          TEXT NOT NULL,
	kind            TEXT NOT NULL, -- 'exclusion', 'detention', 'homework', 'sanction', 'measure' or 'other'
	nature          TEXT NOT NULL, -- as the school calls it
	given_on        TEXT,
	given_at        TEXT, -- start of the lesson in which it was given
	outside_lessons INTEGER NOT NULL CHECK (outside_lessons IN (0, 1)),
	giver           TEXT NOT NULL,
	decider         TEXT NOT NULL, -- of sanctions and measures
	reasons         TEXT NOT NULL, -- several apart by ', '
	circumstances   TEXT NOT NULL,
	homework        TEXT NOT NULL, -- work to do for it
	comment         TEXT NOT NULL,
	minutes         INTEGER,
	starts_at       TEXT, -- of what lasts, such as an exclusion
	ends_at         TEXT,
	exclusion       INTEGER NOT NULL CHECK (exclusion IN (0, 1)),
	barred_from     TEXT NOT NULL, -- 'lessons, canteen'
	incident        INTEGER NOT NULL CHECK (incident IN (0, 1)), -- it follows from a recorded incident
	receipt_wanted  INTEGER NOT NULL CHECK (receipt_wanted IN (0, 1)), -- the parents are to confirm that they know
	receipt_given   INTEGER NOT NULL CHECK (receipt_given IN (0, 1)),
	valid_from      TEXT NOT NULL,
	valid_to        TEXT,
	gone            INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _punishments_current ON _punishments (id) WHERE valid_to IS NULL;

CREATE INDEX _punishments_student ON _punishments (student_id) WHERE valid_to IS NULL;

CREATE TABLE _detentions (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	punishment_id INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	held_on       TEXT,
	starts_at     TEXT, -- NULL when the hour is not known
	minutes       INTEGER,
	supervisor    TEXT NOT NULL,
	state         TEXT, -- 'unscheduled', 'missed', 'expired', 'done', 'scheduled' or 'postponed'
	valid_from    TEXT NOT NULL,
	valid_to      TEXT,
	gone          INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _detentions_current ON _detentions (id) WHERE valid_to IS NULL;

CREATE INDEX _detentions_student ON _detentions (student_id) WHERE valid_to IS NULL;

CREATE INDEX _detentions_punishment ON _detentions (punishment_id) WHERE valid_to IS NULL;

CREATE TABLE _observations (
	version        INTEGER PRIMARY KEY,
	id             INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id     INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	year           TEXT NOT NULL,
	period         TEXT NOT NULL,
	kind           TEXT NOT NULL, -- 'observation', 'infirmary', 'other' …
	title          TEXT NOT NULL,
	category       TEXT NOT NULL, -- section of the book
	given_on       TEXT,
	starts_at      TEXT, -- of what lasts, such as an exemption
	ends_at        TEXT,
	subject        TEXT NOT NULL,
	giver          TEXT NOT NULL,
	comment        TEXT NOT NULL,
	read           INTEGER NOT NULL CHECK (read IN (0, 1)),
	receipt_wanted INTEGER NOT NULL CHECK (receipt_wanted IN (0, 1)), -- the parents are to confirm that they read it
	valid_from     TEXT NOT NULL,
	valid_to       TEXT,
	gone           INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _observations_current ON _observations (id) WHERE valid_to IS NULL;

CREATE INDEX _observations_student ON _observations (student_id) WHERE valid_to IS NULL;

CREATE TABLE _agenda (
	version     INTEGER PRIMARY KEY,
	id          INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id  INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	title       TEXT NOT NULL,
	starts_at   TEXT NOT NULL,
	ends_at     TEXT,
	all_day     INTEGER NOT NULL CHECK (all_day IN (0, 1)), -- the hours mean nothing
	category    TEXT NOT NULL, -- as the school calls it
	author      TEXT NOT NULL,
	description TEXT NOT NULL,
	council     INTEGER NOT NULL CHECK (council IN (0, 1)), -- of a class
	valid_from  TEXT NOT NULL,
	valid_to    TEXT,
	gone        INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _agenda_current ON _agenda (id) WHERE valid_to IS NULL;

CREATE INDEX _agenda_student ON _agenda (student_id, substr(starts_at, 1, 10)) WHERE valid_to IS NULL;

CREATE TABLE _menus (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	date       TEXT NOT NULL,
	meal       TEXT, -- 'lunch' or 'dinner'
	menu       TEXT NOT NULL, -- name of the meal, where there are several
	course     TEXT, -- 'starter', 'main', 'side', 'other', 'dessert' or 'cheese'
	dish       TEXT NOT NULL,
	labels     TEXT NOT NULL, -- 'Bio, Fait maison'
	allergens  TEXT NOT NULL,
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _menus_current ON _menus (id) WHERE valid_to IS NULL;

CREATE INDEX _menus_student ON _menus (student_id, date) WHERE valid_to IS NULL;

CREATE TABLE _discussions (
	version         INTEGER PRIMARY KEY,
	id              INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id      INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	subject         TEXT NOT NULL,
	creator         TEXT NOT NULL, -- '' for the account's own person
	participants    TEXT NOT NULL, -- as PRONOTE sums them up
	people          INTEGER,       -- how many take part
	kind            TEXT NOT NULL, -- 'discussion', 'school_life', 'conversation', 'alert', 'harassment' or 'other'
	labels          TEXT NOT NULL, -- 'archive, trash'
	message_count   INTEGER NOT NULL,
	unread          INTEGER NOT NULL,
	closed          INTEGER NOT NULL CHECK (closed IN (0, 1)),
	can_reply       INTEGER NOT NULL CHECK (can_reply IN (0, 1)),
	started_at      TEXT,          -- NULL until the messages were asked for
	last_message_at TEXT,          -- to the minute or the day until then
	valid_from      TEXT NOT NULL,
	valid_to        TEXT,
	gone            INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _discussions_current ON _discussions (id) WHERE valid_to IS NULL;

CREATE INDEX _discussions_student ON _discussions (student_id) WHERE valid_to IS NULL;

CREATE TABLE _messages (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	discussion_id INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	sent_at       TEXT,
	author        TEXT NOT NULL, -- as PRONOTE shows it: 'Mme FABRE O.', 'Moi'
	role          TEXT NOT NULL, -- of the author, as the school calls it
	recipient     TEXT NOT NULL, -- as PRONOTE sums them up
	people        INTEGER,       -- how many it was sent to
	own           INTEGER NOT NULL CHECK (own IN (0, 1)),   -- the account's own person wrote it
	read          INTEGER NOT NULL CHECK (read IN (0, 1)),
	aside         INTEGER NOT NULL CHECK (aside IN (0, 1)), -- not shown to all who take part
	content       TEXT NOT NULL,
	content_html  TEXT,          -- NULL where the author wrote plain text
	valid_from    TEXT NOT NULL,
	valid_to      TEXT,
	gone          INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _messages_current ON _messages (id) WHERE valid_to IS NULL;

CREATE INDEX _messages_student ON _messages (student_id) WHERE valid_to IS NULL;

CREATE INDEX _messages_discussion ON _messages (discussion_id) WHERE valid_to IS NULL;

CREATE TABLE _reports (
	version         INTEGER PRIMARY KEY,
	id              INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id      INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	year            TEXT NOT NULL,
	period          TEXT NOT NULL,
	class           TEXT NOT NULL,
	student_average REAL, -- over all subjects
	class_average   REAL,
	out_of          REAL,
	comments        TEXT NOT NULL, -- on the report as a whole, a line each
	absences        TEXT NOT NULL, -- in PRONOTE's words, like the next three
	delays          TEXT NOT NULL,
	punishments     TEXT NOT NULL,
	sanctions       TEXT NOT NULL,
	valid_from      TEXT NOT NULL,
	valid_to        TEXT,
	gone            INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _reports_current ON _reports (id) WHERE valid_to IS NULL;

CREATE INDEX _reports_student ON _reports (student_id) WHERE valid_to IS NULL;

CREATE TABLE _report_subjects (
	version         INTEGER PRIMARY KEY,
	id              INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id      INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	report_id       INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	position        INTEGER NOT NULL, -- in the report, from 1
	subject         TEXT NOT NULL,
	within          TEXT NOT NULL,    -- the subject that this is a part of; '' for a subject
	subject_group   TEXT NOT NULL,
	teachers        TEXT NOT NULL,    -- apart by commas
	coefficient     REAL,
	student_average REAL,
	class_average   REAL,
	class_min       REAL,
	class_max       REAL,
	appreciation    TEXT NOT NULL,
	valid_from      TEXT NOT NULL,
	valid_to        TEXT,
	gone            INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _report_subjects_current ON _report_subjects (id) WHERE valid_to IS NULL;

CREATE INDEX _report_subjects_student ON _report_subjects (student_id) WHERE valid_to IS NULL;

CREATE INDEX _report_subjects_report ON _report_subjects (report_id) WHERE valid_to IS NULL;

CREATE TABLE _staff (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	name       TEXT NOT NULL,
	role       TEXT, -- 'teacher' or 'staff'
	function   TEXT NOT NULL, -- as the school words it
	subjects   TEXT NOT NULL, -- 'FRANCAIS, LCA LATIN'
	hours      TEXT NOT NULL, -- a week, as shown: '3h30'
	email      TEXT NOT NULL,
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _staff_current ON _staff (id) WHERE valid_to IS NULL;

CREATE INDEX _staff_student ON _staff (student_id) WHERE valid_to IS NULL;

CREATE TABLE _holidays (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	year       TEXT NOT NULL,
	name       TEXT NOT NULL,
	starts_on  TEXT,
	ends_on    TEXT,
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _holidays_current ON _holidays (id) WHERE valid_to IS NULL;

CREATE INDEX _holidays_student ON _holidays (student_id) WHERE valid_to IS NULL;

CREATE TABLE _weeks (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	year       TEXT NOT NULL,
	starts_on  TEXT, -- the Monday
	label      TEXT NOT NULL, -- 'A', 'Q1'
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _weeks_current ON _weeks (id) WHERE valid_to IS NULL;

CREATE INDEX _weeks_student ON _weeks (student_id) WHERE valid_to IS NULL;

CREATE TABLE _attachments (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	owner_id   INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE, -- what it hangs on, of any domain
	name       TEXT NOT NULL,
	kind       TEXT NOT NULL, -- 'file', 'link', 'cloud', 'kiosk', 'video' or 'other'
	role       TEXT NOT NULL, -- 'document', 'correction', 'returned' …
	url        TEXT, -- of what lasts; the addresses of files are those of one session
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _attachments_current ON _attachments (id) WHERE valid_to IS NULL;

CREATE INDEX _attachments_student ON _attachments (student_id) WHERE valid_to IS NULL;

CREATE INDEX _attachments_owner ON _attachments (owner_id) WHERE valid_to IS NULL;

CREATE TABLE _links (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	title      TEXT NOT NULL,
	url        TEXT,          -- NULL where only PRONOTE can open it
	comment    TEXT NOT NULL,
	partner    TEXT NOT NULL, -- to whom PRONOTE logs in: 'TURBOSELF'
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _links_current ON _links (id) WHERE valid_to IS NULL;

CREATE INDEX _links_student ON _links (student_id) WHERE valid_to IS NULL;

CREATE TABLE _wallets (
	version      INTEGER PRIMARY KEY,
	id           INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id   INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
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

CREATE UNIQUE INDEX _wallets_current ON _wallets (id) WHERE valid_to IS NULL;

CREATE INDEX _wallets_student ON _wallets (student_id) WHERE valid_to IS NULL;

CREATE TABLE _kfet_balances (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	pseudo        TEXT NOT NULL,
	balance_cents INTEGER NOT NULL,
	level         INTEGER NOT NULL, -- 0 from zero on, else 1 to 3 for how far below
	blocked       INTEGER NOT NULL CHECK (blocked IN (0, 1)),
	member        INTEGER NOT NULL CHECK (member IN (0, 1)), -- the membership is up to date
	member_until  TEXT,    -- where the server says
	valid_from    TEXT NOT NULL,
	valid_to      TEXT,
	gone          INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _kfet_balances_current ON _kfet_balances (id) WHERE valid_to IS NULL;

CREATE INDEX _kfet_balances_student ON _kfet_balances (student_id) WHERE valid_to IS NULL;

CREATE TABLE _kfet_transactions (
	version      INTEGER PRIMARY KEY,
	id           INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id   INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	number       INTEGER NOT NULL, -- the server's own, which grows
	done_on      TEXT,
	kind         TEXT NOT NULL, -- as the server calls it
	from_name    TEXT NOT NULL,
	to_name      TEXT NOT NULL,
	quantity     INTEGER NOT NULL,
	unit_cents   INTEGER NOT NULL,
	amount_cents INTEGER NOT NULL, -- as it moves the account: below zero for what it pays
	description  TEXT NOT NULL,
	category     TEXT NOT NULL,
	valid        INTEGER NOT NULL CHECK (valid IN (0, 1)), -- it counts
	valid_from   TEXT NOT NULL,
	valid_to     TEXT,
	gone         INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _kfet_transactions_current ON _kfet_transactions (id) WHERE valid_to IS NULL;

CREATE INDEX _kfet_transactions_student ON _kfet_transactions (student_id, printf('%015d', number)) WHERE valid_to IS NULL;

CREATE TABLE _kfet_activities (
	version        INTEGER PRIMARY KEY,
	id             INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id     INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	number         INTEGER NOT NULL, -- the server's own
	title          TEXT NOT NULL,
	starts_at      TEXT,
	ends_at        TEXT,
	place          TEXT NOT NULL,
	description    TEXT NOT NULL,
	guests_allowed INTEGER NOT NULL CHECK (guests_allowed IN (0, 1)),
	valid_from     TEXT NOT NULL,
	valid_to       TEXT,
	gone           INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX _kfet_activities_current ON _kfet_activities (id) WHERE valid_to IS NULL;

CREATE INDEX _kfet_activities_student ON _kfet_activities (student_id, ifnull(starts_at, '')) WHERE valid_to IS NULL;

CREATE TABLE _persons (
	version     INTEGER PRIMARY KEY,
	id          INTEGER NOT NULL REFERENCES _item (id) ON DELETE CASCADE,
	student_id  INTEGER NOT NULL REFERENCES _student (id) ON DELETE CASCADE,
	name        TEXT NOT NULL, -- as PRONOTE writes it
	kind        TEXT NOT NULL, -- 'student' or 'parent'
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

CREATE UNIQUE INDEX _persons_current ON _persons (id) WHERE valid_to IS NULL;

CREATE INDEX _persons_student ON _persons (student_id) WHERE valid_to IS NULL;

CREATE TABLE _file (
	item_id  INTEGER PRIMARY KEY REFERENCES _item (id) ON DELETE CASCADE, -- the attachment
	path     TEXT NOT NULL,        -- below the folder of the files
	folded   TEXT NOT NULL UNIQUE, -- the same in lower case: some systems take a and A for one
	size     INTEGER NOT NULL,
	sha256   TEXT NOT NULL,
	kept_at  TEXT NOT NULL,
	outdated INTEGER NOT NULL DEFAULT 0 CHECK (outdated IN (0, 1)) -- there is a newer one at the school
) STRICT;

CREATE VIEW accounts AS
SELECT name, source, url, kind, school, software_version, last_success_at, phase, last_error
FROM _account AS account;

CREATE VIEW _owner AS
SELECT
	student.id,
	account.name AS account,
	CASE holder WHEN 1 THEN '' ELSE coalesce(student.alias, student.name) END AS student
FROM _student AS student JOIN _account AS account ON account.id = student.account_id;

CREATE VIEW students AS
SELECT
	account.name AS account, coalesce(student.alias, student.name) AS name, class, student.school, current_period, left_on,
	groups
FROM _student AS student JOIN _account AS account ON account.id = student.account_id
WHERE holder = 0;

CREATE VIEW periods AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.name, h.starts_on, h.ends_on, h.kind,
	item.first_seen_at, h.valid_from AS changed_at
FROM _periods h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW periods_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.name, h.starts_on, h.ends_on, h.kind,
	h.valid_from, h.valid_to, h.gone
FROM _periods h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW marks AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.own_period, h.subject, h.given_on, h.title, h.comment, h.value, h.value_text, h.out_of, h.coefficient,
	h.class_average, h.class_min, h.class_max, h.bonus, h.optional, h.rescaled,
	item.first_seen_at, h.valid_from AS changed_at
FROM _marks h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW marks_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.own_period, h.subject, h.given_on, h.title, h.comment, h.value, h.value_text, h.out_of, h.coefficient,
	h.class_average, h.class_min, h.class_max, h.bonus, h.optional, h.rescaled,
	h.valid_from, h.valid_to, h.gone
FROM _marks h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW averages AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.subject, h.student_average, h.class_average, h.class_min, h.class_max, h.out_of,
	item.first_seen_at, h.valid_from AS changed_at
FROM _averages h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW averages_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.subject, h.student_average, h.class_average, h.class_min, h.class_max, h.out_of,
	h.valid_from, h.valid_to, h.gone
FROM _averages h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW homework AS
SELECT
	owner.account, owner.student, item.uid,
	h.subject, h.given_on, h.due_on, h.description, h.description_html, h.done, h.difficulty, h.minutes, h.return_kind,
	h.returned_at, h.remark, h.themes,
	item.first_seen_at, h.valid_from AS changed_at
FROM _homework h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW homework_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.subject, h.given_on, h.due_on, h.description, h.description_html, h.done, h.difficulty, h.minutes, h.return_kind,
	h.returned_at, h.remark, h.themes,
	h.valid_from, h.valid_to, h.gone
FROM _homework h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW infos AS
SELECT
	owner.account, owner.student, item.uid,
	h.title, h.author, h.category, h.published_at, h.starts_on, h.ends_at, h.recipient, h.read, h.survey, h.anonymous, h.answered,
	h.content, h.content_html,
	item.first_seen_at, h.valid_from AS changed_at
FROM _infos h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW infos_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.title, h.author, h.category, h.published_at, h.starts_on, h.ends_at, h.recipient, h.read, h.survey, h.anonymous, h.answered,
	h.content, h.content_html,
	h.valid_from, h.valid_to, h.gone
FROM _infos h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW questions AS
SELECT
	owner.account, owner.student, item.uid, info.uid AS info_uid,
	h.position, h.title, h.kind, h.content, h.content_html, h.choices, h.max_choices, h.expected,
	h.answered, h.answered_at, h.answered_by, h.answer,
	item.first_seen_at, h.valid_from AS changed_at
FROM _questions h JOIN _item AS item ON item.id = h.id JOIN _item AS info ON info.id = h.info_id
	JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW questions_history AS
SELECT
	owner.account, owner.student, item.uid, info.uid AS info_uid,
	h.position, h.title, h.kind, h.content, h.content_html, h.choices, h.max_choices, h.expected,
	h.answered, h.answered_at, h.answered_by, h.answer,
	h.valid_from, h.valid_to, h.gone
FROM _questions h JOIN _item AS item ON item.id = h.id JOIN _item AS info ON info.id = h.info_id
	JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW lessons AS
SELECT
	owner.account, owner.student, item.uid,
	h.starts_at, h.ends_at, h.subject, h.title, h.teachers, h.rooms, h.groups, h.number, h.kind, h.status, h.cancelled, h.replaced,
	h.detention, h.outing, h.test, h.test_kind, h.exempted, h.exemption, h.memo, h.links,
	h.link_labels, h.link_comments, h.reason,
	item.first_seen_at, h.valid_from AS changed_at
FROM _lessons h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW lessons_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.starts_at, h.ends_at, h.subject, h.title, h.teachers, h.rooms, h.groups, h.number, h.kind, h.status, h.cancelled, h.replaced,
	h.detention, h.outing, h.test, h.test_kind, h.exempted, h.exemption, h.memo, h.links,
	h.link_labels, h.link_comments, h.reason,
	h.valid_from, h.valid_to, h.gone
FROM _lessons h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW contents AS
SELECT
	owner.account, owner.student, item.uid,
	h.starts_at, h.ends_at, h.subject, h.teachers, h.groups, h.title, h.description, h.description_html, h.category, h.themes, h.path,
	item.first_seen_at, h.valid_from AS changed_at
FROM _contents h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW contents_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.starts_at, h.ends_at, h.subject, h.teachers, h.groups, h.title, h.description, h.description_html, h.category, h.themes, h.path,
	h.valid_from, h.valid_to, h.gone
FROM _contents h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW evaluations AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.subject, h.name, h.date, h.teacher, h.description, h.coefficient, h.domain, h.cycles,
	(SELECT coalesce(group_concat(abbreviation, ', '), '') FROM (
		SELECT s.abbreviation FROM _skills s WHERE s.evaluation_id = h.id AND s.valid_to IS NULL ORDER BY s.position)) AS levels,
	item.first_seen_at, h.valid_from AS changed_at
FROM _evaluations h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW evaluations_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.subject, h.name, h.date, h.teacher, h.description, h.coefficient, h.domain, h.cycles,
	h.valid_from, h.valid_to, h.gone
FROM _evaluations h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW skills AS
SELECT
	owner.account, owner.student, item.uid, evaluation.uid AS evaluation_uid,
	h.position, h.item, h.domain, h.pillar, h.pillar_codes, h.level, h.abbreviation, h.level_kind, h.coefficient, h.comment,
	item.first_seen_at, h.valid_from AS changed_at
FROM _skills h JOIN _item AS item ON item.id = h.id JOIN _item AS evaluation ON evaluation.id = h.evaluation_id
	JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW skills_history AS
SELECT
	owner.account, owner.student, item.uid, evaluation.uid AS evaluation_uid,
	h.position, h.item, h.domain, h.pillar, h.pillar_codes, h.level, h.abbreviation, h.level_kind, h.coefficient, h.comment,
	h.valid_from, h.valid_to, h.gone
FROM _skills h JOIN _item AS item ON item.id = h.id JOIN _item AS evaluation ON evaluation.id = h.evaluation_id
	JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW absences AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.starts_at, h.ends_at, h.open, h.justified, h.justification, h.settled,
	h.to_justify, h.reasons, h.hours, h.days,
	item.first_seen_at, h.valid_from AS changed_at
FROM _absences h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW absences_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.starts_at, h.ends_at, h.open, h.justified, h.justification, h.settled,
	h.to_justify, h.reasons, h.hours, h.days,
	h.valid_from, h.valid_to, h.gone
FROM _absences h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW delays AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.starts_at, h.minutes, h.justified, h.justification, h.settled, h.to_justify,
	h.reasons,
	item.first_seen_at, h.valid_from AS changed_at
FROM _delays h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW delays_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.starts_at, h.minutes, h.justified, h.justification, h.settled, h.to_justify,
	h.reasons,
	h.valid_from, h.valid_to, h.gone
FROM _delays h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW punishments AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.kind, h.nature, h.given_on, h.given_at, h.outside_lessons, h.giver, h.decider,
	h.reasons, h.circumstances, h.homework, h.comment, h.minutes, h.starts_at, h.ends_at, h.exclusion,
	h.barred_from, h.incident, h.receipt_wanted, h.receipt_given,
	item.first_seen_at, h.valid_from AS changed_at
FROM _punishments h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW punishments_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.kind, h.nature, h.given_on, h.given_at, h.outside_lessons, h.giver, h.decider,
	h.reasons, h.circumstances, h.homework, h.comment, h.minutes, h.starts_at, h.ends_at, h.exclusion,
	h.barred_from, h.incident, h.receipt_wanted, h.receipt_given,
	h.valid_from, h.valid_to, h.gone
FROM _punishments h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW detentions AS
SELECT
	owner.account, owner.student, item.uid, punishment.uid AS punishment_uid,
	h.held_on, h.starts_at, h.minutes, h.supervisor, h.state,
	item.first_seen_at, h.valid_from AS changed_at
FROM _detentions h JOIN _item AS item ON item.id = h.id JOIN _item AS punishment ON punishment.id = h.punishment_id
	JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW detentions_history AS
SELECT
	owner.account, owner.student, item.uid, punishment.uid AS punishment_uid,
	h.held_on, h.starts_at, h.minutes, h.supervisor, h.state,
	h.valid_from, h.valid_to, h.gone
FROM _detentions h JOIN _item AS item ON item.id = h.id JOIN _item AS punishment ON punishment.id = h.punishment_id
	JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW observations AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.kind, h.title, h.category, h.given_on, h.starts_at, h.ends_at, h.subject,
	h.giver, h.comment, h.read, h.receipt_wanted,
	item.first_seen_at, h.valid_from AS changed_at
FROM _observations h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW observations_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.kind, h.title, h.category, h.given_on, h.starts_at, h.ends_at, h.subject,
	h.giver, h.comment, h.read, h.receipt_wanted,
	h.valid_from, h.valid_to, h.gone
FROM _observations h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW agenda AS
SELECT
	owner.account, owner.student, item.uid,
	h.title, h.starts_at, h.ends_at, h.all_day, h.category, h.author, h.description, h.council,
	item.first_seen_at, h.valid_from AS changed_at
FROM _agenda h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW agenda_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.title, h.starts_at, h.ends_at, h.all_day, h.category, h.author, h.description, h.council,
	h.valid_from, h.valid_to, h.gone
FROM _agenda h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW menus AS
SELECT
	owner.account, owner.student, item.uid,
	h.date, h.meal, h.menu, h.course, h.dish, h.labels, h.allergens,
	item.first_seen_at, h.valid_from AS changed_at
FROM _menus h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW menus_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.date, h.meal, h.menu, h.course, h.dish, h.labels, h.allergens,
	h.valid_from, h.valid_to, h.gone
FROM _menus h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW discussions AS
SELECT
	owner.account, owner.student, item.uid,
	h.subject, h.creator, h.participants, h.people, h.kind, h.labels, h.message_count, h.unread, h.closed, h.can_reply,
	h.started_at, h.last_message_at,
	item.first_seen_at, h.valid_from AS changed_at
FROM _discussions h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW discussions_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.subject, h.creator, h.participants, h.people, h.kind, h.labels, h.message_count, h.unread, h.closed, h.can_reply,
	h.started_at, h.last_message_at,
	h.valid_from, h.valid_to, h.gone
FROM _discussions h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW messages AS
SELECT
	owner.account, owner.student, item.uid, discussion.uid AS discussion_uid,
	h.sent_at, h.author, h.role, h.recipient, h.people, h.own, h.read, h.aside, h.content, h.content_html,
	item.first_seen_at, h.valid_from AS changed_at
FROM _messages h JOIN _item AS item ON item.id = h.id JOIN _item AS discussion ON discussion.id = h.discussion_id
	JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW messages_history AS
SELECT
	owner.account, owner.student, item.uid, discussion.uid AS discussion_uid,
	h.sent_at, h.author, h.role, h.recipient, h.people, h.own, h.read, h.aside, h.content, h.content_html,
	h.valid_from, h.valid_to, h.gone
FROM _messages h JOIN _item AS item ON item.id = h.id JOIN _item AS discussion ON discussion.id = h.discussion_id
	JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW reports AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.class, h.student_average, h.class_average, h.out_of, h.comments, h.absences, h.delays, h.punishments, h.sanctions,
	item.first_seen_at, h.valid_from AS changed_at
FROM _reports h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW reports_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.class, h.student_average, h.class_average, h.out_of, h.comments, h.absences, h.delays, h.punishments, h.sanctions,
	h.valid_from, h.valid_to, h.gone
FROM _reports h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW report_subjects AS
SELECT
	owner.account, owner.student, item.uid, report.uid AS report_uid,
	h.position, h.subject, h.within, h.subject_group, h.teachers, h.coefficient,
	h.student_average, h.class_average, h.class_min, h.class_max, h.appreciation,
	item.first_seen_at, h.valid_from AS changed_at
FROM _report_subjects h JOIN _item AS item ON item.id = h.id JOIN _item AS report ON report.id = h.report_id
	JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW report_subjects_history AS
SELECT
	owner.account, owner.student, item.uid, report.uid AS report_uid,
	h.position, h.subject, h.within, h.subject_group, h.teachers, h.coefficient,
	h.student_average, h.class_average, h.class_min, h.class_max, h.appreciation,
	h.valid_from, h.valid_to, h.gone
FROM _report_subjects h JOIN _item AS item ON item.id = h.id JOIN _item AS report ON report.id = h.report_id
	JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW staff AS
SELECT
	owner.account, owner.student, item.uid,
	h.name, h.role, h.function, h.subjects, h.hours, h.email,
	item.first_seen_at, h.valid_from AS changed_at
FROM _staff h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW staff_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.name, h.role, h.function, h.subjects, h.hours, h.email,
	h.valid_from, h.valid_to, h.gone
FROM _staff h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW holidays AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.name, h.starts_on, h.ends_on,
	item.first_seen_at, h.valid_from AS changed_at
FROM _holidays h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW holidays_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.name, h.starts_on, h.ends_on,
	h.valid_from, h.valid_to, h.gone
FROM _holidays h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW weeks AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.starts_on, h.label,
	item.first_seen_at, h.valid_from AS changed_at
FROM _weeks h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW weeks_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.starts_on, h.label,
	h.valid_from, h.valid_to, h.gone
FROM _weeks h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW schools AS
SELECT
	account.name AS account, coalesce(nullif(json_extract(site.value, '$.Name'), ''), school) AS name,
	json_extract(calendar, '$.Year') AS year,
	json_extract(calendar, '$.Starts') AS starts_on, json_extract(calendar, '$.Ends') AS ends_on,
	json_extract(site.value, '$.Address') AS address, json_extract(site.value, '$.PostalCode') AS postal_code,
	json_extract(site.value, '$.City') AS city, json_extract(site.value, '$.Province') AS province,
	json_extract(site.value, '$.Country') AS country, json_extract(site.value, '$.Website') AS website,
	json_extract(site.value, '$.Logo') AS logo
FROM _account AS account LEFT JOIN json_each(calendar, '$.Sites') AS site
WHERE school IS NOT NULL;

CREATE VIEW links AS
SELECT
	owner.account, owner.student, item.uid,
	h.title, h.url, h.comment, h.partner,
	item.first_seen_at, h.valid_from AS changed_at
FROM _links h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW links_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.title, h.url, h.comment, h.partner,
	h.valid_from, h.valid_to, h.gone
FROM _links h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW wallets AS
SELECT
	owner.account, owner.student, item.uid,
	h.label, h.hint, h.balance, h.balance_text, h.balance_hint, h.warning,
	item.first_seen_at, h.valid_from AS changed_at
FROM _wallets h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW wallets_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.label, h.hint, h.balance, h.balance_text, h.balance_hint, h.warning,
	h.valid_from, h.valid_to, h.gone
FROM _wallets h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW kfet_balances AS
SELECT
	owner.account, owner.student, item.uid,
	h.pseudo, h.balance_cents, h.level, h.blocked, h.member, h.member_until, h.balance_cents / 100.0 AS balance,
	item.first_seen_at, h.valid_from AS changed_at
FROM _kfet_balances h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW kfet_balances_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.pseudo, h.balance_cents, h.level, h.blocked, h.member, h.member_until,
	h.valid_from, h.valid_to, h.gone
FROM _kfet_balances h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW kfet_transactions AS
SELECT
	owner.account, owner.student, item.uid,
	h.number, h.done_on, h.kind, h.from_name, h.to_name, h.quantity, h.unit_cents, h.amount_cents, h.description, h.category, h.valid,
	item.first_seen_at, h.valid_from AS changed_at
FROM _kfet_transactions h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW kfet_transactions_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.number, h.done_on, h.kind, h.from_name, h.to_name, h.quantity, h.unit_cents, h.amount_cents, h.description, h.category, h.valid,
	h.valid_from, h.valid_to, h.gone
FROM _kfet_transactions h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW kfet_activities AS
SELECT
	owner.account, owner.student, item.uid,
	h.number, h.title, h.starts_at, h.ends_at, h.place, h.description, h.guests_allowed,
	item.first_seen_at, h.valid_from AS changed_at
FROM _kfet_activities h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW kfet_activities_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.number, h.title, h.starts_at, h.ends_at, h.place, h.description, h.guests_allowed,
	h.valid_from, h.valid_to, h.gone
FROM _kfet_activities h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW persons AS
SELECT
	owner.account, owner.student, item.uid,
	h.name, h.kind, h.address, h.postal_code, h.city, h.province, h.country, h.email, h.phone, h.landline, h.ine,
	item.first_seen_at, h.valid_from AS changed_at
FROM _persons h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW persons_history AS
SELECT
	owner.account, owner.student, item.uid,
	h.name, h.kind, h.address, h.postal_code, h.city, h.province, h.country, h.email, h.phone, h.landline, h.ine,
	h.valid_from, h.valid_to, h.gone
FROM _persons h JOIN _item AS item ON item.id = h.id JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW attachments AS
SELECT
	owner.account, owner.student, item.uid, thing.uid AS owner_uid,
	h.name, h.kind, h.role, h.url, thing.domain AS owner_domain, file.path AS local_path, file.size, file.sha256,
	item.first_seen_at, h.valid_from AS changed_at
FROM _attachments h JOIN _item AS item ON item.id = h.id JOIN _item AS thing ON thing.id = h.owner_id
	JOIN _owner AS owner ON owner.id = h.student_id LEFT JOIN _file AS file ON file.item_id = h.id
WHERE h.valid_to IS NULL;

CREATE VIEW attachments_history AS
SELECT
	owner.account, owner.student, item.uid, thing.uid AS owner_uid,
	h.name, h.kind, h.role, h.url, thing.domain AS owner_domain,
	h.valid_from, h.valid_to, h.gone
FROM _attachments h JOIN _item AS item ON item.id = h.id JOIN _item AS thing ON thing.id = h.owner_id
	JOIN _owner AS owner ON owner.id = h.student_id;

CREATE VIEW changes AS
SELECT owner.account, owner.student, change.at, item.domain, item.uid, change.kind, change.what, change.before, change.after,
	change.subject, change.title, change.summary
FROM _change AS change JOIN _item AS item ON item.id = change.item_id JOIN _owner AS owner ON owner.id = item.student_id;

CREATE VIEW deliveries AS
SELECT
	account.name AS account,
	coalesce((SELECT student FROM _owner AS owner WHERE owner.id = event.student_id), '') AS student,
	(SELECT uid FROM _item AS item WHERE item.id = event.item_id) AS uid,
	event.at, event.kind AS event, delivery.channel, delivery.recipient, delivery.state, delivery.way, delivery.reason,
	CAST(delivery.attempts + coalesce(letter.attempts, 0) AS INTEGER) AS attempts, delivery.due_at, letter.sent_at, coalesce(letter.last_error, delivery.last_error) AS last_error,
	replace(replace(letter.title, char(57344), ''), char(57345), '') AS title,
	replace(replace(letter.text, char(57344), ''), char(57345), '') AS text
FROM _delivery AS delivery JOIN _event AS event ON event.id = delivery.event_id JOIN _account AS account ON account.id = event.account_id
	LEFT JOIN _letter AS letter ON letter.id = delivery.letter_id;

CREATE VIEW letters AS
SELECT
	id, recipient, channel, kind, day, composed_at, state, attempts, sent_at, last_error,
	replace(replace(title, char(57344), ''), char(57345), '') AS title,
	replace(replace(text, char(57344), ''), char(57345), '') AS text
FROM _letter WHERE state <> 'empty';
