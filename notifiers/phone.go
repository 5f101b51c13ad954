package notifiers

import (
	"cmp"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// phoneNumber is one as the world writes it, in the way of E.164.
var phoneNumber = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

func checkNumber(key, number string) error {
	if !phoneNumber.MatchString(number) {
		return errors.New(key + " is not a telephone number of the world")
	}
	return nil
}

// Signal are the settings of signal-cli's REST API, on a machine of one's own, which writes for a number registered
// or linked there.
type Signal struct {
	Server string `toml:"server"` // such as http://localhost:8080
	Number string `toml:"number"` // that writes
	To     string `toml:"to"`     // that reads: a number, or the id of a group, which starts with "group."
}

// signalLimit is where Signal begins to send a text as a file, in characters.
const signalLimit = 2000

func (s *Signal) open() (channel, error) {
	to, err := home("signal", &s.Server)
	err = cmp.Or(err, checkNumber("number", s.Number))
	if !strings.HasPrefix(s.To, "group.") {
		err = cmp.Or(err, checkNumber("to", s.To))
	}
	if err != nil {
		return nil, err
	}
	return (&service{
		poster: to, limit: signalLimit,
		// Without styles: not every version lets one escape their signs.
		text: func(m message) string { return joined("\n\n", m.subject.plain(), m.text.plain(), m.link) },
		request: func(_ message, text string) request {
			return request{url: s.Server + "/v2/send", body: struct {
				Message    string   `json:"message"`
				Number     string   `json:"number"`
				Recipients []string `json:"recipients"`
				Mode       string   `json:"text_mode"`
			}{text, s.Number, []string{s.To}, "normal"}}
		},
		receipt: "timestamp", words: "error",
		refusals: []refusal{{400, "not registered", "signal_number"}, {400, "Unregistered user", "signal_to"}, {400, "rate limit", "too_many"}},
	}).ready(), nil
}

// Twilio are the settings of an account at twilio.com that sends SMS, each of which costs.
type Twilio struct {
	Account string `toml:"account"` // its SID, which starts with "AC"
	Token   Secret `toml:"token"`   // of authentication, of the account
	From    string `toml:"from"`    // a number of the account, a name of 3 to 11 letters and digits, or the SID of a messaging service, "MG…"
	To      string `toml:"to"`      // the number that reads
}

// twilioLimit is that of the API, in UTF-16 units, as soon as one character is outside of the alphabet of SMS.
const twilioLimit = 1600

var (
	twilioAccount = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)
	twilioFrom    = regexp.MustCompile(`^(\+[1-9]\d{6,14}|[A-Za-z0-9 ]{3,11}|MG[0-9a-fA-F]{32})$`)
)

func (s *Twilio) open() (channel, error) {
	switch {
	case !twilioAccount.MatchString(s.Account):
		return nil, errors.New("account is not the SID of a Twilio account")
	case !twilioFrom.MatchString(s.From):
		return nil, errors.New("from is neither a number nor the name of a sender")
	}
	if err := cmp.Or(needed("token", s.Token.Reveal()), checkNumber("to", s.To)); err != nil {
		return nil, err
	}
	sender := "From"
	if strings.HasPrefix(s.From, "MG") && len(s.From) > 11 {
		sender = "MessagingServiceSid"
	}
	pair := base64.StdEncoding.EncodeToString([]byte(s.Account + ":" + s.Token.Reveal()))
	return (&service{
		poster: newPoster("twilio", nil), limit: twilioLimit, text: sms,
		request: func(_ message, text string) request {
			return request{url: "https://api.twilio.com/2010-04-01/Accounts/" + s.Account + "/Messages.json",
				header: http.Header{"Authorization": {"Basic " + pair}},
				body:   url.Values{"To": {s.To}, sender: {s.From}, "Body": {text}}}
		},
		receipt: "sid", words: "message",
		refusals: []refusal{
			{400, "21211", "sms_to"}, {400, "21610", "sms_to"}, {400, "21614", "sms_to"}, {400, "21408", "sms_to"},
			{400, "21606", "sms_from"}, {400, "21212", "sms_from"}, {400, "21659", "sms_from"}, {400, "21617", "too_long"},
		},
	}).ready(), nil
}

// FreeMobile are the settings of a subscriber of Free Mobile in France, who may send SMS to the own telephone.
type FreeMobile struct {
	User string `toml:"user"` // the identifier of the subscriber, 8 digits
	Key  Secret `toml:"key"`  // that "Notifications par SMS" shows
}

// freeLimit is where texts are known to be cut, in characters. Free documents no limit.
const freeLimit = 999

func (s *FreeMobile) open() (channel, error) {
	if err := needed("user", s.User, "key", s.Key.Reveal()); err != nil {
		return nil, err
	}
	return (&service{
		poster: newPoster("freemobile", nil), limit: freeLimit, text: sms,
		request: func(_ message, text string) request {
			return request{url: "https://smsapi.free-mobile.fr/sendmsg", body: struct { // not in the address, where logs would have the key
				User string `json:"user"`
				Pass string `json:"pass"`
				Msg  string `json:"msg"`
			}{s.User, s.Key.Reveal(), text}}
		},
		confirms: func(a answer) bool { return a.status == http.StatusOK && anything(a) },
		refusals: []refusal{{402, "", "too_many"}, {403, "", "freemobile"}},
	}).ready(), nil
}

// sms is a title and a text as short as can be, without the link: addresses are long, and each part costs.
func sms(m message) string { return joined("\n", m.subject.plain(), m.text.plain()) }

// Apprise are the settings of an Apprise API server of one's own, which passes messages on to the addresses that its
// configuration has under a key.
type Apprise struct {
	Server string `toml:"server"` // such as http://localhost:8000
	Key    Secret `toml:"key"`    // of the configuration: whoever knows it can send
	Tag    string `toml:"tag"`    // of the addresses that get the messages, which must be those of one person; all when empty
}

func (s *Apprise) open() (channel, error) {
	to, err := home("apprise", &s.Server)
	if err := cmp.Or(err, needed("key", s.Key.Reveal())); err != nil {
		return nil, err
	}
	if !isPlain(s.Key.Reveal(), 128) {
		return nil, errors.New("key has a character that cannot be in it")
	}
	return (&service{
		poster: to, apart: true,
		text: func(m message) string { return joined("\n\n", m.text.plain(), m.link) },
		request: func(m message, text string) request {
			return request{url: s.Server + "/notify/" + s.Key.Reveal(), header: http.Header{"Accept": {"application/json"}}, body: struct {
				Title  string `json:"title,omitempty"`
				Body   string `json:"body"`
				Type   string `json:"type"`
				Format string `json:"format"`
				Tag    string `json:"tag,omitempty"`
			}{m.subject.plain(), text, by(m.level, "info", "info", "warning", "failure"), "text", s.Tag}}
		},
		confirms: func(a answer) bool { return a.status == http.StatusOK && anything(a) }, words: "error",
		refusals: []refusal{{204, "", "apprise_key"}, {424, "", "relay"}, {431, "", "too_long"}},
	}).ready(), nil
}
