package pronote_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

func TestGreet(t *testing.T) {
	t.Parallel()
	server := pronotetest.NewServer(world.NewSchool(1, 2025), pronotetest.Options{})
	var heard time.Time
	shows := time.Date(2025, 11, 18, 7, 0, 0, 0, time.UTC)
	school, requests := site(t, httptest.NewServer, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", shows.Format(http.TimeFormat))
		w.Header().Set("Age", "40") // a cache has kept it
		server.ServeHTTP(w, r)
	})
	got, err := pronote.Greet(t.Context(), school.URL+"/pronote/eleve.html", &pronote.Options{ServerTime: func(at time.Time) { heard = at }})
	if err != nil || got.School != server.School().Name() || got.Version.IsZero() || requests.Load() != 1 {
		t.Errorf("%+v, %v after %d requests", got, err, requests.Load())
	}
	if !heard.Equal(shows.Add(40 * time.Second)) {
		t.Errorf("heard %s, want %s", heard, shows.Add(40*time.Second))
	}
	if n := len(server.Requests()); n > 0 {
		t.Errorf("%d calls, want no login", n)
	}
}

func TestGreetSomethingElse(t *testing.T) {
	t.Parallel()
	page := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", "not a date")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(text))
		}
	}
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"a home page":   {page(200, "<html><body>Bienvenue</body></html>"), pronote.ErrNotPRONOTE},
		"null":          {page(200, "null"), pronote.ErrNotPRONOTE},
		"another JSON":  {page(200, `{"version":"high","nomEtab":7}`), pronote.ErrNotPRONOTE},
		"nothing there": {page(404, "no"), pronote.ErrNotPRONOTE},
		"banned":        {page(200, "<html><body>Votre adresse IP est provisoirement suspendue !</body></html>"), pronote.ErrBanned},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			school, _ := site(t, httptest.NewServer, tt.answer)
			_, err := pronote.Greet(t.Context(), school.URL, &pronote.Options{ServerTime: func(at time.Time) { t.Errorf("heard %s", at) }})
			if !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
			checkSentence(t, err)
		})
	}
}
