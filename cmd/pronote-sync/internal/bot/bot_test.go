package bot

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// A rig is a bot that listens to a Telegram of its own and answers from a mirror.
type rig struct {
	*telegram
	bots  []*Bot
	store *db.Store
	log   *buffer
}

// A buffer is a log that is read while it is written.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// recipient is one whose channel is a chat with the bot.
func (s *telegram) recipient(name string, chat any, language string) psync.Recipient {
	s.t.Helper()
	n, err := notifiers.New("telegram", func(settings any) error {
		*settings.(*notifiers.Telegram) = notifiers.Telegram{Token: notifiers.NewSecret(token), ChatID: chat, Bot: true, Server: s.URL}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return psync.Recipient{Name: name, Channel: "telegram", Notifier: n, Language: language, Reveal: psync.RevealFull, Location: time.UTC}
}

// listen starts the bots of some recipients, who have a child each with one piece of
// homework for tomorrow.
func (s *telegram) listen(recipients ...psync.Recipient) *rig {
	s.t.Helper()
	ctx := s.t.Context()
	store, err := db.Open(ctx, filepath.Join(s.t.TempDir(), "pronote.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	tomorrow := pronote.DateOf(time.Now().UTC()).AddDays(1)
	err = store.Update(ctx, func(tx *db.Tx) error {
		a, err := tx.Account(ctx, "lea", "pronote", "https://0123456a.example/pronote/", "student")
		if err != nil {
			return err
		}
		child, err := tx.SaveStudent(ctx, a.ID, db.Student{Name: "MARTIN Léa"})
		if err != nil {
			return err
		}
		o := db.Owner{Account: a.ID, Student: child.ID, AccountName: "lea", StudentName: child.Name}
		_, err = db.Homework.Add(ctx, tx, o, "1", pronote.Homework{Subject: "LATIN", DueOn: tomorrow, Description: "Décliner <rosa> & dominus"}, pronote.DateTime{Date: tomorrow})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	r := &rig{telegram: s, store: store, log: &buffer{}}
	log := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r.bots = New(recipients, psync.Answers{Store: store, Accounts: []string{"lea"}, Now: time.Now}, log)
	running, stop := context.WithCancel(ctx)
	var done sync.WaitGroup
	for _, b := range r.bots {
		b.slowdown = time.Millisecond
		done.Go(func() { b.Run(running) })
	}
	s.t.Cleanup(func() {
		stop()
		done.Wait()
		if err := store.Close(); err != nil {
			s.t.Error(err)
		}
		if strings.Contains(r.log.String(), "AA-bb_CC") {
			s.t.Errorf("the log has the token:\n%s", r.log)
		}
	})
	return r
}

func TestQuestionsAreAnsweredInTheirChat(t *testing.T) {
	t.Parallel()
	s := newTelegram(t)
	r := s.listen(s.recipient("maman", 11, "fr"), s.recipient("dad", "22", "en"), s.recipient("groupe", -33, "fr"))
	if len(r.bots) != 1 {
		t.Fatalf("%d bots of one token", len(r.bots))
	}
	for _, c := range []struct {
		chat      int64
		text, has string
	}{
		{11, "/devoirs", "&lt;rosa&gt; &amp; dominus"},
		{22, "/homework tomorrow", "dominus"},
		{11, "devoirs demain", "dominus"}, // to a bot alone one need not write the stroke
		{11, "/DEVOIRS@ecole_bot", "dominus"},
		{11, "/start", "/semaine"},
		{22, "what?", "/timetable"},
		{22, "/", "/timetable"},
		{11, "/edt jamais", "/edt jeudi"},
	} {
		s.write(c.chat, c.text)
		if got := s.hears(); !strings.Contains(got, c.has) {
			t.Errorf("%q is answered by %q", c.text, got)
		}
	}
	s.writeAs(-33, "supergroup", "devoirs ?", time.Now()) // people to each other
	s.writeAs(-33, "supergroup", "/devoirs", time.Now())
	s.hears()
	sent := s.callsOf("sendMessage")
	if last := sent[len(sent)-1]; len(sent) != 9 || last["chat_id"] != "-33" {
		t.Errorf("%d answers, the last to %v", len(sent), last["chat_id"])
	}
	commands := s.callsOf("setMyCommands")
	if len(commands) != 3 || len(commands[0]["commands"].([]any)) != len(psync.TopicNames) {
		t.Errorf("what Telegram offers: %v", commands)
	}
}

func TestStrangersGetSilence(t *testing.T) {
	t.Parallel()
	s := newTelegram(t)
	r := s.listen(s.recipient("maman", 11, "fr"))
	for range 3 {
		s.write(666, "/devoirs")
		s.press(666, "seen:1")
	}
	s.writeAs(11, "private", "/devoirs", time.Now().Add(-time.Hour)) // asked while the program was stopped
	s.write(11, "/devoirs")
	if got := s.hears(); !strings.Contains(got, "dominus") || !s.quiet() {
		t.Errorf("the bot says %q", got)
	}
	if n := strings.Count(r.log.String(), "chat_id=666"); n != 1 {
		t.Errorf("a stranger is logged %d times:\n%s", n, r.log)
	}
	if len(s.callsOf("answerCallbackQuery")) > 0 {
		t.Error("a stranger's button is answered")
	}
}

func TestAChatMayNotAskWithoutEnd(t *testing.T) {
	t.Parallel()
	s := newTelegram(t)
	s.listen(s.recipient("maman", 11, "fr"), s.recipient("papa", 22, "fr"))
	for range 5 * burst {
		s.write(11, "/devoirs")
	}
	s.write(22, "/aide")
	answers := 0
	for !strings.Contains(s.hears(), "/semaine") {
		answers++
	}
	if answers < burst || answers > 2*burst {
		t.Errorf("%d answers to %d questions", answers, 5*burst)
	}
}

func TestHostileUpdatesHideNothing(t *testing.T) {
	t.Parallel()
	s := newTelegram(t)
	s.listen(s.recipient("maman", 11, "fr")).bots[0].chats[11].limit.SetLimit(rate.Inf)
	for _, text := range []string{
		`{"update_id":%d}`, `{"update_id":%d,"message":null}`, `{"update_id":%d,"message":{"chat":"eleven"}}`, `{"update_id":%d,"message":{"chat":{"id":1e99}}}`,
		`{"update_id":%d,"callback_query":{"data":7}}`, `{"update_id":%d,"callback_query":{"id":"1","data":"seen:1"}}`, `{"update_id":"x","n":%d}`, `[]`, `"text"`,
	} {
		s.update(text)
	}
	s.write(11, "/\x00\u202e"+strings.Repeat("💥", 4000))
	if got := s.hears(); !strings.Contains(got, "/semaine") {
		t.Errorf("a huge text is answered by %q", got)
	}
	for _, data := range []string{"", "seen:", "seen:0", "seen:-1", "seen:01", "seen:99999999999999999999", "seen:1 OR 1", "mute:1:2", "later", strings.Repeat("x", 5000), "SEEN:1", "seen:1"} {
		s.press(11, data)
		if got := s.hears(); got != wordsIn("fr").stale {
			t.Errorf("button %.20q is answered by %q", data, got)
		}
	}
}

func TestRefusalsOfTelegramArePassing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		refusals []answer
		logged   string
	}{
		"another poller": {[]answer{conflict, conflict}, "another program reads"},
		"too many":       {[]answer{{429, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 3","parameters":{"retry_after":3}}`}}, "Too Many Requests"},
		"token":          {[]answer{{401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`}, {401, `{"ok":false}`}}, "copy it again from @BotFather"},
		"ill":            {[]answer{{502, "<html>Bad Gateway"}, {500, ""}}, "status 502"},
		"odd":            {[]answer{{200, `{"ok":true,"result":{}}`}, {200, `{"ok":true,"result":[{"update_id":0}]}`}}, "another form"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTelegram(t)
			r := s.listen(s.recipient("maman", 11, "fr"))
			s.refuse(c.refusals...)
			s.write(11, "/devoirs")
			if got := s.hears(); !strings.Contains(got, "dominus") {
				t.Errorf("afterwards the bot says %q", got)
			}
			if n := strings.Count(r.log.String(), c.logged); n != 1 {
				t.Errorf("%q is logged %d times:\n%s", c.logged, n, r.log)
			}
		})
	}
}

func TestHowLongABotWaits(t *testing.T) {
	t.Parallel()
	b := &Bot{slowdown: time.Second}
	for name, c := range map[string]struct {
		err      error
		failures int
		want     time.Duration
	}{
		"first":      {context.DeadlineExceeded, 1, time.Second},
		"fifth":      {context.DeadlineExceeded, 5, 16 * time.Second},
		"many":       {context.DeadlineExceeded, 1000, 5 * time.Minute},
		"conflict":   {&refusal{status: 409}, 1, time.Minute},
		"token":      {&refusal{status: 401}, 1, 15 * time.Minute},
		"wish":       {&refusal{status: 429, wait: 35 * time.Second}, 1, 35 * time.Second},
		"no wish":    {&refusal{status: 429}, 2, 2 * time.Second},
		"wild wish":  {&refusal{status: 429, wait: 1000 * time.Hour}, 1, time.Hour},
		"wrong wish": {&refusal{status: 429, wait: -time.Hour}, 1, time.Second},
	} {
		if got := b.waitAfter(c.err, c.failures); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestWhatWasNotHandledComesAgain(t *testing.T) {
	t.Parallel()
	s := newTelegram(t)
	s.listen(s.recipient("maman", 11, "fr"))
	s.write(11, "/devoirs")
	s.hears()
	s.write(11, "/devoirs")
	s.hears()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, offset := range s.offsets {
		if handled := len(s.calls["sendMessage"]); offset > s.first+handled+1 || i == 0 && offset != 1 {
			t.Errorf("question %d is for updates from %d on, after %d were handled", i, offset, handled)
		}
	}
}

func TestOneTokenHasOneBot(t *testing.T) {
	t.Parallel()
	s, other := newTelegram(t), newTelegram(t)
	mute := s.recipient("papa", 22, "fr")
	n, err := notifiers.New("telegram", func(settings any) error {
		*settings.(*notifiers.Telegram) = notifiers.Telegram{Token: notifiers.NewSecret(token), ChatID: 22, Server: s.URL}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	mute.Notifier = n
	bots := New([]psync.Recipient{s.recipient("maman", 11, "fr"), mute, s.recipient("mamie", 33, "fr"), s.recipient("again", 11, "en"), other.recipient("oncle", 44, "fr")},
		psync.Answers{}, slog.New(slog.DiscardHandler))
	if len(bots) != 2 || len(bots[0].chats) != 2 || bots[0].chats[11].recipient.Name != "maman" || bots[0].chats[22] != nil {
		t.Errorf("%d bots, the first with %d chats", len(bots), len(bots[0].chats))
	}
}
