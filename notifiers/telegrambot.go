package notifiers

import (
	"fmt"
	"strconv"
)

// A Bot is a Telegram bot that answers what is asked in a chat. This package only
// tells who it is: a channel sends, and never listens.
type Bot struct {
	Token  Secret
	Server string // without a slash at the end
	Chat   int64
}

// BotOf is the bot of a Telegram channel whose settings want one.
func BotOf(n Notifier) (Bot, bool) {
	g, ok := n.(*guard)
	if !ok {
		return Bot{}, false
	}
	t, ok := g.channel.(*telegram)
	if !ok || !t.Bot {
		return Bot{}, false
	}
	chat, ok := t.chat()
	return Bot{t.Token, t.Server, chat}, ok
}

// chat is the number of the chat; a channel may have a name instead.
func (s *Telegram) chat() (int64, bool) {
	chat, err := strconv.ParseInt(fmt.Sprint(s.ChatID), 10, 64)
	return chat, err == nil
}
