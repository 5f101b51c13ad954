package notifiers

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// Slack are the settings of an incoming webhook, which an app of the workspace has for each channel.
type Slack struct {
	URL Secret `toml:"url"` // as Slack shows it
}

// slackLimit is what Slack recommends for a text, in characters. From 40,000 on it cuts.
const slackLimit = 4000

func (s *Slack) open() (channel, error) {
	to, err := hook("slack", "is not that of a Slack webhook", s.URL, false, "/services/")
	if err != nil {
		return nil, err
	}
	type element map[string]any
	return (&service{
		poster: to, limit: slackLimit,
		// What lock screens and screen readers get. Elements are shown as they are, without markup.
		text: together(strings.Clone, escaped(escapeHTML), around("<", "|"+pageName+">")),
		request: func(m message, text string) request {
			body := m.withLink()
			var shown []element
			if len(m.subject) > 0 {
				shown = append(shown, element{"type": "text", "text": m.subject.plain(), "style": element{"bold": true}})
			}
			if len(m.subject) > 0 && len(body) > 0 {
				shown = append(shown, element{"type": "text", "text": "\n\n"})
			}
			for _, s := range body {
				if s.link {
					shown = append(shown, element{"type": "link", "url": m.link, "text": s.text})
				} else {
					shown = append(shown, element{"type": "text", "text": rich{s}.plain()})
				}
			}
			section := element{"type": "rich_text_section", "elements": shown}
			return request{url: s.URL.Reveal(), body: element{
				"text":         text,
				"blocks":       []element{{"type": "rich_text", "elements": []element{section}}},
				"unfurl_links": false, "unfurl_media": false,
			}}
		},
		confirms: says("ok"), words: wholeAnswer,
		refusals: []refusal{
			{403, "", "hook"}, {404, "", "hook"}, {410, "", "hook"}, // each with a word, such as no_service, channel_is_archived
		},
	}).ready(), nil
}

// Matrix are the settings of a room on a Matrix server, in which an account of the program's own writes.
type Matrix struct {
	Server string `toml:"server"` // of the account, such as https://matrix.org
	Token  Secret `toml:"token"`  // of access, of the account
	Room   string `toml:"room"`   // its id, which starts with "!"
}

// matrixLimit is, in bytes, half of what an event may have, for it holds the text twice, and some thousands are left
// for the rest.
const matrixLimit = 30_000

var (
	matrixRoom  = regexp.MustCompile(`^![!-~]{1,254}$`)
	matrixEvent = regexp.MustCompile(`^\$[!-~]{1,254}$`)
)

// matrixEdits reports whether a message changes the one that it amends. An urgent one answers it instead, because an
// edit makes no sound.
func matrixEdits(m message) bool {
	return matrixEvent.MatchString(string(m.amends)) && m.level <= Normal
}

func (s *Matrix) open() (channel, error) {
	to, err := home("matrix", &s.Server)
	if err != nil {
		return nil, err
	}
	if err := needed("token", s.Token.Reveal(), "room", s.Room); err != nil {
		return nil, err
	}
	if !matrixRoom.MatchString(s.Room) {
		return nil, errors.New("room is not the id of a room")
	}
	content := func(m message, html string) map[string]any {
		return map[string]any{"msgtype": "m.text", "body": joined("\n\n", m.subject.plain(), m.text.plain()), "format": "org.matrix.custom.html", "formatted_body": html,
			"m.mentions": struct{}{}} // nobody is called by a name in a text
	}
	html := together(around("<strong>", "</strong>"), matrixHTML, func(a string) string { return `<a href="` + escapeHTML.Replace(a) + `">` + pageName + "</a>" })
	return (&service{
		poster: to, text: func(m message) string { return strings.ReplaceAll(html(m), "\n", "<br>") },
		limit: matrixLimit,
		size: func(m message, html string) int {
			if matrixEdits(m) {
				return 2 * encodedSize(html)
			}
			return encodedSize(html)
		},
		request: func(m message, html string) request {
			event := content(m, html)
			switch {
			case matrixEdits(m):
				event["m.new_content"] = content(m, html)
				event["m.relates_to"] = map[string]any{"rel_type": "m.replace", "event_id": m.amends}
			case matrixEvent.MatchString(string(m.amends)):
				event["m.relates_to"] = map[string]any{"m.in_reply_to": map[string]any{"event_id": m.amends}}
			}
			return request{method: http.MethodPut, header: bearer(s.Token), body: event,
				url: s.Server + "/_matrix/client/v3/rooms/" + url.PathEscape(s.Room) + "/send/m.room.message/" + m.id}
		},
		receipt: "event_id", edits: matrixEdits, words: "error",
		refusals: []refusal{{403, "M_FORBIDDEN", "room"}, {404, "M_NOT_FOUND", "room"}, {413, "", "too_long"}},
	}).ready(), nil
}

