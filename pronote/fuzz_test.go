package pronote

import (
	"errors"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// seedsOf adds the files of a pattern to a fuzzer's corpus. Without any, the
// fuzzer would quietly start from nothing.
func seedsOf(f *testing.F, pattern string) {
	f.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds in %s: %v", pattern, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
}

// decoded fails if a decoder gives an error that is not ErrUnreadable. It
// reports whether there is a value to look at.
func decoded(t *testing.T, err error) bool {
	t.Helper()
	if err != nil && !errors.Is(err, ErrUnreadable) {
		t.Errorf("error %v, want ErrUnreadable", err)
	}
	return err == nil
}

// checkLine fails if a text is not one that may be shown on a line.
func checkLine(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.TrimSpace(text) != text || strings.ContainsFunc(text, unicode.IsControl) {
			t.Errorf("a line holds %q", text)
		}
	}
}

func checkNumber(t *testing.T, numbers ...Number) {
	t.Helper()
	for _, n := range numbers {
		if math.IsNaN(n.Value) || math.IsInf(n.Value, 0) || !n.Known && n.Value != 0 {
			t.Errorf("a number is %+v", n)
		}
	}
}

func checkDay(t *testing.T, days ...Date) {
	t.Helper()
	for _, d := range days {
		if d.IsZero() {
			continue
		}
		if again, err := ParseDate(d.String()); err != nil || again != d {
			t.Errorf("a day is %+v", d)
		}
	}
}

func checkAttachments(t *testing.T, attachments []Attachment) {
	t.Helper()
	for _, a := range attachments {
		checkLine(t, a.Name)
		if u, err := url.Parse(a.URL); err != nil || a.URL != "" && (u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil) ||
			a.Downloadable() && a.URL != "" || a.Kind == "" || a.Role == "" {
			t.Errorf("an attachment is %+v", a)
		}
	}
}

// checkText fails if the plain text of a source is not fit to be stored and
// shown.
func checkText(t *testing.T, source, text string) {
	t.Helper()
	if len(text) > 2*len(source) {
		t.Errorf("%d bytes of source became %d", len(source), len(text))
	}
	for line := range strings.SplitSeq(text, "\n") {
		checkLine(t, line)
		if line == "" && text != "" {
			t.Errorf("an empty line in %q", text)
		}
	}
}

func FuzzDecodeMarks(f *testing.F) {
	seedsOf(f, "testdata/marks/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		marks, averages, err := decodeMarks(data, autumn)
		if !decoded(t, err) {
			return
		}
		if marks == nil || len(marks)+len(averages) > len(data) {
			t.Errorf("%d marks and %d averages from %d bytes", len(marks), len(averages), len(data))
		}
		for _, m := range marks {
			checkLine(t, m.Subject, m.Title, m.Comment, m.Score.Text)
			checkDay(t, m.GivenOn)
			checkAttachments(t, m.Attachments)
			checkNumber(t, m.Score.Number, m.OutOf, m.Coefficient, m.ClassAverage, m.ClassMin, m.ClassMax)
			if m.Bonus && m.Optional {
				t.Error("a mark is bonus and optional")
			}
		}
		for i, a := range averages {
			checkLine(t, a.Subject)
			checkNumber(t, a.Student, a.ClassAverage, a.ClassMin, a.ClassMax, a.OutOf)
			if a.Subject == "" && i > 0 {
				t.Errorf("average %d has no subject", i)
			}
		}
	})
}

func FuzzDecodeContents(f *testing.F) {
	seedsOf(f, "testdata/contents/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		contents, err := decodeContents(data)
		if !decoded(t, err) {
			return
		}
		if contents == nil || len(contents) > len(data) {
			t.Errorf("%d contents from %d bytes", len(contents), len(data))
		}
		for _, c := range contents {
			checkLine(t, c.Subject, c.Title, c.Category, c.Path)
			checkLine(t, slices.Concat(c.Teachers, c.Groups, c.Themes)...)
			checkText(t, c.HTML, c.Description)
			checkDay(t, c.Starts.Date, c.Ends.Date)
			checkAttachments(t, c.Attachments)
		}
	})
}

