package db

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// An example is a query for people to paste, and what it finds in the mirror
// that fill makes, on the Thursday evening that is now there.
type example struct {
	Title, Query string
	want         []string
}

const exampleNow = "2025-11-20 18:00:00"

var examples = []example{
	{"The marks of this week.", `SELECT student, given_on, subject, title, value_text, out_of, class_average
FROM marks
WHERE given_on >= date('now', 'localtime', '-6 days', 'weekday 1')
ORDER BY given_on DESC;`, []string{
		"Léa|2025-11-17|MATHÉMATIQUES|Fractions|15,5|20|12.1",
		"Noé|2025-11-17|ANGLAIS|Verbs|Abs|20|-",
	}},
	{"Homework for tomorrow.", `SELECT student, subject, description, CASE WHEN done THEN 'done' ELSE 'to do' END AS state
FROM homework
WHERE due_on = date('now', 'localtime', '+1 day')
ORDER BY student, subject;`, []string{
		"Léa|FRANÇAIS|Lire les chapitres 3 et 4|to do",
		"Léa|MATHÉMATIQUES|Exercice 12|done",
	}},
	{"Homework still to do, by day.", `SELECT due_on, student, count(*) AS pieces, group_concat(subject, ', ') AS subjects
FROM homework
WHERE due_on > date('now', 'localtime') AND NOT done
GROUP BY due_on, student
ORDER BY due_on;`, []string{
		"2025-11-21|Léa|1|FRANÇAIS",
		"2025-11-24|Noé|1|ANGLAIS",
	}},
	{"What changed since yesterday morning, and what it said before.", `SELECT at, student, domain, kind, before, after
FROM changes
WHERE at >= date('now', 'localtime', '-1 day')
ORDER BY at;`, []string{
		`2025-11-19 12:15:00|Léa|homework|changed|{"description":"Lire le chapitre 3"}|{"description":"Lire les chapitres 3 et 4"}`,
		`2025-11-20 07:30:00|Noé|infos|removed|{"title":"Cantine fermée"}|-`,
	}},
	{"What PRONOTE said of Friday's homework on Tuesday evening.", `SELECT student, subject, description
FROM homework_history
WHERE due_on = '2025-11-21'
  AND valid_from <= '2025-11-18 20:00:00' AND coalesce(valid_to, '9999') > '2025-11-18 20:00:00'
ORDER BY subject;`, []string{
		"Léa|FRANÇAIS|Lire le chapitre 3",
		"Léa|MATHÉMATIQUES|Exercice 12",
	}},
	{"Averages now and a month ago.", `SELECT now.student, now.subject, old.student_average AS a_month_ago, now.student_average AS now
FROM averages AS now
  LEFT JOIN averages_history AS old ON old.uid = now.uid
    AND old.valid_from <= datetime('now', 'localtime', '-1 month')
    AND coalesce(old.valid_to, '9999') > datetime('now', 'localtime', '-1 month')
ORDER BY now.student, now.subject;`, []string{
		"Léa||-|14.5",
		"Léa|MATHÉMATIQUES|13|14.5",
	}},
	{"Each subject beside the class, in the present term.", `SELECT averages.student, subject, student_average, class_average, round(student_average - class_average, 2) AS ahead
FROM averages
  JOIN students ON students.account = averages.account AND students.name = averages.student
WHERE period = current_period AND subject <> ''
ORDER BY ahead DESC;`, []string{
		"Léa|MATHÉMATIQUES|14.5|12.4|2.1",
	}},
	{"Averages reckoned from the marks, on a scale of 20.", `SELECT student, period, subject, round(sum(20 * value / out_of * coefficient) / sum(coefficient), 2) AS average, count(*) AS marks
FROM marks
WHERE value IS NOT NULL AND NOT bonus AND NOT optional
GROUP BY student, year, period, subject;`, []string{
		"Léa|Trimestre 1|MATHÉMATIQUES|14.5|2",
	}},
	{"Marks that were corrected, and how.", `SELECT changes.at, changes.student, marks.subject, marks.title,
  json_extract(changes.before, '$.value_text') AS before, json_extract(changes.after, '$.value_text') AS after
FROM changes JOIN marks USING (uid)
WHERE changes.domain = 'marks' AND json_extract(changes.before, '$.value_text') IS NOT NULL
ORDER BY changes.at DESC;`, []string{
		"2025-11-18 17:45:00|Léa|MATHÉMATIQUES|Fractions|14|15,5",
	}},
	{"Notices that nobody has read, and surveys.", `SELECT published_at, student, author, title, CASE WHEN survey THEN 'survey' ELSE '' END AS kind
FROM infos
WHERE NOT read OR survey
ORDER BY published_at DESC;`, []string{
		"2025-11-19 16:00:00||Mme PETIT|Réunion des parents|survey",
		"2025-11-17 07:30:00|Léa|M. DURAND|Sortie au musée|",
	}},
	{"Messages that did not arrive, and why.", `SELECT at, event, student, recipient, channel, attempts, last_error
FROM deliveries
WHERE state = 'failed' OR state = 'pending' AND attempts > 0
ORDER BY at DESC;`, []string{
		"2025-11-18 17:45:00|mark.changed|Léa|papa|email|1|no such mailbox",
	}},
	{"Whether all is well.", `SELECT name, phase, last_success_at, last_error FROM accounts;`, []string{
		"famille|ready|2025-11-20 17:45:00|-",
	}},
}

