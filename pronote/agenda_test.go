package pronote

import "testing"

func FuzzDecodeAgenda(f *testing.F) {
	seedsOf(f, "testdata/agenda/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := decodeAgenda(data)
		if !decoded(t, err) {
			return
		}
		if entries == nil || len(entries) > len(data) {
			t.Errorf("%d entries from %d bytes", len(entries), len(data))
		}
		for _, e := range entries {
			checkLine(t, e.Title, e.Category, e.Author)
			checkText(t, string(data), e.Description)
			if e.Starts.IsZero() || !e.Ends.IsZero() && e.Ends.Compare(e.Starts) < 0 {
				t.Errorf("an entry goes from %s to %s", e.Starts, e.Ends)
			}
			for _, a := range e.Attachments {
				checkLine(t, a.Name, a.URL)
			}
		}
	})
}
