package db

import (
	"bytes"
	"cmp"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/template"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/migrations"
)

// promised are the columns of the views in the order of their making. Users'
// queries rely on them: a line may get longer, never shorter.
var promised = map[string]string{
	"accounts":    "name source url kind school software_version last_success_at phase last_error",
	"students":    "account name class school current_period left_on groups",
	"periods":     "account student uid year name starts_on ends_on kind first_seen_at changed_at",
	"marks":       "account student uid year period own_period subject given_on title comment value value_text out_of coefficient class_average class_min class_max bonus optional rescaled first_seen_at changed_at",
	"averages":    "account student uid year period subject student_average class_average class_min class_max out_of first_seen_at changed_at",
	"homework":    "account student uid subject given_on due_on description description_html done difficulty minutes return_kind returned_at remark themes first_seen_at changed_at",
	"infos":       "account student uid title author category published_at starts_on ends_at recipient read survey anonymous answered content content_html first_seen_at changed_at",
	"agenda":      "account student uid title starts_at ends_at all_day category author description council first_seen_at changed_at",
	"menus":       "account student uid date meal menu course dish labels allergens first_seen_at changed_at",
	"questions":   "account student uid info_uid position title kind content content_html choices max_choices expected answered answered_at answered_by answer first_seen_at changed_at",
	"attachments": "account student uid owner_uid name kind role url owner_domain local_path size sha256 first_seen_at changed_at",

	"reports":         "account student uid year period class student_average class_average out_of comments absences delays punishments sanctions first_seen_at changed_at",
	"report_subjects": "account student uid report_uid position subject within subject_group teachers coefficient student_average class_average class_min class_max appreciation first_seen_at changed_at",

	"lessons":  "account student uid starts_at ends_at subject title teachers rooms groups number kind status cancelled replaced detention outing test test_kind exempted exemption memo links link_labels link_comments reason first_seen_at changed_at",
	"contents": "account student uid starts_at ends_at subject teachers groups title description description_html category themes path first_seen_at changed_at",

	"evaluations": "account student uid year period subject name date teacher description coefficient domain cycles levels first_seen_at changed_at",
	"skills":      "account student uid evaluation_uid position item domain pillar pillar_codes level abbreviation level_kind coefficient comment first_seen_at changed_at",

	"discussions": "account student uid subject creator participants people kind labels message_count unread closed can_reply started_at last_message_at first_seen_at changed_at",
	"messages":    "account student uid discussion_uid sent_at author role recipient people own read aside content content_html first_seen_at changed_at",

	"holidays":          "account student uid year name starts_on ends_on first_seen_at changed_at",
	"weeks":             "account student uid year starts_on label first_seen_at changed_at",
	"schools":           "account name year starts_on ends_on address postal_code city province country website logo",
	"staff":             "account student uid name role function subjects hours email first_seen_at changed_at",
	"links":             "account student uid title url comment partner first_seen_at changed_at",
	"wallets":           "account student uid label hint balance balance_text balance_hint warning first_seen_at changed_at",
	"kfet_balances":     "account student uid pseudo balance_cents level blocked member member_until balance first_seen_at changed_at",
	"kfet_transactions": "account student uid number done_on kind from_name to_name quantity unit_cents amount_cents description category valid first_seen_at changed_at",
	"kfet_activities":   "account student uid number title starts_at ends_at place description guests_allowed first_seen_at changed_at",

	"persons":    "account student uid name kind address postal_code city province country email phone landline ine first_seen_at changed_at",
	"changes":    "account student at domain uid kind what before after subject title summary",
	"deliveries": "account student uid at event channel recipient state way reason attempts due_at sent_at last_error title text",
	"letters":    "id recipient channel kind day composed_at state attempts sent_at last_error title text",

	"absences":     "account student uid year period starts_at ends_at open justified justification settled to_justify reasons hours days first_seen_at changed_at",
	"delays":       "account student uid year period starts_at minutes justified justification settled to_justify reasons first_seen_at changed_at",
	"punishments":  "account student uid year period kind nature given_on given_at outside_lessons giver decider reasons circumstances homework comment minutes starts_at ends_at exclusion barred_from incident receipt_wanted receipt_given first_seen_at changed_at",
	"detentions":   "account student uid punishment_uid held_on starts_at minutes supervisor state first_seen_at changed_at",
	"observations": "account student uid year period kind title category given_on starts_at ends_at subject giver comment read receipt_wanted first_seen_at changed_at",
}

