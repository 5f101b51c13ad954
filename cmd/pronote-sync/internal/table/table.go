// Package table lays texts out in columns that fit a terminal. Where lines would be too
// long, texts are cut at words, and what people miss least is left out. No line wraps.
package table

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// A Column is one of a table.
type Column struct {
	Head  string
	Right bool // of figures, which end at the same place
	Least int  // to how many characters its texts may be cut; 0 leaves them whole
	Rank  int  // those of the highest go first where there is no room; 0 stays
}

// Ranked is the column with a rank.
func (c Column) Ranked(rank int) Column {
	c.Rank = rank
	return c
}

// AtLeast is the column where texts may be cut to so many characters.
func (c Column) AtLeast(width int) Column {
	c.Least = width
	return c
}

// Figures is the column with its texts at the right.
func (c Column) Figures() Column {
	c.Right = true
	return c
}

// A Table is texts in columns.
type Table struct {
	Columns []Column
	Rows    [][]string                 // as many cells each as there are columns
	Above   func(row int) string       // a line that stands above a row, "" for none; may be nil
	Paint   func(row, cell int) string // the code of a cell's colour, "" for none; nil for a table without colours
}

// gap is what separates two columns.
const gap = 2

// Write writes the table with lines of at most so many characters; 0 does not limit
// them. Control characters become spaces.
func (t Table) Write(w io.Writer, width int) error {
	t = t.tidy()
	shown, widths := t.fit(width)
	var out strings.Builder
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = c.Head
	}
	if strings.Join(heads, "") != "" {
		t.line(&out, shown, widths, heads, func(int) string { return bold })
	}
	for row, cells := range t.Rows {
		if t.Above != nil {
			t.above(&out, row, width)
		}
		t.line(&out, shown, widths, cells, func(cell int) string {
			if t.Paint == nil {
				return ""
			}
			return t.Paint(row, cell)
		})
	}
	_, err := io.WriteString(w, out.String())
	return err
}

const bold = "1"

// tidy is the table without what a terminal would obey.
func (t Table) tidy() Table {
	rows := make([][]string, len(t.Rows))
	for i, cells := range t.Rows {
		rows[i] = make([]string, len(cells))
		for j, cell := range cells {
			rows[i][j] = Line(cell)
		}
	}
	t.Rows = rows
	return t
}

// fit chooses the columns that are shown, and how wide each is.
func (t Table) fit(width int) (shown, widths []int) {
	whole := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		shown = append(shown, i)
		whole[i] = Width(c.Head)
		for _, cells := range t.Rows {
			whole[i] = max(whole[i], Width(cells[i]))
		}
	}
	for {
		widths = append([]int(nil), whole...)
		total := gap * (len(shown) - 1)
		for _, i := range shown {
			total += widths[i]
		}
		if width == 0 || t.shrink(shown, widths, total-width) <= 0 {
			return shown, widths
		}
		last := -1
		for n, i := range shown {
			if t.Columns[i].Rank > 0 && (last < 0 || t.Columns[i].Rank >= t.Columns[shown[last]].Rank) {
				last = n
			}
		}
		if last < 0 {
			return shown, squeeze(shown, widths, width)
		}
		shown = append(shown[:last:last], shown[last+1:]...)
	}
}

// shrink takes characters from the widest texts, and returns what there is still too
// much.
func (t Table) shrink(shown, widths []int, over int) int {
	for ; over > 0; over-- {
		widest := -1
		for _, i := range shown {
			least := t.Columns[i].Least
			if least > 0 && widths[i] > max(least, Width(t.Columns[i].Head)) && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	return over
}

// squeeze cuts off what stands beyond the edge of a terminal that is too narrow for
// anything better.
func squeeze(shown, widths []int, width int) []int {
	for n, i := range shown {
		if n > 0 {
			width -= gap
		}
		widths[i] = max(0, min(widths[i], width))
		width -= widths[i]
	}
	return widths
}

func (t Table) line(out *strings.Builder, shown, widths []int, cells []string, paint func(cell int) string) {
	spaces := 0 // that are due before the next text
	for n, i := range shown {
		if n > 0 {
			spaces += gap
		}
		text := Cut(cells[i], widths[i])
		if text == "" {
			spaces += widths[i]
			continue
		}
		free := widths[i] - Width(text)
		if t.Columns[i].Right {
			spaces += free
			free = 0
		}
		out.WriteString(strings.Repeat(" ", spaces))
		if code := paint(i); code != "" && t.Paint != nil {
			text = "\x1b[" + code + "m" + text + "\x1b[0m"
		}
		out.WriteString(text)
		spaces = free
	}
	out.WriteString("\n")
}

// above writes the line above a row, behind an empty one unless it is the first.
func (t Table) above(out *strings.Builder, row, width int) {
	text := Line(t.Above(row))
	if text == "" {
		return
	}
	if width > 0 {
		text = Cut(text, width)
	}
	if t.Paint != nil {
		text = "\x1b[" + bold + "m" + text + "\x1b[0m"
	}
	if out.Len() > 0 {
		out.WriteString("\n")
	}
	out.WriteString(text + "\n")
}

// Width is how many columns of a terminal a text takes.
func Width(text string) int {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return uniseg.StringWidth(text)
		}
	}
	return len(text)
}

// Line is a text on one line, without what a terminal would obey.
func Line(text string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == utf8.RuneError || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, text)
	if clean == text && !strings.Contains(text, "  ") {
		return text
	}
	return strings.Join(strings.FieldsFunc(clean, func(r rune) bool { return r == ' ' }), " ")
}

// Cut is a line of at most so many columns of a terminal. What is left out is marked with
// …, behind a word where one ends near enough.
func Cut(text string, width int) string {
	if Width(text) <= width {
		return text
	}
	if width <= 1 {
		return strings.Repeat("…", max(width, 0))
	}
	end, word, at := 0, 0, 0
	for rest, state := text, -1; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if cluster == " " {
			word = end
		}
		if at += w; at > width-1 {
			break
		}
		end += len(cluster)
	}
	if word > end/3 {
		end = word
	}
	return strings.TrimRight(text[:end], " ,;:.-–") + "…"
}
