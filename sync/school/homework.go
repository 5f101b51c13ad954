package school

import (
	"context"
	"regexp"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// homework reads from some weeks ago, for what pupils tick late and teachers tidy
// up, to the end of the school year in one request, so that no horizon moves and
// makes old work look new. The first time, and now and then, it reads the whole
// year.
var homework = domain{
	Domain: psync.Domain{
		Name:     "homework",
		Schedule: "*/30 7-22 * * *",
		Tables:   []db.View{db.Homework.Listed()},
		Events:   []string{"homework.new", "homework.changed", "homework.removed"},
		Files:    []string{db.Homework.Name},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		school := v.session.School()
		from, to := v.today.AddDays(-7*v.spans.Homework), school.Ends
		if from.Compare(school.Starts) < 0 || v.due(db.DaySpan(school.Starts, to)) {
			from = school.Starts
		}
		if from.Compare(to) > 0 {
			return nil, nil // the year is over
		}
		work, err := v.session.Homework(ctx, v.student, from, to)
		if err != nil {
			return nil, err
		}
		return []mirror.Snapshot{homeworkSnapshot{mirror.ListOf(db.Homework, homeworkMatcher, v.owner, db.DaySpan(from, to), work), v.now}}, nil
	},
}

var homeworkMatcher = mirror.Matcher[pronote.Homework]{
	Identities: []func(pronote.Homework) string{
		func(h pronote.Homework) string {
			return mirror.Identity(h.Subject, h.GivenOn.String(), h.DueOn.String(), h.Description)
		},
		func(h pronote.Homework) string { return mirror.Identity(h.Subject, h.GivenOn.String(), h.Description) },
	},
	Group: func(h pronote.Homework) string { return mirror.Identity(h.Subject, h.GivenOn.String()) },
	Alike: alikeHomework,
	Keep: func(old pronote.Homework, seen *pronote.Homework) {
		if seen.Attachments == nil { // the answer did not have them
			seen.Attachments = old.Attachments
		}
	},
}

// alikeHomework compares work of one subject that was given on one day, which no
// teacher ever edits. A text that shares next to nothing with the old one is other
// work, even more so if it is handed in in another way.
func alikeHomework(a, b pronote.Homework) int {
	score := 6 * mirror.Overlap(a.Description, b.Description) / 100
	for _, same := range []struct {
		yes    bool
		weight int
	}{
		{a.DueOn == b.DueOn, 3},
		{a.Difficulty == b.Difficulty, 1},
		{a.Minutes == b.Minutes, 1},
		{a.Return == b.Return, 1},
	} {
		if same.yes {
			score += same.weight
		}
	}
	return score - 6
}

type homeworkSnapshot struct {
	mirror.List[pronote.Homework]
	now pronote.DateTime
}

var homeworkColumns = []string{"description", "due_on", "subject", "return_kind"}

func (s homeworkSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (mirror.Outcome, error) {
	mirror.ConsistsOf(&s.List, func(h *pronote.Homework) *[]pronote.Attachment { return &h.Attachments }, db.Attachments)
	files := mirror.AttachmentsOf(func(h pronote.Homework) mirror.Attached {
		return mirror.Attached{List: h.Attachments, Subject: h.Subject, Day: h.GivenOn}
	})
	s.Children = []mirror.Child[pronote.Homework]{files}
	s.Returns = true
	changes, o, err := s.List.Store(ctx, tx, at)
	if err != nil {
		return o, err
	}
	parts := mirror.PartsOf(db.Attachments, mirror.ToldAttachments(files.News))
	for _, c := range changes {
		t := mirror.TellingOf(db.Homework, c)
		t.Parts = parts[c.Item]
		e := db.Event{
			Kind: mirror.KindOf("homework", c.Kind, t.Touches(homeworkColumns) || t.Parts != nil),
			Day:  c.Row().DueOn, Over: doneWith(c.New, c.Old), Minor: minorHomework(c, t),
		}
		switch {
		case e.Kind == "" || e.Over.DaysSince(s.now.Date) < -1:
			continue
		case e.Over.Compare(s.now) <= 0:
			e.Minor = db.MinorOver
		}
		o.Events = append(o.Events, t.Complete(e, s.Owner))
	}
	return o, nil
}

// minorHomework is why a change of homework is hardly worth a message.
func minorHomework(c mirror.Change[pronote.Homework], t mirror.Telling) string {
	if c.Kind != mirror.Changed && t.Parts == nil && saysNothing(c.Row().Description) {
		return db.MinorNothing
	}
	return t.Minor(homeworkColumns, "description")
}

// saysNothing reports whether a text of homework says that there is none, and no more.
func saysNothing(text string) bool { return nothing.MatchString(text) }

var nothing = regexp.MustCompile(`(?i)^\W*(?:` +
	`r\.?\s?a\.?\s?s|n[ée]ant|` +
	`(?:il n['’]y a )?(?:rien|(?:pas|plus) de (?:devoirs?|travail|exercices?|le[çc]ons?)|aucune? (?:devoirs?|travail|exercices?|le[çc]ons?)|no homework|nothing)(?: personnel| [àa] la maison)?` +
	`(?: (?:[àa]|de|d['’]) ?(?:faire|rendre|pr[ée]parer|pr[ée]voir|signaler|particulier|sp[ée]cial|pr[ée]vu)| to do)?` +
	`(?: (?:pour|for) (?:demain|aujourd['’]hui|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi)(?: prochain)?|ce (?:jour|cours)|cette (?:s[ée]ance|semaine)|` +
	`la (?:prochaine (?:s[ée]ance|fois)|(?:s[ée]ance|semaine) prochaine|rentr[ée]e)|le (?:prochain cours|cours prochain|week-?end)|les vacances|tomorrow|next time))?` +
	`)\W*$`)

// doneWith is when no message about homework is worth sending any more: at noon of the
// day on which it is due, or was, if that is later.
func doneWith(now, before pronote.Homework) pronote.DateTime {
	last := now.DueOn
	if before.DueOn.Compare(last) > 0 {
		last = before.DueOn
	}
	return pronote.DateTime{Date: last, Hour: workIsOver}
}

// workIsOver is the hour of the day on which homework is due when it is over: most
// lessons have been by then, and the pupil has been out of the house for long.
const workIsOver = 12
