package notifiers

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	theirs "github.com/nikoksr/notify/service/bark"
)

// The pages say of each channel what it can do, and of each key where it stands.
func TestPagesOfChannelsSayWhatTheyCanDo(t *testing.T) {
	t.Parallel()
	yes := map[bool]string{true: "✓", false: "–"}
	repeats := map[string]bool{}
	for _, r := range rigs {
		repeats[r.kind] = r.ids
	}
	for page, words := range map[string][3]string{"channels.md": {"edits", "answers", "any"}, "channels.fr.md": {"modifie", "répond", "tout"}} {
		text, err := os.ReadFile("../docs/" + page)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, k := range kinds {
			corrects, limit := []string{}, words[2]
			if k.able.Edits {
				corrects = append(corrects, words[0])
			}
			if k.able.Answers {
				corrects = append(corrects, words[1])
			}
			if k.able.Limit > 0 {
				limit = fmt.Sprint(k.able.Limit)
			}
			if len(corrects) == 0 {
				corrects = []string{"–"}
			}
			want = append(want, fmt.Sprintf("| `%s` | %s | %s | %s | %s | %s |", k.name, yes[k.able.Hides], strings.Join(corrects, ", "), yes[repeats[k.name]], yes[k.able.Buttons], limit))
			for _, key := range SecretKeys(k.name) {
				if !strings.Contains(string(text), "`"+key+"`") {
					t.Errorf("%s says nothing of %s, a key of %s", page, key, k.name)
				}
			}
		}
		got := regexp.MustCompile("(?m)^\\| `[a-z]+` \\|(?: [^|]* \\|){5}").FindAllString(string(text), -1)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", page, diff)
		}
		if sections := strings.Count(string(text), "\n## "); sections != len(kinds) {
			t.Errorf("%s has %d sections, want one for each of %d channels", page, sections, len(kinds))
		}
	}
}

// The library's own Bark would be a channel by its interface. It does not pass the suite; when it does, it can take the
// place of ours.
func TestWhyBarkIsNotThatOfTheLibrary(t *testing.T) {
	t.Parallel()
	portal := answering(t, 200, nil, "<!DOCTYPE html><html>Welcome to the hotel!</html>")
	if err := theirs.NewWithServers(barkKey, portal).Send(t.Context(), "subject", "text"); err != nil {
		t.Errorf("it no longer takes a hotel's page for a delivery: %v", err)
	}
	busy := answering(t, 429, http.Header{"Retry-After": {"30"}}, "{}")
	if err := theirs.NewWithServers(barkKey, busy).Send(t.Context(), "subject", "text"); wait(err) != 0 {
		t.Error("it says how long to wait")
	}
	var sent string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // what is cut short fails below
		sent = string(body)
	}))
	t.Cleanup(server.Close)
	if err := theirs.NewWithServers(barkKey, server.URL).Send(t.Context(), "subject", "text"); err != nil || !strings.Contains(sent, "alarm.caf") {
		t.Errorf("it no longer rings as an alarm: %s, %v", sent, err)
	}
}