func TestExamples(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	store.write(t, func(tx *Tx) error { fill(t, tx); return nil })
	const now = "'now', 'localtime'"
	for _, e := range examples {
		t.Run(e.Title, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(strings.ReplaceAll(e.Query, now, ""), "'now'") {
				t.Errorf("the day of Greenwich is not that of the school: write %s", now)
			}
			store.read(t, func(tx *Tx) error {
				run(t, tx, e.Query) // as it is pasted
				got := run(t, tx, strings.ReplaceAll(e.Query, now, "'"+exampleNow+"'"))
				if diff := cmp.Diff(e.want, got); diff != "" {
					t.Errorf("%s\nfound (-want +got):\n%s", e.Query, diff)
				}
				return nil
			})
		})
	}
	store.read(t, func(tx *Tx) error {
		want := []string{"Léa|MATHÉMATIQUES|Fractions|14", "Léa|MATHÉMATIQUES|Calcul|14", "Noé|ANGLAIS|Verbs|Abs"}
		got := run(t, tx, timeTravel, sql.Named("t", "2025-11-18 12:00:00"))
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\nfound (-want +got):\n%s", timeTravel, diff)
		}
		return nil
	})
}

// run runs a query and writes each row on a line.
func run(t *testing.T, tx *Tx, query string, args ...any) (lines []string) {
	t.Helper()
	rows, err := tx.query(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s\n%v", query, err)
	}
	defer func() { must(t, rows.Close()) }()
	columns, err := rows.Columns()
	must(t, err)
	for rows.Next() {
		values, pointers := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			pointers[i] = &values[i]
		}
		must(t, rows.Scan(pointers...))
		cells := make([]string, len(columns))
		for i, v := range values {
			cells[i] = "-"
			if v != nil {
				cells[i] = fmt.Sprint(v)
			}
		}
		lines = append(lines, strings.Join(cells, "|"))
	}
	must(t, rows.Err())
	return lines
}

