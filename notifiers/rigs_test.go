package notifiers

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// mode is how a fake service behaves.
type mode int

const (
	works mode = iota
	tired      // refuses for now
	angry      // refuses for ever, and repeats all it was told
	stalls
)

// delivery is a message as a reader sees it. Hidden parts stand between ⟦ and ⟧.
type delivery struct {
	id, subject, text string
	raw               string // as it came
	document          string // for programs
	head, page        string // of a mail
}

// inbox collects deliveries.
type inbox struct {
	mu  sync.Mutex
	got []delivery
}

func (i *inbox) add(d delivery) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.got = append(i.got, d)
}

func (i *inbox) all() []delivery {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.got
}

// rig is a kind of channel with a fake service behind it.
type rig struct {
	kind    string
	ids     bool     // the reader's side sees the id
	cuts    bool     // long texts are cut
	events  bool     // programs read them
	receipt Receipt  // of message a-1
	secrets []string // of the settings, in clear
	start   func(t *testing.T, m mode) (n *guard, received func() []delivery)
}

const (
	botToken   = "123456:AAbot-Token_x"
	topic      = "family-topic-x9"
	ntfyToken  = "tk_ntfytoken0123"
	hookPath   = "/api/webhook/hook-Secret-1"
	hookQuery  = "hook?query/value"
	hookToken  = `hook "bearer" é`
	hookHeader = "hook-header-key"
	hookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	discordKey = "disc0rd-Webhook_key"
	mailUser   = "lea@example.org"
	mailKey    = `mail p@ss/"word" é`
)

var rigs = []rig{
	apprise.rig(false, false, "", appriseConf),
	bark.rig(true, true, "a-1", barkKey),
	{"command", true, false, true, "a-1", nil, startCommand},
	{"discord", false, true, false, "99", []string{discordKey}, startDiscord},
	{"email", true, false, false, "<a-1@example.org>", []string{mailKey}, startEmail},
	free.rig(false, true, "", freeKey),
	google.rig(true, false, "spaces/AAAAxyz/messages/m.m", googleKey, googleSig),
	gotify.rig(false, false, "25", gotifyKey),
	matrix.rig(true, true, "$YUwRidLecu", matrixKey),
	mattermost.rig(false, true, "", matterPath),
	{"ntfy", true, true, false, "a-1", []string{topic, ntfyToken}, startNtfy},
	pushbullet.rig(true, false, "ujpah72o0sjAoRtnM0jd", bulletKey),
	pushover.rig(false, true, "r-1", appToken, userKey),
	rocket.rig(false, true, "", rocketPath),
	signal.rig(false, true, "1764518400000"),
	slack.rig(false, true, "", slackPath),
	teams.rig(false, true, "", teamsSig),
	{"telegram", false, true, false, "4711", []string{botToken}, startTelegram},
	twilio.rig(false, true, "SM0123", twilioKey),
	{"webhook", true, false, true, "a-1", []string{hookPath, hookQuery, hookToken, hookHeader, hookSecret}, startWebhook},
}

