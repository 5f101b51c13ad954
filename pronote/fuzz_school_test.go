package pronote

import (
	"errors"
	"testing"
)

func FuzzDecodeMenus(f *testing.F) {
	seedsOf(f, "testdata/menus/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		dishes, err := decodeMenus(data)
		if !decoded(t, err) {
			return
		}
		if dishes == nil || len(dishes) > len(data) {
			t.Errorf("%d dishes from %d bytes", len(dishes), len(data))
		}
		for _, d := range dishes {
			checkLine(t, append(append([]string{d.Menu, d.Name}, d.Labels...), d.Allergens...)...)
			checkDay(t, d.Date)
			if d.Name == "" || d.Date.IsZero() {
				t.Errorf("dish %+v", d)
			}
		}
	})
}

func FuzzDecodeStaff(f *testing.F) {
	seedsOf(f, "testdata/staff/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		staff, err := decodeStaff(data)
		if !decoded(t, err) {
			return
		}
		if staff == nil || len(staff) > len(data) {
			t.Errorf("%d people from %d bytes", len(staff), len(data))
		}
		for _, c := range staff {
			checkLine(t, append([]string{c.Name, c.Function, c.Hours, c.Email}, c.Subjects...)...)
		}
	})
}

func FuzzDecodeHome(f *testing.F) {
	seedsOf(f, "testdata/home/*.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		home, err := decodeHome(data)
		if errors.Is(err, ErrNotAvailable) || !decoded(t, err) {
			return
		}
		if len(home.Links)+len(home.Wallets) > len(data) {
			t.Errorf("%d links and %d wallets from %d bytes", len(home.Links), len(home.Wallets), len(data))
		}
		for _, l := range home.Links {
			checkLine(t, l.Title, l.Comment, l.Partner)
			checkAttachments(t, []Attachment{{Kind: "link", Role: roleDocument, URL: l.URL}})
			if l.Title == "" {
				t.Errorf("link %+v", l)
			}
		}
		for _, w := range home.Wallets {
			checkLine(t, w.Label, w.Hint, w.BalanceText, w.BalanceHint)
			checkNumber(t, w.Balance)
			if w.Balance.Known && w.BalanceText == "" {
				t.Errorf("wallet %+v", w)
			}
		}
	})
}