// fill mirrors a month and a week of an invented family.
func fill(t *testing.T, tx *Tx) {
	t.Helper()
	ctx := t.Context()
	when := func(text string) pronote.DateTime {
		d, err := pronote.ParseDateTime(text + ":00")
		must(t, err)
		return d
	}
	day := func(text string) pronote.Date { d, err := pronote.ParseDate(text); must(t, err); return d }
	october, monday := when("2025-10-17 18:00"), when("2025-11-17 17:30")

	a, err := tx.Account(ctx, "famille", "pronote", "https://0123456a.example/pronote/", "parent")
	must(t, err)
	a.School, a.LastSuccessAt = "Collège Inventé", when("2025-11-20 17:45")
	must(t, tx.SaveAccount(ctx, a))
	enrol := func(s Student) Owner {
		s, err := tx.SaveStudent(ctx, a.ID, s)
		must(t, err)
		return Owner{Account: a.ID, Student: s.ID, AccountName: a.Name, StudentName: s.Name}
	}
	lea := enrol(Student{Name: "MARTIN Léa", Alias: "Léa", Class: "4B", CurrentPeriod: "Trimestre 1"})
	noe := enrol(Student{Name: "MARTIN Noé", Alias: "Noé", Class: "6A", CurrentPeriod: "Trimestre 1"})
	family := enrol(Student{Name: "famille", Holder: true})

	const year, term, maths, french, english = "2025-2026", "Trimestre 1", "MATHÉMATIQUES", "FRANÇAIS", "ANGLAIS"
	_, err = Periods.Add(ctx, tx, lea, "p", pronote.Period{Name: term, Year: year, Starts: day("2025-09-01"), Ends: day("2025-11-28"), Kind: "term"}, october)
	must(t, err)

	mark := func(subject, title, given, score string, class float64) pronote.Mark {
		return pronote.Mark{
			Year: year, Period: term, Subject: subject, Title: title, GivenOn: day(given), Score: pronote.ParseScore(score),
			OutOf: pronote.Num(20), Coefficient: pronote.Num(1), ClassAverage: pronote.Number{Value: class, Known: class > 0},
		}
	}
	calcul := mark(maths, "Calcul", "2025-10-10", "14", 12)
	calcul.Coefficient = pronote.Num(2)
	_, err = Marks.Add(ctx, tx, lea, "calcul", calcul, october)
	must(t, err)
	_, err = Marks.Add(ctx, tx, noe, "verbs", mark(english, "Verbs", "2025-11-17", "|1", 0), monday)
	must(t, err)
	fractions, corrected := mark(maths, "Fractions", "2025-11-17", "14", 12.1), mark(maths, "Fractions", "2025-11-17", "15,5", 12.1)
	fractionsID, err := Marks.Add(ctx, tx, lea, "fractions", fractions, monday)
	must(t, err)
	correctedAt := when("2025-11-18 17:45")
	must(t, Marks.Replace(ctx, tx, lea, fractionsID, corrected, correctedAt))
	what := Marks.Differences(fractions, corrected)
	must(t, tx.RecordChange(ctx, Change{Item: fractionsID, Kind: "changed", What: what, Before: Marks.JSON(fractions, what...), After: Marks.JSON(corrected, what...)}, correctedAt))

	average := func(subject string, value float64) pronote.Average {
		return pronote.Average{Year: year, Period: term, Subject: subject, Student: pronote.Num(value), ClassAverage: pronote.Num(12.4), OutOf: pronote.Num(20)}
	}
	averageID, err := Averages.Add(ctx, tx, lea, "maths", average(maths, 13), october)
	must(t, err)
	must(t, Averages.Replace(ctx, tx, lea, averageID, average(maths, 14.5), correctedAt))
	_, err = Averages.Add(ctx, tx, lea, "all", average("", 14.5), correctedAt)
	must(t, err)

	work := func(o Owner, subject, due, text string, done bool) (int64, pronote.Homework) {
		h := pronote.Homework{Subject: subject, GivenOn: day("2025-11-17"), DueOn: day(due), Description: text, HTML: text, Done: done}
		id, err := Homework.Add(ctx, tx, o, text, h, monday)
		must(t, err)
		return id, h
	}
	readID, read := work(lea, french, "2025-11-21", "Lire le chapitre 3", false)
	work(lea, maths, "2025-11-21", "Exercice 12", true)
	work(noe, english, "2025-11-24", "Learn the verbs", false)
	more := read
	more.Description = "Lire les chapitres 3 et 4"
	moreAt := when("2025-11-19 12:15")
	must(t, Homework.Replace(ctx, tx, lea, readID, more, moreAt))
	what = Homework.Differences(read, more)
	must(t, tx.RecordChange(ctx, Change{Item: readID, Kind: "changed", What: what, Before: Homework.JSON(read, what...), After: Homework.JSON(more, what...)}, moreAt))

	info := func(o Owner, title, author, published string, survey bool) int64 {
		at := when(published)
		id, err := Infos.Add(ctx, tx, o, title, pronote.Info{Title: title, Author: author, PublishedAt: at, Survey: survey}, at)
		must(t, err)
		return id
	}
	info(lea, "Sortie au musée", "M. DURAND", "2025-11-17 07:30", false)
	info(family, "Réunion des parents", "Mme PETIT", "2025-11-19 16:00", true)
	closedID := info(noe, "Cantine fermée", "Mme PETIT", "2025-11-18 08:00", false)
	must(t, Infos.Retire(ctx, tx, closedID, when("2025-11-20 07:30")))
	must(t, tx.RecordChange(ctx, Change{Item: closedID, Kind: "removed", Before: json.RawMessage(`{"title":"Cantine fermée"}`)}, when("2025-11-20 07:30")))

	event := Event{Kind: "mark.changed", Student: lea.Student, Item: fractionsID, Data: json.RawMessage(`{}`)}
	must(t, tx.Enqueue(ctx, a.ID, correctedAt, []Event{event}, func(Event) []Address {
		return []Address{
			{Recipient: "maman", Channel: "ntfy", Way: Now, Reason: "preset", DueAt: correctedAt},
			{Recipient: "papa", Channel: "email", Way: Now, Reason: "preset", DueAt: correctedAt},
		}
	}))
	_, ids := tx.next(t, "papa", 0)
	must(t, tx.GiveUp(ctx, tx.post(t, "papa", 0, ids, "Maths")[0], Failed, "no such mailbox"))
}
