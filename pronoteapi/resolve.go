package pronoteapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// resolved is a resolver that asks for nothing and cannot fail.
func resolved(find func() any) resolver {
	return func(context.Context, map[string]any) (any, error) { return find(), nil }
}

// tabFiles is the tab of RessourcePedagogique.
const tabFiles pronote.Tab = 99

// A page is what one query of the schema asks about one pupil.
type page func(s *session, ctx context.Context, of pronote.Student, args arguments) (any, error)

// pages are the queries that ask PRONOTE, with the tab that each needs.
var pages = map[string]struct {
	tab  pronote.Tab
	page page
}{
	"timetable":   {pronote.TabLessons, (*session).timetable},
	"marks":       {pronote.TabMarks, (*session).marks},
	"evaluations": {pronote.TabEvaluations, (*session).evaluations},
	"absences":    {pronote.TabSchoolLife, (*session).absences},
	"infos":       {pronote.TabInfos, (*session).infos},
	"contents":    {pronote.TabContents, (*session).contents},
	"homeworks":   {pronote.TabHomework, (*session).homeworks},
	"menu":        {pronote.TabMenus, (*session).menu},
	"files":       {tabFiles, (*session).files},
}

// query is what a query of the session starts from.
func (s *session) query() object {
	root := introspector{s.schema}.fields()
	shape := shaper{s.schema, s.zone, func(number string) string { return s.fileURL(number, "photo.jpg") }}
	root["params"] = resolver(func(context.Context, map[string]any) (any, error) {
		from, err := parse(s.params)
		return shape.shape(s.schema.Types["PronoteParams"], from), err
	})
	root["user"] = resolver(func(context.Context, map[string]any) (any, error) {
		from, err := s.userAnswer()
		return shape.shape(s.schema.Types["PronoteUser"], from), err
	})
	for name, p := range pages {
		root[name] = resolver(func(ctx context.Context, args map[string]any) (any, error) {
			of, err := s.student(args)
			if err != nil || s.hides(p.tab) {
				return nil, err
			}
			v, err := p.page(s, ctx, of, arguments{args, s})
			if errors.Is(err, pronote.ErrNotAvailable) {
				return nil, nil
			}
			return v, err
		})
	}
	return root
}

// userAnswer is what the login answered of the user. The rules for passwords have
// moved to another answer of it.
func (s *session) userAnswer() (raw, error) {
	const name = "reglesSaisieMDP"
	user, err := parse(s.user)
	if err != nil {
		return raw{}, err
	}
	rules, err := parse(s.rules)
	if m, ok := user.v.(map[string]any); ok && m[name] == nil {
		m[name] = rules.at(name).v
	}
	return user, err
}

// student is whom a query is about: the pupil, or the child that is named.
func (s *session) student(args map[string]any) (pronote.Student, error) {
	students := s.upstream.Students()
	if s.kind == pronote.KindStudent {
		if len(students) == 0 {
			return pronote.Student{}, say("PRONOTE names no pupil for this account")
		}
		return students[0], nil
	}
	asked, _ := args["student"].(string)
	for _, student := range students {
		if e := student.Element(); asked == student.Name || asked == e.Label || asked == e.Number {
			return student, nil
		}
	}
	return pronote.Student{}, say("there is no student %q: take the name of one of user.students", asked)
}

// hides reports whether the account must not open a tab.
func (s *session) hides(tab pronote.Tab) bool { return slices.Contains(s.hidden, any(float64(tab))) }

// ask asks PRONOTE for a page about a pupil.
func (s *session) ask(ctx context.Context, of pronote.Student, function string, tab pronote.Tab, data any) (raw, error) {
	answer, err := s.upstream.Request(ctx, pronote.Call{Function: function, Tab: tab, Student: &of, Data: data})
	if err != nil {
		s.heedOwn(err)
		return raw{}, err
	}
	return parse(answer.Data)
}

