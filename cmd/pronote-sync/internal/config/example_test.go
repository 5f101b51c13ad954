package config

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/notifiers"
)

const example = "../../../../config.toml.example"

// In the example, "#key = value" belongs to a stanza that is commented out as a
// whole, and "#   key = value" is a line that may be added to its stanza.
var (
	exampleHeader = regexp.MustCompile(`^#?\[+([a-z]+)\]+`)
	exampleKey    = regexp.MustCompile(`^#? *([a-z_]+) = `)
	exampleExtra  = regexp.MustCompile(`^#   ([a-z_]+) = `)
)

// A stanza is what the example says under one header; the first has none.
type stanza struct {
	table  string
	lines  []string
	hidden bool // it is commented out
}

func exampleStanzas(t testing.TB) []stanza {
	t.Helper()
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	stanzas := []stanza{{}}
	for line := range strings.Lines(string(text)) {
		if header := exampleHeader.FindStringSubmatch(line); header != nil {
			stanzas = append(stanzas, stanza{table: header[1], hidden: line[0] == '#'})
		}
		last := &stanzas[len(stanzas)-1]
		last.lines = append(last.lines, line)
	}
	return stanzas
}

// text is the stanza without its own comment signs, and with an extra line
// unless that is negative. Another way to give the same secret gives way to it.
func (s stanza) text(extra int) string {
	var b strings.Builder
	for i, line := range s.lines {
		switch {
		case i == extra:
			line = line[1:]
		case exampleExtra.MatchString(line):
			continue
		case s.hidden && (exampleKey.MatchString(line) || exampleHeader.MatchString(line)):
			line = line[1:]
		}
		if extra >= 0 && i != extra && secretOf(line) != "" && secretOf(line) == secretOf(s.lines[extra]) {
			continue
		}
		b.WriteString(line)
	}
	return b.String()
}

// secretOf is the secret that a line gives, "" when none.
func secretOf(line string) string {
	if key := exampleKey.FindStringSubmatch(line); key != nil {
		for _, secret := range []string{"password", "token", "topic", "pin"} {
			if strings.HasPrefix(key[1], secret) {
				return secret
			}
		}
	}
	return ""
}

// keys are those that a stanza shows.
func (s stanza) keys() []string {
	var keys []string
	for _, line := range s.lines {
		if key := exampleKey.FindStringSubmatch(line); key != nil {
			keys = append(keys, key[1])
		}
	}
	return keys
}

func TestExampleLoads(t *testing.T) {
	t.Parallel()
	stanzas := exampleStanzas(t)
	variants := 0
	for i, s := range stanzas {
		for extra := -1; extra < len(s.lines); extra++ {
			if extra >= 0 && !exampleExtra.MatchString(s.lines[extra]) {
				continue
			}
			var b strings.Builder
			for j, other := range stanzas {
				if j == i {
					b.WriteString(s.text(extra))
				} else if !other.hidden {
					b.WriteString(other.text(-1))
				}
			}
			c, err := newHome(t).load(t, b.String())
			if err != nil || len(c.Warnings) > 0 {
				t.Errorf("[%s] with line %d: %v, %v", s.table, extra, err, c)
			}
			if s.hidden && s.table == "notify" && err == nil && len(c.Recipients) != 1 {
				t.Errorf("[%s] has %d recipients, want 1", s.table, len(c.Recipients))
			}
			variants++
		}
	}
	if variants < 30 {
		t.Errorf("only %d variants of the example were found", variants)
	}
}

func TestExampleShowsTheDefaults(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, s := range exampleStanzas(t) {
		if !s.hidden {
			b.WriteString(s.text(-1))
		}
	}
	h := newHome(t)
	shown, err := h.load(t, b.String())
	if err != nil {
		t.Fatal(err)
	}
	defaults, err := h.load(t, lea)
	if err != nil {
		t.Fatal(err)
	}
	shown.Accounts, defaults.Accounts = nil, nil
	if !reflect.DeepEqual(shown, defaults) {
		t.Errorf("the example is  %+v\nthe defaults are %+v", shown, defaults)
	}
}

