package server

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
	"github.com/pronote-sync/pronote-sync/notekfet/pgtest"
)

// TestEachCodeIsProvoked holds that the cases have the server say every code it
// has. What they want is what it said, or they fail. 9 and 10 are reserved, 806 is of
// a file that this server does not make.
func TestEachCodeIsProvoked(t *testing.T) {
	t.Parallel()
	provoked := map[notekfet.Code]bool{9: true, 10: true, 806: true}
	for _, c := range readCases(t) {
		for _, step := range c.Steps {
			if code, ok := step["rc"].(float64); ok {
				provoked[notekfet.Code(code)] = true
			}
			entries, _ := step["msg"].([]any)
			for _, e := range entries { // of consos, transferts and dons
				if entry, ok := e.([]any); ok && len(entry) == 3 {
					if code, ok := entry[0].(float64); ok {
						provoked[notekfet.Code(code)] = true
					}
				}
			}
		}
	}
	for _, code := range notekfet.Codes() {
		if !provoked[code] {
			t.Errorf("no case has the server say %d", code)
		}
	}
	if len(notekfet.Codes()) != 73 {
		t.Errorf("%d codes, the protocol has 73", len(notekfet.Codes()))
	}
}

// TestACrashIsAnIncident has a command panic: the client learns a number, the log the
// place, and nobody what was asked.
func TestACrashIsAnIncident(t *testing.T) {
	t.Parallel()
	b := open(t, func(c *Config) { c.Specials = nil })
	c := b.hello(t)
	a := c.want(666, `["login", ["vincent", "secretive", "special", []]]`)
	incident := regexp.MustCompile(`incident ([A-Z0-9]{8})$`).FindStringSubmatch(a.Errmsg)
	if incident == nil || !strings.Contains(b.log.String(), incident[1]) || !strings.Contains(b.log.String(), "login.go") {
		t.Errorf("%s\n%s", a.Errmsg, b.log)
	}
	if strings.Contains(a.Errmsg+b.log.String(), "secretive") {
		t.Error("the password is told")
	}
	c.want(0, `["help"]`)
}

// fullCost makes passwords cost what they do outside tests.
var fullCost func()

func TestMain(m *testing.M) {
	fullCost = password.TestOnlyWeaken()
	_ = flag.Set("test.parallel", "8") // most tests wait for the disk
	pgtest.Main(m)
}

// A conformanceCase is bytes in and what must come out. Each starts from the
// fixture. Users are named as in it; "raw" has not said hello, "anonymous" has not
// logged in, and what follows # tells connections of one user apart. In what is
// sent, @bob is the idServer of bob's connection and @word what an earlier step
// saved. In what is expected, "*" is anything, objects may have more keys, and
// lists have as many elements. Steps that ask nobody anything are "later", which
// has the ledger's clock advance, "beside", a statement of another program, and
// "mailbox", "broken" for one that takes no mail.
type conformanceCase struct {
	N        string           `json:"n"`
	Steps    []map[string]any `json:"steps"`
	Balances map[string]int64 `json:"balances"`
	Stops    bool             `json:"stops"` // the server is gone at the end
}

func readCases(t testing.TB) []conformanceCase {
	t.Helper()
	text, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []conformanceCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 150 {
		t.Fatalf("only %d cases", len(cases))
	}
	return cases
}

func TestConformanceOnSQLite(t *testing.T) {
	t.Parallel()
	for _, c := range readCases(t) {
		t.Run(c.N, func(t *testing.T) {
			t.Parallel()
			c.run(t, open)
		})
	}
}

func TestConformanceOnPostgres(t *testing.T) {
	t.Parallel()
	cluster := pgtest.Shared(t)
	for _, c := range readCases(t) {
		t.Run(c.N, func(t *testing.T) {
			t.Parallel()
			c.run(t, func(t testing.TB, change func(*Config)) *bar { return openOn(t, onPostgres(t, cluster), change) })
		})
	}
}

// A play is a case being run.
type play struct {
	t     testing.TB
	bar   *bar
	conns map[string]*customer
	saved map[string]string
}

