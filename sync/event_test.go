package sync

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
)

// TestTheSchemaDescribesWhatWebhooksGet sends every kind of event, in each degree of
// reveal, to a real webhook.
func TestTheSchemaDescribesWhatWebhooksGet(t *testing.T) {
	t.Parallel()
	schema, err := jsonschema.NewCompiler().Compile("../docs/events.schema.json")
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
	check := func(name string, m notifiers.Message) {
		t.Helper()
		if _, err := webhook.Deliver(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		defer mu.Unlock()
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%s: %v\n%s", name, err, body)
		}
	}
	check("a test message", notifiers.Message{Title: "👋"})
	for name, event := range tellings() {
		for _, reveal := range []Reveal{RevealFull, RevealSpoiler, RevealHint} {
			batch := []db.Pending{{
				Event: event, At: civil.DateTime{Date: civil.Date{Year: 2025, Month: 11, Day: 18}, Hour: 17}, Account: "lea", Student: "Léa", UID: "k3m9",
			}}
			events, err := carried(batch, reveal)
			if err != nil {
				t.Fatal(err)
			}
			check(name, notifiers.Message{Title: name, Events: events})
			if reveal == RevealHint && strings.HasPrefix(event.Kind, "mark.") && strings.Contains(string(body), `"value"`) && strings.Contains(string(body), "14.5") {
				t.Errorf("%s: the mark is in a hint: %s", name, body)
			}
		}
	}
}

// The example of the documentation is one.
func TestTheExampleOfEventsIsOne(t *testing.T) {
	t.Parallel()
	schema, err := jsonschema.NewCompiler().Compile("../docs/events.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/events.md")
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
