package server

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
	"github.com/pronote-sync/pronote-sync/notekfet/pgtest"
)

// benchmarked are the kinds of database, each as durable as it can be.
func benchmarked(b *testing.B) []kindOfBar {
	return []kindOfBar{
		{"SQLite", func(t testing.TB) *bar { return open(t, nil) }},
		{"PostgreSQL", func(t testing.TB) *bar {
			cluster, err := pgtest.Start()
			if err != nil {
				t.Skip(err)
			}
			t.Cleanup(func() { _ = cluster.Stop() })
			address, err := cluster.Create(context.Background(), "")
			if err != nil {
				t.Fatal(err)
			}
			l, err := ledger.Open(context.Background(), address, ledger.Options{Rules: testRules(), Create: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := l.Seed(fixture()); err != nil {
				t.Fatal(err)
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			return openOn(t, address, nil)
		}},
	}
}

// BenchmarkFsync is what the disk can do: commits of one page, one after the other.
func BenchmarkFsync(b *testing.B) {
	file, err := os.Create(filepath.Join(b.TempDir(), "page"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	page := make([]byte, 4096)
	for b.Loop() {
		if _, err := file.Write(page); err != nil {
			b.Fatal(err)
		}
		if err := file.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

// BenchmarkTransfers counts durable transfers by clients over TLS.
func BenchmarkTransfers(b *testing.B) {
	for _, kind := range benchmarked(b) {
		for _, clients := range []int{1, 50, 1000} {
			b.Run(fmt.Sprintf("%s/%d", kind.name, clients), func(b *testing.B) {
				here := kind.open(b)
				list := make([]*customer, clients)
				for i := range list {
					list[i] = here.as(b, "carl")
				}
				var mu sync.Mutex
				var took []time.Duration
				var left sync.WaitGroup
				todo := make(chan struct{})
				for _, c := range list {
					left.Go(func() {
						var mine []time.Duration
						for range todo {
							start := time.Now()
							c.send(`["transferts", [[0], [1], 1, "bench"]]`)
							if a, err := c.read(); err != nil || a.Code != 0 {
								b.Error(a, err)
								break
							}
							mine = append(mine, time.Since(start))
						}
						mu.Lock()
						defer mu.Unlock()
						took = append(took, mine...)
					})
				}
				spent := cpuTime(b)
				b.ResetTimer()
				for range b.N {
					todo <- struct{}{}
				}
				close(todo)
				left.Wait()
				b.StopTimer()
				spent = cpuTime(b) - spent
				slices.Sort(took)
				b.ReportMetric(float64(spent.Microseconds())/float64(b.N), "cpu-µs/both-ends")
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "transfers/s")
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
			})
		}
	}
}

// cpuTime is the processor time of the process, clients and server alike.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkConnection weighs an idle connection that is logged in, with its client
// in the same process: what the server holds is less.
func BenchmarkConnection(b *testing.B) {
	here := open(b, nil)
	here.as(b, "bob")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range b.N {
		here.as(b, "bob")
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	grown := int64(after.HeapAlloc+after.StackInuse) - int64(before.HeapAlloc+before.StackInuse)
	b.ReportMetric(float64(grown)/float64(b.N), "B/both-ends")
}

// BenchmarkLogin counts logins by eight clients at once, with passwords that cost
// what they do outside tests.
func BenchmarkLogin(b *testing.B) {
	here := open(b, nil)
	fullCost()
	defer password.TestOnlyWeaken()
	here.as(b, "bob") // the fixture's cheap hash is replaced
	spent := cpuTime(b)
	todo := make(chan struct{})
	var left sync.WaitGroup
	for range 8 {
		c := here.hello(b)
		left.Go(func() {
			for range todo {
				c.send(loginOf("bob"))
				if a, err := c.read(); err != nil || a.Code != 0 {
					b.Error(a, err)
				}
			}
		})
	}
	b.ResetTimer()
	for range b.N {
		todo <- struct{}{}
	}
	close(todo)
	left.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "logins/s")
	b.ReportMetric(float64((cpuTime(b)-spent).Microseconds())/1000/float64(b.N), "cpu-ms/both-ends")
}

var accounts = flag.Int("accounts", 100_000, "accounts of the large ledger of the benchmarks; it has twenty rows for each")

// BenchmarkLargeLedger starts on a ledger of many accounts and rows, and looks for
// people in it.
func BenchmarkLargeLedger(b *testing.B) {
	path := largeLedger(b)
	b.Run("start", func(b *testing.B) {
		for b.Loop() {
			l := openLarge(b, path)
			look(b, l, func(tx *ledger.Tx) error { _, err := tx.QuickSearch("membre50", false); return err })
			if err := l.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	l := openLarge(b, path)
	defer l.Close()
	b.Run("quick_search", func(b *testing.B) {
		for b.Loop() {
			look(b, l, func(tx *ledger.Tx) error { _, err := tx.QuickSearch("MEMBRE4", false); return err })
		}
	})
	b.Run("search", func(b *testing.B) {
		for b.Loop() {
			look(b, l, func(tx *ledger.Tx) error {
				_, err := tx.Search(ledger.Search{Terms: map[string]string{"nom": "nom9999"}, Fold: true})
				return err
			})
		}
	})
}

// largeLedger makes a ledger of SQLite as large as the flag says.
func largeLedger(b *testing.B) string {
	path := filepath.Join(b.TempDir(), "note.db")
	l, err := ledger.Open(b.Context(), path, ledger.Options{Rules: testRules(), Create: true})
	if err != nil {
		b.Fatal(err)
	}
	d := &ledger.Dataset{}
	for i := range *accounts {
		d.Accounts = append(d.Accounts, ledger.SeedAccount{
			ID: int64(i + 1), Pseudo: fmt.Sprintf("membre%05d", i*7919%*accounts), Name: fmt.Sprintf("Nom%d", i), FirstName: "Élodie", Years: []int{2018}, Balance: 1,
		})
	}
	for i := range *accounts * 20 {
		d.Transactions = append(d.Transactions, ledger.SeedTransaction{
			Date: "2019-03-01 20:00:00", Kind: ledger.Transfer, From: int64(i%*accounts + 1), To: int64((i+1)%*accounts + 1), Unit: 10,
		})
	}
	if err := l.Seed(d); err != nil {
		b.Fatal(err)
	}
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

func openLarge(b *testing.B, path string) *ledger.Ledger {
	b.Helper()
	l, err := ledger.Open(b.Context(), path, ledger.Options{Rules: testRules(), Exclusive: true})
	if err != nil {
		b.Fatal(err)
	}
	return l
}

func look(b *testing.B, l *ledger.Ledger, fn func(*ledger.Tx) error) {
	b.Helper()
	if err := l.View(b.Context(), fn); err != nil {
		b.Fatal(err)
	}
}
