package db

import (
	"database/sql/driver"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// InfosView lists notices and surveys.
var InfosView = View{
	Name:  "infos",
	About: "Notices and surveys, newest first",
	None:  "There are no notices",
	Shown: "student published_at author read title",
	when:  "published_at",
	order: "published_at DESC, uid",
}

// Infos keeps notices and surveys.
var Infos = Table[pronote.Info]{
	Name: "infos",
	View: InfosView,
	Columns: []string{
		"title", "author", "category", "published_at", "starts_on", "ends_at", "recipient", "read", "survey", "anonymous", "answered", "content", "content_html",
	},
	Fields: func(i *pronote.Info) []any {
		return []any{
			&i.Title, &i.Author, &i.Category, (*instant)(&i.PublishedAt), (*day)(&i.StartsOn), (*day)(&i.EndsOn),
			&i.Recipient, &i.Read, &i.Survey, &i.Anonymous, &i.Answered, opened{i, &i.Content}, opened{i, &i.HTML},
		}
	},
}

// Questions keeps what surveys ask, and what was answered.
var Questions = parts("questions", "info_id",
	[]string{
		"position", "title", "kind", "content", "content_html", "choices", "max_choices", "expected",
		"answered", "answered_at", "answered_by", "answer",
	},
	func(q *pronote.Question) []any {
		return []any{
			&q.Position, &q.Title, &q.Kind, &q.Content, &q.HTML, (*lines)(&q.Choices), (*count)(&q.MaxChoices), &q.Expected,
			&q.Answered, (*instant)(&q.AnsweredAt), &q.AnsweredBy, &q.Answer,
		}
	})

// opened is a text of a notice that is NULL until it was asked for.
type opened struct {
	info *pronote.Info
	text *string
}

func (o opened) Value() (driver.Value, error) {
	if !o.info.Opened {
		return nil, nil
	}
	return *o.text, nil
}

func (o opened) Scan(src any) (err error) {
	o.info.Opened = src != nil
	*o.text, err = textOf(src)
	return err
}
