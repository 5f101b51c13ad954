package school

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/pronote-sync/pronote-sync/notifiers"
)

// TestTheSchemaDescribesWhatWebhooksGet sends every kind of event, in each degree of
// reveal, to a real webhook.
func TestTheSchemaDescribesWhatWebhooksGet(t *testing.T) {
	t.Parallel()
	schema, err := jsonschema.NewCompiler().Compile("../../docs/events.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ = io.ReadAll(r.Body)
	}))
	t.Cleanup(server.Close)
	webhook, err := notifiers.New("webhook", func(settings any) error {
		settings.(*notifiers.Webhook).URL = notifiers.NewSecret(server.URL)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	check := func(name string) (text string) {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%s: %v\n%s", name, err, body)
		}
		return string(body)
	}
	if _, err := webhook.Deliver(t.Context(), notifiers.Message{Title: "👋"}); err != nil {
		t.Fatal(err)
	}
	check("a test message")
	w := newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{})
	w.poll()
	w.deliver()
	w.config.Recipients[0].Notifier = webhook
	for _, reveal := range []psync.Reveal{psync.RevealFull, psync.RevealSpoiler, psync.RevealHint} {
		w.config.Recipients[0].Reveal = reveal
		w.restart()
		events := tellings()
		back := mirror.TellingOf(db.Marks, mirror.Change[pronote.Mark]{Kind: mirror.Added, New: pronote.Mark{Subject: "SVT"}, Back: true})
		events["a mark that is back"] = back.Event("mark.new", db.Owner{Student: events["mark.new"].Student})
		for name, event := range events {
			event.Over, event.Item = pronote.DateTime{}, 0 // they are of a day long past, and some of one row, of which nothing is told twice
			w.tell(event)
			w.deliver()
			text := check(name)
			if !strings.Contains(text, event.Kind) || strings.Contains(text, `"back":true`) != strings.Contains(name, " back") {
				t.Errorf("%s did not arrive: %s", name, text)
			}
			if reveal == psync.RevealHint && strings.HasPrefix(event.Kind, "mark.") && strings.Contains(text, `"value"`) && strings.Contains(text, "14.5") {
				t.Errorf("%s: the mark is in a hint: %s", name, text)
			}
		}
	}
}

// The example of the documentation is one.
func TestTheExampleOfEventsIsOne(t *testing.T) {
	t.Parallel()
	schema, err := jsonschema.NewCompiler().Compile("../../docs/events.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "```json\n")
	example, _, _ = strings.Cut(example, "```")
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(example))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(document); err != nil {
		t.Error(err)
	}
}
