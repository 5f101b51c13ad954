package notifiers

import (
	"context"
	"errors"
	"strings"
)

// Discord are the settings of a webhook of a Discord channel, made under "Integrations" in the channel's settings.
type Discord struct {
	URL Secret `toml:"url"` // as Discord shows it; ?thread_id=… may be added
}

const (
	discordLimit    = 2000   // UTF-16 units of markdown
	discordNoEmbeds = 1 << 2 // the flag that leaves links without a preview
)

type discord struct {
	to Secret
	poster
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
	type mentions struct {
		Parse []string `json:"parse"`
	}
	a, err := d.postJSON(ctx, d.to.Reveal(), nil, struct {
		Content  string   `json:"content"`
		Flags    int      `json:"flags"`
		Mentions mentions `json:"allowed_mentions"`
	}{discordContent(m), discordNoEmbeds, mentions{[]string{}}})
	if err == nil && a.ID == "" {
		return "", d.unconfirmed()
	}
	return Receipt(a.ID), err
}

func discordContent(m message) string {
	var head string
	if len(m.subject) > 0 {
		head = "**" + markdown(m.subject) + "**\n\n"
	}
	text := m.text.fit(discordLimit-units(head), func(t rich) int { return units(markdown(t)) })
	return strings.TrimSpace(head + markdown(text))
}

var escapeMarkdown = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "|", `\|`,
	">", `\>`, "<", `\<`, "#", `\#`, "@", `\@`, "[", `\[`, "]", `\]`)

// markdown writes a text so that Discord shows it as it is, with spoilers.
func markdown(t rich) string {
	return t.render(func(s span) string {
		if s.hidden {
			return "||" + escapeMarkdown.Replace(s.text) + "||"
		}
		return escapeMarkdown.Replace(s.text)
	})
}