func FuzzDecodeLessons(f *testing.F) {
	seedsOf(f, "testdata/lessons/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		lessons, err := decodeLessons(data, halfHours)
		if !decoded(t, err) {
			return
		}
		if lessons == nil || len(lessons) > len(data) {
			t.Errorf("%d lessons from %d bytes", len(lessons), len(data))
		}
		for i, l := range lessons {
			checkLine(t, l.Subject, l.Title, l.Status, l.TestKind, l.Exemption)
			checkLine(t, slices.Concat(l.Teachers, l.Rooms, l.Groups, l.Links, l.LinkLabels, l.LinkComments)...)
			checkText(t, string(data), l.Memo)
			checkDay(t, l.Starts.Date, l.Ends.Date)
			if l.Starts.IsZero() || !l.Ends.IsZero() && l.Ends.Compare(l.Starts) <= 0 {
				t.Errorf("a lesson is from %s to %s", l.Starts, l.Ends)
			}
			if i > 0 && l.Starts.Compare(lessons[i-1].Starts) < 0 {
				t.Errorf("%s is after %s", l.Starts, lessons[i-1].Starts)
			}
			if l.Replaced && !l.Cancelled || l.TestKind != "" && !l.Test || l.Kind == "" {
				t.Errorf("a lesson is %+v", l)
			}
		}
	})
}

func FuzzDecodeHomework(f *testing.F) {
	seedsOf(f, "testdata/homework/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		homework, err := decodeHomework(data)
		if !decoded(t, err) {
			return
		}
		if homework == nil || len(homework) > len(data) {
			t.Errorf("%d pieces of homework from %d bytes", len(homework), len(data))
		}
		for _, h := range homework {
			checkLine(t, h.Subject)
			checkDay(t, h.DueOn, h.GivenOn)
			checkAttachments(t, h.Attachments)
			checkText(t, h.HTML, h.Description)
			if !utf8.ValidString(h.HTML) || h.Minutes < 0 {
				t.Errorf("homework %+v", h)
			}
		}
	})
}

func FuzzDecodeSchoolLife(f *testing.F) {
	seedsOf(f, "testdata/schoollife/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		life, err := decodeSchoolLife(data, autumn, halfHours)
		if err != nil && errors.Is(err, ErrNotAvailable) || !decoded(t, err) {
			return
		}
		if n := len(life.Absences) + len(life.Delays) + len(life.Punishments) + len(life.Observations); n > len(data) {
			t.Errorf("%d entries from %d bytes", n, len(data))
		}
		for _, a := range life.Absences {
			checkLine(t, a.Reasons...)
			checkLines(t, a.Justification)
			checkDay(t, a.StartsAt.Date, a.EndsAt.Date)
			checkNumber(t, a.Hours, a.Days)
			checkAttachments(t, a.Attachments)
			if a.Hours.Value < 0 {
				t.Errorf("absence %+v", a)
			}
		}
		for _, d := range life.Delays {
			checkLine(t, d.Reasons...)
			checkLines(t, d.Justification)
			checkDay(t, d.StartsAt.Date)
			if d.Minutes < 0 {
				t.Errorf("delay %+v", d)
			}
		}
		for _, p := range life.Punishments {
			checkPunishment(t, p)
		}
		for _, o := range life.Observations {
			checkLine(t, o.Title, o.Category, o.Subject, o.Giver)
			checkLines(t, o.Comment)
			checkDay(t, o.GivenOn, o.StartsAt.Date, o.EndsAt.Date)
			if o.Kind == "" {
				t.Errorf("observation %+v", o)
			}
		}
	})
}

func checkPunishment(t *testing.T, p Punishment) {
	t.Helper()
	checkLine(t, p.Nature, p.Giver, p.Decider)
	checkLine(t, p.Reasons...)
	checkLines(t, p.Circumstances, p.Homework, p.Comment)
	checkDay(t, p.GivenOn, p.GivenAt.Date, p.StartsAt.Date, p.EndsAt.Date)
	checkAttachments(t, p.Attachments)
	if p.Kind == "" || p.Minutes < 0 || !p.GivenAt.IsZero() && p.GivenAt.Date != p.GivenOn {
		t.Errorf("punishment %+v", p)
	}
	for _, d := range p.Detentions {
		checkLine(t, d.Supervisor)
		checkDay(t, d.HeldOn)
		if d.Minutes < 0 || !d.StartsAt.IsZero() && d.StartsAt.Date != d.HeldOn {
			t.Errorf("detention %+v", d)
		}
	}
}