// matrixHTML writes a text in the HTML of Matrix, with spoilers.
func matrixHTML(t rich) string {
	return t.render(func(s span) string {
		if s.hidden {
			return "<span data-mx-spoiler>" + escapeHTML.Replace(s.text) + "</span>"
		}
		return escapeHTML.Replace(s.text)
	})
}

// bearer is the header with a token of access.
func bearer(token Secret) http.Header {
	return http.Header{"Authorization": {"Bearer " + token.Reveal()}}
}

// Mattermost are the settings of an incoming webhook of a channel.
type Mattermost struct {
	URL Secret `toml:"url"` // as Mattermost shows it
}

// mattermostLimit is that of a post, in characters.
const mattermostLimit = 16383

func (s *Mattermost) open() (channel, error) {
	to, err := hook("mattermost", "is not that of a Mattermost webhook", s.URL, true, "/hooks/")
	if err != nil {
		return nil, err
	}
	write := func(t rich) string { return uncalled(escapeMarkdown.Replace(t.plain())) }
	return (&service{
		poster: to, limit: mattermostLimit,
		text: together(around("**", "**"), write, around("["+pageName+"](", ")")),
		request: func(m message, text string) request {
			body := map[string]any{"text": text}
			if m.level >= Urgent {
				body["priority"] = map[string]string{"priority": by(m.level, "", "", "important", "urgent")}
			}
			return request{url: s.URL.Reveal(), body: body}
		},
		confirms: says("ok"), words: "message",
		refusals: []refusal{{400, "web.incoming_webhook", "hook"}},
	}).ready(), nil
}

// RocketChat are the settings of an incoming webhook of a channel or a person.
type RocketChat struct {
	URL Secret `toml:"url"` // as Rocket.Chat shows it
}

// rocketLimit is what servers are set to when nobody changes it, in characters.
const rocketLimit = 5000

// escapeRocket has all that Rocket.Chat lets one escape; a backslash before anything else is one.
var escapeRocket = strings.NewReplacer("*", `\*`, "_", `\_`, "~", `\~`, "`", "\\`", "#", `\#`, `\.`, `\\.`)

func (s *RocketChat) open() (channel, error) {
	to, err := hook("rocketchat", "is not that of a Rocket.Chat webhook", s.URL, true, "/hooks/")
	if err != nil {
		return nil, err
	}
	write := func(t rich) string { return uncalled(escapeRocket.Replace(t.plain())) }
	return (&service{
		poster: to, limit: rocketLimit,
		text: together(starred(endsInEscape), write, around("["+pageName+"](", ")")),
		request: func(_ message, text string) request {
			return request{url: s.URL.Reveal(), body: map[string]any{"text": text, "parseUrls": false}}
		},
		confirms: func(a answer) bool { return a.at("success") == "true" }, words: "error",
		refusals: []refusal{{400, "error-message-size-exceeded", "too_long"}, {400, "integration", "hook"}, {404, "", "hook"}},
	}).ready(), nil
}

