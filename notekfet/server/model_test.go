package server

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// A model is the ledger in a hundred lines: what each command should answer, and
// what every balance should be.
type model struct {
	balance map[int64]int64
	blocked map[int64]bool
	rows    []modelRow // that the model has seen being made
}

type modelRow struct {
	id, from, to, sum int64
	kind              string
	valid             bool
}

var (
	modelClubs  = map[int64]bool{0: true, 7: true}
	modelStale  = map[int64]bool{5: true}                         // not up to date
	modelPrices = map[int64]int64{1: 110, 3: 200}                 // both pay account 0
	modelForce  = map[string]int{"alice": 3, "dora": 2, "ivy": 3} // how negative they may make others
	modelIDs    = map[string]int64{"alice": 1, "bob": 2, "carl": 3, "dora": 4, "ivy": 10}
)

func newModel(l *ledger.Ledger, t interface{ Fatal(...any) }) *model {
	m := &model{balance: map[int64]int64{}, blocked: map[int64]bool{6: true}}
	err := l.View(background, func(tx *ledger.Tx) error {
		list, err := tx.Accounts()
		for _, a := range list {
			if !a.Deleted {
				m.balance[a.ID] = int64(a.Balance)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// level is how negative a balance is, with the thresholds of the fixture.
func modelLevel(balance int64) int {
	switch {
	case balance >= 0:
		return 0
	case balance >= -1000:
		return 1
	case balance >= -5000:
		return 2
	}
	return 3
}

// move is one elementary transaction; it returns the code of its entry.
func (m *model) move(user, kind string, from, to, sum int64, reason string) int {
	_, there := m.balance[from]
	_, here := m.balance[to]
	pair := kind == "transfert" || kind == "don"
	switch {
	case pair && from == to:
		return 4
	case !there || !here:
		return 303
	case pair && (modelClubs[from] || modelClubs[to]) && reason == "":
		return 307
	case m.blocked[from] || m.blocked[to]:
		return 306
	case kind != "credit" && kind != "retrait" && modelStale[from], pair && modelStale[to]:
		return 304
	}
	after, code := m.balance[from]-sum, 0
	if from == to {
		after = m.balance[from]
	}
	switch {
	case kind == "don" && after < 0:
		return 300
	case kind == "don" || kind == "credit" || from <= 0 || sum == 0:
	case modelLevel(after) >= 2:
		if code = 140; modelForce[user] < modelLevel(after) {
			return 300
		}
	}
	m.balance[from] -= sum
	m.balance[to] += sum
	return code
}

// settle undoes a row or makes it count again.
func (m *model) settle(user string, r *modelRow, valid bool) int {
	payer, payee, code := r.from, r.to, 0
	if !valid {
		payer, payee = payee, payer
	}
	after := m.balance[payer] - r.sum
	switch {
	case valid && r.valid:
		return 310
	case !valid && !r.valid:
		return 311
	case m.blocked[payer] || m.blocked[payee]:
		return 306
	case valid && r.kind == "don":
		if after < 0 {
			return 314
		}
	case (!valid || r.kind != "credit") && payer > 0 && r.sum != 0 && modelLevel(after) >= 2:
		if code = 140; modelForce[user] < modelLevel(after) {
			return 314
		}
	}
	r.valid = valid
	m.balance[payer] -= r.sum
	m.balance[payee] += r.sum
	return code
}

// A command is a request and the codes that the model wants: of the whole, and of
// the entries.
type modelStep struct {
	user, request string
	code          int
	entries       []int
}

// draw makes a command and has the model take it.
func (m *model) draw(pick func(n int) int, rows func(kind string, from, to, sum int64, valid bool)) modelStep {
	choose := func(list ...int64) int64 { return list[pick(len(list))] }
	accounts := func() int64 { return choose(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 424242) }
	amount := choose(0, 1, 50, 110, 400, 999, 2500, 7000)
	user := []string{"alice", "carl", "dora", "ivy"}[pick(4)]
	note := func(kind string, from, to, sum int64, code int) int {
		if code == 0 || code == 140 {
			rows(kind, from, to, sum, true)
		} else if code == 300 && (kind == "consos" || kind == "transfert") {
			rows(kind, from, to, sum, false)
		}
		return code
	}
	switch pick(6) {
	case 0:
		var list [][3]int64
		var entries []int
		for range 1 + pick(4) {
			item := [3]int64{choose(1, 3, 99), accounts(), choose(1, 2, 7)}
			list = append(list, item)
			price, exists := modelPrices[item[0]]
			if !exists {
				entries = append(entries, 303)
				continue
			}
			entries = append(entries, note("consos", item[1], 0, price*item[2], m.move(user, "consos", item[1], 0, price*item[2], "")))
		}
		return modelStep{user, asked("consos", list), 0, entries}
	case 1:
		from, to, reason := []int64{accounts(), accounts()}, []int64{accounts(), accounts()}, []string{"", "x"}[pick(2)]
		var entries []int
		for _, f := range from {
			for _, t := range to {
				entries = append(entries, note("transfert", f, t, amount, m.move(user, "transfert", f, t, amount, reason)))
			}
		}
		return modelStep{user, asked("transferts", []any{from, to, amount, reason}), 0, entries}
	case 2:
		user = []string{"alice", "bob", "carl", "dora", "ivy"}[pick(5)]
		to, reason, me := []int64{accounts(), accounts()}, []string{"", "x"}[pick(2)], modelIDs[user]
		var entries []int
		for _, t := range to {
			entries = append(entries, note("don", me, t, amount, m.move(user, "don", me, t, amount, reason)))
		}
		return modelStep{user, asked("dons", []any{to, amount, reason}), 0, entries}
	case 3:
		to := accounts()
		return modelStep{user, asked("crediter", []any{to, amount, "especes", nil}), note("credit", -1, to, amount, m.move(user, "credit", -1, to, amount, "")), nil}
	case 4:
		from := accounts()
		return modelStep{user, asked("retirer", []any{from, amount, "especes", nil}), note("retrait", from, -1, amount, m.move(user, "retrait", from, -1, amount, "")), nil}
	}
	if len(m.rows) == 0 {
		return modelStep{user, `["help"]`, 0, nil}
	}
	r, valid := &m.rows[pick(len(m.rows))], pick(2) == 0
	if r.kind == "don" && user != "alice" && user != "carl" && user != "dora" && user != "ivy" {
		return modelStep{user, `["help"]`, 0, nil}
	}
	return modelStep{user, asked(map[bool]string{true: "valider_transaction", false: "devalider_transaction"}[valid], r.id), m.settle(user, r, valid), nil}
}

func asked(command string, parameter any) string {
	text, err := json.Marshal([]any{command, parameter})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// TestSessionsAgreeWithTheModel plays random sessions against the server, on each
// kind of database, and against the model.
func TestSessionsAgreeWithTheModel(t *testing.T) {
	t.Parallel()
	for _, kind := range bars(t) {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			b := kind.open(t)
			b.agrees(t)
			sound(t, b)
		})
	}
}

func (b *bar) agrees(t *testing.T) {
	users := map[string]*customer{}
	for user := range modelIDs {
		users[user] = b.as(t, user)
	}
	m := newModel(b.ledger, t)
	// Rows are numbered one after the other: those that the fixture has end at 1004.
	next := int64(1004)
	rapid.Check(t, func(t *rapid.T) {
		pick := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "pick") }
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			step := m.draw(pick, func(kind string, from, to, sum int64, valid bool) {
				next++
				m.rows = append(m.rows, modelRow{next, from, to, sum, kind, valid})
			})
			a := users[step.user].ask(step.request)
			if a.Code != step.code {
				t.Fatalf("%s: %s: %d %s, want %d", step.user, step.request, a.Code, a.Errmsg, step.code)
			}
			for i, want := range step.entries {
				if got := fmt.Sprint(a.Msg.([]any)[i].([]any)[0]); got != fmt.Sprint(want) {
					t.Fatalf("%s: %s: entry %d is %s, want %d", step.user, step.request, i, got, want)
				}
			}
		}
		for id, got := range newModel(b.ledger, t).balance {
			if got != m.balance[id] {
				t.Fatalf("account %d has %d, want %d", id, got, m.balance[id])
			}
		}
	})
}

// sound checks the invariants that hold whatever was asked.
func sound(t testing.TB, b *bar) {
	t.Helper()
	if wrong, err := b.ledger.Audit(background); err != nil || len(wrong) > 0 {
		t.Error(wrong, err)
	}
}

// TestFiftyAtOnceLoseNothing has many users draw at once: every request is
// answered, nobody without forced rights makes an account too negative, and the
// money adds up.
func TestFiftyAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range bars(t) {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			b := kind.open(t)
			var all sync.WaitGroup
			for i := range 50 {
				c := b.as(t, "carl")
				all.Go(func() {
					m := &model{balance: map[int64]int64{}, blocked: map[int64]bool{}}
					random := rand.New(rand.NewPCG(1, uint64(i)))
					for range 10 {
						step := m.draw(random.IntN, func(string, int64, int64, int64, bool) {})
						c.send(step.request)
						a, err := c.read()
						if err != nil || a.Code == 555 || a.Code == 666 {
							t.Errorf("%s: %v %v", step.request, a, err)
							return
						}
					}
				})
			}
			all.Wait()
			sound(t, b)
		})
	}
}

// TestFortyWithdrawalsNeverPassTheThreshold empties one account from many
// connections at once.
func TestFortyWithdrawalsNeverPassTheThreshold(t *testing.T) {
	t.Parallel()
	for _, kind := range bars(t) {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			b := kind.open(t)
			codes := make(chan int, 40)
			var all sync.WaitGroup
			for range 40 {
				c := b.as(t, "carl")
				all.Go(func() {
					c.send(`["retirer", [3, 100, "especes", {}]]`)
					a, err := c.read()
					if err != nil {
						t.Error(err)
					}
					codes <- a.Code
				})
			}
			all.Wait()
			close(codes)
			done := 0
			for code := range codes {
				if code == 0 {
					done++
				} else if code != 300 {
					t.Errorf("code %d", code)
				}
			}
			if done != 25 { // 1500 + 1000 cents
				t.Errorf("%d withdrawals, want 25", done)
			}
			sound(t, b)
		})
	}
}
