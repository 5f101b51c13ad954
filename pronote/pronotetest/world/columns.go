package world

import (
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// columns are a row of a view, by column.
type columns = map[string]any

// Columns writes a truth as rows by domain, in the columns of the mirror's
// views, so that anybody can compare the two.
func Columns(t Truth) map[string][]map[string]any {
	return map[string][]map[string]any{
		"marks":    columnsOf(t.Marks, markColumns),
		"averages": columnsOf(t.Averages, averageColumns),
		"lessons":  columnsOf(t.Lessons, lessonColumns),
		"contents": columnsOf(t.Contents, contentColumns),
		"homework": columnsOf(t.Homework, homeworkColumns),
		"infos":    columnsOf(t.Infos, infoColumns),

		"questions":   questionColumns(t.Infos),
		"discussions": columnsOf(t.Discussions, discussionColumns),
		"messages":    columnsOf(t.Messages, messageColumns),
		"staff":       columnsOf(t.Staff, staffColumns),
		"menus":       columnsOf(t.Menus, dishColumns),
		"agenda":      columnsOf(t.Agenda, agendaColumns),
		"links":       columnsOf(t.Links, linkColumns),
		"wallets":     columnsOf(t.Wallets, walletColumns),

		"attachments": slices.Concat(
			attachmentColumns("homework", t.Homework, func(h pronote.Homework) []pronote.Attachment { return h.Attachments }),
			attachmentColumns("contents", t.Contents, func(c pronote.Content) []pronote.Attachment { return c.Attachments }),
			attachmentColumns("infos", t.Infos, func(i pronote.Info) []pronote.Attachment { return i.Attachments }),
			attachmentColumns("agenda", t.Agenda, func(e pronote.AgendaEntry) []pronote.Attachment { return e.Attachments }),
			attachmentColumns("messages", t.Messages, func(m pronote.Message) []pronote.Attachment { return m.Attachments }),
			attachmentColumns("reports", t.Reports, func(r pronote.Report) []pronote.Attachment { return []pronote.Attachment{r.PDF} }),
			attachmentColumns("marks", t.Marks, func(m pronote.Mark) []pronote.Attachment { return m.Attachments }),
			attachmentColumns("absences", t.Absences, func(a pronote.Absence) []pronote.Attachment { return a.Attachments }),
			attachmentColumns("punishments", t.Punishments, func(p pronote.Punishment) []pronote.Attachment { return p.Attachments }),
		),

		"absences":     columnsOf(t.Absences, absenceColumns),
		"delays":       columnsOf(t.Delays, delayColumns),
		"punishments":  columnsOf(t.Punishments, punishmentColumns),
		"detentions":   detentionColumns(t.Punishments),
		"observations": columnsOf(t.Observations, observationColumns),
		"evaluations":  columnsOf(t.Evaluations, evaluationColumns),
		"skills":       skillColumns(t.Evaluations),

		"reports":         columnsOf(t.Reports, reportColumns),
		"report_subjects": reportSubjectColumns(t.Reports),

		"persons": columnsOf(t.Persons, personColumns),
	}
}

func columnsOf[T any](rows []Row[T], of func(T) columns) []columns {
	list := []columns{}
	for _, row := range rows {
		list = append(list, of(row.Value))
	}
	return list
}

func markColumns(m pronote.Mark) columns {
	return columns{
		"year": m.Year, "period": m.Period, "own_period": m.OwnPeriod, "subject": m.Subject, "given_on": m.GivenOn.String(), "title": m.Title, "comment": m.Comment,
		"value": orNull(m.Score.Number), "value_text": m.Score.Text, "out_of": orNull(m.OutOf), "coefficient": orNull(m.Coefficient),
		"class_average": orNull(m.ClassAverage), "class_min": orNull(m.ClassMin), "class_max": orNull(m.ClassMax),
		"bonus": bit(m.Bonus), "optional": bit(m.Optional), "rescaled": bit(m.Rescaled),
	}
}

func averageColumns(a pronote.Average) columns {
	return columns{
		"year": a.Year, "period": a.Period, "subject": a.Subject, "student_average": orNull(a.Student), "class_average": orNull(a.ClassAverage),
		"class_min": orNull(a.ClassMin), "class_max": orNull(a.ClassMax), "out_of": orNull(a.OutOf),
	}
}

func lessonColumns(l pronote.Lesson) columns {
	list := func(names []string) string { return strings.Join(names, ", ") }
	return columns{
		"starts_at": l.Starts.String(), "ends_at": l.Ends.String(), "subject": l.Subject, "title": l.Title,
		"teachers": list(l.Teachers), "rooms": list(l.Rooms), "groups": list(l.Groups), "number": countOrNull(l.Number),
		"kind": l.Kind, "status": l.Status, "cancelled": bit(l.Cancelled), "replaced": bit(l.Replaced), "detention": bit(l.Detention),
		"outing": bit(l.Outing), "test": bit(l.Test), "test_kind": textOrNull(l.TestKind), "exempted": bit(l.Exempted),
		"exemption": textOrNull(l.Exemption), "memo": textOrNull(l.Memo), "links": list(l.Links),
		"link_labels": strings.Join(l.LinkLabels, "\n"), "link_comments": strings.Join(l.LinkComments, "\n"), "reason": l.Reason,
	}
}

func contentColumns(c pronote.Content) columns {
	list := func(names []string) string { return strings.Join(names, ", ") }
	return columns{
		"starts_at": c.Starts.String(), "ends_at": c.Ends.String(), "subject": c.Subject, "teachers": list(c.Teachers), "groups": list(c.Groups),
		"title": c.Title, "description": c.Description, "description_html": c.HTML, "category": c.Category, "themes": list(c.Themes),
		"path": textOrNull(c.Path),
	}
}

func agendaColumns(e pronote.AgendaEntry) columns {
	return columns{
		"title": e.Title, "starts_at": e.Starts.String(), "ends_at": textOrNull(e.Ends.String()), "all_day": bit(e.AllDay),
		"category": e.Category, "author": e.Author, "description": e.Description, "council": bit(e.Council),
	}
}

func homeworkColumns(h pronote.Homework) columns {
	return columns{
		"subject": h.Subject, "given_on": h.GivenOn.String(), "due_on": h.DueOn.String(), "description": h.Description, "description_html": h.HTML,
		"done": bit(h.Done), "difficulty": textOrNull(h.Difficulty), "minutes": countOrNull(h.Minutes), "return_kind": textOrNull(h.Return),
		"returned_at": textOrNull(h.ReturnedAt.String()), "remark": h.Remark, "themes": strings.Join(h.Themes, ", "),
	}
}

func infoColumns(i pronote.Info) columns {
	return columns{
		"title": i.Title, "author": i.Author, "category": i.Category, "published_at": i.PublishedAt.String(), "starts_on": i.StartsOn.String(),
		"ends_at": i.EndsOn.String(), "recipient": i.Recipient, "read": bit(i.Read), "survey": bit(i.Survey), "content": i.Content, "content_html": i.HTML,
		"anonymous": bit(i.Anonymous), "answered": bit(i.Answered),
	}
}

func questionColumns(infos []Row[pronote.Info]) (list []columns) {
	for _, i := range infos {
		for _, q := range i.Value.Questions {
			list = append(list, columns{
				"position": q.Position, "title": q.Title, "kind": q.Kind, "content": q.Content, "content_html": q.HTML,
				"choices": strings.Join(q.Choices, "\n"), "max_choices": countOrNull(q.MaxChoices), "expected": bit(q.Expected),
				"answered": bit(q.Answered), "answered_at": textOrNull(q.AnsweredAt.String()), "answered_by": q.AnsweredBy, "answer": q.Answer,
			})
		}
	}
	return list
}

func discussionColumns(d pronote.Discussion) columns {
	return columns{
		"subject": d.Subject, "creator": d.Creator, "participants": d.Public, "people": countOrNull(d.People), "kind": d.Kind,
		"labels": strings.Join(d.Labels, ", "), "message_count": d.Count, "unread": d.Unread, "closed": bit(d.Closed), "can_reply": bit(d.CanReply),
		"started_at": d.StartedAt.String(), "last_message_at": d.LastAt.String(),
	}
}

func messageColumns(m pronote.Message) columns {
	return columns{
		"sent_at": m.SentAt.String(), "author": m.Author, "role": m.Role, "recipient": m.Recipient, "people": countOrNull(m.People),
		"own": bit(m.Own), "read": bit(m.Read), "aside": bit(m.Aside), "content": m.Content, "content_html": textOrNull(m.HTML),
	}
}

func staffColumns(c pronote.Colleague) columns {
	return columns{
		"name": c.Name, "role": textOrNull(c.Role), "function": c.Function, "subjects": strings.Join(c.Subjects, ", "), "hours": c.Hours, "email": c.Email,
	}
}

func personColumns(p pronote.Person) columns {
	return columns{
		"name": p.Name, "kind": string(p.Kind), "address": p.Address, "postal_code": p.PostalCode, "city": p.City, "province": p.Province,
		"country": p.Country, "email": p.Email, "phone": p.Phone, "landline": p.Landline, "ine": p.INE,
	}
}

func dishColumns(d pronote.Dish) columns {
	return columns{
		"date": d.Date.String(), "meal": textOrNull(d.Meal), "menu": d.Menu, "course": textOrNull(d.Course), "dish": d.Name,
		"labels": strings.Join(d.Labels, ", "), "allergens": strings.Join(d.Allergens, ", "),
	}
}

func linkColumns(l pronote.Link) columns {
	return columns{"title": l.Title, "url": textOrNull(l.URL), "comment": l.Comment, "partner": l.Partner}
}

func walletColumns(w pronote.Wallet) columns {
	return columns{
		"label": w.Label, "hint": w.Hint, "balance": orNull(w.Balance), "balance_text": w.BalanceText, "balance_hint": w.BalanceHint,
		"warning": bit(w.Warning),
	}
}

func reportColumns(r pronote.Report) columns {
	return columns{
		"year": r.Year, "period": r.Period, "class": r.Class, "student_average": orNull(r.StudentAverage), "class_average": orNull(r.ClassAverage),
		"out_of": orNull(r.OutOf), "comments": r.Comments, "absences": r.Absences, "delays": r.Delays, "punishments": r.Punishments, "sanctions": r.Sanctions,
	}
}

func reportSubjectColumns(reports []Row[pronote.Report]) (list []columns) {
	for _, r := range reports {
		for _, s := range r.Value.Subjects {
			list = append(list, columns{
				"position": s.Position, "subject": s.Subject, "within": s.Within, "subject_group": s.Group, "teachers": strings.Join(s.Teachers, ", "),
				"coefficient": orNull(s.Coefficient), "student_average": orNull(s.Student), "class_average": orNull(s.ClassAverage),
				"class_min": orNull(s.ClassMin), "class_max": orNull(s.ClassMax), "appreciation": s.Appreciation,
			})
		}
	}
	return list
}

func evaluationColumns(e pronote.Evaluation) columns {
	var levels []string
	for _, s := range e.Skills {
		levels = append(levels, s.Abbreviation)
	}
	return columns{
		"year": e.Year, "period": e.Period, "subject": e.Subject, "name": e.Name, "date": e.Date.String(), "teacher": e.Teacher,
		"description": e.Description, "coefficient": orNull(e.Coefficient), "domain": e.Domain, "cycles": strings.Join(e.Cycles, ", "),
		"levels": strings.Join(levels, ", "),
	}
}

func skillColumns(evaluations []Row[pronote.Evaluation]) (list []columns) {
	for _, e := range evaluations {
		for _, s := range e.Value.Skills {
			list = append(list, columns{
				"position": s.Position, "item": s.Item, "domain": s.Domain, "pillar": s.Pillar, "pillar_codes": s.PillarCodes, "level": s.Level,
				"abbreviation": s.Abbreviation, "level_kind": textOrNull(s.Kind), "coefficient": orNull(s.Coefficient), "comment": s.Comment,
			})
		}
	}
	return list
}

func attachmentColumns[T any](domain string, rows []Row[T], of func(T) []pronote.Attachment) []columns {
	list := []columns{}
	for _, row := range rows {
		for _, a := range of(row.Value) {
			list = append(list, columns{"owner_domain": domain, "name": a.Name, "kind": a.Kind, "role": a.Role, "url": textOrNull(a.URL)})
		}
	}
	return list
}

func orNull(n pronote.Number) any {
	if !n.Known {
		return nil
	}
	return n.Value
}

func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func countOrNull(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