func TestViewsKeepTheirPromise(t *testing.T) {
	t.Parallel()
	newStore(t).read(t, func(tx *Tx) error {
		for _, view := range column[string](t, tx, `SELECT name FROM sqlite_schema WHERE type = 'view'`) {
			if name := strings.TrimSuffix(view, "_history"); promised[name] == "" && !strings.HasPrefix(name, "_") {
				t.Errorf("view %s is new: promise it here", view)
			}
		}
		for view, columns := range promised {
			got := column[string](t, tx, `SELECT name FROM pragma_table_info(?)`, view)
			for _, want := range strings.Fields(columns) {
				if !slices.Contains(got, want) {
					t.Errorf("view %s has no column %s any more", view, want)
				}
			}
			if n := len(strings.Fields(columns)); len(got) > n {
				t.Errorf("view %s has the new columns %q: promise them here", view, got[n:])
			}
		}
		return nil
	})
}

// A table browser lists what has no underscore first: that is the contract alone.
func TestOnlyTheContractHasNoUnderscore(t *testing.T) {
	t.Parallel()
	newStore(t).read(t, func(tx *Tx) error {
		contract := slices.Collect(maps.Keys(promised))
		for _, table := range tables {
			contract = append(contract, table.name()+"_history")
		}
		slices.Sort(contract)
		got := column[string](t, tx, `SELECT name FROM sqlite_schema WHERE name NOT LIKE '\_%' ESCAPE '\' AND name NOT LIKE 'sqlite\_autoindex\_%' ESCAPE '\' ORDER BY name`)
		if diff := gocmp.Diff(contract, got); diff != "" {
			t.Errorf("names without an underscore (-contract +schema):\n%s", diff)
		}
		return nil
	})
}

// about says what each view is for.
var about = map[string]string{
	"accounts":    "The accounts of the configuration, and how they fare.",
	"students":    "The pupils that the accounts show.",
	"periods":     "The terms or semesters of the school years.",
	"marks":       "The marks.",
	"averages":    "The averages that PRONOTE computes, by subject and over all subjects.",
	"homework":    "Homework.",
	"infos":       "Notices and surveys that the school publishes.",
	"attachments": "The files and links attached to homework, notices, marks and other things.",
	"agenda":      "The school's agenda: meetings, outings, class councils.",
	"menus":       "What the canteen serves, one row for each dish.",

	"reports":         "The report cards, once they are published.",
	"report_subjects": "What report cards say of each subject.",

	"lessons":  "The timetable. A lesson whose place another one takes stays beside it, with `replaced`: `WHERE NOT cancelled` is what takes place.",
	"contents": "What was done in the lessons, as teachers write it down: one row for each part. `starts_at` and `subject` are those of the lesson.",

	"evaluations": "The pieces of work that were judged by skills rather than with a mark.",
	"skills":      "The skills that evaluations are about, each with the level that the pupil reached.",
	"questions":   "What surveys ask, and what was answered; and the acknowledgements that notices ask for.",

	"discussions": "The discussions of PRONOTE's own messaging. Those of a parent account belong to the parent: `student` is empty.",
	"messages":    "The messages of those discussions.",

	"holidays":          "The holidays of the school years.",
	"weeks":             "The kinds of weeks, where a school has A and B weeks.",
	"schools":           "The schools, as the last login described them.",
	"staff":             "The teachers and other adults who work with a pupil.",
	"links":             "The links on PRONOTE's home page.",
	"kfet_balances":     "What accounts of student bars hold (`kind = \"notekfet\"`). `student` is the name of the account there.",
	"kfet_transactions": "The rows of their ledgers that moved those accounts, or would have.",
	"kfet_activities":   "The activities that those bars announce.",

	"wallets":    "The wallets that a pupil has with the canteen's partner, where PRONOTE shows them.",
	"persons":    "Who the accounts belong to, as the school knows them: the pupil of a pupil's account, the parent of a parent's.",
	"changes":    "What changed, for ever: one row each time that pronote-sync saw something added, changed or removed.",
	"deliveries": "What became of each event for each recipient, and why.",
	"letters":    "The messages to people, as they were composed: one may tell several events, and a digest has none of its own.",

	"absences":     "Absences.",
	"delays":       "Late arrivals.",
	"punishments":  "Punishments, sanctions, exclusions and precautionary measures.",
	"detentions":   "When punishments are served.",
	"observations": "Notes in the pupil's book, and what else the school records of a pupil: visits to the infirmary, exemptions, incidents.",
}

