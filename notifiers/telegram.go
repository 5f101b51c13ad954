package notifiers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Telegram are the settings of a chat with a Telegram bot.
type Telegram struct {
	Token    Secret `toml:"token"`     // as @BotFather gives it
	ChatID   any    `toml:"chat_id"`   // number of a person or a group, or "@name" of a channel
	ThreadID int    `toml:"thread_id"` // topic of a group that has topics; none when 0
	Silent   bool   `toml:"silent"`    // deliver without a sound
	Bot      bool   `toml:"bot"`       // the bot answers what is asked in the chat: see BotOf
	Server   string `toml:"server"`    // of a self-hosted Bot API; https://api.telegram.org when empty
}

const (
	telegramLimit = 4096 // UTF-16 units, without the tags

	// telegramParts is how many parts, hidden and not, a text may have before the hidden ones are left out. Telegram
	// ignores tags from about the hundredth on, and the text of an ignored spoiler would be in the clear.
	telegramParts = 90
)

var (
	telegramToken = regexp.MustCompile(`^\d+:[A-Za-z0-9_-]+$`)
	telegramChat  = regexp.MustCompile(`^(-?[1-9]\d*|@\w+)$`)
	telegramSame  = regexp.MustCompile(`(?i)message is not modified`)
	telegramGone  = regexp.MustCompile(`(?i)message to edit not found|message can.?t be edited|message_id_invalid|message_author_required`)
)

type telegram struct {
	Telegram
	risk string // of the address

	// Of a bot, which would print its token.
	post func(context.Context, *bot.SendMessageParams) (*models.Message, error)
	edit func(context.Context, *bot.EditMessageTextParams) (*models.Message, error)
}

func (s *Telegram) open() (channel, error) {
	s.Server = strings.TrimRight(cmp.Or(s.Server, "https://api.telegram.org"), "/")
	u, err := checkURL("server", s.Server)
	switch {
	case err != nil:
		return nil, err
	case u.User != nil || u.RawQuery != "":
		return nil, errors.New("server is more than an address")
	case s.Token.IsZero():
		return nil, errors.New("token is missing")
	case !telegramToken.MatchString(s.Token.Reveal()):
		return nil, errors.New("token is not that of a bot")
	case s.ThreadID < 0:
		return nil, errors.New("thread_id is negative")
	}
	if err := checkChat(s.ChatID); err != nil {
		return nil, err
	}
	if _, ok := s.chat(); s.Bot && !ok {
		return nil, errors.New("bot needs a chat_id that is a number: nobody asks anything in a channel")
	}
	t := &telegram{Telegram: *s}
	to := newPoster("telegram", t.advise)
	to.own = u.Hostname() != "api.telegram.org"
	if t.risk, err = openly("server", u); err != nil {
		return nil, err
	}
	b, err := bot.New(s.Token.Reveal(), bot.WithSkipGetMe(), bot.WithServerURL(s.Server),
		bot.WithHTTPClient(0, telegramHTTP{to}),
		bot.WithErrorsHandler(func(error) {})) // it would log by itself
	if err != nil {
		return nil, err
	}
	t.post, t.edit = b.SendMessage, b.EditMessageText
	return t, nil
}

func (t *telegram) warning() string { return t.risk }

func checkChat(id any) error {
	switch {
	case id == nil:
		return errors.New("chat_id is missing")
	case !telegramChat.MatchString(fmt.Sprint(id)):
		return errors.New("chat_id is neither the number of a chat nor the name of a channel")
	}
	return nil
}

func (t *telegram) advise(a answer) *failure {
	switch {
	case a.status == 401 || a.status == 404:
		return temporary("telegram refuses the token").because("token")
	case a.status == 403:
		return temporary("telegram may not write to chat_id %v", t.ChatID).because("chat_blocked")
	case a.status == 400 && a.Parameters.MigratedTo != 0:
		return temporary("the telegram group has the new chat_id %d", a.Parameters.MigratedTo).because("chat_moved")
	case a.status == 400 && strings.Contains(a.Description, "chat not found"):
		return temporary("telegram does not know chat_id %v", t.ChatID).because("chat_unknown")
	case a.status == 400 && telegramSame.MatchString(a.Description):
		return temporary("the telegram message is so already").because(amendedSame)
	case a.status == 400 && telegramGone.MatchString(a.Description):
		return temporary("the telegram message cannot be changed").because(amendedGone)
	case a.status == 400 && a.Description != "":
		return temporary("telegram does not take the message: %s", a.Description).because("refused")
	}
	return nil
}

