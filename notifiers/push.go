package notifiers

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
)

// Pushover are the settings of an account at pushover.net.
type Pushover struct {
	Token  Secret `toml:"token"`  // of an application, made at pushover.net/apps/build
	User   Secret `toml:"user"`   // the user key on the first page, or the key of a group
	Device string `toml:"device"` // the name of one device; all when empty
}

// pushoverLimit is that of pushover.net/api#limits, in characters; titles have 250 of their own.
const pushoverLimit = 1024

func (s *Pushover) open() (channel, error) {
	if err := needed("token", s.Token.Reveal(), "user", s.User.Reveal()); err != nil {
		return nil, err
	}
	return (&service{
		poster: newPoster("pushover", nil),
		limit:  pushoverLimit, text: plainText, apart: true,
		request: func(m message, text string) request {
			form := url.Values{"token": {s.Token.Reveal()}, "user": {s.User.Reveal()}, "title": {m.subject.plain()}, "message": {text},
				"timestamp": {strconv.FormatInt(m.at.Unix(), 10)},
				// From 1 on the user's own quiet hours do not hold, which is for an alarm.
				"priority": {by(m.level, "-1", "0", "0", "1")}}
			if s.Device != "" {
				form.Set("device", s.Device)
			}
			if m.link != "" && len(m.link) <= 512 {
				form.Set("url", m.link)
				form.Set("url_title", pageName)
			}
			return request{url: "https://api.pushover.net/1/messages.json", body: form}
		},
		receipt: "request", confirms: func(a answer) bool { return a.at("status") == "1" }, words: "errors.0",
		refusals: []refusal{{400, "token is invalid", "credentials"}, {400, "user identifier", "credentials"}, {400, "user key", "credentials"}},
	}).ready(), nil
}

// Pushbullet are the settings of an account at pushbullet.com.
type Pushbullet struct {
	Token  Secret `toml:"token"`  // an access token, made in the account's settings
	Device string `toml:"device"` // what follows "#devices/" in the address of the device's page; all devices when empty
}

func (s *Pushbullet) open() (channel, error) {
	if err := needed("token", s.Token.Reveal()); err != nil {
		return nil, err
	}
	type push struct {
		Type   string `json:"type"`
		Title  string `json:"title,omitempty"`
		Body   string `json:"body"`
		URL    string `json:"url,omitempty"`
		Device string `json:"device_iden,omitempty"`
		GUID   string `json:"guid"` // a second push with it is the first
	}
	return (&service{
		poster: newPoster("pushbullet", nil),
		text:   plainText, apart: true,
		request: func(m message, text string) request {
			kind := "note"
			if m.link != "" {
				kind = "link"
			}
			return request{url: "https://api.pushbullet.com/v2/pushes", header: http.Header{"Access-Token": {s.Token.Reveal()}},
				body: push{kind, m.subject.plain(), text, m.link, s.Device, m.id}}
		},
		receipt: "iden", words: "error.message",
	}).ready(), nil
}

// Gotify are the settings of an application at a Gotify server of one's own.
type Gotify struct {
	Server string `toml:"server"`
	Token  Secret `toml:"token"` // of an application, made on the server's page of apps
}

func (s *Gotify) open() (channel, error) {
	to, err := home("gotify", &s.Server)
	if err := cmp.Or(err, needed("token", s.Token.Reveal())); err != nil {
		return nil, err
	}
	type extras map[string]map[string]any
	return (&service{
		poster: to, text: plainText, apart: true,
		request: func(m message, text string) request {
			more := extras{"client::display": {"contentType": "text/plain"}}
			if m.link != "" {
				more["client::notification"] = map[string]any{"click": map[string]string{"url": m.link}}
			}
			return request{url: s.Server + "/message", header: http.Header{"X-Gotify-Key": {s.Token.Reveal()}}, body: struct {
				Title    string `json:"title,omitempty"`
				Message  string `json:"message"`
				Priority int    `json:"priority"` // from 4 on with a sound, from 8 on it vibrates
				Extras   extras `json:"extras"`
			}{m.subject.plain(), text, by(m.level, 2, 5, 8, 10), more}}
		},
		receipt: "id", words: "errorDescription",
	}).ready(), nil
}

// Bark are the settings of an iPhone with the application Bark.
type Bark struct {
	Server string `toml:"server"` // https://api.day.app when empty
	Key    Secret `toml:"key"`    // what follows the host in the address that the application shows
}

// barkLimit is what Apple takes of a whole notification, in bytes. The server adds some hundreds of its own.
const barkLimit = 4096 - 400

func (s *Bark) open() (channel, error) {
	s.Server = cmp.Or(s.Server, "https://api.day.app")
	to, err := home("bark", &s.Server)
	if err := cmp.Or(err, needed("key", s.Key.Reveal())); err != nil {
		return nil, err
	}
	to.own = s.Server != "https://api.day.app"
	type push struct {
		Key   string `json:"device_key"`
		ID    string `json:"id"` // a second push with it takes the place of the first
		Title string `json:"title,omitempty"`
		Body  string `json:"body"`
		URL   string `json:"url,omitempty"`
		Level string `json:"level"`
	}
	body := func(m message, text string) push {
		id := m.id
		if replaces(m) {
			id = string(m.amends)
		}
		return push{s.Key.Reveal(), id, m.subject.plain(), text, m.link, by(m.level, "passive", "active", "timeSensitive", "critical")}
	}
	return (&service{
		poster: to, text: plainText, apart: true,
		limit: barkLimit, size: func(m message, text string) int { return encodedSize(body(m, text)) },
		request: func(m message, text string) request { return request{url: s.Server + "/push", body: body(m, text)} },
		edits:   replaces, byID: true,
		confirms: func(a answer) bool { return a.at("code") == "200" }, words: "message",
		refusals: []refusal{{400, "device token", "credentials"}, {500, "BadDeviceToken", "credentials"}},
	}).ready(), nil
}

// replaces reports whether a message amends one that went by an id of ours.
func replaces(m message) bool { return isPlainID(string(m.amends)) }