// meanings are those of columns, by view and column, or by column where it
// means the same in all views.
var meanings = map[string]string{
	"account":       "account of the configuration",
	"student":       "pupil; empty for what is addressed to the parents",
	"uid":           "name of this thing, for as long as it exists",
	"first_seen_at": "when it was first seen",
	"changed_at":    "when it took on these values",
	"year":          "school year, `2025-2026`",
	"period":        "term or semester, as in `periods.name`",
	"subject":       "subject",
	"school":        "name of the school",
	"out_of":        "scale, mostly 20",
	"class_average": "average of the class",
	"class_min":     "lowest of the class",
	"class_max":     "highest of the class",

	"accounts.name":             "your word for the account",
	"accounts.source":           "what is mirrored: `pronote`",
	"accounts.url":              "address of PRONOTE",
	"accounts.kind":             "`student` or `parent`",
	"accounts.software_version": "version of PRONOTE at the last login",
	"accounts.last_success_at":  "last time that PRONOTE was read; written only along with something else, so it may be older than the truth",
	"accounts.phase":            "`ready`; `waiting` after a failure; `suspended` until you correct the login; `banned` for a while by the school's server",
	"accounts.last_error":       "what went wrong last, while it does",

	"students.name":           "your name for the pupil, or else PRONOTE's; `student` in the other views",
	"students.class":          "class",
	"students.current_period": "term or semester that PRONOTE shows first, as in `periods.name`",

	"students.groups":  "groups that the pupil is in for some lessons: `4B gr1, 4B LATIN`",
	"students.left_on": "day from which the account no longer showed the pupil",

	"periods.name":      "name, such as `Trimestre 1`",
	"periods.starts_on": "first day",
	"periods.ends_on":   "last day",
	"periods.kind":      "`term`, `semester`, `year` or `other`",

	"marks.period":      "term or semester under which PRONOTE lists it, as in `periods.name`",
	"marks.own_period":  "the one that PRONOTE gives the mark itself; empty where it gives none",
	"marks.given_on":    "day of the test or of the mark, as the teacher dated it",
	"marks.title":       "what the test was about",
	"marks.comment":     "the teacher's remark on this mark",
	"marks.value":       "the mark as a number; `NULL` when it is none",
	"marks.value_text":  "the mark as shown: `15,5`, `Abs`",
	"marks.coefficient": "weight in the average",
	"marks.bonus":       "1 when only the points above half of the scale count",
	"marks.optional":    "1 when it counts only if it raises the average",
	"marks.rescaled":    "1 when it is brought to a scale of 20 for the average",

	"averages.subject":         "subject; empty for the average over all subjects",
	"averages.student_average": "average of the pupil",

	"homework.given_on":         "day on which it was given",
	"homework.due_on":           "day for which it is to be done",
	"homework.description":      "what is to be done, as plain text",
	"homework.description_html": "the same as the teacher wrote it",
	"homework.done":             "1 when the pupil ticked it",
	"homework.difficulty":       "`easy`, `medium` or `hard`",
	"homework.minutes":          "expected duration",
	"homework.returned_at":      "when the pupil handed it in, in PRONOTE",
	"homework.remark":           "what the teacher says of what was handed in, as plain text",
	"homework.themes":           "themes; several apart by `, `",
	"homework.return_kind":      "how it is handed in: `paper`, `pronote`, `kiosk`, `audio`; `NULL` when it is not",

	"lessons.starts_at":     "when it starts",
	"lessons.ends_at":       "when it ends",
	"lessons.subject":       "subject; empty for detentions and outings",
	"lessons.title":         "title of an outing, a detention or a project; empty for most lessons",
	"lessons.teachers":      "teachers and other staff: `M. A, Mme B`",
	"lessons.rooms":         "rooms, separated like the teachers",
	"lessons.groups":        "groups, where it is not for the whole class",
	"lessons.number":        "number in the school's timetable; a lesson that replaces another has a higher one",
	"lessons.kind":          "`lesson`, `council` (of the class), `replacement`, `substitute` (by another teacher), `history` or `other`",
	"lessons.status":        "what the school says of it: `Prof. absent`, `Changement de salle`",
	"lessons.cancelled":     "1 when it is not held, as the school flags it or as its status says",
	"lessons.replaced":      "1 when it is cancelled and another lesson is held in its place",
	"lessons.detention":     "1 for a detention",
	"lessons.outing":        "1 for a school outing",
	"lessons.test":          "1 when a test takes place",
	"lessons.test_kind":     "what the school calls the test: `Devoir sur table`",
	"lessons.exempted":      "1 when this pupil need not attend",
	"lessons.exemption":     "in what way, where the school says so",
	"lessons.memo":          "the teacher's note to the pupils",
	"lessons.links":         "addresses of the lesson at a distance, separated like the teachers",
	"lessons.link_labels":   "what the school calls each of them, one on each line; empty when it says nothing",
	"lessons.link_comments": "what it says of each of them, likewise",
	"lessons.reason":        "why it is not held as planned: `teacher_absent`, `outing`, `moved` or `other`; empty when it is",

	"contents.starts_at":        "start of the lesson",
	"contents.ends_at":          "end of the lesson",
	"contents.teachers":         "teachers of the lesson: `M. A, Mme B`",
	"contents.groups":           "groups, where it was not for the whole class",
	"contents.title":            "title; empty for many",
	"contents.description":      "what was done, as plain text",
	"contents.description_html": "the same as the teacher wrote it",
	"contents.category":         "what the school calls it: `Cours`, `Correction`",
	"contents.themes":           "themes, separated like the teachers",
	"contents.path":             "educational path: `future`, `citizen`, `arts`, `health`, `excellence`; `NULL` for none",

	"infos.title":        "title",
	"infos.author":       "who wrote it",
	"infos.category":     "category, as the school calls it",
	"infos.published_at": "when it was published",
	"infos.starts_on":    "first day on which PRONOTE shows it",
	"infos.ends_at":      "last day on which PRONOTE shows it",
	"infos.recipient":    "whom it is addressed to: the pupil, a parent, a class",
	"infos.read":         "1 when it was read",
	"infos.survey":       "1 for a survey, which wants an answer",
	"infos.content":      "the text; `NULL` while it was not asked for, because asking may mark it as read",
	"infos.content_html": "the same as its author wrote it",

	"holidays.name":      "name, such as `Toussaint`",
	"holidays.starts_on": "first day",
	"holidays.ends_on":   "last day",

	"weeks.starts_on": "the Monday",
	"weeks.label":     "as the school calls the kind: `A`, `Q1`",

	"schools.name":        "name",
	"schools.starts_on":   "first day of the school year",
	"schools.ends_on":     "last day of the school year",
	"schools.address":     "street",
	"schools.postal_code": "postal code",
	"schools.city":        "town",
	"schools.province":    "province, mostly empty",
	"schools.country":     "country",
	"schools.website":     "website",
	"schools.logo":        "address of its image",

	"persons.name":        "name",
	"persons.kind":        "`student` or `parent`",
	"persons.address":     "street, in one line; empty, like the others, when the school does not know it",
	"persons.postal_code": "postal code",
	"persons.city":        "town",
	"persons.province":    "province, mostly empty",
	"persons.country":     "country",
	"persons.email":       "address for e-mail",
	"persons.phone":       "mobile telephone, with its country code where that is known: `+33 612345678`",
	"persons.landline":    "telephone at home",
	"persons.ine":         "national number of a pupil",

	"staff.name":     "name",
	"staff.role":     "`teacher` or `staff`",
	"staff.function": "as the school words it: `Professeur principal`",
	"staff.subjects": "what the person teaches to the pupil",
	"staff.hours":    "hours a week, as shown: `3h30`",
	"staff.email":    "address, where the school shows it",

	"links.title":   "title",
	"links.url":     "address; `NULL` where only PRONOTE can open it",
	"links.comment": "what the school says of it",
	"links.partner": "to whom PRONOTE logs in when it opens the link: `TURBOSELF`; empty for the others",

	"wallets.label":        "name: `Restauration`",
	"wallets.hint":         "what is said of the wallet",
	"wallets.balance":      "what is left in it; `NULL` when what is shown is no amount",
	"wallets.balance_text": "the same as shown, with its currency",
	"wallets.balance_hint": "what is said of the balance; a day in it is that of the last change that was seen",
	"wallets.warning":      "1 when PRONOTE draws attention to the balance, because it is low",

	"kfet_balances.pseudo":        "name of the account at the bar",
	"kfet_balances.balance_cents": "what it holds, in cents; below zero for a debt",
	"kfet_balances.balance":       "the same in euros",
	"kfet_balances.level":         "0 from zero on, else 1 to 3 for how far below; 1 when the server does not say",
	"kfet_balances.blocked":       "1 when it may not pay",
	"kfet_balances.member":        "1 when the membership is up to date",
	"kfet_balances.member_until":  "last day of the membership; `NULL` when the server does not say",

	"kfet_transactions.number":       "number at the bar, which grows",
	"kfet_transactions.done_on":      "when it was done",
	"kfet_transactions.kind":         "kind, as the server calls it: `consos`, `transfert`, `credit` …",
	"kfet_transactions.from_name":    "who paid",
	"kfet_transactions.to_name":      "who was paid",
	"kfet_transactions.quantity":     "how many",
	"kfet_transactions.unit_cents":   "price of one, in cents",
	"kfet_transactions.amount_cents": "what it moved the account by, in cents; below zero for what it paid",
	"kfet_transactions.description":  "the button, or what was written",
	"kfet_transactions.category":     "category, as the server calls it",
	"kfet_transactions.valid":        "1 while it counts; 0 when it was refused or undone",

	"kfet_activities.number":         "number at the bar",
	"kfet_activities.title":          "what it is",
	"kfet_activities.starts_at":      "when it starts",
	"kfet_activities.ends_at":        "when it ends",
	"kfet_activities.place":          "where it is",
	"kfet_activities.description":    "the text",
	"kfet_activities.guests_allowed": "1 when members may bring guests",

	"attachments.owner_uid":    "`uid` of what it is attached to, in the view that `owner_domain` names",
	"attachments.owner_domain": "view of what it is attached to: `homework`, `infos`, `marks` …",
	"attachments.name":         "name, as its author wrote it",
	"attachments.kind":         "`file`; or kept elsewhere: `link`, `cloud` (a file), `kiosk` (a publisher's page), `video`, `other`",
	"attachments.role":         "`document`; of marks `subject` and `correction`; of homework also `returned`, which the pupil handed in; of report cards `report`; of punishments `circumstances` and `homework`, which is for them",
	"attachments.url":          "address of what is kept elsewhere; `NULL` for files",
	"attachments.local_path":   "where the file is, below the folder for files of the configuration; `NULL` unless it was downloaded",
	"attachments.size":         "bytes of the downloaded file",
	"attachments.sha256":       "SHA-256 of the downloaded file",

	"agenda.title":       "what it is",
	"agenda.starts_at":   "when it starts",
	"agenda.ends_at":     "when it ends; `NULL` when the school does not say",
	"agenda.all_day":     "1 when it lasts whole days: the hours mean nothing",
	"agenda.category":    "category, as the school calls it",
	"agenda.author":      "who entered it",
	"agenda.description": "the text, as plain text",
	"agenda.council":     "1 for the council of a class",

	"menus.date":      "day of the meal",
	"menus.meal":      "`lunch` or `dinner`",
	"menus.menu":      "name of the menu, where the canteen has several",
	"menus.course":    "`starter`, `main`, `side`, `cheese`, `dessert` or `other`",
	"menus.dish":      "what is served",
	"menus.labels":    "such as `Bio, Fait maison`",
	"menus.allergens": "such as `Gluten, Lait`",

	"absences.starts_at": "beginning",
	"absences.ends_at":   "end; so far, while it is open",
	"absences.open":      "1 while the pupil has not come back",
	"absences.hours":     "hours of lessons missed, as the school counts them",
	"absences.days":      "days missed, as the school counts them: halves are common",

	"delays.starts_at": "when",
	"delays.minutes":   "how late",

	"justified":      "1 when the school accepts the reason",
	"justification":  "what was said for it",
	"settled":        "1 when the office is done with it",
	"to_justify":     "1 while the parents are asked for a reason",
	"reasons":        "reasons; several apart by `, `; empty while none is known",
	"receipt_wanted": "1 when the parents are to confirm that they know of it",

	"punishments.kind":            "`exclusion` (from a lesson or from school), `detention`, `homework`, `sanction`, `measure` (a precaution) or `other`",
	"punishments.nature":          "what the school calls it",
	"punishments.given_on":        "day on which it was given",
	"punishments.given_at":        "start of the lesson in which it was given; `NULL` when it was in none",
	"punishments.outside_lessons": "1 when it was given outside of lessons",
	"punishments.giver":           "who gave it, or asked for it",
	"punishments.decider":         "who decided, of sanctions and measures",
	"punishments.circumstances":   "what happened, as plain text",
	"punishments.homework":        "work to do for it, as plain text",
	"punishments.comment":         "remark, as plain text",
	"punishments.minutes":         "how long it lasts",
	"punishments.starts_at":       "beginning of a sanction, an exclusion or a measure",
	"punishments.ends_at":         "its end",
	"punishments.exclusion":       "1 when the pupil is kept out of something",
	"punishments.barred_from":     "of what: `boarding`, `lessons`, `canteen`; several apart by `, `",
	"punishments.incident":        "1 when it follows from an incident that the school recorded",
	"punishments.receipt_given":   "1 when the parents have confirmed it",

	"detentions.punishment_uid": "`punishments.uid` of the punishment",
	"detentions.held_on":        "day",
	"detentions.starts_at":      "when it begins; `NULL` when the hour is not known",
	"detentions.minutes":        "how long it lasts",
	"detentions.supervisor":     "who supervises it",
	"detentions.state":          "`scheduled`, `postponed`, `done`, `missed`, `expired` or `unscheduled`",

	"observations.kind":      "`notebook` (forgotten), `observation`, `encouragement`; or what else was recorded: `infirmary`, `exemption`, `meal`, `boarding`, `office`, `incident`, `commission`; or `other`",
	"observations.title":     "title",
	"observations.category":  "section of the book",
	"observations.given_on":  "day",
	"observations.starts_at": "beginning of what lasts, such as an exemption",
	"observations.ends_at":   "its end",
	"observations.subject":   "subject; empty when it is about none",
	"observations.giver":     "who wrote it",
	"observations.comment":   "the text, as plain text",
	"observations.read":      "1 when it was read",

	"infos.anonymous": "1 for a survey whose answers are anonymous",
	"infos.answered":  "1 when nothing that it asks for is left to answer",

	"questions.info_uid":     "`infos.uid` of the survey or information",
	"questions.position":     "place within it, from 1",
	"questions.title":        "title",
	"questions.kind":         "kind of answer: `acknowledgement`, `text`, `choice` (one), `choices` (several) or `none`",
	"questions.content":      "the question; empty for that of an information, which has its own text",
	"questions.content_html": "the same as its author wrote it",
	"questions.choices":      "the answers to choose from, one on each line",
	"questions.max_choices":  "how many may be chosen; `NULL` when that is not limited",
	"questions.expected":     "1 when an answer is expected",
	"questions.answered":     "1 when there is one",
	"questions.answered_at":  "when it was given",
	"questions.answered_by":  "who gave it",
	"questions.answer":       "the answer: a text, or what was chosen, one on each line",

	"discussions.subject":         "subject",
	"discussions.creator":         "who began it; empty for the person who logs in",
	"discussions.participants":    "who takes part, as PRONOTE sums it up",
	"discussions.people":          "how many take part",
	"discussions.kind":            "`discussion`, `school_life`, `conversation`, `alert`, `harassment` or `other`",
	"discussions.labels":          "labels of the one who logs in, apart by `, `: `inbox`, `archive`, `sent`, `drafts`, `trash` …, or a name of one's own",
	"discussions.message_count":   "how many messages it has",
	"discussions.unread":          "how many of them are unread",
	"discussions.closed":          "1 when nobody can write any more",
	"discussions.can_reply":       "1 when the person who logs in can",
	"discussions.started_at":      "when the first message was sent; `NULL` until the messages were read",
	"discussions.last_message_at": "when the last one was; at 00:00:00 or a whole minute until the messages were read",

	"messages.discussion_uid": "`discussions.uid` of the discussion that it is part of",
	"messages.sent_at":        "when it was sent",
	"messages.author":         "who wrote it, as PRONOTE shows it: `Moi` is the person who logs in",
	"messages.role":           "what the author is, as the school calls it: `Professeur`",
	"messages.recipient":      "to whom, as PRONOTE sums it up",
	"messages.people":         "how many it was sent to",
	"messages.own":            "1 when the person who logs in wrote it",
	"messages.read":           "1 when it was read",
	"messages.aside":          "1 when not all who take part can see it",
	"messages.content":        "the text",
	"messages.content_html":   "the same as its author wrote it; `NULL` where that is plain text",

	"reports.class":           "class",
	"reports.student_average": "average of the pupil over all subjects",
	"reports.comments":        "comments on the report as a whole, a line each: `Appréciation globale : …`",
	"reports.absences":        "how the pupil attended, in PRONOTE's words; the next three likewise",
	"reports.delays":          "delays",
	"reports.punishments":     "punishments",
	"reports.sanctions":       "sanctions",

	"report_subjects.report_uid":      "`reports.uid` of the report that it is part of",
	"report_subjects.position":        "place in the report, from 1",
	"report_subjects.within":          "subject that this is a part of; empty for a subject",
	"report_subjects.subject_group":   "group of subjects",
	"report_subjects.teachers":        "teachers, apart by `, `",
	"report_subjects.coefficient":     "weight in the average",
	"report_subjects.student_average": "average of the pupil",
	"report_subjects.appreciation":    "what the teachers say; of several, a line each",

	"evaluations.name":        "what the evaluation was about",
	"evaluations.date":        "day of the evaluation",
	"evaluations.teacher":     "who judged",
	"evaluations.description": "what the teacher says of it, as plain text",
	"evaluations.coefficient": "weight",
	"evaluations.domain":      "domain of the curriculum, where the evaluation as a whole has one; else empty",
	"evaluations.cycles":      "cycles of the curriculum: `Cycle 4`; several apart by `, `",

	"evaluations.levels": "abbreviations of the levels of its skills, in order: `A, A+, B`",

	"skills.evaluation_uid": "`evaluations.uid` of the evaluation that it is part of",
	"skills.position":       "place within the evaluation, as PRONOTE counts",
	"skills.item":           "the skill; empty where the domain as a whole was judged",
	"skills.domain":         "domain of the curriculum",
	"skills.pillar":         "pillar of the common core of knowledge",
	"skills.pillar_codes":   "code of the pillar: `D1.2`; several apart by commas",
	"skills.level":          "level that the pupil reached, as the school calls it",
	"skills.abbreviation":   "abbreviation of the level, as the school writes it",
	"skills.level_kind":     "what the level amounts to: `expert`, `acquired`, `nearly_acquired`, `in_progress`, `beginning`, `not_acquired`, `absent`, `not_evaluated`, `exempt`, `not_handed_in`, `several`; `NULL` for a level of the school's own",
	"skills.coefficient":    "weight within the evaluation",
	"skills.comment":        "the teacher's remark on this skill, as plain text",

	"changes.at":     "when it was seen",
	"changes.domain": "view of the thing: `marks`, `homework` …",
	"changes.uid":    "`uid` in that view",
	"changes.kind":   "`added`, `changed` or `removed`",
	"changes.what":   "columns that changed, as a JSON list",
	"changes.before": "their values before, as a JSON object; all values of what was removed",
	"changes.after":  "their values after, as a JSON object; all values of what was added",

	"changes.title":   "title of the thing, where it has one; what of it changed is in `what`",
	"changes.summary": "the change in one sentence, in the language of the configuration",

	"deliveries.student":    "pupil whom the event is about; empty when it is about the account or addressed to the parents",
	"deliveries.uid":        "thing that the event is about; `NULL` when there is none",
	"deliveries.at":         "when the event was seen",
	"deliveries.event":      "what happened: `mark.new`, `homework.changed` …",
	"deliveries.channel":    "kind of channel: `telegram`, `email` …",
	"deliveries.recipient":  "recipient of the configuration",
	"deliveries.state":      "`pending`; `sent` when the channel acknowledged it; `merged` when the message about a later event told it; `silent` when it is not told; `expired` when it was over first; `failed` when it was given up",
	"deliveries.way":        "`now`, `digest` or `none`",
	"deliveries.reason":     "why it is told so, or is not, in one word: `preset`, `quiet`, `typo` … (`pronote-sync explain` has a sentence)",
	"deliveries.attempts":   "how often it was tried",
	"deliveries.due_at":     "when it is tried next, or was tried last",
	"deliveries.sent_at":    "when it was sent",
	"deliveries.last_error": "why the last try failed",
	"deliveries.title":      "title of the message that tells it; `NULL` while there is none",
	"deliveries.text":       "text of that message",

	"letters.id":          "number, in the order in which they leave",
	"letters.recipient":   "recipient of the configuration",
	"letters.channel":     "kind of channel: `telegram`, `email` …",
	"letters.kind":        "`news`, or the digest of an `evening`, a `morning` or a `week`",
	"letters.day":         "day of a digest",
	"letters.composed_at": "when it was composed, on the clock of the recipient",
	"letters.state":       "`pending`, `sent`, `expired` or `failed`",
	"letters.attempts":    "how often it was tried",
	"letters.sent_at":     "when it was sent",
	"letters.last_error":  "why the last try failed",
	"letters.title":       "title",
	"letters.text":        "text; of a long message one part",

	"_history.valid_from": "when this version was first seen",
	"_history.valid_to":   "when it was no longer; `NULL` for the present version",
	"_history.gone":       "1 when the version ended because PRONOTE no longer shows the thing",
}

