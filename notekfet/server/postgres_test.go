package server

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"

	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
	"github.com/pronote-sync/pronote-sync/notekfet/pgtest"
)

// databases are those of the shared cluster that no test uses now. Making one takes
// longer than most tests, so they are used again.
var databases struct {
	mu   sync.Mutex
	free []string
}

// onPostgres is a database with the fixture, for one test at a time.
func onPostgres(t testing.TB, cluster *pgtest.Cluster) string {
	t.Helper()
	databases.mu.Lock()
	address, used := "", len(databases.free) > 0
	if used {
		address = databases.free[len(databases.free)-1]
		databases.free = databases.free[:len(databases.free)-1]
	}
	databases.mu.Unlock()
	var err error
	if used {
		err = execute(address, restore)
	} else {
		address, err = fresh(cluster)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		databases.mu.Lock()
		defer databases.mu.Unlock()
		databases.free = append(databases.free, address)
	})
	return address
}

// fresh makes a database with the fixture, and keeps a copy of every row in it.
func fresh(cluster *pgtest.Cluster) (string, error) {
	address, err := cluster.Create(background, "")
	if err != nil {
		return "", err
	}
	l, err := ledger.Open(background, address, ledger.Options{Rules: testRules(), Create: true})
	if err != nil {
		return "", err
	}
	if err := errors.Join(l.Seed(fixture()), l.Close()); err != nil {
		return "", err
	}
	return address, execute(address, keep)
}

func execute(address, statement string) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(context.Background(), statement)
	return errors.Join(err, db.Close())
}

const (
	keep = `DO $$
		DECLARE name text;
		BEGIN
			CREATE SCHEMA kept;
			CREATE TABLE kept.numbers (name text, last bigint, called boolean);
			FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
				EXECUTE format('INSERT INTO kept.numbers SELECT %L, last_value, is_called FROM public.%I', name, name);
			END LOOP;
			FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
				EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', name, name);
			END LOOP;
		END $$`
	// Triggers and foreign keys are for those who are not restoring.
	restore = `DO $$
		DECLARE name text; last bigint; called boolean;
		BEGIN
			SET LOCAL session_replication_role = replica;
			FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
				EXECUTE format('DELETE FROM public.%I', name);
				EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I', name, name);
			END LOOP;
			FOR name, last, called IN SELECT * FROM kept.numbers LOOP
				PERFORM setval(format('public.%I', name), last, called);
			END LOOP;
		END $$`
)
