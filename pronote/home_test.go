package pronote

import (
	"errors"
	"testing"
)

func TestAmountsAreReadInAnyCurrency(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Number{
		"420,69 €":             Num(420.69),
		"1 420,69 €":           Num(1420.69),
		"1\u202f420,69\u00a0€": Num(1420.69),
		"-3,20 €":              Num(-3.2),
		"−3,20 €":              Num(-3.2),
		"- 3,20 EUR":           Num(-3.2),
		"€ 5":                  Num(5),
		"1 200 F":              Num(1200),
		"0,00 €":               Num(0),
		"7.5":                  Num(7.5),
		"":                     {},
		"€":                    {},
		"inconnu":              {},
		"12 repas, 3 €":        {},
		"1e3 €":                {},
		"1.234,50 €":           {},
		"(3,20) €":             {},
	} {
		if got := amountOf(text); got != want {
			t.Errorf("amountOf(%q) = %+v, want %+v", text, got, want)
		}
	}
}

// A page that has none of the widgets is as much as the school shows; a widget
// without its list is an answer that cannot be read.
func TestHomeWithoutLinksAndWallets(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		`{"estDansUnePeriodeDeDeconnexion":false}`: ErrNotAvailable,
		`{"lienUtile":{}}`:                         ErrUnreadable,
		`{"partenaireARD":{"SSO":{}}}`:             ErrUnreadable,
		`{"lienUtile":[]}`:                         ErrUnreadable,
		`[]`:                                       ErrUnreadable,
	} {
		if home, err := decodeHome([]byte(text)); !errors.Is(err, want) {
			t.Errorf("decodeHome(%s) = %+v, %v, want %v", text, home, err, want)
		}
	}
	home, err := decodeHome([]byte(`{"lienUtile":{"listeLiens":[]}}`))
	if err != nil || home.Links == nil || home.Wallets != nil {
		t.Errorf("a page without wallets: %+v, %v", home, err)
	}
}
