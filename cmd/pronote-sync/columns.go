package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/table"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// A writer writes what people read, in their language and as wide as their terminal.
type writer struct {
	io.Writer
	language string
	today    pronote.Date
	width    int // 0 where nothing limits it
	colours  bool
}

func (a *app) writerTo(out io.Writer) writer {
	return writer{out, a.language, pronote.DateOf(a.now()), cmp.Or(a.width, widthOf(out, os.Getenv)), coloured(out, os.Getenv)}
}

// A field is how people see a column of a view.
type field struct {
	column table.Column
	show   func(w writer, row db.Record, value any) string
	alert  any // the value that is worth a colour
}

// rank makes a field one of those that go first where there is no room.
func (f field) rank(n int) field {
	f.column.Rank = n
	return f
}

// worth makes a value of the field stand out.
func (f field) worth(value any) field {
	f.alert = value
	return f
}

// aText is a field of text, of which a beginning of some characters may do.
func aText(head string, least int) field {
	return field{column: table.Column{Head: head, Least: least}, show: func(w writer, _ db.Record, v any) string { return w.plain(v) }}
}

// aDay is a field of a day or a time.
func aDay(head string) field {
	return field{column: table.Column{Head: head}, show: func(w writer, _ db.Record, v any) string { return w.when(v) }}
}

// aFigure is a field of a number.
func aFigure(head string) field {
	return field{column: table.Column{Head: head, Right: true}, show: func(w writer, _ db.Record, v any) string { return w.plain(v) }}
}

// aYes is a field of 1 for yes and 0 for no.
func aYes(head string) field {
	return field{column: table.Column{Head: head}, show: func(w writer, _ db.Record, v any) string {
		switch v {
		case int64(1):
			return say.Text(w.language, "yes")
		case int64(0):
			return say.Text(w.language, "no")
		}
		return ""
	}}
}

// aWord is a field of words of ours, such as "absence".
func aWord(head string) field {
	return field{column: table.Column{Head: head}, show: func(w writer, _ db.Record, v any) string {
		text := w.plain(v)
		return say.Text(w.language, text)
	}}
}

// aMark is the field of what a mark is, as a number where it is one, out of what.
func aMark(head string) field {
	return field{column: table.Column{Head: head, Right: true}, show: func(w writer, row db.Record, v any) string {
		value, isNumber := row["value"].(float64)
		if !isNumber {
			return w.plain(v)
		}
		if out := w.plain(row["out_of"]); out != "" {
			return w.number(value) + "/" + out
		}
		return w.number(value)
	}}
}

// fields are how columns are seen, by their names, or "view.column" where a view differs.
var fields = map[string]field{
	"account":              aText("Account", 8),
	"address":              aText("Address", 12).rank(3),
	"at":                   aDay("When"),
	"author":               aText("From", 10).rank(3),
	"balance_hint":         aText("Remark", 10).rank(4),
	"balance_text":         {table.Column{Head: "Balance", Right: true}, func(w writer, _ db.Record, v any) string { return w.plain(v) }, nil},
	"category":             aText("Category", 10).rank(4),
	"city":                 aText("Town", 8).rank(4),
	"class_average":        aFigure("Class").rank(5),
	"class_max":            aFigure("Highest").rank(6),
	"class_min":            aFigure("Lowest").rank(6),
	"coefficient":          aFigure("Coef.").rank(6),
	"comment":              aText("Remark", 14).rank(3),
	"comments":             aText("Remarks", 16).rank(2),
	"content":              aText("Text", 32),
	"contents.title":       aText("Title", 20).rank(1),
	"course":               aWord("Course"),
	"date":                 aDay("Date"),
	"description":          aText("Text", 28),
	"detentions":           {table.Column{Head: "Detention", Least: 10, Rank: 2}, writer.days, nil},
	"discussions.subject":  aText("Title", 16),
	"dish":                 aText("Dish", 16),
	"domain":               aText("Domain", 12).rank(3),
	"done":                 aYes("Done").rank(1).worth(int64(0)),
	"due_on":               aDay("Due"),
	"email":                aText("E-mail", 16).rank(1),
	"ends_at":              aDay("Until").rank(3),
	"ends_on":              aDay("Last day"),
	"function":             aText("Role", 10).rank(2),
	"given_on":             aDay("Date"),
	"giver":                aText("By", 10).rank(3),
	"holidays.starts_on":   aDay("First day"),
	"hours":                aFigure("Hours"),
	"item":                 aText("Skill", 24),
	"justified":            aYes("Accepted").worth(int64(0)),
	"kind":                 aWord("Kind"),
	"label":                aText("Wallet", 12),
	"labels":               aText("Labels", 8).rank(5),
	"last_message_at":      aDay("Last message"),
	"level":                aText("Level", 16),
	"levels":               aText("Levels", 8),
	"local_path":           aText("File", 16).rank(3),
	"memo":                 aText("Note", 12).rank(3),
	"message_count":        aFigure("Messages").rank(4),
	"minutes":              aFigure("Minutes"),
	"name":                 aText("Name", 20),
	"nature":               aText("What", 12),
	"owner_domain":         aWord("Attached to").rank(2),
	"participants":         aText("With", 12).rank(2),
	"period":               aText("Term", 11).rank(1),
	"phone":                aText("Telephone", 12).rank(2),
	"postal_code":          aText("Postcode", 0).rank(5),
	"published_at":         aDay("When"),
	"read":                 aYes("Read").rank(1).worth(int64(0)),
	"reasons":              aText("Reason", 12),
	"recipient":            aText("To", 10).rank(4),
	"role":                 aWord("Role").rank(5),
	"rooms":                aText("Room", 5).rank(2),
	"sent_at":              aDay("When"),
	"starts_at":            aDay("Begins"),
	"student":              aText("Pupil", 16),
	"student_average":      aFigure("Average"),
	"subject":              aText("Subject", 13),
	"averages.subject":     {table.Column{Head: "Subject", Least: 10}, writer.overall, nil},
	"subjects":             aText("Subjects", 10).rank(1),
	"summary":              aText("What", 30),
	"teacher":              aText("Teacher", 10).rank(3),
	"teachers":             aText("Teacher", 10).rank(3),
	"test_kind":            aText("Kind", 10).rank(1),
	"title":                aText("Title", 20),
	"unread":               aFigure("Unread").rank(1),
	"url":                  aText("Address", 24).rank(4),
	"value_text":           aMark("Mark"),
	"warning":              aYes("Low").worth(int64(1)),
	"year":                 aText("Year", 0).rank(4),
	"attachments.kind":     aWord("Kind").rank(4),
	"observations.kind":    aWord("Kind").rank(2),
	"observations.subject": aText("Subject", 10).rank(1),
	"staff.hours":          aFigure("Hours").rank(3),
}

