package notifiers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTelegramErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status      int
		description string
		parameters  string
		want        string
		wait        time.Duration
	}{
		{400, "Bad Request: chat not found", "", "permanent: telegram does not know chat_id 42", 0},
		{400, "Bad Request: message is too long", "", "permanent: telegram does not take the message: Bad Request: message is too long", 0},
		{400, "Bad Request: group chat was upgraded to a supergroup chat", `"migrate_to_chat_id":-1009876543210`,
			"permanent: the telegram group has the new chat_id -1009876543210", 0},
		{401, "Unauthorized", "", "for a day: telegram refuses the token", 0},
		{404, "Not Found", "", "for a day: telegram refuses the token", 0},
		{403, "Forbidden: bot was blocked by the user", "",
			"for a day: telegram may not write to chat_id 42", 0},
		{429, "Too Many Requests: retry after 33", `"retry_after":33`, "temporary: telegram has had too many messages (status 429)", 33 * time.Second},
		{502, "Bad Gateway", "", "temporary: telegram is in trouble (status 502)", 0},
	} {
		body := `{"ok":false,"description":"` + test.description + `","parameters":{` + test.parameters + `}}`
		n := open(t, "telegram", Telegram{Token: NewSecret(botToken), ChatID: int64(42), Server: answering(t, test.status, nil, body)})
		err := n.Send(t.Context(), "subject", "text")
		if got := describe(err); got != test.want || wait(err) != test.wait {
			t.Errorf("%d %s: got %q and %v, want %q and %v", test.status, test.description, got, wait(err), test.want, test.wait)
		}
	}
}

func TestTelegramHTML(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ subject, text, want string }{
		{"a & b", "1 < 2\n{3 > 2}", "<b>a &amp; b</b>\n\n1 &lt; 2\n<tg-spoiler>3 &gt; 2</tg-spoiler>"},
		{"{14}", "", "<b><tg-spoiler>14</tg-spoiler></b>"},
		{"", "text", "text"},
		{"", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"many", strings.Repeat("{x}", telegramParts+1), "<b>many</b>\n\n" + strings.Repeat("•••", telegramParts+1)},
	} {
		if got := telegramHTML(compose(Message{Title: marks.Replace(test.subject), Body: marks.Replace(test.text)})); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestDiscordErrors(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		400: "permanent: discord does not take the message: Cannot send an empty message",
		401: "permanent: discord does not know this webhook",
		404: "permanent: discord does not know this webhook",
		500: "temporary: discord is in trouble (status 500)",
	} {
		url := answering(t, status, nil, `{"message":"Cannot send an empty message","code":50006}`)
		n := open(t, "discord", Discord{NewSecret(url + "/api/webhooks/1/" + discordKey)})
		if got := describe(n.Send(t.Context(), "subject", "text")); got != want {
			t.Errorf("status %d: got %q, want %q", status, got, want)
		}
	}
}

func TestDiscordMessage(t *testing.T) {
	t.Parallel()
	got := discordMessage(compose(Message{Title: "*a* https://example.org", Body: marks.Replace("@everyone {|14|} <@1>\n→ À lire dans PRONOTE"),
		Link: "https://example.org/a_(b)?c=>", Level: Alarm}))
	want := discordPost{Content: `**\*a\* https:\//example.org**`, Mentions: discordMentions{[]string{}}, Embeds: []discordEmbed{{
		`\@everyone ||\|14\||| \<\@1\>` + "\n→ À lire dans [PRONOTE](<https://example.org/a_%28b%29?c=%3E>)", discordColors["alarm"]}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got = discordMessage(compose(Message{Title: "alone"}))
	if diff := cmp.Diff(discordPost{Content: "**alone**", Embeds: []discordEmbed{}, Mentions: discordMentions{[]string{}}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNtfyErrors(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		400: "permanent: ntfy does not take the message: some words",
		403: "for a day: ntfy refuses to publish on this topic",
		404: "for a day: this server does not speak ntfy",
		429: "temporary: ntfy does not take the message: some words",
		507: "temporary: ntfy is in trouble (status 507)",
	} {
		url := answering(t, status, nil, `{"code":40000,"http":400,"error":"some words"}`)
		n := open(t, "ntfy", Ntfy{Server: url, Topic: NewSecret(topic)})
		if got := describe(n.Send(t.Context(), "subject", "text")); got != want {
			t.Errorf("status %d: got %q, want %q", status, got, want)
		}
	}
}

func TestNtfySizeIsNotThatOfEscapes(t *testing.T) {
	t.Parallel()
	if got := jsonSize(parse("<é>\n")); got != len(`"<é>\n"`) {
		t.Errorf("%d bytes, want %d", got, len(`"<é>\n"`))
	}
}

func TestNtfyCredentials(t *testing.T) {
	t.Parallel()
	var user, password string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ = r.BasicAuth()
		_, _ = w.Write([]byte(`{"id":"1"}`))
	}))
	t.Cleanup(server.Close)
	n := open(t, "ntfy", Ntfy{Server: server.URL, Topic: NewSecret(topic), Username: "lea", Password: NewSecret("é:x")})
	if err := n.Send(t.Context(), "subject", "text"); err != nil || user != "lea" || password != "é:x" {
		t.Errorf("came as %q with %q: %v", user, password, err)
	}
}