// Wallets and persons were once left out of the kinds of events that there are, and
// the agenda of what has files. With -update the example is completed.
func TestExampleNamesAll(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	want := completed(string(text))
	switch diff := cmp.Diff(string(text), want); {
	case diff == "":
	case !*update:
		t.Error("run the tests with -update: the example lacks (+)\n", diff)
	default:
		if err := os.WriteFile(example, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// completed is the example with all that can be scheduled, told and kept. What it
// says of a schedule stays.
func completed(text string) string {
	var schedules string
	var families []string
	for _, d := range Domains() {
		line := fmt.Sprintf("%s = %q", d.Name, d.Schedule)
		_, rest, _ := strings.Cut(text, "\n"+line)
		comment, _, _ := strings.Cut(rest, "\n")
		schedules += line + comment + "\n"
	}
	for _, kind := range Domains().EventKinds() {
		if family, _, _ := strings.Cut(kind, "."); !slices.Contains(families, family) {
			families = append(families, family)
		}
	}
	for pattern, now := range map[string]string{
		`(?m)(^\[schedule\]\n)(?:.+\n)*`:                              schedules,
		`(?m)(^keep = \[\]).*$`:                                       "                 # or some of " + list(Domains().Files()),
		`(?m)(^# There are events of these families:\n)(?:#   .*\n)*`: wrapped(families),
	} {
		text = regexp.MustCompile(pattern).ReplaceAllString(text, "${1}"+now)
	}
	return text
}

// list is a list of texts as TOML has it.
func list(texts []string) string { return `["` + strings.Join(texts, `", "`) + `"]` }

// wrapped are names in lines of comment.
func wrapped(names []string) (lines string) {
	line := "#  "
	for i, name := range names {
		if i < len(names)-1 {
			name += ","
		}
		if len(line)+1+len(name) > 90 {
			lines, line = lines+line+"\n", "#  "
		}
		line += " " + name
	}
	return lines + line + "\n"
}

func TestExampleShowsAllKeys(t *testing.T) {
	t.Parallel()
	shown := map[string][]string{}
	stanzas := exampleStanzas(t)
	for _, s := range stanzas {
		table := s.table
		if table == "notify" {
			table = channelOf(t, s)
		}
		shown[table] = append(shown[table], s.keys()...)
	}
	check := func(table, key string) {
		t.Helper()
		if secret := secretOf(key + " = "); slices.Contains(shown[table], secret+inFile) && secret == "pin" {
			return // the example says that there are four ways
		}
		if !slices.Contains(shown[table], key) {
			t.Errorf("the example does not show %s in [%s]", key, table)
		}
	}
	for kind, settings := range channels() {
		secrets := notifiers.SecretKeys(kind)
		for field := range reflect.TypeOf(settings).Elem().Fields() {
			key := field.Tag.Get("toml")
			if slices.Contains(secrets, key) && slices.Contains(shown[kind], key+inFile) {
				continue // the example says that there are four ways
			}
			check(kind, key)
		}
	}
	// What is not a channel's own is asked for in this package.
	h := newHome(t)
	root, err := open(h.write(t, "config.toml", "[schedule]\n[spans]\n[budget]\n[infos]\n[files]\n[backup]\n[messages]\n"+lea+"[[account]]\nname = 'bar'\nkind = 'notekfet'\n[[portal]]\nid = 'x'\n[[notify]]\nchannel = 'command'\ncommand = ['x']"), h.outside())
	if err != nil {
		t.Fatal(err)
	}
	root.config()
	tables := map[*spot]string{root.spot: "", root.spot.find("account", "0"): "account", root.spot.find("account", "1"): "account", root.spot.find("notify", "0"): "telegram", root.spot.find("portal", "0"): "portal"}
	for _, name := range []string{"schedule", "spans", "budget", "infos", "files", "backup", "messages"} {
		tables[root.spot.find(name)] = name
	}
	for _, asked := range root.asked {
		table, ok := tables[asked.spot]
		if !ok {
			t.Errorf("this test does not know the table with %v", asked.known)
		}
		for _, key := range asked.known {
			if key != "command" && !slices.ContainsFunc(stanzas, func(s stanza) bool { return table == "" && s.table == key }) {
				check(table, key)
			}
		}
	}
}

// channelOf is the kind of channel of a stanza.
func channelOf(t *testing.T, s stanza) string {
	t.Helper()
	for _, line := range s.lines {
		if _, kind, ok := strings.Cut(line, `channel = "`); ok {
			return strings.TrimRight(kind, "\"\n")
		}
	}
	t.Fatalf("no channel in %q", s.lines)
	return ""
}
