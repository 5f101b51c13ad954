package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet/pgtest"
)

var kills = flag.Int("kills", 1, "how many times TestKilledAtRandom kills the server on each database")

// TestKilledAtRandom kills the real process while many clients write lists of
// transactions: nothing that was acknowledged is missing, nothing is done twice or by
// half, and the money adds up after each restart.
func TestKilledAtRandom(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		folder := prepare(t, "")
		killed(t, folder, "sqlite", "file:"+folder+"/notekfet.db")
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		cluster, err := pgtest.Start()
		if err != nil {
			t.Skip(err)
		}
		t.Cleanup(func() {
			if err := cluster.Stop(); err != nil {
				t.Error(err)
			}
		})
		address, err := cluster.Create(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		killed(t, prepare(t, address), "pgx", address)
	})
}

const writers = 50

func killed(t *testing.T, folder, driver, database string) {
	acknowledged := map[string]int{} // rows by their description
	for round := range *kills {
		p := start(t, folder)
		var mu sync.Mutex
		asked := map[string]int{}
		ctx, cancel := context.WithCancel(t.Context())
		busy := make(chan struct{}, 1000)
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				c, err := p.dial(ctx)
				if err != nil {
					return
				}
				defer c.conn.Close()
				random := rand.New(rand.NewPCG(uint64(round), uint64(w)))
				for n := 0; ctx.Err() == nil; n++ {
					name := fmt.Sprintf("r%d w%d n%d", round, w, n)
					to := make([]int, 1+random.IntN(19))
					for i := range to {
						to[i] = 3 + i
					}
					list, _ := json.Marshal(to)
					mu.Lock()
					asked[name] = len(to)
					mu.Unlock()
					code, msg, err := c.ask(fmt.Sprintf(`["transferts", [[2], %s, 1, %q]]`, list, name))
					if err != nil {
						return
					}
					if code != 0 || strings.Count(string(msg), "[0,[2,") != len(to) {
						t.Errorf("%s: code %d, %s", name, code, msg)
						return
					}
					mu.Lock()
					acknowledged[name] = len(to)
					mu.Unlock()
					select {
					case busy <- struct{}{}:
					default:
					}
				}
			})
		}
		for range 1 + rand.IntN(200) { // killed after some of them, in the middle of others
			select {
			case <-busy:
			case <-time.After(20 * time.Second):
				t.Error("nothing is acknowledged")
			}
		}
		p.kill()
		cancel()
		all.Wait()
		audit(t, folder)
		compare(t, driver, database, fmt.Sprintf("r%d %%", round), asked, acknowledged)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d lists acknowledged, %d kills", len(acknowledged), *kills)
}

// compare holds the rows in the database against what was asked and acknowledged.
func compare(t *testing.T, driver, database, pattern string, asked, acknowledged map[string]int) {
	t.Helper()
	db, err := sql.Open(driver, database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT description, count(*) FROM transactions WHERE description LIKE '` + pattern + `' GROUP BY description`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := map[string]int{}
	for rows.Next() {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			t.Fatal(err)
		}
		found[name] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for name, n := range found {
		if asked[name] != n {
			t.Errorf("%s: %d rows, %d were asked for", name, n, asked[name])
		}
	}
	for name := range asked {
		if want, done := acknowledged[name]; done && found[name] != want {
			t.Errorf("%s: acknowledged, and %d of %d rows are there", name, found[name], want)
		}
	}
}
