CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);

CREATE TABLE account (
	id               INTEGER PRIMARY KEY,
	name             TEXT NOT NULL UNIQUE,
	url              TEXT NOT NULL,
	kind             TEXT NOT NULL CHECK (kind IN ('student', 'parent')),
	school           TEXT,
	software_version TEXT,
	calendar         TEXT CHECK (json_valid(calendar)), -- school year and holidays, as of the last login
	mirrored_at      TEXT,                              -- when the first mirror was complete
	last_success_at  TEXT,                              -- as of the last write: a poll without news writes nothing
	phase            TEXT NOT NULL DEFAULT 'ready' CHECK (phase IN ('ready', 'waiting', 'suspended', 'banned')),
	phase_until      INTEGER,                           -- Unix seconds; NULL when only a person can end the phase
	failures         INTEGER NOT NULL DEFAULT 0,        -- in a row
	failing_since    INTEGER,                           -- Unix seconds of the first of them
	told             INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)), -- whether people know of the failure
	last_error       TEXT,
	refused          TEXT,                              -- which credentials were refused, as a keyed digest cut short
	requests_on      TEXT,                              -- day that the next counter is of
	requests         INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE login (
	account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	at         INTEGER NOT NULL -- Unix seconds
) STRICT;

CREATE INDEX login_account ON login (account_id, at);

CREATE TABLE student (
	id             INTEGER PRIMARY KEY,
	account_id     INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	name           TEXT NOT NULL, -- as PRONOTE writes it
	alias          TEXT,          -- as the configuration calls it
	class          TEXT,
	school         TEXT,
	current_period TEXT,
	holder         INTEGER NOT NULL DEFAULT 0 CHECK (holder IN (0, 1)),
	left_on        TEXT, groups TEXT, -- when the account no longer showed the pupil
	UNIQUE (account_id, name, holder)
) STRICT;

CREATE TABLE item (
	id            INTEGER PRIMARY KEY,
	student_id    INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	domain        TEXT NOT NULL,
	uid           TEXT NOT NULL UNIQUE, -- the same when the same year is mirrored again elsewhere
	first_seen_at TEXT NOT NULL
) STRICT;

CREATE TABLE coverage (
	student_id INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	domain     TEXT NOT NULL,
	low        TEXT NOT NULL,
	high       TEXT NOT NULL,
	PRIMARY KEY (student_id, domain, low)
) STRICT, WITHOUT ROWID;

CREATE TABLE suspicion (
	student_id INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	domain     TEXT NOT NULL,
	high       TEXT NOT NULL, -- end of the span, which keeps still from poll to poll
	missing    TEXT NOT NULL, -- digest of the missing items
	PRIMARY KEY (student_id, domain, high)
) STRICT, WITHOUT ROWID;

CREATE TABLE change (
	id      INTEGER PRIMARY KEY,
	at      TEXT NOT NULL,
	item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	kind    TEXT NOT NULL CHECK (kind IN ('added', 'changed', 'removed')),
	what    TEXT NOT NULL CHECK (json_valid(what)), -- columns
	before  TEXT CHECK (json_valid(before)),        -- their values
	after   TEXT CHECK (json_valid(after))
) STRICT;

CREATE INDEX change_at ON change (at);

CREATE INDEX change_item ON change (item_id);

CREATE TABLE event (
	id         INTEGER PRIMARY KEY,
	batch      INTEGER NOT NULL, -- events of one poll and domain may share a message
	at         TEXT NOT NULL,
	account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	student_id INTEGER REFERENCES student (id) ON DELETE CASCADE,
	item_id    INTEGER REFERENCES item (id) ON DELETE CASCADE,
	kind       TEXT NOT NULL, -- 'mark.new' …
	data       TEXT NOT NULL CHECK (json_valid(data))
) STRICT;