func (t *telegram) send(ctx context.Context, m message) (Receipt, error) {
	earlier, _ := strconv.Atoi(string(m.amends)) // 0 when it is no receipt of ours
	if earlier > 0 && m.level <= Normal {
		// What is urgent has to ring, and an edit is silent.
		receipt, err := t.replace(ctx, m, earlier)
		if !isBecause(err, amendedGone) {
			return receipt, err
		}
	}
	sent := &bot.SendMessageParams{
		ChatID:              t.ChatID,
		MessageThreadID:     t.ThreadID,
		Text:                telegramHTML(m),
		ParseMode:           models.ParseModeHTML,
		LinkPreviewOptions:  noPreview(),
		DisableNotification: t.Silent || m.level <= Quiet,
		ReplyMarkup:         keyboard(m.actions),
	}
	if earlier > 0 {
		sent.ReplyParameters = &models.ReplyParameters{MessageID: earlier, AllowSendingWithoutReply: true}
	}
	taken, err := t.post(ctx, sent)
	return telegramReceipt(taken, err)
}

// replace changes an earlier message.
func (t *telegram) replace(ctx context.Context, m message, earlier int) (Receipt, error) {
	_, err := t.edit(ctx, &bot.EditMessageTextParams{
		ChatID:             t.ChatID,
		MessageID:          earlier,
		Text:               telegramHTML(m),
		ParseMode:          models.ParseModeHTML,
		LinkPreviewOptions: noPreview(),
		ReplyMarkup:        keyboard(m.actions),
	})
	if isBecause(err, amendedSame) {
		err = nil
	}
	return telegramReceipt(&models.Message{ID: earlier}, err)
}

// telegramReceipt takes the words off that the library puts before a failure.
func telegramReceipt(taken *models.Message, err error) (Receipt, error) {
	if f, ok := errors.AsType[*failure](err); ok {
		return "", f
	}
	if err != nil || taken.ID == 0 {
		return "", err
	}
	return Receipt(strconv.Itoa(taken.ID)), nil
}

func noPreview() *models.LinkPreviewOptions {
	return &models.LinkPreviewOptions{IsDisabled: bot.True()}
}

// inlineKeyboard is the library's InlineKeyboardMarkup with buttons that do one thing: the library's say that they copy
// an empty text, too.
type inlineKeyboard struct {
	Rows [][]inlineButton `json:"inline_keyboard"`
}

type inlineButton struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
}

// keyboard is a row of buttons, or nothing.
func keyboard(actions []Action) models.ReplyMarkup {
	if len(actions) == 0 {
		return nil
	}
	var row []inlineButton
	for _, a := range actions {
		row = append(row, inlineButton{a.Label, a.Data})
	}
	return inlineKeyboard{[][]inlineButton{row}}
}

// telegramHTTP is the library's way to Telegram. It judges the answer itself: the library decodes the whole message it
// has sent, and if it stumbled there we would send again what has arrived.
type telegramHTTP struct{ poster }

// Do makes a request.
func (h telegramHTTP) Do(req *http.Request) (*http.Response, error) {
	a, err := h.do(req)
	switch {
	case err != nil:
		return nil, err
	case !a.OK:
		return nil, h.unconfirmed()
	}
	confirmed := fmt.Sprintf(`{"ok":true,"result":{"message_id":%d}}`, a.Result.ID)
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(confirmed))}, nil
}

// telegramHTML writes the title in bold, an empty line, and the text.
func telegramHTML(m message) string {
	subject, text := m.subject, m.text
	if len(subject)+len(text) > telegramParts {
		subject, text = opaque(subject), opaque(text)
	}
	var head string
	limit := telegramLimit
	if len(subject) > 0 {
		head = "<b>" + tags(subject, "") + "</b>\n\n"
		limit -= visible(subject) + 2
	}
	if m.link == "" {
		return strings.TrimSpace(head + tags(text.fit(limit, visible), ""))
	}
	text = text.fit(limit-units("\n\n"+pageName), visible).linked()
	return strings.TrimSpace(head + tags(text, m.link))
}

// opaque leaves out what is hidden.
func opaque(t rich) rich {
	if len(t) == 0 {
		return nil
	}
	return rich{{text: t.plain()}}
}

var escapeHTML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// tags writes a text in the HTML of Telegram.
func tags(t rich, link string) string {
	return t.render(func(s span) string {
		switch {
		case s.hidden:
			return "<tg-spoiler>" + escapeHTML.Replace(s.text) + "</tg-spoiler>"
		case s.link:
			return `<a href="` + escapeHTML.Replace(link) + `">` + s.text + "</a>"
		}
		return escapeHTML.Replace(s.text)
	})
}
