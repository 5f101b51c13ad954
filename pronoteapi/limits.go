//lint:file-ignore ST1005 clients know this sentence

package pronoteapi

import (
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// What one query may cost. The introspection of the reference client has some 1,000
// tokens and is 14 levels deep; a query of every field there is has 1,500.
const (
	maxTokens   = 10_000
	maxFields   = 3_000    // with those of fragments, each time that they are spread
	maxDepth    = 30       // levels of selections
	maxRoots    = 100      // fields of the operation itself, each of which may be a request
	maxAnswer   = 16 << 20 // bytes, roughly, in memory and as JSON
	valueSize   = 32       // of them, for a value that is no text
	maxFailures = 1_000    // told in one answer
)

var errTooMuch = say("the answer is larger than this server sends: ask for less at once")

// measure refuses what would cost too much before anything looks at it closely:
// comparing the fields of one object with each other takes the square of their number.
func measure(document *ast.QueryDocument) error {
	s := scale{fragments: document.Fragments, known: map[string]weight{}, open: map[string]bool{}}
	for _, operation := range document.Operations {
		w, err := s.weigh(operation.SelectionSet)
		switch {
		case err != nil:
			return err
		case w.fields > maxFields:
			return fmt.Errorf("the query has more than %d fields, those of fragments included: split it", maxFields)
		case w.depth > maxDepth:
			return fmt.Errorf("the query is more than %d levels deep: ask for less", maxDepth)
		case w.roots > maxRoots:
			return fmt.Errorf("the query has more than %d fields at its top: split it", maxRoots)
		}
	}
	for _, fragment := range document.Fragments { // those that nothing spreads are looked at too
		if w, err := s.weigh(fragment.SelectionSet); err != nil || w.fields > maxFields || w.depth > maxDepth {
			return errors.Join(err, fmt.Errorf("the fragment %q is too large: split it", fragment.Name))
		}
	}
	return nil
}

type weight struct{ fields, depth, roots int }

// A scale weighs selections, each fragment once.
type scale struct {
	fragments ast.FragmentDefinitionList
	known     map[string]weight
	open      map[string]bool // those around what is being weighed
}

func (s *scale) weigh(set ast.SelectionSet) (total weight, err error) {
	for _, selection := range set {
		var w weight
		switch selection := selection.(type) {
		case *ast.Field:
			w, err = s.weigh(selection.SelectionSet)
			w = weight{w.fields + 1, w.depth + 1, 1}
		case *ast.InlineFragment:
			w, err = s.weigh(selection.SelectionSet)
			w.depth++
			w.fields++
		case *ast.FragmentSpread:
			w, err = s.spread(selection.Name)
		}
		if err != nil {
			return weight{}, err
		}
		total.fields = min(total.fields+w.fields, maxFields+1)
		total.roots = min(total.roots+w.roots, maxRoots+1)
		total.depth = max(total.depth, w.depth)
	}
	return total, nil
}

func (s *scale) spread(name string) (weight, error) {
	if s.open[name] {
		return weight{}, say("Cannot spread fragment %q within itself.", name)
	}
	if w, ok := s.known[name]; ok {
		return w, nil
	}
	fragment := s.fragments.ForName(name)
	if fragment == nil {
		return weight{fields: 1}, nil // which validation refuses
	}
	s.open[name] = true
	defer delete(s.open, name)
	w, err := s.weigh(fragment.SelectionSet)
	w.fields++
	w.depth++
	s.known[name] = w
	return w, err
}