CREATE TABLE delivery (
	id         INTEGER PRIMARY KEY,
	event_id   INTEGER NOT NULL REFERENCES event (id) ON DELETE CASCADE,
	recipient  TEXT NOT NULL,
	channel    TEXT NOT NULL,
	state      TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'failed')),
	attempts   INTEGER NOT NULL DEFAULT 0,
	due        INTEGER NOT NULL, -- Unix seconds
	due_at     TEXT NOT NULL,
	created    INTEGER NOT NULL, -- Unix seconds
	sent_at    TEXT,
	last_error TEXT,
	UNIQUE (event_id, recipient),
	CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) STRICT;

CREATE INDEX delivery_due ON delivery (recipient, due) WHERE state = 'pending';

CREATE TABLE periods_history (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	year       TEXT NOT NULL, -- school year, '2025-2026'
	name       TEXT NOT NULL,
	starts_on  TEXT,
	ends_on    TEXT,
	kind       TEXT NOT NULL CHECK (kind IN ('term', 'semester', 'year', 'other')),
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX periods_current ON periods_history (id) WHERE valid_to IS NULL;

CREATE INDEX periods_student ON periods_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE marks_history (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	year          TEXT NOT NULL,
	period        TEXT NOT NULL,
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

CREATE UNIQUE INDEX marks_current ON marks_history (id) WHERE valid_to IS NULL;

CREATE INDEX marks_student ON marks_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE averages_history (
	version         INTEGER PRIMARY KEY,
	id              INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id      INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
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

CREATE UNIQUE INDEX averages_current ON averages_history (id) WHERE valid_to IS NULL;

CREATE INDEX averages_student ON averages_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE homework_history (
	version          INTEGER PRIMARY KEY,
	id               INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id       INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	subject          TEXT NOT NULL,
	given_on         TEXT,
	due_on           TEXT NOT NULL,
	description      TEXT NOT NULL,
	description_html TEXT NOT NULL,
	done             INTEGER NOT NULL CHECK (done IN (0, 1)),
	difficulty       TEXT CHECK (difficulty IN ('easy', 'medium', 'hard')),
	minutes          INTEGER, -- expected duration
	return_kind      TEXT CHECK (return_kind IN ('paper', 'pronote', 'kiosk', 'audio')),
	valid_from       TEXT NOT NULL,
	valid_to         TEXT,
	gone             INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
, returned_at TEXT, remark TEXT NOT NULL DEFAULT '', themes TEXT NOT NULL DEFAULT '') STRICT;

CREATE UNIQUE INDEX homework_current ON homework_history (id) WHERE valid_to IS NULL;

CREATE INDEX homework_student ON homework_history (student_id, due_on) WHERE valid_to IS NULL;

CREATE TABLE infos_history (
	version      INTEGER PRIMARY KEY,
	id           INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id   INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
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

CREATE UNIQUE INDEX infos_current ON infos_history (id) WHERE valid_to IS NULL;

CREATE INDEX infos_student ON infos_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE questions_history (
	version      INTEGER PRIMARY KEY,
	id           INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id   INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	info_id      INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	position     INTEGER NOT NULL,
	title        TEXT NOT NULL,
	kind         TEXT NOT NULL CHECK (kind IN ('acknowledgement', 'text', 'choice', 'choices', 'none')),
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

CREATE UNIQUE INDEX questions_current ON questions_history (id) WHERE valid_to IS NULL;

CREATE INDEX questions_student ON questions_history (student_id) WHERE valid_to IS NULL;

CREATE INDEX questions_info ON questions_history (info_id) WHERE valid_to IS NULL;

CREATE TABLE lessons_history (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	starts_at  TEXT NOT NULL,
	ends_at    TEXT,
	subject    TEXT NOT NULL,
	title      TEXT NOT NULL, -- of an outing, a detention, a project
	teachers   TEXT NOT NULL, -- 'M. A, Mme B', '' for none, like the next two
	rooms      TEXT NOT NULL,
	groups     TEXT NOT NULL,
	number     INTEGER,       -- in the school's timetable, whatever the login
	kind       TEXT NOT NULL CHECK (kind IN ('lesson', 'council', 'replacement', 'history', 'substitute', 'other')),
	status     TEXT NOT NULL, -- as shown: 'Prof. absent'
	cancelled  INTEGER NOT NULL CHECK (cancelled IN (0, 1)), -- by the flag or by the status
	replaced   INTEGER NOT NULL CHECK (replaced IN (0, 1)),  -- by another lesson
	detention  INTEGER NOT NULL CHECK (detention IN (0, 1)),
	outing     INTEGER NOT NULL CHECK (outing IN (0, 1)),
	test       INTEGER NOT NULL CHECK (test IN (0, 1)),
	test_kind  TEXT,
	exempted   INTEGER NOT NULL CHECK (exempted IN (0, 1)),
	exemption  TEXT,
	memo       TEXT,
	links      TEXT NOT NULL, -- 'https://a, https://b'
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX lessons_current ON lessons_history (id) WHERE valid_to IS NULL;

CREATE INDEX lessons_student ON lessons_history (student_id, substr(starts_at, 1, 10)) WHERE valid_to IS NULL;

CREATE TABLE contents_history (
	version          INTEGER PRIMARY KEY,
	id               INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id       INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
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
	path             TEXT CHECK (path IN ('future', 'citizen', 'arts', 'health', 'excellence')),
	valid_from       TEXT NOT NULL,
	valid_to         TEXT,
	gone             INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX contents_current ON contents_history (id) WHERE valid_to IS NULL;

CREATE INDEX contents_student ON contents_history (student_id, substr(starts_at, 1, 10)) WHERE valid_to IS NULL;

CREATE TABLE evaluations_history (
	version     INTEGER PRIMARY KEY,
	id          INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id  INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
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

CREATE UNIQUE INDEX evaluations_current ON evaluations_history (id) WHERE valid_to IS NULL;

CREATE INDEX evaluations_student ON evaluations_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE skills_history (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	evaluation_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	position      INTEGER NOT NULL, -- within the evaluation, as PRONOTE counts
	item          TEXT NOT NULL,    -- the skill; '' where the domain as a whole was judged
	domain        TEXT NOT NULL,
	pillar        TEXT NOT NULL,    -- of the common core of knowledge
	pillar_codes  TEXT NOT NULL,    -- 'D1.2'
	level         TEXT NOT NULL,    -- as the school calls it
	abbreviation  TEXT NOT NULL,    -- of the level
	level_kind    TEXT CHECK (level_kind IN (
		'expert', 'acquired', 'nearly_acquired', 'in_progress', 'beginning', 'not_acquired',
		'absent', 'not_evaluated', 'exempt', 'not_handed_in', 'several'
	)),                             -- what the level amounts to; NULL for one of the school's own
	coefficient   REAL,
	comment       TEXT NOT NULL,    -- the teacher's remark on this skill
	valid_from    TEXT NOT NULL,
	valid_to      TEXT,
	gone          INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX skills_current ON skills_history (id) WHERE valid_to IS NULL;

CREATE INDEX skills_student ON skills_history (student_id) WHERE valid_to IS NULL;

CREATE INDEX skills_evaluation ON skills_history (evaluation_id) WHERE valid_to IS NULL;

CREATE TABLE absences_history (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
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

CREATE UNIQUE INDEX absences_current ON absences_history (id) WHERE valid_to IS NULL;

CREATE INDEX absences_student ON absences_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE delays_history (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
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

CREATE UNIQUE INDEX delays_current ON delays_history (id) WHERE valid_to IS NULL;

CREATE INDEX delays_student ON delays_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE punishments_history (
	version         INTEGER PRIMARY KEY,
	id              INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id      INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	year            TEXT NOT NULL,
	period          TEXT NOT NULL,
	kind            TEXT NOT NULL CHECK (kind IN ('exclusion', 'detention', 'homework', 'sanction', 'measure', 'other')),
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

CREATE UNIQUE INDEX punishments_current ON punishments_history (id) WHERE valid_to IS NULL;

CREATE INDEX punishments_student ON punishments_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE detentions_history (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	punishment_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	held_on       TEXT,
	starts_at     TEXT, -- NULL when the hour is not known
	minutes       INTEGER,
	supervisor    TEXT NOT NULL,
	state         TEXT CHECK (state IN ('unscheduled', 'missed', 'expired', 'done', 'scheduled', 'postponed')),
	valid_from    TEXT NOT NULL,
	valid_to      TEXT,
	gone          INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX detentions_current ON detentions_history (id) WHERE valid_to IS NULL;

CREATE INDEX detentions_student ON detentions_history (student_id) WHERE valid_to IS NULL;

CREATE INDEX detentions_punishment ON detentions_history (punishment_id) WHERE valid_to IS NULL;

CREATE TABLE observations_history (
	version        INTEGER PRIMARY KEY,
	id             INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id     INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	year           TEXT NOT NULL,
	period         TEXT NOT NULL,
	kind           TEXT NOT NULL CHECK (kind IN (
		'notebook', 'observation', 'encouragement', 'other',
		'infirmary', 'exemption', 'meal', 'boarding', 'office', 'incident', 'commission'
	)),
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

CREATE UNIQUE INDEX observations_current ON observations_history (id) WHERE valid_to IS NULL;

CREATE INDEX observations_student ON observations_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE menus_history (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	date       TEXT NOT NULL,
	meal       TEXT CHECK (meal IN ('lunch', 'dinner')),
	menu       TEXT NOT NULL, -- name of the meal, where there are several
	course     TEXT CHECK (course IN ('starter', 'main', 'side', 'other', 'dessert', 'cheese')),
	dish       TEXT NOT NULL,
	labels     TEXT NOT NULL, -- 'Bio, Fait maison'
	allergens  TEXT NOT NULL,
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX menus_current ON menus_history (id) WHERE valid_to IS NULL;

CREATE INDEX menus_student ON menus_history (student_id, date) WHERE valid_to IS NULL;

CREATE TABLE discussions_history (
	version         INTEGER PRIMARY KEY,
	id              INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id      INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	subject         TEXT NOT NULL,
	creator         TEXT NOT NULL, -- '' for the account's own person
	participants    TEXT NOT NULL, -- as PRONOTE sums them up
	people          INTEGER,       -- how many take part
	kind            TEXT NOT NULL CHECK (kind IN ('discussion', 'school_life', 'conversation', 'alert', 'harassment', 'other')),
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

CREATE UNIQUE INDEX discussions_current ON discussions_history (id) WHERE valid_to IS NULL;

CREATE INDEX discussions_student ON discussions_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE messages_history (
	version       INTEGER PRIMARY KEY,
	id            INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id    INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	discussion_id INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
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

CREATE UNIQUE INDEX messages_current ON messages_history (id) WHERE valid_to IS NULL;

CREATE INDEX messages_student ON messages_history (student_id) WHERE valid_to IS NULL;

CREATE INDEX messages_discussion ON messages_history (discussion_id) WHERE valid_to IS NULL;

CREATE TABLE reports_history (
	version         INTEGER PRIMARY KEY,
	id              INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id      INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
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

CREATE UNIQUE INDEX reports_current ON reports_history (id) WHERE valid_to IS NULL;

CREATE INDEX reports_student ON reports_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE report_subjects_history (
	version         INTEGER PRIMARY KEY,
	id              INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id      INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	report_id       INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
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

CREATE UNIQUE INDEX report_subjects_current ON report_subjects_history (id) WHERE valid_to IS NULL;

CREATE INDEX report_subjects_student ON report_subjects_history (student_id) WHERE valid_to IS NULL;

CREATE INDEX report_subjects_report ON report_subjects_history (report_id) WHERE valid_to IS NULL;

CREATE TABLE staff_history (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	name       TEXT NOT NULL,
	role       TEXT CHECK (role IN ('teacher', 'staff')),
	function   TEXT NOT NULL, -- as the school words it
	subjects   TEXT NOT NULL, -- 'FRANCAIS, LCA LATIN'
	hours      TEXT NOT NULL, -- a week, as shown: '3h30'
	email      TEXT NOT NULL,
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX staff_current ON staff_history (id) WHERE valid_to IS NULL;

CREATE INDEX staff_student ON staff_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE holidays_history (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	year       TEXT NOT NULL,
	name       TEXT NOT NULL,
	starts_on  TEXT,
	ends_on    TEXT,
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX holidays_current ON holidays_history (id) WHERE valid_to IS NULL;

CREATE INDEX holidays_student ON holidays_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE weeks_history (
	version    INTEGER PRIMARY KEY,
	id         INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	year       TEXT NOT NULL,
	starts_on  TEXT, -- the Monday
	label      TEXT NOT NULL, -- 'A', 'Q1'
	valid_from TEXT NOT NULL,
	valid_to   TEXT,
	gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1) AND (gone = 0 OR valid_to IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX weeks_current ON weeks_history (id) WHERE valid_to IS NULL;

CREATE INDEX weeks_student ON weeks_history (student_id) WHERE valid_to IS NULL;

CREATE TABLE file (
	item_id INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE, -- the attachment
	path    TEXT NOT NULL,        -- below the folder of the files
	folded  TEXT NOT NULL UNIQUE, -- the same in lower case: some systems take a and A for one
	size    INTEGER NOT NULL,
	sha256  TEXT NOT NULL,
	kept_at TEXT NOT NULL
, outdated INTEGER NOT NULL DEFAULT 0 CHECK (outdated IN (0, 1))) STRICT;

CREATE VIEW accounts AS
SELECT name, url, kind, school, software_version, last_success_at, phase, last_error
FROM account;

CREATE VIEW owner AS
SELECT
	student.id,
	account.name AS account,
	CASE holder WHEN 1 THEN '' ELSE coalesce(student.alias, student.name) END AS student
FROM student JOIN account ON account.id = student.account_id;

CREATE VIEW periods AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.name, h.starts_on, h.ends_on, h.kind,
	item.first_seen_at, h.valid_from AS changed_at
FROM periods_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW marks AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.subject, h.given_on, h.title, h.comment, h.value, h.value_text, h.out_of, h.coefficient,
	h.class_average, h.class_min, h.class_max, h.bonus, h.optional, h.rescaled,
	item.first_seen_at, h.valid_from AS changed_at
FROM marks_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW averages AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.subject, h.student_average, h.class_average, h.class_min, h.class_max, h.out_of,
	item.first_seen_at, h.valid_from AS changed_at
FROM averages_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW infos AS
SELECT
	owner.account, owner.student, item.uid,
	h.title, h.author, h.category, h.published_at, h.starts_on, h.ends_at, h.recipient, h.read, h.survey, h.anonymous, h.answered,
	h.content, h.content_html,
	item.first_seen_at, h.valid_from AS changed_at
FROM infos_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW questions AS
SELECT
	owner.account, owner.student, item.uid, info.uid AS info_uid,
	h.position, h.title, h.kind, h.content, h.content_html, h.choices, h.max_choices, h.expected,
	h.answered, h.answered_at, h.answered_by, h.answer,
	item.first_seen_at, h.valid_from AS changed_at
FROM questions_history h JOIN item ON item.id = h.id JOIN item AS info ON info.id = h.info_id
	JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW lessons AS
SELECT
	owner.account, owner.student, item.uid,
	h.starts_at, h.ends_at, h.subject, h.title, h.teachers, h.rooms, h.groups, h.number, h.kind, h.status, h.cancelled, h.replaced,
	h.detention, h.outing, h.test, h.test_kind, h.exempted, h.exemption, h.memo, h.links,
	item.first_seen_at, h.valid_from AS changed_at
FROM lessons_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW contents AS
SELECT
	owner.account, owner.student, item.uid,
	h.starts_at, h.ends_at, h.subject, h.teachers, h.groups, h.title, h.description, h.description_html, h.category, h.themes, h.path,
	item.first_seen_at, h.valid_from AS changed_at
FROM contents_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW skills AS
SELECT
	owner.account, owner.student, item.uid, evaluation.uid AS evaluation_uid,
	h.position, h.item, h.domain, h.pillar, h.pillar_codes, h.level, h.abbreviation, h.level_kind, h.coefficient, h.comment,
	item.first_seen_at, h.valid_from AS changed_at
FROM skills_history h JOIN item ON item.id = h.id JOIN item AS evaluation ON evaluation.id = h.evaluation_id
	JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW absences AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.starts_at, h.ends_at, h.open, h.justified, h.justification, h.settled,
	h.to_justify, h.reasons, h.hours, h.days,
	item.first_seen_at, h.valid_from AS changed_at
FROM absences_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW delays AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.starts_at, h.minutes, h.justified, h.justification, h.settled, h.to_justify,
	h.reasons,
	item.first_seen_at, h.valid_from AS changed_at
FROM delays_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW punishments AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.kind, h.nature, h.given_on, h.given_at, h.outside_lessons, h.giver, h.decider,
	h.reasons, h.circumstances, h.homework, h.comment, h.minutes, h.starts_at, h.ends_at, h.exclusion,
	h.barred_from, h.incident, h.receipt_wanted, h.receipt_given,
	item.first_seen_at, h.valid_from AS changed_at
FROM punishments_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW detentions AS
SELECT
	owner.account, owner.student, item.uid, punishment.uid AS punishment_uid,
	h.held_on, h.starts_at, h.minutes, h.supervisor, h.state,
	item.first_seen_at, h.valid_from AS changed_at
FROM detentions_history h JOIN item ON item.id = h.id JOIN item AS punishment ON punishment.id = h.punishment_id
	JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW observations AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.kind, h.title, h.category, h.given_on, h.starts_at, h.ends_at, h.subject,
	h.giver, h.comment, h.read, h.receipt_wanted,
	item.first_seen_at, h.valid_from AS changed_at
FROM observations_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW menus AS
SELECT
	owner.account, owner.student, item.uid,
	h.date, h.meal, h.menu, h.course, h.dish, h.labels, h.allergens,
	item.first_seen_at, h.valid_from AS changed_at
FROM menus_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW discussions AS
SELECT
	owner.account, owner.student, item.uid,
	h.subject, h.creator, h.participants, h.people, h.kind, h.labels, h.message_count, h.unread, h.closed, h.can_reply,
	h.started_at, h.last_message_at,
	item.first_seen_at, h.valid_from AS changed_at
FROM discussions_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW messages AS
SELECT
	owner.account, owner.student, item.uid, discussion.uid AS discussion_uid,
	h.sent_at, h.author, h.role, h.recipient, h.people, h.own, h.read, h.aside, h.content, h.content_html,
	item.first_seen_at, h.valid_from AS changed_at
FROM messages_history h JOIN item ON item.id = h.id JOIN item AS discussion ON discussion.id = h.discussion_id
	JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW reports AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.class, h.student_average, h.class_average, h.out_of, h.comments, h.absences, h.delays, h.punishments, h.sanctions,
	item.first_seen_at, h.valid_from AS changed_at
FROM reports_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW report_subjects AS
SELECT
	owner.account, owner.student, item.uid, report.uid AS report_uid,
	h.position, h.subject, h.within, h.subject_group, h.teachers, h.coefficient,
	h.student_average, h.class_average, h.class_min, h.class_max, h.appreciation,
	item.first_seen_at, h.valid_from AS changed_at
FROM report_subjects_history h JOIN item ON item.id = h.id JOIN item AS report ON report.id = h.report_id
	JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW staff AS
SELECT
	owner.account, owner.student, item.uid,
	h.name, h.role, h.function, h.subjects, h.hours, h.email,
	item.first_seen_at, h.valid_from AS changed_at
FROM staff_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW holidays AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.name, h.starts_on, h.ends_on,
	item.first_seen_at, h.valid_from AS changed_at
FROM holidays_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW weeks AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.starts_on, h.label,
	item.first_seen_at, h.valid_from AS changed_at
FROM weeks_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW changes AS
SELECT owner.account, owner.student, change.at, item.domain, item.uid, change.kind, change.what, change.before, change.after
FROM change JOIN item ON item.id = change.item_id JOIN owner ON owner.id = item.student_id;

CREATE VIEW deliveries AS
SELECT
	account.name AS account,
	coalesce((SELECT student FROM owner WHERE owner.id = event.student_id), '') AS student,
	(SELECT uid FROM item WHERE item.id = event.item_id) AS uid,
	event.at, event.kind AS event, delivery.channel, delivery.recipient, delivery.state,
	delivery.attempts, delivery.due_at, delivery.sent_at, delivery.last_error
FROM delivery JOIN event ON event.id = delivery.event_id JOIN account ON account.id = event.account_id;

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

CREATE TABLE persons_history (
	version     INTEGER PRIMARY KEY,
	id          INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
	student_id  INTEGER NOT NULL REFERENCES student (id) ON DELETE CASCADE,
	name        TEXT NOT NULL, -- as PRONOTE writes it
	kind        TEXT NOT NULL CHECK (kind IN ('student', 'parent')),
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

CREATE UNIQUE INDEX persons_current ON persons_history (id) WHERE valid_to IS NULL;

CREATE INDEX persons_student ON persons_history (student_id) WHERE valid_to IS NULL;

CREATE VIEW persons AS
SELECT
	owner.account, owner.student, item.uid,
	h.name, h.kind, h.address, h.postal_code, h.city, h.province, h.country, h.email, h.phone, h.landline, h.ine,
	item.first_seen_at, h.valid_from AS changed_at
FROM persons_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW students AS
SELECT
	account.name AS account, coalesce(student.alias, student.name) AS name, class, student.school, current_period, left_on,
	groups
FROM student JOIN account ON account.id = student.account_id
WHERE holder = 0;

CREATE VIEW evaluations AS
SELECT
	owner.account, owner.student, item.uid,
	h.year, h.period, h.subject, h.name, h.date, h.teacher, h.description, h.coefficient, h.domain, h.cycles,
	(SELECT coalesce(group_concat(abbreviation, ', '), '') FROM (
		SELECT s.abbreviation FROM skills_history s WHERE s.evaluation_id = h.id AND s.valid_to IS NULL ORDER BY s.position)) AS levels,
	item.first_seen_at, h.valid_from AS changed_at
FROM evaluations_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE VIEW schools AS
SELECT
	account.name AS account, coalesce(nullif(json_extract(site.value, '$.Name'), ''), school) AS name,
	json_extract(calendar, '$.Year') AS year,
	json_extract(calendar, '$.Starts') AS starts_on, json_extract(calendar, '$.Ends') AS ends_on,
	json_extract(site.value, '$.Address') AS address, json_extract(site.value, '$.PostalCode') AS postal_code,
	json_extract(site.value, '$.City') AS city, json_extract(site.value, '$.Province') AS province,
	json_extract(site.value, '$.Country') AS country, json_extract(site.value, '$.Website') AS website,
	json_extract(site.value, '$.Logo') AS logo
FROM account LEFT JOIN json_each(calendar, '$.Sites') AS site
WHERE school IS NOT NULL;

CREATE VIEW homework AS
SELECT
	owner.account, owner.student, item.uid,
	h.subject, h.given_on, h.due_on, h.description, h.description_html, h.done, h.difficulty, h.minutes, h.return_kind,
	h.returned_at, h.remark, h.themes,
	item.first_seen_at, h.valid_from AS changed_at
FROM homework_history h JOIN item ON item.id = h.id JOIN owner ON owner.id = h.student_id
WHERE h.valid_to IS NULL;

CREATE TABLE "attachments_history" (
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