// serve starts an HTTP service. read makes a delivery of a request, yes is the answer that confirms it.
func serve(t *testing.T, m mode, yes string, read func(*http.Request) delivery) (url string, received func() []delivery) {
	t.Helper()
	var in inbox
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read the request: %v", err)
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		switch m {
		case works:
			d := read(r)
			d.raw = string(body)
			in.add(d)
			_, _ = io.WriteString(w, yes)
		case tired:
			w.WriteHeader(http.StatusServiceUnavailable)
		case angry:
			echo := strings.Join([]string{r.URL.String(), strings.Join(r.Header["Authorization"], " "), string(body)}, " ")
			w.WriteHeader(http.StatusBadRequest)
			_ = json.NewEncoder(w).Encode(map[string]string{"description": echo, "error": echo, "message": echo})
		case stalls:
			<-release
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	return server.URL, in.all
}

func decode(r *http.Request, v any) { _ = json.NewDecoder(r.Body).Decode(v) }

func startWebhook(t *testing.T, m mode) (*guard, func() []delivery) {
	url, received := serve(t, m, "", func(r *http.Request) delivery {
		var in struct{ ID, Title, Message string }
		body, err := io.ReadAll(r.Body)
		if err := errors.Join(err, json.Unmarshal(body, &in)); err != nil {
			t.Error(err)
		}
		checkSignature(t, r.Header, body)
		if in.ID != r.Header.Get("Idempotency-Key") {
			t.Errorf("id is %q in the body and %q in the header", in.ID, r.Header.Get("Idempotency-Key"))
		}
		if got, want := r.Header.Get("Authorization"), "Bearer "+hookToken; got != want {
			t.Errorf("Authorization = %q, want %q", got, want)
		}
		if got := r.Header.Get("X-Api-Key"); got != hookHeader {
			t.Errorf("X-Api-Key = %q, want %q", got, hookHeader)
		}
		return delivery{id: in.ID, subject: in.Title, text: in.Message, document: string(body)}
	})
	return open(t, "webhook", Webhook{
		URL:     NewSecret(url + hookPath + "?key=hook%3Fquery%2Fvalue"),
		Token:   NewSecret(hookToken),
		Headers: map[string]Secret{"X-API-Key": NewSecret(hookHeader)},
		Secret:  NewSecret(hookSecret),
	}), received
}

// checkSignature verifies a request as a receiver does.
func checkSignature(t *testing.T, h http.Header, body []byte) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(hookSecret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(h.Get("Webhook-Id") + "." + h.Get("Webhook-Timestamp") + "." + string(body)))
	if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); h.Get("Webhook-Signature") != want || h.Get("Webhook-Id") != h.Get("Idempotency-Key") {
		t.Errorf("signed %q, want %q", h.Get("Webhook-Signature"), want)
	}
	if seconds, err := strconv.ParseInt(h.Get("Webhook-Timestamp"), 10, 64); err != nil || time.Since(time.Unix(seconds, 0)).Abs() > time.Hour {
		t.Errorf("signed at %q", h.Get("Webhook-Timestamp"))
	}
}

func startNtfy(t *testing.T, m mode) (*guard, func() []delivery) {
	url, received := serve(t, m, `{"id":"x1","event":"message"}`, func(r *http.Request) delivery {
		var in struct {
			Topic, Title, Message, Click string
			Priority                     int
			Tags                         []string
			Sequence                     string `json:"sequence_id"`
		}
		decode(r, &in)
		if in.Topic != topic || in.Priority < 4 || len(in.Tags) != 1 || !strings.HasPrefix(in.Click, "https://") || r.URL.Path != "/" {
			t.Errorf("published %+v at %s", in, r.URL.Path)
		}
		if len(in.Message) == 0 || len(in.Message) > 4096 {
			t.Errorf("the message has %d bytes, want 1 to 4096", len(in.Message))
		}
		if in.Title == "" {
			in.Title, in.Message = in.Message, ""
		}
		return delivery{id: in.Sequence, subject: in.Title, text: in.Message}
	})
	return open(t, "ntfy", Ntfy{Server: url + "/", Topic: NewSecret(topic), Token: NewSecret(ntfyToken), Priority: 4,
		Tags: []string{"books"}, Click: "https://example.org/"}), received
}

func startDiscord(t *testing.T, m mode) (*guard, func() []delivery) {
	url, received := serve(t, m, `{"id":"99"}`, func(r *http.Request) delivery {
		var in discordPost
		decode(r, &in)
		if r.URL.Query().Get("wait") != "true" || r.URL.Query().Get("thread_id") != "7" || in.Mentions.Parse == nil {
			t.Errorf("posted %+v at %s", in, r.URL)
		}
		return readDiscord(t, in)
	})
	return open(t, "discord", Discord{NewSecret(url + "/api/webhooks/42/" + discordKey + "?thread_id=7")}), received
}

var maskedLink = regexp.MustCompile(`\[(PRONOTE)\]\(<https?://[^<>()\s]+>\)`)

// readDiscord reads a message within the limits of Discord.
func readDiscord(t *testing.T, in discordPost) delivery {
	t.Helper()
	text := in.Content + "\n\n"
	for _, e := range in.Embeds {
		if n := units(e.Description); n == 0 || n > 4096 {
			t.Errorf("the embed has %d units, want 1 to 4096", n)
		}
		text += e.Description
	}
	if n := units(in.Content); n > 2000 || len(in.Embeds) > 1 || in.Embeds == nil {
		t.Errorf("the message has %d units and %d embeds, want at most 2000 and 1", n, len(in.Embeds))
	}
	return readMarkdown(maskedLink.ReplaceAllString(text, "$1"))
}