// checkLines fails if a text is not one that may be shown.
func checkLines(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		checkLine(t, strings.Split(text, "\n")...)
	}
}

func FuzzDecodeEvaluations(f *testing.F) {
	seedsOf(f, "testdata/evaluations/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		evaluations, err := decodeEvaluations(data, autumn)
		if !decoded(t, err) {
			return
		}
		if evaluations == nil || len(evaluations) > len(data) {
			t.Errorf("%d evaluations from %d bytes", len(evaluations), len(data))
		}
		for _, e := range evaluations {
			checkLine(t, e.Subject, e.Name, e.Teacher, e.Domain)
			checkLine(t, e.Cycles...)
			checkDay(t, e.Date)
			checkNumber(t, e.Coefficient)
			checkText(t, string(data), e.Description)
			for _, s := range e.Skills {
				checkLine(t, s.Item, s.Domain, s.Pillar, s.PillarCodes, s.Level, s.Abbreviation)
				checkNumber(t, s.Coefficient)
				checkText(t, string(data), s.Comment)
			}
		}
	})
}

func FuzzDecodeReport(f *testing.F) {
	seedsOf(f, "testdata/report/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		report, err := decodeReport(data, autumn)
		if errors.Is(err, ErrBlank) || !decoded(t, err) || report == nil {
			return
		}
		if report.Subjects == nil || len(report.Subjects) > len(data) {
			t.Errorf("%d subjects from %d bytes", len(report.Subjects), len(data))
		}
		checkLine(t, report.Class, report.Absences, report.Delays, report.Punishments, report.Sanctions)
		checkNumber(t, report.StudentAverage, report.ClassAverage, report.OutOf)
		checkText(t, string(data), report.Comments)
		for i, s := range report.Subjects {
			checkLine(t, s.Subject, s.Within, s.Group)
			checkLine(t, s.Teachers...)
			checkNumber(t, s.Coefficient, s.Student, s.ClassAverage, s.ClassMin, s.ClassMax)
			checkText(t, string(data), s.Appreciation)
			if s.Position != i+1 {
				t.Errorf("subject %d is at place %d", i+1, s.Position)
			}
		}
	})
}

func FuzzDecodeInfos(f *testing.F) {
	seedsOf(f, "testdata/infos/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		infos, err := decodeInfos(data)
		if !decoded(t, err) {
			return
		}
		if infos == nil || len(infos) > len(data) {
			t.Errorf("%d infos from %d bytes", len(infos), len(data))
		}
		for _, i := range infos {
			checkInfo(t, i)
			checkDay(t, i.PublishedAt.Date, i.StartsOn, i.EndsOn)
		}
	})
}

func FuzzDecodeInfo(f *testing.F) {
	seedsOf(f, "testdata/info/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		questions, err := decodeInfo(data)
		if !decoded(t, err) {
			return
		}
		for _, survey := range []bool{false, true} {
			info := Info{Survey: survey}
			info.fill(questions)
			checkInfo(t, info)
			if !info.Opened {
				t.Error("a filled info is not opened")
			}
		}
	})
}

func FuzzDecodeDiscussions(f *testing.F) {
	seedsOf(f, "testdata/discussions/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		discussions, err := decodeDiscussions(data, Date{Year: 2025, Month: time.November, Day: 18})
		if !decoded(t, err) {
			return
		}
		if discussions == nil || len(discussions) > len(data) {
			t.Errorf("%d discussions from %d bytes", len(discussions), len(data))
		}
		for _, d := range discussions {
			checkLine(t, append(d.Labels, d.Subject, d.Creator, d.Public)...)
			checkDay(t, d.LastAt.Date)
			if d.Opened || d.Kind == "" || min(d.People, d.Count, d.Unread) < 0 {
				t.Errorf("discussion %+v", d)
			}
		}
	})
}

