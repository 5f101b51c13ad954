package pronote_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// A program that shows more than the methods return hears each answer as it came,
// those of the login included.
func TestAnswersAreHeardAsTheyCame(t *testing.T) {
	t.Parallel()
	server := pronotetest.NewServer(schoolInDecember(t), pronotetest.Options{Encrypt: true})
	heard := map[string]json.RawMessage{}
	var order []string
	session, err := pronote.Login(t.Context(), pronotetest.Address, student, &pronote.Options{
		Transport: server.Transport(),
		Answered: func(call pronote.Call, answer pronote.Answer) {
			heard[call.Function] = answer.Data
			order = append(order, call.Function)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"FonctionParametres", "Identification", "Authentification", "ParametresUtilisateur"}; !slices.Equal(order, want) {
		t.Errorf("a login let hear %q, want %q", order, want)
	}
	var general struct {
		General struct{ AnneeScolaire string }
	}
	if err := json.Unmarshal(heard["FonctionParametres"], &general); err != nil || general.General.AnneeScolaire != "2025-2026" {
		t.Errorf("FonctionParametres has the year %q: %v", general.General.AnneeScolaire, err)
	}
	pupil := session.Students()[0]
	marks, _, err := session.Marks(t.Context(), pupil, pupil.Periods[0])
	if err != nil {
		t.Fatal(err)
	}
	var page struct {
		Marks struct {
			V []struct {
				Service struct {
					V struct {
						L      string
						Colour string `json:"couleur"`
					}
				} `json:"service"`
			}
		} `json:"listeDevoirs"`
	}
	if err := json.Unmarshal(heard["DernieresNotes"], &page); err != nil || len(page.Marks.V) != len(marks) || len(marks) == 0 {
		t.Fatalf("%d marks beside %d raw ones: %v", len(marks), len(page.Marks.V), err)
	}
	for i, m := range page.Marks.V {
		if m.Service.V.L != marks[i].Subject || m.Service.V.Colour == "" {
			t.Errorf("mark %d is of %s, and raw %+v", i, marks[i].Subject, m.Service.V)
		}
	}
}

// An element serves to ask what no method asks.
func TestElementsNameThingsInRequests(t *testing.T) {
	t.Parallel()
	_, session := family(t)
	for _, child := range session.Students() {
		element := child.Element()
		if element.Label != child.Name || element.Genre != 4 || element.Number == "" {
			t.Errorf("%s is %+v", child.Name, element)
		}
		period := child.PeriodElement(pronote.TabReports, child.Periods[0])
		answer, err := session.Request(t.Context(), pronote.Call{
			Function: "PageBulletins", Tab: pronote.TabReports, Student: &child, Data: map[string]any{"periode": period},
		})
		if err != nil || len(answer.Data) < 100 {
			t.Errorf("the report of %s by %+v: %s, %v", child.Name, period, answer.Data, err)
		}
	}
}

// Clients of other programs tell the two apart, of which one is the step before the
// other.
func TestRateLimitedIsNotBanned(t *testing.T) {
	t.Parallel()
	server := newServer(pronotetest.Options{})
	r := relayTo(server)
	seen := map[error]bool{}
	for range 12 {
		_, err := loginThrough(t.Context(), r, wrong)
		limited, banned := errors.Is(err, pronote.ErrRateLimited), errors.Is(err, pronote.ErrBanned)
		var blocked *pronote.BlockedError
		if limited && banned || errors.As(err, &blocked) != (limited || banned) {
			t.Fatalf("%v is limited: %t, banned: %t", err, limited, banned)
		}
		seen[pronote.ErrRateLimited], seen[pronote.ErrBanned] = seen[pronote.ErrRateLimited] || limited, seen[pronote.ErrBanned] || banned
	}
	if !seen[pronote.ErrRateLimited] || !seen[pronote.ErrBanned] {
		t.Errorf("a dozen wrong passwords came to %v, want both", seen)
	}
}