const timeTravel = `SELECT student, subject, title, value_text
FROM marks_history
WHERE valid_from <= :t AND coalesce(valid_to, '9999') > :t;`

type (
	viewPage struct {
		Name, About string
		Columns     []columnPage
	}
	columnPage struct{ Name, Type, Meaning string }
)

// TestSchemaPage keeps docs/schema.md as the database is.
func TestSchemaPage(t *testing.T) {
	t.Parallel()
	page := struct {
		Views      []viewPage
		Past       string
		History    []columnPage
		TimeTravel string
		Examples   []example
	}{TimeTravel: timeTravel, Examples: examples}
	unused := maps.Clone(meanings)
	describe := func(tx *Tx, relation, scope string, only ...string) (list []columnPage) {
		for _, name := range column[string](t, tx, `SELECT name FROM pragma_table_info(?)`, relation) {
			if len(only) > 0 && !slices.Contains(only, name) {
				continue
			}
			key := scope + "." + name
			if meanings[key] == "" {
				key = name
			}
			if meanings[key] == "" {
				t.Errorf("column %s of %s has no meaning", name, relation)
			}
			delete(unused, key)
			kind := one[string](t, tx, `SELECT type FROM pragma_table_info(?) WHERE name = ?`, relation, name)
			list = append(list, columnPage{name, cmp.Or(kind, "TEXT"), meanings[key]}) // the names that are computed are texts
		}
		return list
	}
	newStore(t).read(t, func(tx *Tx) error {
		views := column[string](t, tx, `SELECT name FROM sqlite_schema WHERE type = 'view' AND name NOT LIKE '\_%' ESCAPE '\' AND name NOT LIKE '%\_history' ESCAPE '\'`)
		slices.SortFunc(views, func(a, b string) int { return cmp.Compare(madeAt(t, a), madeAt(t, b)) })
		for _, view := range views {
			if about[view] == "" {
				t.Errorf("nothing is said about view %s", view)
			}
			page.Views = append(page.Views, viewPage{view, about[view], describe(tx, view, view)})
		}
		page.History = describe(tx, tables[0].name()+"_history", "_history", "valid_from", "valid_to", "gone")
		return nil
	})
	for name := range unused {
		t.Errorf("%q is the meaning of no column", name)
	}
	var past []string
	for _, table := range tables {
		past = append(past, "`"+table.name()+"`")
	}
	page.Past = strings.Join(past[:len(past)-1], ", ") + " and " + past[len(past)-1]

	source, err := template.ParseFiles(filepath.Join("testdata", "schema.md.tmpl"))
	must(t, err)
	var got bytes.Buffer
	must(t, source.Execute(&got, page))
	name := filepath.Join("..", "docs", "schema.md")
	if *update {
		must(t, os.WriteFile(name, got.Bytes(), 0o644))
	}
	want, err := os.ReadFile(name)
	must(t, err)
	if diff := gocmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("docs/schema.md is out of date, write it with go test ./db -update (-page +database):\n%s", diff)
	}
}

// madeAt is when a view was first made, by the text of the steps: one that was
// replaced since stays where readers of the page look for it.
func madeAt(t *testing.T, view string) int {
	t.Helper()
	var steps strings.Builder
	names, err := fs.Glob(migrations.FS, "*.sql")
	must(t, err)
	for _, name := range names {
		content, err := migrations.FS.ReadFile(name)
		must(t, err)
		steps.Write(content)
	}
	return strings.Index(steps.String(), "CREATE VIEW "+view+" AS")
}