// rows are the elements of a list that an answer must have.
func rows(answer raw, path string) ([]raw, error) {
	list := answer.at(path)
	if !list.present() {
		return nil, say("PRONOTE's answer lacks %s: try again later", path)
	}
	return list.list(), nil
}

// arguments are those of one query.
type arguments struct {
	given map[string]any
	s     *session
}

func (a arguments) text(name string) string {
	text, _ := a.given[name].(string)
	return text
}

func (a arguments) moment(name string) moment { return momentOf(a.given[name], a.s.zone) }

// between is the range of from and to: from now on when there is no from, for one
// day when there is no to. It is not valid when one of them is no date.
func (a arguments) between() (from, to time.Time, valid bool) {
	f, t := a.moment("from"), a.moment("to")
	if f.given && !f.valid || t.given && !t.valid {
		return from, to, false
	}
	if from = a.s.now(); f.given {
		from = f.Time
	}
	from = from.In(a.s.zone)
	if to = from.AddDate(0, 0, 1); t.given && !t.Before(from) {
		to = t.In(a.s.zone)
	}
	return from, to, true
}

// weeks are the Mondays of the weeks of the school year that a range touches.
func (s *session) weeks(from, to time.Time) (mondays []civil.Date) {
	year := s.upstream.School()
	first, last := civil.DateOf(from), civil.DateOf(to)
	if first.Compare(year.Starts) < 0 {
		first = year.Starts
	}
	if last.Compare(year.Ends) > 0 {
		last = year.Ends
	}
	for day := first.Monday(); day.Compare(last) <= 0 && first.Compare(last) <= 0; day = day.AddDays(7) {
		mondays = append(mondays, day)
	}
	return mondays
}

// diary asks for the pages of the diary of some weeks.
func (s *session) diary(ctx context.Context, of pronote.Student, tab pronote.Tab, mondays []civil.Date) (raw, error) {
	year := s.upstream.School()
	set := fmt.Sprintf("[%d..%d]", year.WeekNumber(mondays[0]), year.WeekNumber(mondays[len(mondays)-1]))
	return s.ask(ctx, of, "PageCahierDeTexte", tab, map[string]any{"domaine": map[string]any{"_T": 8, "V": set}})
}

// wireDate is a day or a time as requests write it.
func wireDate(t time.Time) map[string]any {
	return map[string]any{"_T": 7, "V": t.Format("02/01/2006 15:04:05")}
}

// attachments are the files of a list. Time and subject are known of the files of
// a query of files only.
func (s *session) attachments(list raw) []any {
	files := []any{}
	for _, f := range list.list() {
		name := f.at("L").text()
		files = append(files, object{"id": identify(member{"name", name}), "name": name, "url": s.attachmentURL(f), "time": "", "subject": ""})
	}
	return files
}

// attachmentURL is where an attachment is: at its own address when it is a link, which
// may be its label.
func (s *session) attachmentURL(f raw) string {
	address := f.at("url").text()
	if genre, known := f.at("G").number(); address == "" && known && genre == 0 {
		address = f.at("L").text()
	}
	if u, err := url.Parse(address); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		return u.String()
	}
	return s.fileURL(f.at("N").text(), f.at("L").text())
}

// fileURL is where a file is. Its name is escaped twice, as it always was.
func (s *session) fileURL(number, name string) string {
	return s.upstream.FileAddress(number, "", strings.ReplaceAll(url.QueryEscape(name), "+", "%20"))
}

// sorted puts objects into the order of a date, those of one date as they were.
func sorted(list []object, by string) []any {
	slices.SortStableFunc(list, func(a, b object) int {
		x, _ := a[by].(time.Time)
		y, _ := b[by].(time.Time)
		return cmp.Compare(x.UnixNano(), y.UnixNano())
	})
	return all(list)
}

func all(list []object) []any {
	out := make([]any, len(list))
	for i, o := range list {
		out[i] = o
	}
	return out
}
