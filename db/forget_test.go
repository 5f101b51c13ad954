package db

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// Messages are often about several children. Who forgets one of them must not lose what is
// told, or still to be told, of another.
func TestForgettingAChildKeepsWhatIsOfAnother(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	err := store.Update(t.Context(), func(tx *Tx) error {
		lea, tom := tx.owner(t, "famille", "MARTIN Léa"), tx.owner(t, "famille", "MARTIN Tom")
		for _, statement := range []string{
			`INSERT INTO _event (id, batch, at, account_id, student_id, kind, data) VALUES
				(1, 1, '2025-11-17 18:00:00', ?1, ?2, 'mark.new', '{}'), (2, 1, '2025-11-17 18:00:00', ?1, ?3, 'mark.new', '{}')`,
			`INSERT INTO _letter (id, recipient, channel, kind, identity, composed, composed_at, title, text, manner, night, state, due, sent_at) VALUES
				(1, 'maman', 'ntfy', 'news', 'a', 0, '2025-11-17 18:00:00', 'of her', 'Léa alone', '{}', 0, 'sent', 0, '2025-11-17 18:00:00'),
				(2, 'papa', 'ntfy', 'news', 'b', 0, '2025-11-17 18:00:00', 'of both', 'Léa and Tom', '{}', 0, 'sent', 0, '2025-11-17 18:00:00'),
				(3, 'mamie', 'ntfy', 'news', 'c', 0, '2025-11-17 18:00:00', 'of both', 'to be sent', '{}', 0, 'pending', 0, NULL),
				(4, 'maman', 'ntfy', 'evening', 'd', 0, '2025-11-17 18:00:00', 'Demain', 'Léa : latin', '{}', 0, 'sent', 0, '2025-11-17 18:00:00'),
				(5, 'maman', 'ntfy', 'evening', 'e', 0, '2025-11-18 18:00:00', 'Demain', 'Tom avec Léandre', '{}', 0, 'sent', 0, '2025-11-18 18:00:00')`,
			`INSERT INTO _delivery (event_id, recipient, channel, state, way, reason, due, due_at, letter_id) VALUES
				(1, 'maman', 'ntfy', 'sent', 'now', 'preset', 0, '', 1), (1, 'papa', 'ntfy', 'sent', 'now', 'preset', 0, '', 2),
				(2, 'papa', 'ntfy', 'sent', 'now', 'preset', 0, '', 2), (1, 'mamie', 'ntfy', 'pending', 'now', 'preset', 0, '', 3),
				(2, 'mamie', 'ntfy', 'pending', 'now', 'preset', 0, '', 3)`,
		} {
			var args []any
			if strings.Contains(statement, "?1") {
				args = []any{lea.Account, lea.Student, tom.Student}
			}
			if _, err := tx.exec(t.Context(), statement, args...); err != nil {
				t.Fatal(err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Forget(t.Context(), "", "MARTIN Léa", func(Known) error { return nil }); err != nil {
		t.Fatal(err)
	}
	store.try(t, func(tx *Tx) {
		for query, want := range map[string][]string{
			`SELECT name FROM students`:                         {"MARTIN Tom"},
			`SELECT id || '|' || text FROM _letter ORDER BY id`: {"2|", "4|", "5|Tom avec Léandre"},
			`SELECT recipient || '|' || state || '|' || coalesce(letter_id, '-') FROM _delivery ORDER BY recipient`: {"mamie|pending|-", "papa|sent|2"},
		} {
			var got []string
			_, err := tx.Ask(t.Context(), query, func(_ []string, values []any) error {
				text, _ := values[0].(string)
				got = append(got, text)
				return nil
			})
			if diff := gocmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v\n%s", query, err, diff)
			}
		}
	})
	if err := store.Forget(t.Context(), "", "MARTIN Léa", func(Known) error { return nil }); err == nil {
		t.Error("who is not there is forgotten again")
	}
}