// endsInEscape reports whether the star after a text would be a part of it.
func endsInEscape(s string) bool { return strings.HasSuffix(s, `\`) }

var call = regexp.MustCompile(`(?i)@(all|channel|here)\b`)

// uncalled parts the sign from the words that call everybody in a room, for which there is no escape.
func uncalled(s string) string { return call.ReplaceAllString(s, "@\u2060$1") }

// Teams are the settings of a workflow that posts to a chat or a channel of Microsoft Teams when it is asked by HTTP. The
// webhooks of connectors, which came before, are switched off.
type Teams struct {
	URL Secret `toml:"url"` // as the workflow shows it
}

// teamsLimit is what Teams takes of a message as a whole, 28 KB, less what it adds.
const teamsLimit = 26_000

func (s *Teams) open() (channel, error) {
	to, err := hook("teams", "is not that of a workflow of Teams", s.URL, false, "/workflows/", "/triggers/")
	if err != nil {
		return nil, err
	}
	return (&service{
		poster: to, text: plainText,
		limit: teamsLimit, size: func(m message, text string) int { return encodedSize(teamsCard(m, text)) },
		request: func(m message, text string) request { return request{url: s.URL.Reveal(), body: teamsCard(m, text)} },
		// The workflow is started, and nothing says how it ends.
		confirms: func(a answer) bool { return a.status == http.StatusAccepted }, words: "error.message",
		refusals: []refusal{{400, "", "hook"}, {401, "", "hook"}, {403, "", "hook"}, {404, "", "hook"}, {410, "", "hook"}},
	}).ready(), nil
}

// teamsCard is a message as an adaptive card. Its runs have no markup, and each line is a block, because a run does not
// break lines.
func teamsCard(m message, text string) map[string]any {
	type member map[string]any
	block := func(line string, more member) member {
		run := member{"type": "TextRun", "text": line}
		for k, v := range more {
			run[k] = v
		}
		return member{"type": "RichTextBlock", "spacing": "None", "inlines": []member{run}}
	}
	var body []member
	if len(m.subject) > 0 {
		body = append(body, block(m.subject.plain(), member{"weight": "Bolder", "size": "Medium"}))
	}
	for line := range strings.Lines(text) {
		body = append(body, block(cmp.Or(strings.TrimSuffix(line, "\n"), "\u00a0"), nil))
	}
	card := member{"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4",
		"body": body, "msteams": member{"width": "Full"}}
	if m.link != "" {
		card["actions"] = []member{{"type": "Action.OpenUrl", "title": pageName, "url": m.link}}
	}
	return member{"type": "message", "attachments": []member{{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}}}
}

// GoogleChat are the settings of a webhook of a space, which accounts of an organisation have.
type GoogleChat struct {
	URL Secret `toml:"url"` // as Google Chat shows it
}

// googleLimit is that of a message, 32,000 bytes, less what is around the text.
const googleLimit = 31_000

// googleTag is where Google Chat would see a link or the mention of a person; there is no escape.
var googleTag = regexp.MustCompile(`<(users/|https?:|mailto:)`)

// hasMarks reports whether a text has a sign that Google Chat takes for markup.
func hasMarks(s string) bool { return strings.ContainsAny(s, "*_~`") }

func (s *GoogleChat) open() (channel, error) {
	to, err := hook("googlechat", "is not that of a Google Chat webhook", s.URL, false, "/spaces/", "/messages")
	if err != nil {
		return nil, err
	}
	address, err := url.Parse(s.URL.Reveal())
	if err != nil {
		return nil, err
	}
	write := func(t rich) string { return googleTag.ReplaceAllString(t.plain(), "<\u2060$1") }
	return (&service{
		poster: to, text: together(starred(hasMarks), write, around("<", "|"+pageName+">")),
		limit: googleLimit, size: func(_ message, text string) int { return encodedSize(text) },
		request: func(m message, text string) request {
			query := address.Query()
			query.Set("requestId", m.id) // a second message with it is the first
			to := *address
			to.RawQuery = query.Encode()
			return request{url: to.String(), body: map[string]string{"text": text}}
		},
		receipt: "name", words: "error.message",
		refusals: []refusal{{400, "API key", "hook"}, {401, "", "hook"}, {403, "", "hook"}, {404, "", "hook"}},
	}).ready(), nil
}

// starred sets a title in bold between two stars, unless that spoils it.
func starred(spoilt func(title string) bool) func(string) string {
	return func(title string) string {
		if spoilt(title) {
			return title
		}
		return "*" + title + "*"
	}
}