func FuzzDecodeMessages(f *testing.F) {
	seedsOf(f, "testdata/messages/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		messages, _, err := decodeMessages(data)
		if !decoded(t, err) {
			return
		}
		var d Discussion
		d.fill(messages)
		if !d.Opened || len(d.Messages) > len(data) || d.LastAt.Compare(d.StartedAt) < 0 {
			t.Errorf("%d messages from %d bytes, from %s to %s", len(d.Messages), len(data), d.StartedAt, d.LastAt)
		}
		for _, m := range d.Messages {
			checkLine(t, m.Author, m.Role, m.Recipient)
			checkDay(t, m.SentAt.Date)
			for line := range strings.SplitSeq(m.Content, "\n") {
				checkLine(t, line)
			}
			if !utf8.ValidString(m.HTML) || m.People < 0 {
				t.Errorf("message %+v", m)
			}
		}
	})
}

func checkInfo(t *testing.T, i Info) {
	t.Helper()
	checkAttachments(t, i.Attachments)
	checkLine(t, i.Title, i.Author, i.Category, i.Recipient)
	if !utf8.ValidString(i.HTML) || !i.Opened && i.HTML+i.Content != "" {
		t.Errorf("info %+v", i)
	}
	for line := range strings.SplitSeq(i.Content, "\n") {
		checkLine(t, line)
	}
	for _, q := range i.Questions {
		checkLine(t, append(q.Choices, q.Title, q.AnsweredBy)...)
		checkDay(t, q.AnsweredAt.Date)
		for line := range strings.SplitSeq(q.Content+"\n"+q.Answer, "\n") {
			checkLine(t, line)
		}
		if q.Position < 1 || q.MaxChoices < 0 || !slices.Contains(questionKinds, q.Kind) || !q.Answered && q.Answer != "" {
			t.Errorf("question %+v", q)
		}
	}
}

