package notifiers

import (
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asked is a request as a service sees it.
type asked struct{ method, path, body string }

// recorder is a service that answers what the test says for the method and the end of the path, else yes.
func recorder(t *testing.T, yes string, replies map[string]saying) (address string, requests func() []asked) {
	t.Helper()
	var (
		mu  sync.Mutex
		got []asked
	)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, asked{r.Method, r.URL.RequestURI(), body(t, r)})
		for end, say := range replies {
			if strings.HasSuffix(r.Method+" "+r.URL.Path, end) {
				w.WriteHeader(say.status)
				_, _ = io.WriteString(w, say.body)
				return
			}
		}
		_, _ = io.WriteString(w, yes)
	}))
	t.Cleanup(server.Close)
	return server.URL, func() []asked {
		mu.Lock()
		defer mu.Unlock()
		return got
	}
}

type saying struct {
	status int
	body   string
}

// body is what was sent, forms as their fields in alphabetical order.
func body(t *testing.T, r *http.Request) string {
	t.Helper()
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		return string(raw)
	}
	form, err := multipart.NewReader(r.Body, params["boundary"]).ReadForm(1 << 20)
	if err != nil {
		t.Error(err)
		return ""
	}
	text, err := url.QueryUnescape(url.Values(form.Value).Encode())
	if err != nil {
		t.Error(err)
	}
	return text
}

var (
	mark      = Message{ID: "a-2", Title: "📊 Léa · Maths, note corrigée : 14,5 → 15/20", Body: "Contrôle n°2 (ven. 14)"}
	telegram1 = `chat_id=42&disable_notification=true&link_preview_options={"is_disabled":true}`
)

func amending(level Level, receipt Receipt) Message {
	m := mark
	m.Level, m.Amends = level, receipt
	return m
}

