package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/mail"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/qrimage"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/setup"
	"github.com/pronote-sync/pronote-sync/notifiers"
)

func (a *app) notifySetupCommand() *cobra.Command {
	var name string
	var given []string
	cmd := &cobra.Command{
		Use:   "setup CHANNEL",
		Short: "Set up a channel for a new recipient, step by step",
		Long: "setup tells what account a channel takes and where its keys are, checks each of them as it is typed, " +
			"sends a first message and adds a [[notify]] table to the configuration. Secrets go into files of " +
			"their own in the folder secrets beside it. Nothing is written before the message has arrived.\n\n" +
			"What --name and --set give is not asked for, and without a terminal nothing is. The keys are those of " +
			"the channel in config.toml.example; whoever lists the processes sees their values, so give a secret as " +
			"the path of a file, such as --set token_file=secrets/telegram.",
		Args:      arguments(1, 1),
		ValidArgs: notifiers.Kinds(),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.load(cmd)
			if err != nil {
				return err
			}
			asker := newAsker(cmd.Context(), cmd)
			asker.speak(c.Language)
			w, err := newWalk(cmd, asker, c, args[0], name, given)
			if err != nil {
				return err
			}
			if err := w.run(); err != nil {
				return interrupted(cmd.Context(), err)
			}
			if !reloadDaemon(cmd.Context(), c) {
				w.say(w.in(setup.Reload))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "`word` for the recipient")
	cmd.Flags().StringArrayVar(&given, "set", nil, "`key=value` of the channel; may be repeated")
	return cmd
}

// A walk leads a person through the settings of a channel.
type walk struct {
	*asker
	cmd    *cobra.Command
	config *config.Config
	draft  *setup.Draft
	name   string
	again  bool // the questions are asked once more
	asked  []string
}

// newWalk begins a walk with the settings that are given, each a key and its value.
func newWalk(cmd *cobra.Command, a *asker, c *config.Config, channel, name string, given []string) (*walk, error) {
	draft, err := setup.New(channel, filepath.Dir(c.Path))
	if err != nil {
		return nil, mistaken(cmd, "%w", err)
	}
	for _, pair := range given {
		key, value, _ := strings.Cut(pair, "=")
		if err := draft.Set(key, value); err != nil {
			return nil, mistaken(cmd, "--set: %w", err)
		}
	}
	return &walk{asker: a, cmd: cmd, config: c, draft: draft, name: name}, nil
}

func (w *walk) run() error {
	if err := w.learn(); err != nil {
		return err
	}
	for {
		err := w.try()
		if err == nil {
			break
		}
		if err = w.anew(err); err != nil {
			return err
		}
	}
	var keys []config.Key
	for _, e := range append([]setup.Entry{{Name: "name", Value: w.name}, {Name: "channel", Value: w.draft.Channel}}, w.draft.Entries()...) {
		keys = append(keys, config.Key(e))
	}
	if err := w.config.Append("notify", w.name, keys); err != nil {
		return configError{err}
	}
	_, _ = fmt.Fprintf(w.cmd.OutOrStdout(), w.in(setup.Added), w.name, w.config.Path)
	return nil
}

func (w *walk) in(t setup.Text) string { return t.In(w.config.Language) }

// learn gets all that is needed, from the person where there is one.
func (w *walk) learn() error {
	if w.terminal != nil {
		w.say("\n" + setup.Intro(w.draft.Channel, w.config.Language) + "\n")
		if err := w.learnName(); err != nil {
			return err
		}
		return w.learnSettings()
	}
	if w.name == "" {
		return usageError{say.Errorf("there is no terminal to ask questions: give the name with --name, and the settings of the channel with --set")}
	}
	if err := w.config.CheckName(w.name); err != nil {
		return usageError{err}
	}
	if w.draft.Channel == "ntfy" && !w.draft.Has("topic") {
		w.drawTopic()
		_, _ = fmt.Fprintf(w.cmd.OutOrStdout(), w.in(setup.Subscribe), w.draft.Text("topic"), w.topicAddress())
	}
	if _, err := w.draft.Open(); err != nil {
		return usageError{say.Errorf("there is no terminal to ask questions, give what is missing with --set: %w", err)}
	}
	return nil
}

func (w *walk) learnName() error {
	for {
		given := w.name != ""
		if !given {
			answer, err := w.ask(w.in(setup.Name))
			if err != nil {
				return err
			}
			w.name = answer
		}
		err := w.config.CheckName(w.name)
		if err == nil || given {
			return err
		}
		w.complain(err)
		w.name = ""
	}
}

// learnSettings asks for each key that has no value yet, or for all of them again.
func (w *walk) learnSettings() error {
	if prepare := preparations[w.draft.Channel]; prepare != nil && !w.again {
		if err := prepare(w); err != nil {
			return err
		}
	}
	for _, f := range w.draft.Fields {
		if w.draft.Has(f.Key) {
			w.asked = append(w.asked, f.Key)
		}
	}
	if err := w.draft.Wrong(w.asked); err != nil && !w.again {
		return usageError{err} // of --set
	}
	for _, f := range w.draft.Asked() {
		if w.draft.Has(f.Key) && !w.again || w.needless(f.Key) {
			continue
		}
		if err := w.learnField(f); err != nil {
			return err
		}
	}
	_, err := w.draft.Open()
	return err
}

// needless reports whether a key makes no sense after an earlier answer.
func (w *walk) needless(key string) bool {
	return key == "password" && slices.Contains(w.asked, "username") && !w.draft.Has("username")
}

// learnField asks for a key until its value is right.
func (w *walk) learnField(f setup.Field) error {
	if !slices.Contains(w.asked, f.Key) {
		w.asked = append(w.asked, f.Key)
	}
	if find := finders[w.draft.Channel+" "+f.Key]; find != nil && !w.again {
		if found, err := find(w); found || err != nil {
			return err
		}
	}
	before := w.draft.Text(f.Key)
	for {
		err := w.answer(f)
		if check := checks[w.draft.Channel+" "+f.Key]; check != nil && err == nil {
			err = check(w)
		}
		switch {
		case w.ctx.Err() != nil:
			return errInterrupted
		case errors.As(err, new(usageError)): // nobody answers
			return err
		case err == nil:
			return nil
		}
		w.complain(err)
		if err := w.draft.Set(f.Key, before); err != nil {
			return err
		}
	}
}

// answer asks for a key and sets it. What is there already is kept if nothing is typed.
func (w *walk) answer(f setup.Field) error {
	question, before := setup.Question(w.draft.Channel, f.Key, w.config.Language), w.draft.Text(f.Key)
	switch {
	case before != "" && f.Secret:
		question += " [" + w.in(setup.Keep) + "]"
	case before != "":
		question += " [" + before + "]"
	case !w.draft.Wants(f.Key):
		question += " [" + w.in(setup.Skip) + "]"
	}
	typed, err := w.typed(question, f.Secret && f.Key != "topic")
	if err != nil {
		return err
	}
	if typed != "" || before == "" {
		if err := w.draft.Set(f.Key, typed); err != nil {
			return err
		}
	}
	return w.draft.Wrong(w.asked)
}

// typed asks, and hides the answer or not.
func (w *walk) typed(question string, hidden bool) (string, error) {
	if !hidden {
		return w.ask(question)
	}
	secret, err := w.askSecret(question)
	return secret.Reveal(), err
}

// complain says what is wrong with an answer, and goes on.
func (w *walk) complain(err error) {
	w.say("  " + sentence(err, w.config.Language, w.config.Database))
}

// try sends the first message.
func (w *walk) try() error {
	n, err := w.draft.Open()
	if err != nil {
		return err
	}
	w.say(w.in(setup.Sending))
	text := testMessages[w.config.Language]
	ctx, cancel := context.WithTimeout(w.ctx, 30*time.Second)
	defer cancel()
	if _, err = n.Deliver(ctx, notifiers.Message{Title: text[0], Body: text[1], Language: w.config.Language}); err != nil {
		return channelError{w.name, err}
	}
	_, _ = fmt.Fprintln(w.cmd.OutOrStdout(), say.To(w.config.Language, "%s: delivered by %s", w.name, w.draft.Channel)) // nobody reads on
	return nil
}

// anew says why a message did not arrive, and asks the questions again if the person likes.
func (w *walk) anew(err error) error {
	if w.terminal == nil || w.ctx.Err() != nil {
		return err
	}
	w.say("  " + sentence(err, w.config.Language, w.config.Database))
	answer, failed := w.ask(w.in(setup.Retry))
	if failed != nil || !setup.Yes(answer) {
		return err
	}
	w.say(w.in(setup.Again))
	w.again = true
	return w.learnSettings()
}

// What some channels do besides asking: before all questions, in place of a question, and
// after an answer.
var (
	preparations = map[string]func(*walk) error{"email": (*walk).findServer}
	finders      = map[string]func(*walk) (found bool, err error){"telegram chat_id": (*walk).findChat, "ntfy topic": (*walk).shareTopic}
	checks       = map[string]func(*walk) error{"telegram token": (*walk).greetBot}
)

// findServer asks for the sender's address, which tells the provider and most of the rest.
func (w *walk) findServer() error {
	for !w.draft.Has("host") && !w.draft.Has("from") {
		address, err := w.ask(w.in(setup.Sender))
		if err != nil {
			return err
		}
		if err := w.draft.Set("from", address); err != nil {
			return err
		}
		if err := w.wrongWith("host", "127.0.0.1"); err != nil {
			w.complain(err)
			if err := w.draft.Set("from", ""); err != nil {
				return err
			}
			continue
		}
		if a, err := mail.ParseAddress(address); err == nil { // with a name, it is for from alone
			address = a.Address
		}
		p, known := setup.ProviderOf(address)
		switch {
		case known && p.Host == "":
			w.say("\n" + w.in(p.Note) + "\n")
			if err := w.draft.Set("from", ""); err != nil {
				return err
			}
		case known:
			w.say("\n" + fmt.Sprintf(w.in(setup.Found), p.Name, p.Host, p.Port) + "\n" + w.in(p.Note) + "\n")
			return w.setAll("host", p.Host, "port", strconv.Itoa(p.Port), "tls", p.TLS, "username", address, "from", "PRONOTE <"+address+">")
		}
	}
	return nil
}

// wrongWith is what is wrong with the sender, if another key had that value.
func (w *walk) wrongWith(key, value string) error {
	if err := w.draft.Set(key, value); err != nil {
		return err
	}
	wrong := w.draft.Wrong(append(w.asked, key, "from"))
	return errors.Join(wrong, w.draft.Set(key, ""))
}

func (w *walk) setAll(pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if err := w.draft.Set(pairs[i], pairs[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// drawTopic makes a topic that nobody guesses.
func (w *walk) drawTopic() { _ = w.draft.Set("topic", "pronote-"+strings.ToLower(rand.Text())) } // of a key that exists

func (w *walk) topicAddress() string {
	server := w.draft.Text("server")
	if server == "" {
		server = "https://ntfy.sh"
	}
	return strings.TrimRight(server, "/") + "/" + w.draft.Text("topic")
}

// showCode draws an address so that a telephone can open it.
func (w *walk) showCode(address string) {
	if code, err := qrimage.Draw(address); err == nil { // it is there in letters, too
		w.say(code)
	}
}

// shareTopic draws a topic and shows how to subscribe to it.
func (w *walk) shareTopic() (bool, error) {
	w.drawTopic()
	w.say("\n" + fmt.Sprintf(w.in(setup.Subscribe), w.draft.Text("topic"), w.topicAddress()))
	w.showCode(w.topicAddress())
	_, err := w.ask(w.in(setup.Subscribed))
	return true, err
}