// readMarkdown reads the markdown that Discord channels write: **, || and escapes.
func readMarkdown(s string) delivery {
	var shown strings.Builder
	var bold, hidden, escaped bool
	var subject string
	for i := 0; i < len(s); i++ {
		two := s[i:min(i+2, len(s))]
		switch {
		case escaped:
			escaped = false
			shown.WriteByte(s[i])
		case s[i] == '\\':
			escaped = true
		case two == "**":
			if bold = !bold; !bold {
				subject = shown.String()
				shown.Reset()
			}
			i++
		case two == "||":
			hidden = !hidden
			shown.WriteString(map[bool]string{true: "⟦", false: "⟧"}[hidden])
			i++
		case strings.ContainsRune("*_~`|><#@[]", rune(s[i])):
			return delivery{text: "unescaped " + s[i:]}
		default:
			shown.WriteByte(s[i])
		}
	}
	if bold || hidden || escaped {
		return delivery{text: "unbalanced " + s}
	}
	return delivery{subject: subject, text: strings.TrimPrefix(shown.String(), "\n\n")}
}

func startTelegram(t *testing.T, m mode) (*guard, func() []delivery) {
	url, received := serve(t, m, `{"ok":true,"result":{"message_id":4711,"chat":"a member this library does not expect"}}`, func(r *http.Request) delivery {
		if r.URL.Path != "/bot"+botToken+"/sendMessage" {
			t.Errorf("posted to %s", r.URL)
		}
		if r.FormValue("chat_id") != "-1001234567890" || r.FormValue("parse_mode") != "HTML" || r.FormValue("message_thread_id") != "3" ||
			r.FormValue("disable_notification") != "true" || r.FormValue("link_preview_options") != `{"is_disabled":true}` {
			t.Errorf("posted %v", r.Form)
		}
		return readTelegram(r.FormValue("text"))
	})
	return open(t, "telegram", Telegram{Token: NewSecret(botToken), ChatID: int64(-1001234567890), ThreadID: 3, Silent: true, Server: url}), received
}

var (
	boldLine = regexp.MustCompile(`^<b>(.*?)</b>(?:\n\n|$)`)
	spoiler  = regexp.MustCompile(`(?s)<tg-spoiler>([^<]*)</tg-spoiler>`)
	stray    = regexp.MustCompile(`[<>]|&(?:[^algq]|$)`)
)

// readTelegram reads the HTML that Telegram channels write.
func readTelegram(s string) delivery {
	s = spoiler.ReplaceAllString(s, "⟦$1⟧")
	var subject string
	if bold := boldLine.FindStringSubmatch(s); bold != nil {
		subject, s = bold[1], s[len(bold[0]):]
	}
	if stray.MatchString(subject) || stray.MatchString(s) {
		return delivery{text: "broken " + s}
	}
	return delivery{subject: html.UnescapeString(subject), text: html.UnescapeString(s)}
}

func startCommand(t *testing.T, m mode) (*guard, func() []delivery) {
	folder := t.TempDir()
	args := map[mode][]string{works: {"keep", folder}, tired: {"exit", "75"}, angry: {"exit", "64"}, stalls: {"stall"}}[m]
	n := open(t, "command", Command{append([]string{os.Args[0], "program"}, args...)})
	return n, func() []delivery { return readFolder(t, folder) }
}

func readFolder(t *testing.T, folder string) []delivery {
	names, err := filepath.Glob(filepath.Join(folder, "message*"))
	if err != nil {
		t.Fatal(err)
	}
	var all []delivery
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var in struct{ Input, Subject, ID, Secret, Document, File string }
		if err := json.Unmarshal(raw, &in); err != nil {
			t.Fatal(err)
		}
		subject, text, _ := strings.Cut(in.Input, "\n\n")
		if subject != in.Subject || in.Secret != "" {
			t.Errorf("the program saw %+v", in)
		}
		if _, err := os.Stat(in.File); in.File != "" && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is left: %v", in.File, err)
		}
		all = append(all, delivery{id: in.ID, subject: subject, text: text, document: in.Document, raw: string(raw)})
	}
	return all
}

func startEmail(t *testing.T, m mode) (*guard, func() []delivery) {
	s := newSMTP(t)
	s.mechanisms = "PLAIN LOGIN"
	switch m {
	case tired:
		s.script["MAIL"] = "451 4.3.0 try later"
	case angry:
		s.script["AUTH"] = "echo"
	case stalls:
		s.script["."] = "stall"
	}
	s.start()
	return open(t, "email", s.settings()), s.in.all
}
