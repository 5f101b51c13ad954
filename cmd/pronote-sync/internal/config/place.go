package config

import (
	"slices"
	"strconv"

	"github.com/pelletier/go-toml/v2/unstable"
)

// A place is where a value comes from: a line and column of the file, both from
// 1 and in bytes, or an environment variable.
type place struct {
	line, column int
	variable     string
}

// A spot is a key, a table or an element of a list, with what is inside it. The
// elements of a list are named "0", "1" and so on.
type spot struct {
	place
	inside map[string]*spot
	tables int  // how many [[tables]] of this name there are
	wrong  bool // a problem was noted
}

// enter returns what is inside under a name, and adds it if need be.
func (s *spot) enter(name string, p place) *spot {
	if s.inside[name] == nil {
		s.inside[name] = &spot{place: p, inside: map[string]*spot{}}
	}
	return s.inside[name]
}

// find follows names inwards, as far as it can.
func (s *spot) find(names ...string) *spot {
	for _, name := range names {
		next, ok := s.inside[name]
		if !ok {
			break
		}
		s = next
	}
	return s
}

// A locator walks through a document to note where all keys are.
type locator struct {
	lines []int // where they start
	parse unstable.Parser
}

// locate finds all keys of a document. It must be sound.
func locate(text []byte) *spot {
	l := &locator{lines: []int{0}}
	for i, c := range text {
		if c == '\n' {
			l.lines = append(l.lines, i+1)
		}
	}
	root := &spot{place: place{line: 1, column: 1}, inside: map[string]*spot{}}
	table := root
	l.parse.Reset(text)
	for l.parse.NextExpression() {
		if e := l.parse.Expression(); e.Kind == unstable.KeyValue {
			l.value(l.key(table, e), e.Value())
		} else {
			table = l.key(root, e)
		}
	}
	return root
}

// key enters a dotted key. A list of tables stands for its last one.
func (l *locator) key(s *spot, e *unstable.Node) *spot {
	for parts := e.Key(); parts.Next(); {
		part := parts.Node()
		p := l.place(part)
		s = s.enter(string(part.Data), p)
		if e.Kind == unstable.ArrayTable && parts.IsLast() {
			s.tables++
		}
		if s.tables > 0 {
			s = s.enter(strconv.Itoa(s.tables-1), p)
		}
	}
	return s
}

// value notes what is inside a value.
func (l *locator) value(s *spot, v *unstable.Node) {
	n := 0
	for children := v.Children(); children.Next(); n++ {
		child := children.Node()
		switch v.Kind {
		case unstable.InlineTable:
			l.value(l.key(s, child), child.Value())
		case unstable.Array:
			p := s.place
			if child.Raw.Length > 0 { // lists and tables do not say where they are
				p = l.place(child)
			}
			l.value(s.enter(strconv.Itoa(n), p), child)
		}
	}
}

func (l *locator) place(n *unstable.Node) place {
	offset := int(n.Raw.Offset)
	line, found := slices.BinarySearch(l.lines, offset)
	if found {
		line++
	}
	return place{line: line, column: offset - l.lines[line-1] + 1}
}
