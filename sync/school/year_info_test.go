package school

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var _ = inYears("infos", yearDomain{
	function: "PageActualites",
	expect: func(y *year, of mirror.Snapshot) ([]string, bool) {
		s, ours := of.(infoSnapshot)
		if !ours {
			return nil, false
		}
		return infoEvents(y, s), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"questions":         mirrored(db.Questions),
		"attachments/infos": mirroredAttachments(db.Infos),
		"infos": func(y *year, tx *db.Tx, owner db.Owner) ([]string, error) {
			list, err := mirrored(db.Infos)(y, tx, owner)
			for i := range list {
				list[i] = withoutContent("info.", list[i], y)
			}
			return list, err
		},
	},
})

func infoEvents(y *year, s infoSnapshot) []string {
	if !y.newsDetails { // where the questions are in the list
		var questions []world.Row[db.Part[pronote.Question]]
		for _, row := range y.infosOf(s.Owner) {
			for _, q := range row.Value.Questions {
				questions = append(questions, world.Row[db.Part[pronote.Question]]{ID: row.ID, Value: db.Part[pronote.Question]{Value: q}})
			}
		}
		follow(y, db.Questions, s.Owner, s.Span, questions, func(db.Part[pronote.Question]) entry { return entry{} },
			func(mirror.Kind, []string, entry, entry) string { return "" })
		followAttachments(y, db.Infos, s.Owner, s.Span, y.infosOf(s.Owner), func(pronote.Info) string { return "" },
			func(i pronote.Info) []pronote.Attachment { return i.Attachments })
	}
	return follow(y, db.Infos, s.Owner, s.Span, y.infosOf(s.Owner), func(pronote.Info) entry { return entry{} },
		func(kind mirror.Kind, what []string, before, now entry) string {
			opened := y.newsDetails && before.told && intersects(what, "read") && strings.Contains(now.json, `"read":1`)
			switch {
			case kind == mirror.Added && strings.Contains(now.json, `"survey":1`):
				return "survey.new"
			case kind == mirror.Added:
				return "info.new"
			case kind == mirror.Changed && (opened || intersects(what, "title", "content")):
				return "info.changed"
			}
			return ""
		})
}

// infosOf are the infos that belong to an owner: a child's own, or what is
// addressed to no child.
func (y *year) infosOf(owner db.Owner) (rows []world.Row[pronote.Info]) {
	pupils := []string{owner.StudentName}
	family := owner.StudentName == "famille"
	if family {
		pupils = y.school.Children()
	}
	seen := map[int]bool{}
	for _, pupil := range pupils {
		for _, row := range y.school.Truth(y.kind, pupil).Infos {
			personal := slices.Contains(y.school.Children(), row.Value.Recipient)
			if seen[row.ID] || y.kind == pronote.KindParent && (family == personal || personal && row.Value.Recipient != pupil) {
				continue
			}
			seen[row.ID] = true
			if y.newsDetails { // the content is not in the list
				row.Value.Opened, row.Value.Content, row.Value.HTML = false, "", ""
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// withoutContent blanks the text of an info where the list does not have it.
func withoutContent(kind, row string, y *year) string {
	if !y.newsDetails || !strings.HasPrefix(kind, "info.") && !strings.HasPrefix(kind, "survey.") {
		return row
	}
	var values map[string]any
	if err := json.Unmarshal([]byte(row), &values); err != nil {
		y.t.Fatal(err)
	}
	values["content"], values["content_html"] = nil, nil
	text, err := json.Marshal(values)
	if err != nil {
		y.t.Fatal(err)
	}
	return string(text)
}
