package wording

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"text/template"

	"github.com/pronote-sync/pronote-sync/civil"
)

// maxTemplate bounds a file of templates, in bytes; the longest of ours has some
// 7,000.
const maxTemplate = 64 << 10

// layOver reads a person's templates, each file on top of those before it. A file
// with a mistake is left out.
func (w *Wording) layOver(l *Language, own fs.FS, name string) {
	files, err := fs.Glob(own, name+"/*.tmpl")
	if err != nil {
		l.warn(err)
	}
	for _, file := range files {
		under := l.shipped
		if l.own != nil {
			under = l.own
		}
		over, err := overlay(own, file, under)
		if err == nil {
			err = w.rehearse(l, over)
		}
		if err != nil {
			l.warn(fmt.Errorf("%s is not used: %w", file, err))
			continue
		}
		l.own = over
	}
}

// overlay reads a file of templates on top of others.
func overlay(own fs.FS, file string, under *template.Template) (*template.Template, error) {
	info, err := fs.Stat(own, file)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxTemplate {
		return nil, fmt.Errorf("it has more than %d bytes", maxTemplate)
	}
	text, err := fs.ReadFile(own, file)
	if err != nil {
		return nil, err
	}
	over, err := under.Clone()
	if err == nil {
		_, err = over.New(file).Parse(string(text))
	}
	if err != nil {
		return nil, err
	}
	defined := 0
	for _, t := range over.Templates() {
		before := under.Lookup(t.Name())
		if before != nil && before.Tree == t.Tree || t.Name() == file {
			continue
		}
		if before == nil && isTold(t.Name()) {
			return nil, fmt.Errorf("nothing is called %q", t.Name())
		}
		defined++
		writeNothingAsNothing(t)
	}
	if defined == 0 {
		return nil, errors.New(`it defines nothing: {{define "mark.new"}} … {{end}} words a new mark`)
	}
	return over, nil
}

// isTold reports whether a template has the name of a kind of event, and not of a
// part that others share.
func isTold(name string) bool { return strings.Contains(name, ".") }

// rehearse words one event of each kind, and two of those that are worded together.
func (w *Wording) rehearse(l *Language, set *template.Template) error {
	samples := w.samples()
	for _, kind := range slices.Sorted(maps.Keys(samples)) {
		sample := samples[kind]
		sample.Kind, sample.All, sample.Count = kind, []Facts{sample.Facts, sample.Facts}, 2
		for _, reveal := range []Reveal{Full, Spoiler, Hint} {
			for _, admin := range []bool{false, true} {
				to := Reader{Reveal: reveal, NoClass: admin, Admin: admin, Now: rehearsal}
				if _, _, err := l.run(set, kind, sample, to); err != nil {
					return err
				}
				if _, _, err := l.runMaybe(set, "line "+kind, sample, to); err != nil && set.Lookup("line "+kind) != nil {
					return err
				}
				if set.Lookup("group "+kind) == nil {
					continue
				}
				if _, _, err := l.run(set, "group "+kind, sample, to); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// rehearsal is when the samples are told.
var rehearsal = civil.DateTime{Date: civil.Date{Year: 2025, Month: 11, Day: 18}, Hour: 12}