func FuzzDecodeParametres(f *testing.F) {
	f.Add([]byte(recorded(f, "parametres.json")))
	f.Add([]byte(`{"General":{"PremierLundi":"1/9/2025","JoursOuvres":"[1..5]","listeJoursFeries":[{"L":"Armistice","dateDebut":"11/11/2025"}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		school, version, _, err := decodeParameters(data)
		if !decoded(t, err) {
			return
		}
		checkSchool(t, school)
		if len(school.periods)+len(school.Holidays) > len(data) || len(school.Weekdays) > wire.MaxSet {
			t.Errorf("%d periods, %d holidays, %d days", len(school.periods), len(school.Holidays), len(school.Weekdays))
		}
		s := &Session{}
		s.learnVersion(version, data)
		if _, ok := ParseVersion(s.version.String()); !ok && !s.version.IsZero() {
			t.Errorf("version %+v", s.version)
		}
	})
}

func checkSchool(t *testing.T, s School) {
	t.Helper()
	checkLine(t, s.Name, s.Year)
	checkDay(t, s.Starts, s.Ends, s.firstMonday)
	for _, h := range s.Holidays {
		checkLine(t, h.Name)
		checkDay(t, h.Starts, h.Ends)
	}
	for _, p := range s.periods {
		checkPeriod(t, p)
	}
	for _, day := range []Date{s.firstMonday, s.Starts, s.Ends, {}, {Year: 9999, Month: 12, Day: 31}} {
		s.Open(day)
		if s.firstWeek > 0 && s.WeekNumber(day) < s.firstWeek {
			t.Errorf("%s is in week %d, before the first, %d", day, s.WeekNumber(day), s.firstWeek)
		}
	}
}

func checkPeriod(t *testing.T, p Period) {
	t.Helper()
	checkLine(t, p.Name, p.Year)
	checkDay(t, p.Starts, p.Ends)
	switch p.Kind {
	case "term", "semester", "year", "other":
	default:
		t.Errorf("kind of a period: %q", p.Kind)
	}
}

func FuzzDecodeUtilisateur(f *testing.F) {
	f.Add([]byte(recorded(f, "utilisateur-student.json")), false)
	f.Add([]byte(recorded(f, "utilisateur-parent.json")), true)
	f.Add([]byte(`{"ressource":{"L":"X","listeRessources":[{"L":"Y"}]},"listeOnglets":[{"G":7,"Onglet":[{"G":8}]}]}`), true)
	school, _, _, err := decodeParameters(recorded(f, "parametres.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte, parent bool) {
		school := school
		who, err := decodeUser(data, &school, parent)
		if !decoded(t, err) {
			return
		}
		checkLine(t, who.name)
		if len(who.students) == 0 || len(who.students)+len(who.tabs)+len(school.Sites) > len(data) {
			t.Errorf("%d students, %d sites and %d tabs from %d bytes", len(who.students), len(school.Sites), len(who.tabs), len(data))
		}
		for _, at := range school.Sites {
			checkLine(t, at.Name, at.Address, at.PostalCode, at.City, at.Province, at.Country, at.Website, at.Logo)
		}
		for _, s := range who.students {
			checkLine(t, append(s.Groups, s.Name, s.Class, s.School, s.Current)...)
			if len(s.Periods) > len(data)+len(school.periods) {
				t.Errorf("%d periods from %d bytes", len(s.Periods), len(data))
			}
			for _, p := range s.Periods {
				checkPeriod(t, p)
			}
			session := &Session{parent: parent}
			session.signature(Call{Tab: TabMarks, Student: &s})
		}
	})
}

func FuzzTextOf(f *testing.F) {
	seedsOf(f, "testdata/texts/*")
	f.Fuzz(func(t *testing.T, source []byte) {
		text := textOf(string(source))
		checkText(t, string(source), text)
	})
}

func FuzzParseAddress(f *testing.F) {
	seedsOf(f, "testdata/addresses/*.txt")
	f.Fuzz(func(t *testing.T, pasted []byte) {
		root, err := ParseAddress(string(pasted))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of several lines: %q", err)
			}
			return
		}
		if root.Scheme != "https" && root.Scheme != "http" || root.Hostname() == "" ||
			root.RawQuery != "" || root.Fragment != "" || root.User != nil || strings.HasSuffix(root.Path, "/") {
			t.Errorf("ParseAddress(%q) = %#v", pasted, root)
		}
		again, err := ParseAddress(root.String())
		if err != nil || again.String() != root.String() {
			t.Errorf("ParseAddress(%q) = %s, and of that %v, %v", pasted, root, again, err)
		}
	})
}

func FuzzParseQR(f *testing.F) {
	seedsOf(f, "testdata/qr/*.json")
	f.Fuzz(func(t *testing.T, text []byte) {
		q, err := ParseQR(string(text))
		if err != nil {
			if !errors.Is(err, ErrNotQR) && !errors.Is(err, ErrNotFamily) {
				t.Errorf("error %v", err)
			}
			return
		}
		if _, err := ParseAddress(q.Address); err != nil || q.Kind != KindStudent && q.Kind != KindParent {
			t.Errorf("address %q, kind %q: %v", q.Address, q.Kind, err)
		}
		c, err := q.Open(NewSecret("1234"))
		if err != nil && !errors.Is(err, ErrQRPIN) {
			t.Errorf("error %v", err)
		}
		if err == nil && (c.Username == "" || c.QRToken.IsZero() || c.Kind != q.Kind) {
			t.Errorf("it opened without a user or a token: %+v", c)
		}
	})
}

// FuzzRecall gives what was kept of an unanswered login back damaged.
func FuzzRecall(f *testing.F) {
	f.Add(`{"Root":"https://a.test/pronote","Space":6,"Session":1,"Key":"AAAA","IV":"AAAA","Encrypt":true,"Function":"Authentification","Number":"00","Body":"e30="}`)
	f.Add(`{}`)
	f.Add(`[1]`)
	root, err := ParseAddress("https://a.test/pronote")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		kept := false
		opts := (&Options{Transport: answerAll(`{"dataSec":{"data":{"jetonConnexionAppliMobile":"AB"}}}`), KeepDevice: func(d Device) error {
			kept = d.Token.Reveal() == "AB" && d.Unanswered.IsZero()
			return nil
		}}).orDefaults()
		d, err := recall(t.Context(), root, Device{UUID: "u", Username: "n", Token: NewSecret("old"), Unanswered: NewSecret(text)}, opts)
		if again := errors.Is(err, ErrUnanswered); again == d.Unanswered.IsZero() || kept != (d.Token.Reveal() == "AB") {
			t.Errorf("got %v, %q, kept: %t, asked again: %t", err, d.Token.Reveal(), kept, !d.Unanswered.IsZero())
		}
	})
}

// answerAll is a server that says the same to everything.
type answerAll string

func (a answerAll) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(string(a))), Request: r}, nil
}
