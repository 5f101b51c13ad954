package cas_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/cas"
)

// seeds are the ids that users of older clients know, as they are spelled there.
const seeds = `ac-orleans-tours ac-besancon ac-bordeaux ac-bordeaux2 ac-caen ac-clermont ac-dijon ac-grenoble
cybercolleges42 ac-lille ac-lille2 ac-limoges ac-lyon atrium-sud ac-montpellier ac-nancy-metz ac-nantes ac-poitiers
ac-reims arsene76 ac-rouen ac-strasbourg ac-toulouse ac-valdoise agora06 haute-garonne hdf laclasse lyceeconnecte
seine-et-marne somme portail-famille toutatice iledefrance moncollege-essonne parisclassenumerique ljr-munich
eure-normandie monbureaunumerique-educonnect`

// TestSeeds finds a row for each id: a way in, or the row that took its place.
func TestSeeds(t *testing.T) {
	t.Parallel()
	ids := strings.Fields(seeds)
	if len(ids) != 39 {
		t.Fatalf("got %d ids", len(ids))
	}
	engines, states := map[string]int{}, map[cas.State]int{}
	for _, id := range ids {
		p, err := cas.Portals().Find(id)
		var gone *cas.Error
		if errors.Is(err, cas.PortalGone) && errors.As(err, &gone) {
			if p, err = cas.Portals().Find(gone.Detail); err != nil {
				t.Errorf("%s: its successor: %v", id, err)
			}
			p.State = cas.Gone
		} else if err != nil {
			t.Error(err)
		}
		engines[p.Engine]++
		states[p.State]++
	}
	t.Log("engines, successors included:", engines)
	t.Log("states:", states)
}

// TestTable checks what the rows say of each other.
func TestTable(t *testing.T) {
	t.Parallel()
	table := cas.Portals()
	if len(table) < 68 {
		t.Errorf("there are only %d rows", len(table))
	}
	ids := map[string]cas.Portal{}
	for _, p := range table {
		if _, twice := ids[p.ID]; twice {
			t.Errorf("%s is there twice", p.ID)
		}
		ids[p.ID] = p
	}
	regions := []string{}
	for _, p := range table {
		if slices.Contains(regions, p.Region) && regions[len(regions)-1] != p.Region {
			t.Errorf("%s stands apart from the other portals of %s", p.ID, p.Region)
		}
		regions = append(regions, p.Region)
	}
	used := map[string]bool{}
	for _, p := range table {
		used[p.Engine] = true
		if _, problem := p.Check(); problem != "" {
			t.Errorf("%s: %s", p.ID, problem)
		}
		if p.Name == "" || p.Region == "" || len(p.AsOf) < 4 || !slices.Contains([]cas.State{cas.Working, cas.Moved, cas.Unknown, cas.Gone}, p.State) {
			t.Errorf("%s says too little of itself: %+v", p.ID, p)
		}
		for _, other := range []string{p.Successor, p.Like, p.Beside} {
			if q, ok := ids[other]; other != "" && (!ok || q.State == cas.Gone || q.Like != "") {
				t.Errorf("%s points to %s, which is no way in", p.ID, other)
			}
		}
		switch {
		case p.Like != "" && (p.Engine != "" || len(p.Hosts) > 0):
			t.Errorf("%s is like another, and is not", p.ID)
		case p.Like == "" && len(p.Hosts) == 0:
			t.Errorf("%s has no hosts", p.ID)
		case p.State == cas.Gone && (p.Engine != "" || p.Successor == ""):
			t.Errorf("%s is gone, and has no successor or a way in", p.ID)
		}
		for _, host := range p.Hosts {
			found := table.At(host)
			if !slices.ContainsFunc(found, func(q cas.Portal) bool { return q.ID == p.ID }) || found[0].Beside != "" {
				t.Errorf("host %s leads to %v first", host, found)
			}
		}
	}
	for _, engine := range cas.Engines() {
		if !used[engine] {
			t.Errorf("no row has the engine %s", engine)
		}
	}
}

// TestGone says where the schools of a dead portal went, without a request.
func TestGone(t *testing.T) {
	t.Parallel()
	_, err := cas.Portals().Find("ac-rouen")
	want := "portal ac-rouen: this portal has been switched off: its schools now use l-educdenormandie"
	if !errors.Is(err, cas.PortalGone) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestUnknownID helps with an id that is nearly one.
func TestUnknownID(t *testing.T) {
	t.Parallel()
	_, err := cas.Portals().Find("lyon")
	if !errors.Is(err, cas.NoPortal) || !strings.Contains(err.Error(), "ac-lyon") {
		t.Errorf("got %v", err)
	}
	if _, err := cas.Portals().Find(""); !errors.Is(err, cas.NoPortal) {
		t.Errorf("got %v", err)
	}
}

// TestOwnRows lets a person add a portal and correct one.
func TestOwnRows(t *testing.T) {
	t.Parallel()
	table := cas.Portals()
	own := table.With(cas.Portal{ID: "agora06", Engine: "cas_form", Base: "https://cas.example"}, cas.Portal{ID: "mine", Like: "agora06"})
	if len(own) != len(table)+1 {
		t.Errorf("got %d rows of %d", len(own), len(table))
	}
	if p, err := own.Find("mine"); err != nil || p.Base != "https://cas.example" || p.ID != "mine" {
		t.Errorf("got %+v, %v", p, err)
	}
	if p, err := table.Find("agora06"); err != nil || p.Engine != "kosmos_educonnect" {
		t.Errorf("the table that comes with the program has changed: %+v, %v", p, err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"http://a.example", "https://", "https://a:b@a.example", "https://a.example/", "https://a.example?x", "a.example", "https://[a"} {
		if key, _ := (cas.Portal{ID: "a", Engine: "cas_form", Base: base}).Check(); key != "base" {
			t.Errorf("base %q passes", base)
		}
	}
	for key, p := range map[string]cas.Portal{
		"id":     {Engine: "cas_form", Base: "https://a.example"},
		"engine": {ID: "a", Engine: "casform", Base: "https://a.example"},
		"base":   {ID: "a", Engine: "cas_form", Base: "http://a.example"},
		"start":  {ID: "a", Engine: "toutatice", Base: "https://a.example"},
		"api":    {ID: "a", Engine: "oze", Base: "https://a.example", Start: "https://a.example/", API: "ftp://x"},
		"form":   {ID: "a", Engine: "cas_form", Base: "https://a.example", Form: "form["},
		"hosts":  {ID: "a", Engine: "cas_form", Base: "https://a.example", Hosts: []string{"https://a.example"}},
		"":       {ID: "a", Engine: "cas_form", Base: "https://a.example", Hosts: []string{"a.example:8443"}},
	} {
		if got, problem := p.Check(); got != key || (problem == "") != (key == "") {
			t.Errorf("%+v: got %q %q, want a problem with %q", p, got, problem, key)
		}
	}
}