// fieldOf is how people see a column of a view.
func fieldOf(view, column string) field {
	if f, ok := fields[view+"."+column]; ok {
		return f
	}
	return fields[column]
}

// rows writes a list of a view. Without names, the columns that say whose a row is are
// left out.
func (w writer) rows(view db.View, names map[string]bool, rows []db.Record) error {
	var shown []string
	t := table.Table{}
	for column := range strings.FieldsSeq(view.Shown) {
		if (column == "student" || column == "account") && !names[column] {
			continue
		}
		f := fieldOf(view.Name, column)
		f.column.Head = say.Text(w.language, f.column.Head)
		shown, t.Columns = append(shown, column), append(t.Columns, f.column)
	}
	var seen []db.Record
	for _, row := range rows {
		cells := make([]string, len(shown))
		for i, column := range shown {
			cells[i] = fieldOf(view.Name, column).show(w, row, row[column])
		}
		if last := len(t.Rows) - 1; last >= 0 && !strings.Contains(view.Shown, "student") && slices.Equal(cells, t.Rows[last]) {
			continue // what all children have is the same to people
		}
		t.Rows, seen = append(t.Rows, cells), append(seen, row)
	}
	return w.table(t, func(row, cell int) string {
		if f := fieldOf(view.Name, shown[cell]); f.alert != nil && seen[row][shown[cell]] == f.alert {
			return yellow
		}
		return ""
	})
}

// The colours of what is worth a look.
const (
	yellow = "33"
	red    = "31"
)

// table writes a table, with colours where they are wanted.
func (w writer) table(t table.Table, paint func(row, cell int) string) error {
	if t.Paint = nil; w.colours {
		t.Paint = paint
	}
	return t.Write(w, w.width)
}

// tables writes those that have rows, with an empty line between them.
func (w writer) tables(list ...table.Table) error {
	between := ""
	for _, t := range list {
		if len(t.Rows) == 0 {
			continue
		}
		if _, err := io.WriteString(w, between); err != nil {
			return err
		}
		if err := w.table(t, func(int, int) string { return "" }); err != nil {
			return err
		}
		between = "\n"
	}
	return nil
}

// head is a column with a heading in the language of the person.
func (w writer) head(english string) table.Column {
	return table.Column{Head: say.Text(w.language, english)}
}

// tell writes a sentence in the language of the person.
func (w writer) tell(format string, args ...any) {
	_, _ = fmt.Fprintln(w, say.To(w.language, format, args...)) // nobody reads on
}

// plain is a value as it stands in a table.
func (w writer) plain(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case float64:
		return w.number(v)
	case json.RawMessage:
		return string(v)
	}
	return fmt.Sprint(value)
}

// number has two decimals at most, behind a comma in French.
func (w writer) number(n float64) string {
	text := strconv.FormatFloat(math.Round(n*100)/100, 'f', -1, 64)
	if w.language == "fr" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// when is a day or a time of the mirror as people write it.
func (w writer) when(value any) string {
	text := w.plain(value)
	if at, err := pronote.ParseDateTime(text); err == nil {
		return w.day(at.Date) + " " + clock(at)
	}
	if day, err := pronote.ParseDate(text); err == nil {
		return w.day(day)
	}
	return text
}

// days are several days or times, apart by commas.
func (w writer) days(_ db.Record, value any) string {
	list := strings.Split(w.plain(value), ", ")
	for i, text := range list {
		list[i] = w.when(text)
	}
	return strings.Join(list, ", ")
}

// overall is a subject, and a word for all of them.
func (w writer) overall(_ db.Record, value any) string {
	return cmp.Or(w.plain(value), say.Text(w.language, "overall"))
}

// near is within how many days a weekday says more than a year.
const near = 200

// day is a day as people write it: "lun. 17/11", and "17/11/2024" where that is long ago.
func (w writer) day(d pronote.Date) string {
	words, far := dayWords[cmp.Or(w.language, "en")], max(d.DaysSince(w.today), w.today.DaysSince(d)) > near
	switch {
	case w.language == "fr" && far:
		return fmt.Sprintf("%02d/%02d/%d", d.Day, d.Month, d.Year)
	case w.language == "fr":
		return fmt.Sprintf("%s %02d/%02d", words[d.Weekday()], d.Day, d.Month)
	case far:
		return fmt.Sprintf("%d %s %d", d.Day, d.Month.String()[:3], d.Year)
	}
	return fmt.Sprintf("%s %2d %s", words[d.Weekday()], d.Day, d.Month.String()[:3])
}

// dayWords are short names of weekdays, from Sunday on.
var dayWords = map[string][]string{
	"fr": {"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
	"en": {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
}
