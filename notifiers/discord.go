package notifiers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// Discord are the settings of a webhook of a Discord channel, made under "Integrations" in the channel's settings.
type Discord struct {
	URL Secret `toml:"url"` // as Discord shows it; ?thread_id=… may be added
}

const discordLimit = 4096 // UTF-16 units of the markdown of an embed

// Codes of Discord's errors.
const (
	discordNoMessage = 10008
	discordNotOurs   = 50005
)

type discord struct {
	to Secret
	poster
}

// discordPost is a message as Discord takes it. The title is the content, for telephones show no embed on a locked
// screen.
type discordPost struct {
	Content  string          `json:"content"`
	Embeds   []discordEmbed  `json:"embeds"` // one or none; an empty list takes that of an earlier message away
	Flags    int             `json:"flags,omitempty"`
	Mentions discordMentions `json:"allowed_mentions"`
}

type discordEmbed struct {
	Description string `json:"description"`
	Color       int    `json:"color"`
}

type discordMentions struct {
	Parse []string `json:"parse"` // what may be called by name: nobody
}

func (s *Discord) open() (channel, error) {
	u, err := checkURL("url", s.URL.Reveal())
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(u.Path, "/api/") || !strings.Contains(u.Path, "/webhooks/") || u.Scheme != "https" && !loopback(u.Hostname()) {
		return nil, errors.New("url is not that of a Discord webhook")
	}
	query := u.Query()
	query.Set("wait", "true") // else Discord says yes before it has stored the message
	u.RawQuery = query.Encode()
	return &discord{NewSecret(u.String()), newPoster("discord", adviseDiscord)}, nil
}

func adviseDiscord(a answer) *failure {
	if a.Code == discordNoMessage || a.Code == discordNotOurs {
		return temporary("the discord message cannot be changed").because(amendedGone)
	}
	switch a.status {
	case 401, 403, 404:
		return temporary("discord does not know this webhook").because("webhook")
	case 400:
		if a.Message != "" {
			return temporary("discord does not take the message: %s", a.Message).because("refused")
		}
	}
	return nil
}

func (d *discord) send(ctx context.Context, m message) (Receipt, error) {
	if discordID.MatchString(string(m.amends)) && m.level <= Normal {
		// What is urgent has to ring, and an edit is silent.
		receipt, err := d.deliver(ctx, http.MethodPatch, "/messages/"+string(m.amends), m)
		if !isBecause(err, amendedGone) {
			return receipt, err
		}
	}
	return d.deliver(ctx, http.MethodPost, "", m)
}

var discordID = regexp.MustCompile(`^\d{1,20}$`)

// deliver sends a message to a path below the webhook.
func (d *discord) deliver(ctx context.Context, method, path string, m message) (Receipt, error) {
	to, err := url.Parse(d.to.Reveal())
	if err != nil {
		return "", errors.New("url is not an address") // it was one
	}
	to.Path += path
	post := discordMessage(m)
	if m.level <= Quiet && method == http.MethodPost {
		post.Flags = discordSilent
	}
	a, err := d.sendJSON(ctx, method, to.String(), nil, post)
	if err == nil && a.ID == "" {
		return "", d.unconfirmed()
	}
	return Receipt(a.ID), err
}

func discordMessage(m message) discordPost {
	post := discordPost{Embeds: []discordEmbed{}, Mentions: discordMentions{[]string{}}}
	if len(m.subject) > 0 {
		// An address in a title would be looked up and shown with a preview.
		post.Content = "**" + strings.ReplaceAll(markdown(m.subject, ""), "://", `:\//`) + "**"
	}
	text := m.text
	if m.link != "" {
		tail := units("\n\n"+pageName) + units(m.link) + len("[](<>)")
		text = text.fit(discordLimit-tail, markdownSize).linked()
	} else {
		text = text.fit(discordLimit, markdownSize)
	}
	if len(text) > 0 {
		post.Embeds = append(post.Embeds, discordEmbed{strings.TrimSpace(markdown(text, m.link)), discordColors[m.level.String()]})
	}
	return post
}

const discordSilent = 1 << 12 // the flag that makes no sound

// discordColors stand at the side of the text. They tell how much a message may disturb, and judge nothing.
var discordColors = map[string]int{"quiet": 0x8B949E, "normal": 0x2F7D6B, "urgent": 0xD9822B, "alarm": 0xC62828}

func markdownSize(t rich) int { return units(markdown(t, "")) }

var escapeMarkdown = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "|", `\|`,
	">", `\>`, "<", `\<`, "#", `\#`, "@", `\@`, "[", `\[`, "]", `\]`)

// markdown writes a text so that Discord shows it as it is, with spoilers.
func markdown(t rich, link string) string {
	return t.render(func(s span) string {
		switch {
		case s.hidden:
			return "||" + escapeMarkdown.Replace(s.text) + "||"
		case s.link:
			return "[" + s.text + "](<" + link + ">)"
		}
		return escapeMarkdown.Replace(s.text)
	})
}
