package pronote

import "testing"

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
