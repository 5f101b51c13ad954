package pronote

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// Home is what the home page shows and no other page does. A list is nil where the
// page does not have it, perhaps only for a day: that does not mean that the rows
// shown before are gone.
type Home struct {
	Links   []Link
	Wallets []Wallet
}

// A Link is an address that the school finds useful.
type Link struct {
	Title   string
	URL     string // a whole http or https address; "" where only PRONOTE can open it
	Comment string
	Partner string // who is behind a link that PRONOTE logs in to: "TURBOSELF"; mostly ""
}

// A Wallet is an account that a pupil has with the canteen, or for photocopies.
type Wallet struct {
	Label       string
	Hint        string // what the school says of the wallet
	Balance     Number // unknown when the text is not an amount
	BalanceText string // as shown, with its currency: "420,69 €"
	BalanceHint string // what the school says of the balance
	Warning     bool   // PRONOTE draws attention to the balance, which is low
}

// Home returns the links and the wallets of the home page of a pupil, in
// PRONOTE's order, in one request. It is ErrNotAvailable where the page has
// neither. The day is today's at the school.
//
// Each child of a parent has a home page. Whatever belongs to the whole family,
// such as the one wallet that some schools keep for all children, is on each of
// them.
func (s *Session) Home(ctx context.Context, of Student, today Date) (Home, error) {
	answer, err := s.requestNew(ctx, Call{
		Function: functionHome, Tab: TabHome, Student: &of,
		// Widgets that want to be asked for are left out: they cost the school work.
		Data: map[string]any{"dateGrille": map[string]any{"_T": 7, "V": wireDay(today)}, "numeroSemaine": s.school.WeekNumber(today)},
	})
	if err != nil {
		return Home{}, err
	}
	return decodeHome(answer.Data)
}

const functionHome = "PageAccueil"

func decodeHome(data []byte) (Home, error) {
	var w wire.Accueil
	if err := json.Unmarshal(data, &w); err != nil {
		return Home{}, unreadable(functionHome, err)
	}
	links, wallets := w.LienUtile.Value.ListeLiens, w.PartenaireARD.Value.PorteMonnaie
	switch {
	case !w.LienUtile.Present && !w.PartenaireARD.Present:
		return Home{}, fmt.Errorf("%s: %w", functionHome, ErrNotAvailable)
	case w.LienUtile.Present != links.Present:
		return Home{}, unreadable(functionHome, errors.New("no list of links"))
	case w.PartenaireARD.Present != wallets.Present:
		return Home{}, unreadable(functionHome, errors.New("no list of wallets"))
	}
	var home Home
	if links.Present {
		home.Links = linksOf(links.Items)
	}
	if wallets.Present {
		home.Wallets = walletsOf(wallets.Items)
	}
	return home, nil
}

func linksOf(items []wire.Lien) []Link {
	links := []Link{}
	for _, l := range items {
		link := Link{URL: lastingURL(string(l.URL)), Comment: label(l.Commentaire), Partner: label(l.SSO.Value.CodePartenaire)}
		link.Title = cmp.Or(label(l.Label), link.Partner, link.URL)
		if link.Title != "" {
			links = append(links, link)
		}
	}
	return links
}

func walletsOf(items []wire.PorteMonnaie) []Wallet {
	wallets := []Wallet{}
	for _, p := range items {
		wallet := Wallet{
			Label: label(p.Libelle), Hint: label(p.Hint), Balance: amountOf(string(p.ValeurSolde)), BalanceText: label(p.ValeurSolde),
			BalanceHint: label(p.HintSolde), Warning: bool(p.AvecWarning),
		}
		if wallet.Label != "" || wallet.BalanceText != "" {
			wallets = append(wallets, wallet)
		}
	}
	return wallets
}

// amountOf reads an amount of money, whatever its currency: "1 420,69 €", "-3 F".
func amountOf(text string) Number {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r): // no-break ones stand between thousands
			return -1
		case r == '−':
			return '-'
		}
		return r
	}, text)
	text = strings.TrimFunc(text, func(r rune) bool { return unicode.Is(unicode.Sc, r) || unicode.IsLetter(r) })
	if strings.Trim(text, "+-.,0123456789") != "" {
		return Number{}
	}
	value, known, err := wire.ParseNumber(text)
	return Number{value, known && err == nil}
}