func (c conformanceCase) run(t *testing.T, open func(testing.TB, func(*Config)) *bar) {
	mail := filepath.Join(t.TempDir(), "mail")
	p := &play{t: t, conns: map[string]*customer{}, saved: map[string]string{}}
	p.bar = open(t, func(c *Config) { c.Mail = []string{"sh", "-c", "cat > " + mail} })
	for i, step := range c.Steps {
		p.step(fmt.Sprintf("step %d", i+1), step, mail)
	}
	if c.Stops {
		select {
		case err := <-p.bar.done:
			p.bar.done <- err
		case <-time.After(10 * time.Second):
			t.Error("the server did not stop")
		}
	}
	for id, want := range c.Balances {
		n, _ := strconv.ParseInt(id, 10, 64)
		err := p.bar.ledger.View(t.Context(), func(tx *ledger.Tx) error {
			a, err := tx.Account(n)
			if err == nil && int64(a.Balance) != want {
				t.Errorf("account %d has %d, want %d", n, a.Balance, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if wrong, err := p.bar.ledger.Audit(t.Context()); err != nil || len(wrong) > 0 {
		t.Error(wrong, err)
	}
	for _, text := range []string{"plop", "1990199012345", "argon2"} {
		if strings.Contains(p.bar.log.String(), text) {
			t.Errorf("the log holds %q", text)
		}
	}
}

// who is the connection of a name, made when it is first needed.
func (p *play) who(name string) *customer {
	if c := p.conns[name]; c != nil {
		return c
	}
	user, _, _ := strings.Cut(name, "#")
	var c *customer
	switch user {
	case "raw":
		c = p.bar.dial(p.t)
	case "anonymous":
		c = p.bar.hello(p.t)
	default:
		c = p.bar.as(p.t, user)
	}
	p.conns[name] = c
	return c
}

func (p *play) step(name string, step map[string]any, mail string) {
	t := p.t
	who, asks := step["who"].(string)
	if !asks {
		p.meanwhile(step, mail)
		return
	}
	c := p.who(who)
	send := ""
	if fill, ok := step["fill"].([]any); ok {
		send = fill[0].(string) + strings.Repeat(fill[1].(string), int(fill[2].(float64))) + fill[3].(string)
	}
	if text, ok := step["send"].(string); ok {
		send = p.expand(text)
	}
	if step["mail"] != nil {
		_ = os.Remove(mail)
	}
	start := time.Now()
	switch {
	case step["slowly"] == true:
		for _, b := range []byte(send) {
			c.send(string(b))
		}
	case send != "":
		c.send(send)
	}
	if step["half"] == true {
		if err := c.conn.CloseWrite(); err != nil {
			t.Fatal(err)
		}
	}
	want, answered := step["rc"].(float64)
	if answered {
		a, err := c.read()
		if err != nil {
			t.Fatalf("%s: %.200s: %v", name, send, err)
		}
		if a.Code != int(want) {
			t.Errorf("%s: %.300s: %d %s, want %d", name, send, a.Code, a.Errmsg, int(want))
		}
		if !slices.Contains(notekfet.Codes(), notekfet.Code(a.Code)) {
			t.Errorf("%s: code %d does not exist", name, a.Code)
		}
		p.check(name, step, a)
	}
	if within, ok := step["within"].(float64); ok && time.Since(start) > time.Duration(within*float64(time.Second)) {
		t.Logf("%s: answered after %v", name, time.Since(start))
	}
	if step["closed"] == true {
		if _, err := c.read(); err == nil {
			t.Errorf("%s: the connection is still open", name)
		}
	}
	if wanted, ok := step["mail"].(bool); ok {
		text, err := os.ReadFile(mail)
		if (err == nil) != wanted {
			t.Errorf("%s: mail sent: %v, want %v", name, err == nil, wanted)
		}
		for _, line := range strings.Split(string(text), "\n") {
			if len(line) >= 20 && strings.Trim(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == "" {
				p.saved["token"] = line
			}
		}
	}
}

// meanwhile is a step at which something happens to the server.
func (p *play) meanwhile(step map[string]any, mail string) {
	switch {
	case step["later"] != nil:
		d, err := time.ParseDuration(step["later"].(string))
		if err != nil {
			p.t.Fatal(err)
		}
		p.bar.later.Add(int64(d))
	case step["beside"] != nil:
		p.bar.beside(p.t, step["beside"].(string))
	case step["mailbox"] == "broken":
		if err := os.Mkdir(mail, 0o700); err != nil {
			p.t.Fatal(err)
		}
	default:
		p.t.Fatalf("%v is no step", step)
	}
}

// expand puts what was saved, and numbers of connections, into a request.
func (p *play) expand(text string) string {
	for name, value := range p.saved {
		text = strings.ReplaceAll(text, "@"+name, value)
	}
	for name, c := range p.conns {
		if strings.Contains(text, "[@"+name+",") {
			id := c.want(0, `["myconnection"]`).Msg.(map[string]any)["idServer"]
			text = strings.ReplaceAll(text, "@"+name, fmt.Sprint(id))
		}
	}
	return text
}

func (p *play) check(name string, step map[string]any, a answer) {
	t := p.t
	wrong := func(what string, args ...any) {
		t.Errorf("%s: %v: %s, got %.600s", name, step["send"], fmt.Sprintf(what, args...), a.text())
	}
	if want, ok := step["msg"]; ok && !like(want, a.Msg) {
		text, _ := json.Marshal(want)
		wrong("want %s", text)
	}
	list, _ := a.Msg.([]any)
	if n, ok := step["count"].(float64); ok && len(list) != int(n) {
		wrong("want %d elements", int(n))
	}
	wanted, _ := step["has"].([]any)
	for _, want := range wanted {
		if !slices.ContainsFunc(list, func(v any) bool { return like(want, v) }) {
			wrong("want %v in it", want)
		}
	}
	object, _ := a.Msg.(map[string]any)
	unwanted, _ := step["lacks"].([]any)
	for _, key := range unwanted {
		if _, ok := object[key.(string)]; ok {
			wrong("%v should not be there", key)
		}
	}
	text, _ := a.Msg.(string)
	for _, test := range []struct {
		key string
		ok  func(want string) bool
	}{
		{"errmsg", func(want string) bool { return strings.Contains(a.Errmsg, want) }},
		{"contains", func(want string) bool { return strings.Contains(a.text(), want) }},
		{"avoids", func(want string) bool { return !strings.Contains(a.text(), want) }},
		{"starts", func(want string) bool { return strings.HasPrefix(text, want) }},
		{"begins", func(want string) bool { return strings.HasPrefix(text, want) }},
		{"holds", func(want string) bool { return strings.Contains(text, want) }},
	} {
		if want, ok := step[test.key].(string); ok && !test.ok(want) {
			wrong("%s %q, errmsg is %q", test.key, want, a.Errmsg)
		}
	}
	if a.Code != 0 && !notekfet.Code(a.Code).Success() && a.Errmsg == "" {
		wrong("a refusal says nothing")
	}
	if key, ok := step["save"].(string); ok {
		p.saved[key] = a.text()
	}
	if path, ok := step["save2"].([]any); ok {
		v := a.Msg
		for _, at := range path[1:] {
			switch at := at.(type) {
			case string:
				v = v.(map[string]any)[at]
			case float64:
				v = v.([]any)[int(at)]
			}
		}
		p.saved[path[0].(string)] = fmt.Sprint(v)
	}
}

// like reports whether a value is as wanted.
func like(want, got any) bool {
	switch want := want.(type) {
	case string:
		return want == "*" || want == got
	case float64:
		n, ok := got.(json.Number)
		return ok && n.String() == strconv.FormatFloat(want, 'f', -1, 64)
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return false
		}
		for i, w := range want {
			if !like(w, list[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		object, ok := got.(map[string]any)
		for key, w := range want {
			v, there := object[key]
			if !there || !like(w, v) {
				return false
			}
		}
		return ok
	}
	return want == got
}