func TestTelegramCorrectsAnEarlierMessage(t *testing.T) {
	t.Parallel()
	const (
		text  = "<b>📊 Léa · Maths, note corrigée : 14,5 → 15/20</b>\n\nContrôle n°2 (ven. 14)"
		edit  = `chat_id=42&link_preview_options={"is_disabled":true}&message_id=7&parse_mode=HTML&text=` + text
		fresh = `chat_id=42&link_preview_options={"is_disabled":true}&parse_mode=HTML&text=` + text
		again = `chat_id=42&link_preview_options={"is_disabled":true}&parse_mode=HTML&reply_parameters={"message_id":7,"allow_sending_without_reply":true}&text=` + text
		route = "/bot" + botToken + "/"
	)
	sent := func(method, body string) asked { return asked{http.MethodPost, route + method, body} }
	for name, test := range map[string]struct {
		message Message
		reply   string // to the edit
		want    []asked
		receipt Receipt
		err     string
	}{
		"nothing earlier":   {mark, "", []asked{sent("sendMessage", fresh)}, "11", ""},
		"not a receipt":     {amending(Normal, "<a@b>"), "", []asked{sent("sendMessage", fresh)}, "11", ""},
		"edits":             {amending(Normal, "7"), `{"ok":true,"result":{"message_id":7}}`, []asked{sent("editMessageText", edit)}, "7", ""},
		"a channel":         {amending(Normal, "7"), `{"ok":true,"result":true}`, []asked{sent("editMessageText", edit)}, "7", ""},
		"edited before":     {amending(Normal, "7"), `{"ok":false,"description":"Bad Request: message is not modified: specified new message content is the same"}`, []asked{sent("editMessageText", edit)}, "7", ""},
		"gone":              {amending(Normal, "7"), `{"ok":false,"description":"Bad Request: message to edit not found"}`, []asked{sent("editMessageText", edit), sent("sendMessage", again)}, "11", ""},
		"too old":           {amending(Normal, "7"), `{"ok":false,"description":"Bad Request: message can't be edited"}`, []asked{sent("editMessageText", edit), sent("sendMessage", again)}, "11", ""},
		"urgent must ring":  {amending(Urgent, "7"), "", []asked{sent("sendMessage", again)}, "11", ""},
		"refused otherwise": {amending(Normal, "7"), `{"ok":false,"description":"Bad Request: chat not found"}`, []asked{sent("editMessageText", edit)}, "", "permanent: telegram does not know chat_id 42"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replies := map[string]saying{}
			if strings.Contains(test.reply, "false") {
				replies["editMessageText"] = saying{400, test.reply}
			} else if test.reply != "" {
				replies["editMessageText"] = saying{200, test.reply}
			}
			address, requests := recorder(t, `{"ok":true,"result":{"message_id":11}}`, replies)
			n := open(t, "telegram", Telegram{Token: NewSecret(botToken), ChatID: int64(42), Server: address})
			receipt, err := n.Deliver(t.Context(), test.message)
			if receipt != test.receipt || describe(err) != test.err {
				t.Errorf("receipt %q, %v, want %q and %q", receipt, err, test.receipt, test.err)
			}
			if diff := cmp.Diff(test.want, requests(), cmp.AllowUnexported(asked{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTelegramDigestsAreSilentAndHaveButtons(t *testing.T) {
	t.Parallel()
	address, requests := recorder(t, `{"ok":true,"result":{"message_id":11}}`, nil)
	n := open(t, "telegram", Telegram{Token: NewSecret(botToken), ChatID: int64(42), Server: address})
	_, err := n.Deliver(t.Context(), Message{Title: "🌙 Demain", Body: "→ Justifier dans PRONOTE ou appeler", Level: Quiet,
		Link: `https://example.org/?a=1&b="`, Actions: []Action{{"Vu", "seen:1"}, {"Plus tard", "later:1"}}})
	if err != nil {
		t.Fatal(err)
	}
	want := telegram1 + `&parse_mode=HTML&reply_markup={"inline_keyboard":[[{"text":"Vu","callback_data":"seen:1"},{"text":"Plus tard","callback_data":"later:1"}]]}` +
		"&text=<b>🌙 Demain</b>\n\n→ Justifier dans " + `<a href="https://example.org/?a=1&amp;b=%22">PRONOTE</a> ou appeler`
	if got := requests()[0].body; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestDiscordCorrectsAnEarlierMessage(t *testing.T) {
	t.Parallel()
	const (
		content = `{"content":"**📊 Léa · Maths, note corrigée : 14,5 → 15/20**","embeds":[{"description":"Contrôle n°2 (ven. 14)","color":`
		end     = `}],"allowed_mentions":{"parse":[]}}`
		normal  = content + "3112299" + end
		urgent  = content + "14254635" + end
		hook    = "/api/webhooks/42/" + discordKey
		query   = "?thread_id=7&wait=true"
	)
	for name, test := range map[string]struct {
		message Message
		reply   saying // to the edit
		want    []asked
		receipt Receipt
		err     string
	}{
		"nothing earlier":  {mark, saying{}, []asked{{http.MethodPost, hook + query, normal}}, "99", ""},
		"not a receipt":    {amending(Normal, "../1"), saying{}, []asked{{http.MethodPost, hook + query, normal}}, "99", ""},
		"edits":            {amending(Normal, "7"), saying{200, `{"id":"7"}`}, []asked{{http.MethodPatch, hook + "/messages/7" + query, normal}}, "7", ""},
		"gone":             {amending(Normal, "7"), saying{404, `{"message":"Unknown Message","code":10008}`}, []asked{{http.MethodPatch, hook + "/messages/7" + query, normal}, {http.MethodPost, hook + query, normal}}, "99", ""},
		"urgent must ring": {amending(Urgent, "7"), saying{}, []asked{{http.MethodPost, hook + query, urgent}}, "99", ""},
		"no such webhook": {amending(Normal, "7"), saying{404, `{"message":"Unknown Webhook","code":10015}`}, []asked{{http.MethodPatch, hook + "/messages/7" + query, normal}}, "",
			"permanent: discord does not know this webhook"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replies := map[string]saying{}
			if test.reply.status > 0 {
				replies["/messages/7"] = test.reply
			}
			address, requests := recorder(t, `{"id":"99"}`, replies)
			n := open(t, "discord", Discord{NewSecret(address + hook + "?thread_id=7")})
			receipt, err := n.Deliver(t.Context(), test.message)
			if receipt != test.receipt || describe(err) != test.err {
				t.Errorf("receipt %q, %v, want %q and %q", receipt, err, test.receipt, test.err)
			}
			if diff := cmp.Diff(test.want, requests(), cmp.AllowUnexported(asked{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNtfyPriorityAndReplacement(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		priority int
		message  Message
		want     string
		receipt  Receipt
	}{
		{0, mark, `"sequence_id":"a-2"`, "a-2"},
		{1, mark, `"priority":1,"sequence_id":"a-2"`, "a-2"},
		{1, amending(Quiet, "a-1"), `"priority":2,"sequence_id":"a-1"`, "a-1"},
		{0, amending(Urgent, "a-1"), `"priority":4,"sequence_id":"a-1"`, "a-1"},
		{2, amending(Alarm, "no receipt!"), `"priority":5,"sequence_id":"a-2"`, "a-2"},
	} {
		address, requests := recorder(t, `{"id":"x1"}`, nil)
		n := open(t, "ntfy", Ntfy{Server: address, Topic: NewSecret(topic), Priority: test.priority})
		receipt, err := n.Deliver(t.Context(), test.message)
		want := `{"topic":"` + topic + `","title":"📊 Léa · Maths, note corrigée : 14,5 → 15/20","message":"Contrôle n°2 (ven. 14)",` + test.want + "}"
		if got := requests()[0].body; err != nil || receipt != test.receipt || got != want {
			t.Errorf("%v: %q\n%s, want\n%s", err, receipt, got, want)
		}
	}
}

func TestNtfyOpensThePageOfTheMessage(t *testing.T) {
	t.Parallel()
	address, requests := recorder(t, `{"id":"x1"}`, nil)
	n := open(t, "ntfy", Ntfy{Server: address, Topic: NewSecret(topic), Click: "https://example.org/usual"})
	for _, link := range []string{"", "javascript:alert(1)", "https://example.org/this"} {
		if _, err := n.Deliver(t.Context(), Message{Title: "a", Body: "b", Link: link}); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"usual", "usual", "this"} {
		if got := requests()[i].body; !strings.Contains(got, `"click":"https://example.org/`+want+`"`) {
			t.Errorf("click is in %s, want %s", got, want)
		}
	}
}
