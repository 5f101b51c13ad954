package notifiers

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// An api is a service as its documentation has it: where it listens, whom it knows, what it refuses and how it says so.
type api struct {
	kind  string
	knows bool                               // by its id what it took before, and does not take it again
	host  string                             // of a service with one address; "" for one that people run themselves
	fill  func(settings any, address string) // with what the service knows
	take  func(r *http.Request, in in) said  // a request, and what the reader gets of it
	vent  func(echo string) (body string)    // a refusal that repeats what it was told; an error in JSON when nil
}

// in is the body of a request, as a form or as JSON.
type in struct {
	raw  string
	form url.Values
	json map[string]any
}

func (i in) text(path string) string { return answer{body: []byte(i.raw)}.at(path) }

// said is what a service answers.
type said struct {
	status int
	body   string
	got    *delivery // nil for a request that is refused
}

func refuse(status int, body string) said { return said{status: status, body: body} }

// server runs an API.
func (a api) server(t *testing.T, m mode) (string, func() []delivery) {
	t.Helper()
	var box inbox
	var before sync.Map
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read the request: %v", err)
		}
		switch m {
		case works:
			answer := a.take(r, read(t, r, body))
			if answer.got != nil {
				answer.got.raw = string(body)
				if _, again := before.LoadOrStore(answer.got.id, true); !again || !a.knows {
					box.add(*answer.got)
				}
			}
			w.WriteHeader(answer.status)
			_, _ = io.WriteString(w, answer.body)
		case tired:
			w.WriteHeader(http.StatusServiceUnavailable)
		case angry:
			echo := strings.Join([]string{r.URL.String(), strings.Join(r.Header["Authorization"], " "), string(body)}, " ")
			quoted, _ := json.Marshal(echo)
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, a.vent(string(quoted)))
		case stalls:
			<-release
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	return server.URL, box.all
}

func read(t *testing.T, r *http.Request, body []byte) in {
	t.Helper()
	i := in{raw: string(body)}
	var err error
	switch kind := r.Header.Get("Content-Type"); kind {
	case "application/json":
		err = json.Unmarshal(body, &i.json)
	case "application/x-www-form-urlencoded":
		i.form, err = url.ParseQuery(i.raw)
	default:
		t.Errorf("sent as %q", kind)
	}
	if err != nil {
		t.Errorf("sent %s: %v", body, err)
	}
	return i
}

// rig makes the service one of the channels that the suite tests.
func (a api) rig(ids, cuts bool, receipt Receipt, secrets ...string) rig {
	return rig{kind: a.kind, ids: ids, cuts: cuts, receipt: receipt, secrets: secrets, start: func(t *testing.T, m mode) (*guard, func() []delivery) {
		address, received := a.server(t, m)
		return a.open(t, address, nil), received
	}}
}

// open makes a channel to the service, which change may spoil.
func (a api) open(t *testing.T, address string, change func(settings any)) *guard {
	t.Helper()
	n, err := New(a.kind, func(settings any) error {
		a.fill(settings, address)
		if change != nil {
			change(settings)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("New(%q): %v", a.kind, err)
	}
	g := n.(*guard)
	if a.host != "" {
		g.channel.(*service).client.Transport = &detour{t: t, from: a.host, to: address}
	}
	return g
}

// A detour brings what goes to a service with one address to its fake.
type detour struct {
	t        *testing.T
	from, to string
	once     sync.Once
	way      *http.Transport
}

func (d *detour) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" || r.URL.Host != d.from {
		d.t.Errorf("asked %s, want https://%s", r.URL, d.from)
	}
	d.once.Do(func() { d.way = &http.Transport{DisableKeepAlives: true} })
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(d.to, "http://")
	return d.way.RoundTrip(r)
}

// apart reads what a service with a place for the title shows.
func apart(id, title, text string) *delivery {
	if title == "" {
		return &delivery{id: id, subject: text}
	}
	return &delivery{id: id, subject: title, text: text}
}

const (
	appToken  = "azGDORePK8gMaC0QOYAMyEEuzJnyUi"
	userKey   = "uQiRzpo4DXghDmr9QzzfQu27cmVRsG"
	bulletKey = "o.xC8Lnv2gN4uLpH7ye1kBvTqWz5aRdS0f"
	gotifyKey = "AwQ3vTg.s8Xr1mZ"
	barkKey   = "ynJ5Ft4atkMkWeo2PAvFhF"
)

var pushover = api{
	kind: "pushover", host: "api.pushover.net",
	fill: func(s any, _ string) { *s.(*Pushover) = Pushover{Token: NewSecret(appToken), User: NewSecret(userKey)} },
	vent: func(echo string) string { return `{"status":0,"request":"r-2","errors":[` + echo + `]}` },
	take: func(r *http.Request, in in) said {
		f := in.form
		no := func(parameter, why string) said {
			return refuse(400, `{"`+parameter+`":"invalid","errors":["`+why+`"],"status":0,"request":"r-2"}`)
		}
		switch {
		case r.Method != "POST" || r.URL.Path != "/1/messages.json":
			return refuse(404, `{"errors":["not found"],"status":0}`)
		case f.Get("token") != appToken:
			return no("token", "application token is invalid, see https://pushover.net/api")
		case f.Get("user") != userKey:
			return no("user", "user identifier is not a valid user, group, or subscribed user key, see https://pushover.net/api#identifiers")
		case f.Get("message") == "":
			return no("message", "message cannot be blank, see https://pushover.net/api#messages")
		case len([]rune(f.Get("message"))) > 1024 || len([]rune(f.Get("title"))) > 250 || len(f.Get("url")) > 512:
			return no("message", "message is too long")
		case f.Get("html") == "1" || f.Get("priority") == "2":
			return no("priority", "not what we want")
		}
		return said{200, `{"status":1,"request":"r-1"}`, apart("", f.Get("title"), f.Get("message"))}
	},
}

var pushbullet = api{
	kind: "pushbullet", knows: true, host: "api.pushbullet.com",
	fill: func(s any, _ string) { *s.(*Pushbullet) = Pushbullet{Token: NewSecret(bulletKey)} },
	vent: func(echo string) string {
		return `{"error":{"cat":"~(=^‥^)","message":` + echo + `,"type":"invalid_request"}}`
	},
	take: func(r *http.Request, in in) said {
		no := func(status int, kind, why string) said {
			return refuse(status, `{"error":{"cat":"~(=^‥^)","message":"`+why+`","type":"`+kind+`"}}`)
		}
		switch {
		case r.Method != "POST" || r.URL.Path != "/v2/pushes":
			return no(404, "invalid_request", "The resource could not be found.")
		case r.Header.Get("Access-Token") != bulletKey:
			return no(401, "invalid_access_token", "Access token is missing or invalid.")
		case in.text("device_iden") != "" && in.text("device_iden") != "ujpah72o0sjAoRtnM0jc":
			return no(400, "invalid_request", "The param 'device_iden' has an invalid value.")
		case in.text("type") != "note" && (in.text("type") != "link" || in.text("url") == ""):
			return no(400, "invalid_request", "The param 'type' has an invalid value.")
		}
		return said{200, `{"active":true,"iden":"ujpah72o0sjAoRtnM0jd","guid":"` + in.text("guid") + `"}`, apart(in.text("guid"), in.text("title"), in.text("body"))}
	},
}

var gotify = api{
	kind: "gotify",
	fill: func(s any, address string) {
		*s.(*Gotify) = Gotify{Server: address + "/gotify/", Token: NewSecret(gotifyKey)}
	},
	vent: func(echo string) string {
		return `{"error":"Bad Request","errorCode":400,"errorDescription":` + echo + `}`
	},
	take: func(r *http.Request, in in) said {
		switch {
		case r.Method != "POST" || r.URL.Path != "/gotify/message":
			return refuse(404, `{"error":"Not Found","errorCode":404,"errorDescription":"page not found"}`)
		case r.Header.Get("X-Gotify-Key") != gotifyKey:
			return refuse(401, `{"error":"Unauthorized","errorCode":401,"errorDescription":"you need to provide a valid access token or user credentials to access this api"}`)
		case in.text("message") == "":
			return refuse(400, `{"error":"Bad Request","errorCode":400,"errorDescription":"Field 'message' is required"}`)
		case in.json["extras"].(map[string]any)["client::display"].(map[string]any)["contentType"] != "text/plain":
			return refuse(400, `{"error":"Bad Request","errorCode":400,"errorDescription":"not what we want"}`)
		}
		return said{200, `{"id":25,"appid":5,"message":"…","date":"2026-11-30T16:00:00Z"}`, apart("", in.text("title"), in.text("message"))}
	},
}

var bark = api{
	kind: "bark", knows: true,
	fill: func(s any, address string) { *s.(*Bark) = Bark{Server: address, Key: NewSecret(barkKey)} },
	vent: func(echo string) string { return `{"code":400,"message":` + echo + `,"timestamp":1764518400}` },
	take: func(r *http.Request, in in) said {
		switch {
		case r.Method != "POST" || r.URL.Path != "/push":
			return refuse(404, `{"code":404,"message":"Cannot POST `+r.URL.Path+`","timestamp":1764518400}`)
		case in.text("device_key") == "":
			return refuse(400, `{"code":400,"message":"device key is empty","timestamp":1764518400}`)
		case in.text("device_key") != barkKey:
			return refuse(400, `{"code":400,"message":"failed to get device token: failed to get [x] device token from database","timestamp":1764518400}`)
		case len(in.raw) > 4096:
			return refuse(500, `{"code":500,"message":"push failed: APNs push failed: PayloadTooLarge","timestamp":1764518400}`)
		}
		return said{200, `{"code":200,"message":"success","timestamp":1764518400}`, apart(in.text("id"), in.text("title"), in.text("body"))}
	},
}

const (
	slackPath    = "/services/T0001/B0002/slackHookSecret24chars00"
	matterPath   = "/chat/hooks/matterhooksecret26charsxxx1"
	rocketPath   = "/hooks/6631a0b1/rocketHookSecretOf43characters"
	teamsPath    = "/powerautomate/automations/direct/workflows/0a1b2c/triggers/manual/paths/invoke"
	teamsSig     = "teams-signature-of-43-characters-xxxxxxx_x1"
	googlePath   = "/v1/spaces/AAAAxyz/messages"
	googleKey    = "AIzaSyGoogleKeyOf39Characters-xxxxxxxx1"
	googleSig    = "googleTokenOf43characters-xxxxxxxxxxxxx%3D"
	matrixKey    = "syt_cHJvbm90ZQ_matrixTokenSecret_1a2b3c"
	matrixRoomID = "!hAxUe7rQ:example.org"
	twilioSID    = "AC0123456789abcdef0123456789abcdef"
	twilioKey    = "twilioAuthTokenSecret0123456789a"
	freeUser     = "12345678"
	freeKey      = "freeMobileKey1"
	appriseConf  = "familySecretConf"
)

var slack = api{
	kind: "slack",
	fill: func(s any, address string) { *s.(*Slack) = Slack{NewSecret(address + slackPath)} },
	vent: func(echo string) string { return echo },
	take: func(r *http.Request, in in) said {
		switch {
		case r.Method != "POST" || !strings.HasPrefix(r.URL.Path, "/services/"):
			return refuse(404, "no_service")
		case r.URL.Path != slackPath:
			return refuse(403, "invalid_token")
		case in.text("text") == "":
			return refuse(400, "no_text")
		case len([]rune(in.text("text"))) > 4000 || strings.Contains(in.text("text"), "<!"):
			return refuse(400, "invalid_payload")
		}
		got := &delivery{}
		elements := in.json["blocks"].([]any)[0].(map[string]any)["elements"].([]any)[0].(map[string]any)["elements"].([]any)
		for _, e := range elements {
			e := e.(map[string]any)
			text, _ := e["text"].(string)
			switch {
			case e["type"] == "link":
			case e["style"] != nil:
				got.subject += text
			default:
				got.text += text
			}
		}
		got.text = strings.Trim(got.text, "\n")
		return said{200, "ok", got}
	},
}

var matrix = api{
	kind: "matrix", knows: true,
	fill: func(s any, address string) {
		*s.(*Matrix) = Matrix{Server: address, Token: NewSecret(matrixKey), Room: matrixRoomID}
	},
	vent: func(echo string) string { return `{"errcode":"M_UNKNOWN","error":` + echo + `}` },
	take: func(r *http.Request, in in) said {
		no := func(status int, code, why string) said {
			return refuse(status, `{"errcode":"`+code+`","error":"`+why+`"}`)
		}
		room, id, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/_matrix/client/v3/rooms/"), "/send/m.room.message/")
		html, plain := in.text("formatted_body"), in.text("body")
		switch {
		case r.Method != "PUT" || !ok:
			return no(404, "M_UNRECOGNIZED", "Unrecognized request")
		case r.Header.Get("Authorization") != "Bearer "+matrixKey:
			return no(401, "M_UNKNOWN_TOKEN", "Invalid access token passed.")
		case room != matrixRoomID:
			return no(403, "M_FORBIDDEN", "User @pronote:example.org not in room "+room)
		case len(in.raw) > 65536-2000:
			return no(413, "M_TOO_LARGE", "event too large")
		case in.text("msgtype") != "m.text" || plain == "" || in.text("format") != "org.matrix.custom.html" || in.json["m.mentions"] == nil:
			return no(400, "M_BAD_JSON", "not what we want")
		case strings.Contains(plain, "14,5") && strings.Contains(html, "data-mx-spoiler"):
			return no(400, "M_BAD_JSON", "the plain text gives away what the other covers")
		}
		return said{200, `{"event_id":"$YUwRidLecu"}`, readMatrix(id, html)}
	},
}

var (
	matrixTitle   = regexp.MustCompile(`^<strong>(.*?)</strong>(?:<br><br>|$)`)
	matrixSpoiler = regexp.MustCompile(`<span data-mx-spoiler>(.*?)</span>`)
	matrixLink    = regexp.MustCompile(`(?:<br><br>)?<a href="[^"<>]*">PRONOTE</a>$`)
)

// readMatrix reads the HTML that Matrix channels write.
func readMatrix(id, s string) *delivery {
	s = matrixLink.ReplaceAllString(matrixSpoiler.ReplaceAllString(s, "⟦$1⟧"), "")
	got := &delivery{id: id}
	if title := matrixTitle.FindStringSubmatch(s); title != nil {
		got.subject, s = title[1], s[len(title[0]):]
	}
	s = strings.ReplaceAll(s, "<br>", "\n")
	if stray.MatchString(got.subject) || stray.MatchString(s) {
		return &delivery{id: id, text: "broken " + s}
	}
	got.subject, got.text = html.UnescapeString(got.subject), html.UnescapeString(s)
	return got
}

var mattermost = api{
	kind: "mattermost",
	fill: func(s any, address string) { *s.(*Mattermost) = Mattermost{NewSecret(address + matterPath)} },
	vent: func(echo string) string {
		return `{"id":"api.context.invalid","message":` + echo + `,"status_code":400}`
	},
	take: func(r *http.Request, in in) said {
		switch {
		case r.Method != "POST" || r.URL.Path != matterPath:
			return refuse(400, `{"id":"web.incoming_webhook.invalid.app_error","message":"Invalid webhook.","request_id":"x","status_code":400}`)
		case in.text("text") == "":
			return refuse(400, `{"id":"web.incoming_webhook.text.app_error","message":"No text specified.","status_code":400}`)
		case len([]rune(in.text("text"))) > 16383 || everybody.MatchString(in.text("text")):
			return refuse(400, `{"id":"model.post.is_valid.msg.app_error","message":"Invalid message.","status_code":400}`)
		}
		got := readMarkdown(withoutLink(in.text("text")))
		return said{200, "ok", &got}
	},
}

var rocket = api{
	kind: "rocketchat",
	fill: func(s any, address string) { *s.(*RocketChat) = RocketChat{NewSecret(address + rocketPath)} },
	vent: func(echo string) string { return `{"success":false,"error":` + echo + `}` },
	take: func(r *http.Request, in in) said {
		text := in.text("text")
		switch {
		case r.Method != "POST" || r.URL.Path != rocketPath:
			return refuse(400, `{"success":false,"error":"Invalid integration id or token provided."}`)
		case len([]rune(text)) > 5000:
			return refuse(400, `{"success":false,"error":"[error-message-size-exceeded]"}`)
		case everybody.MatchString(text):
			return refuse(400, `{"success":false,"error":"[error-action-not-allowed]"}`)
		}
		return said{200, `{"success":true}`, readRocket(withoutLink(text))}
	},
}

// everybody is what calls all people of a room, at Mattermost and Rocket.Chat.
var everybody = regexp.MustCompile(`(?i)@(all|channel|here)\b`)

func withoutLink(s string) string {
	return strings.ReplaceAll(regexp.MustCompile(`(?:\n\n)?\[PRONOTE\]\([^)]*\)$`).ReplaceAllString(s, ""), "@\u2060", "@")
}

// readRocket reads the markup that Rocket.Chat channels write: a bold title, and escapes.
func readRocket(s string) *delivery {
	var shown strings.Builder
	var bold bool
	got := &delivery{}
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && strings.ContainsRune("*_~`#.", rune(s[i+1])):
			i++
			shown.WriteByte(s[i])
		case s[i] == '*':
			if bold = !bold; !bold {
				got.subject = shown.String()
				shown.Reset()
			}
		case strings.ContainsRune("_~`#", rune(s[i])):
			return &delivery{text: "unescaped " + s[i:]}
		default:
			shown.WriteByte(s[i])
		}
	}
	got.text = strings.TrimPrefix(shown.String(), "\n\n")
	if got.subject == "" {
		got.subject, got.text, _ = strings.Cut(got.text, "\n\n")
	}
	return got
}

var teams = api{
	kind: "teams",
	fill: func(s any, address string) {
		*s.(*Teams) = Teams{NewSecret(address + teamsPath + "?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=" + teamsSig)}
	},
	vent: func(echo string) string {
		return `{"error":{"code":"TriggerInputSchemaMismatch","message":` + echo + `}}`
	},
	take: func(r *http.Request, in in) said {
		switch {
		case r.Method != "POST" || r.URL.Path != teamsPath:
			return refuse(404, `{"error":{"code":"WorkflowNotFound","message":"The workflow could not be found."}}`)
		case r.URL.Query().Get("sig") != teamsSig:
			return refuse(401, `{"error":{"code":"AuthorizationFailed","message":"The authentication credentials are not valid."}}`)
		case len(in.raw) > 28000:
			return refuse(413, `{"error":{"code":"RequestEntityTooLarge","message":"Request Entity too large"}}`)
		case in.text("type") != "message" || in.text("attachments.0.contentType") != "application/vnd.microsoft.card.adaptive" ||
			in.text("attachments.0.content.type") != "AdaptiveCard":
			return refuse(400, `{"error":{"code":"TriggerInputSchemaMismatch","message":"The input is not as the schema has it."}}`)
		}
		var lines []string
		got := &delivery{}
		for _, block := range in.json["attachments"].([]any)[0].(map[string]any)["content"].(map[string]any)["body"].([]any) {
			run := block.(map[string]any)["inlines"].([]any)[0].(map[string]any)
			if run["weight"] == "Bolder" {
				got.subject = run["text"].(string)
			} else {
				lines = append(lines, strings.Trim(run["text"].(string), "\u00a0"))
			}
		}
		got.text = strings.Join(lines, "\n")
		return said{202, "", got}
	},
}

var google = api{
	kind: "googlechat", knows: true,
	fill: func(s any, address string) {
		*s.(*GoogleChat) = GoogleChat{NewSecret(address + googlePath + "?key=" + googleKey + "&token=" + googleSig)}
	},
	vent: func(echo string) string {
		return `{"error":{"code":400,"message":` + echo + `,"status":"INVALID_ARGUMENT"}}`
	},
	take: func(r *http.Request, in in) said {
		no := func(status int, word, why string) said {
			return refuse(status, fmt.Sprintf(`{"error":{"code":%d,"message":"%s","status":"%s"}}`, status, why, word))
		}
		query, text := r.URL.Query(), in.text("text")
		switch {
		case r.Method != "POST" || r.URL.Path != googlePath:
			return no(404, "NOT_FOUND", "Requested entity was not found.")
		case query.Get("key") != googleKey:
			return no(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.")
		case url.QueryEscape(query.Get("token")) != googleSig:
			return no(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
		case len(in.raw) > 32000 || text == "":
			return no(400, "INVALID_ARGUMENT", "Message cannot be empty or too large.")
		case strings.Contains(text, "<users/all>"):
			return no(400, "INVALID_ARGUMENT", "not what we want")
		}
		title, rest, _ := strings.Cut(strings.ReplaceAll(text, "<\u2060", "<"), "\n\n")
		if bold := googleBold.FindStringSubmatch(title); bold != nil {
			title = bold[1]
		}
		return said{200, `{"name":"spaces/AAAAxyz/messages/m.m"}`, &delivery{id: query.Get("requestId"), subject: title, text: rest}}
	},
}

var googleBold = regexp.MustCompile("^\\*([^*_~`]*)\\*$")

var signal = api{
	kind: "signal",
	fill: func(s any, address string) {
		*s.(*Signal) = Signal{Server: address, Number: "+33600000001", To: "+33600000002"}
	},
	vent: func(echo string) string { return `{"error":` + echo + `}` },
	take: func(r *http.Request, in in) said {
		switch {
		case r.Method != "POST" || r.URL.Path != "/v2/send":
			return refuse(404, "404 page not found")
		case in.text("number") != "+33600000001":
			return refuse(400, `{"error":"User `+in.text("number")+` is not registered.\n"}`)
		case in.text("recipients.0") != "+33600000002" || in.text("recipients.1") != "":
			return refuse(400, `{"error":"Failed to send message: Unregistered user \"`+in.text("recipients.0")+`\""}`)
		case in.text("text_mode") != "normal" || len([]rune(in.text("message"))) > 2000:
			return refuse(400, `{"error":"not what we want"}`)
		}
		title, rest, _ := strings.Cut(in.text("message"), "\n\n")
		return said{201, `{"timestamp":"1764518400000"}`, &delivery{subject: title, text: rest}}
	},
}

var twilio = api{
	kind: "twilio", host: "api.twilio.com",
	fill: func(s any, _ string) {
		*s.(*Twilio) = Twilio{Account: twilioSID, Token: NewSecret(twilioKey), From: "+33700000001", To: "+33600000002"}
	},
	vent: func(echo string) string { return `{"code":21604,"message":` + echo + `,"status":400}` },
	take: func(r *http.Request, in in) said {
		no := func(status, code int, why string) said {
			return refuse(status, fmt.Sprintf(`{"code":%d,"message":"%s","more_info":"https://www.twilio.com/docs/errors/%d","status":%d}`, code, why, code, status))
		}
		user, password, _ := r.BasicAuth()
		f := in.form
		switch {
		case r.Method != "POST" || r.URL.Path != "/2010-04-01/Accounts/"+twilioSID+"/Messages.json":
			return no(404, 20404, "The requested resource was not found")
		case user != twilioSID || password != twilioKey:
			return no(401, 20003, "Authenticate")
		case f.Get("From") != "+33700000001" && f.Get("MessagingServiceSid") != "MG0123456789abcdef0123456789abcdef":
			return no(400, 21606, "The 'From' phone number provided is not a valid message-capable Twilio phone number for this destination.")
		case f.Get("To") != "+33600000002":
			return no(400, 21211, "The 'To' number is not a valid phone number.")
		case units(f.Get("Body")) > 1600:
			return no(400, 21617, "The concatenated message body exceeds the 1600 character limit")
		}
		title, rest, _ := strings.Cut(f.Get("Body"), "\n")
		return said{201, `{"sid":"SM0123","status":"queued","error_code":null}`, &delivery{subject: title, text: rest}}
	},
}

var free = api{
	kind: "freemobile", host: "smsapi.free-mobile.fr",
	fill: func(s any, _ string) { *s.(*FreeMobile) = FreeMobile{User: freeUser, Key: NewSecret(freeKey)} },
	vent: func(echo string) string { return echo },
	take: func(r *http.Request, in in) said {
		switch {
		case r.Method != "POST" || r.URL.Path != "/sendmsg" || r.URL.RawQuery != "":
			return refuse(404, "")
		case in.text("user") == "" || in.text("pass") == "" || in.text("msg") == "":
			return refuse(400, "")
		case in.text("user") != freeUser || in.text("pass") != freeKey:
			return refuse(403, "")
		case len([]rune(in.text("msg"))) > 999:
			return refuse(500, "")
		}
		title, rest, _ := strings.Cut(in.text("msg"), "\n")
		return said{200, "", &delivery{subject: title, text: rest}}
	},
}

var apprise = api{
	kind: "apprise",
	fill: func(s any, address string) {
		*s.(*Apprise) = Apprise{Server: address, Key: NewSecret(appriseConf), Tag: "maman"}
	},
	vent: func(echo string) string { return `{"error":` + echo + `}` },
	take: func(r *http.Request, in in) said {
		switch {
		case r.Method != "POST" || !strings.HasPrefix(r.URL.Path, "/notify/"):
			return refuse(404, "<h1>Not Found</h1>")
		case r.URL.Path != "/notify/"+appriseConf:
			return refuse(204, "")
		case in.text("body") == "" || in.text("format") != "text":
			return refuse(400, `{"error":"Bad FORM Payload provided"}`)
		case in.text("tag") != "maman":
			return refuse(424, `{"error":"One or more notification could not be sent"}`)
		}
		return said{200, `{"error":null,"details":[["INFO","2026-11-30 17:00:00,000","Sent Slack notification."]]}`, apart("", in.text("title"), in.text("body"))}
	},
}

// Each service says in its own way that it does not know the sender or the reader.
func TestServicesRefuseWhatTheRealOnesRefuse(t *testing.T) {
	t.Parallel()
	wrong := NewSecret("wrong")
	for _, test := range []struct {
		api    api
		change func(settings any)
		want   string // the reason, and the failure
	}{
		{pushover, func(s any) { s.(*Pushover).Token = wrong }, "credentials: permanent: pushover refuses the message (status 400): application token is invalid, see https://pushover.net/api"},
		{pushover, func(s any) { s.(*Pushover).User = wrong }, "credentials: permanent: pushover refuses the message (status 400): user identifier is not a valid user, group, or subscribed user key, see https://pushover.net/api#identifiers"},
		{pushbullet, func(s any) { s.(*Pushbullet).Token = wrong }, "credentials: permanent: pushbullet refuses the credentials (status 401): Access token is missing or invalid."},
		{pushbullet, func(s any) { s.(*Pushbullet).Device = "x" }, "refused: permanent: pushbullet refuses the message (status 400): The param 'device_iden' has an invalid value."},
		{gotify, func(s any) { s.(*Gotify).Token = wrong }, "credentials: for a day: gotify refuses the credentials (status 401): you need to provide a valid access token or user credentials to access this api"},
		{gotify, func(s any) { s.(*Gotify).Server += "/elsewhere" }, "address: for a day: gotify has nothing at this address (status 404): page not found"},
		{slack, func(s any) { s.(*Slack).URL = NewSecret(s.(*Slack).URL.Reveal() + "x") }, "hook: permanent: slack refuses the credentials (status 403): invalid_token"},
		{matrix, func(s any) { s.(*Matrix).Token = wrong }, "credentials: for a day: matrix refuses the credentials (status 401): Invalid access token passed."},
		{matrix, func(s any) { s.(*Matrix).Room = "!x:y" }, "room: for a day: matrix refuses the credentials (status 403): User @pronote:example.org not in room !x:y"},
		{mattermost, func(s any) { s.(*Mattermost).URL = NewSecret(s.(*Mattermost).URL.Reveal() + "x") }, "hook: for a day: mattermost refuses the message (status 400): Invalid webhook."},
		{rocket, func(s any) { s.(*RocketChat).URL = NewSecret(s.(*RocketChat).URL.Reveal() + "x") }, "hook: for a day: rocketchat refuses the message (status 400): Invalid integration id or token provided."},
		{teams, func(s any) { s.(*Teams).URL = NewSecret(s.(*Teams).URL.Reveal() + "x") }, "hook: permanent: teams refuses the credentials (status 401): The authentication credentials are not valid."},
		{google, func(s any) { s.(*GoogleChat).URL = NewSecret(s.(*GoogleChat).URL.Reveal() + "x") }, "hook: permanent: googlechat refuses the credentials (status 401): Request had invalid authentication credentials."},
		{signal, func(s any) { s.(*Signal).Number = "+33600000009" }, "signal_number: for a day: signal refuses the message (status 400): User +33600000009 is not registered."},
		{signal, func(s any) { s.(*Signal).To = "group.x" }, `signal_to: permanent: signal refuses the message (status 400): Failed to send message: Unregistered user "group.x"`},
		{twilio, func(s any) { s.(*Twilio).Token = wrong }, "credentials: permanent: twilio refuses the credentials (status 401): Authenticate"},
		{twilio, func(s any) { s.(*Twilio).To = "+33600000009" }, "sms_to: permanent: twilio refuses the message (status 400): The 'To' number is not a valid phone number."},
		{twilio, func(s any) { s.(*Twilio).From = "ECOLE" }, "sms_from: permanent: twilio refuses the message (status 400): The 'From' phone number provided is not a valid message-capable Twilio phone number for this destination."},
		{free, func(s any) { s.(*FreeMobile).Key = wrong }, "freemobile: permanent: freemobile refuses the credentials (status 403)"},
		{apprise, func(s any) { s.(*Apprise).Key = wrong }, "apprise_key: for a day: apprise does not pass the message on (status 204)"},
		{apprise, func(s any) { s.(*Apprise).Tag = "x" }, "relay: temporary: apprise is in trouble (status 424): One or more notification could not be sent"},
		{bark, func(s any) { s.(*Bark).Key = wrong }, "credentials: for a day: bark refuses the message (status 400): failed to get device token: failed to get [x] device token from database"},
	} {
		address, received := test.api.server(t, works)
		err := test.api.open(t, address, test.change).Send(t.Context(), "subject", "text")
		if got := reasonOf(err) + ": " + describe(err); got != test.want || len(received()) > 0 {
			t.Errorf("%s: got %q, want %q", test.api.kind, got, test.want)
		}
	}
}

// reasonOf asks an error why, as a caller would.
func reasonOf(err error) string {
	if r, ok := err.(interface{ Reason() string }); ok {
		return r.Reason()
	}
	return ""
}

// apis are all that are tested alike.
var apis = []api{apprise, bark, free, google, gotify, matrix, mattermost, pushbullet, pushover, rocket, signal, slack, teams, twilio}

func TestServicesWaitAsLongAsTheyAreAsked(t *testing.T) {
	t.Parallel()
	for _, a := range apis {
		address := answering(t, 429, http.Header{"Retry-After": {"30"}}, a.vent(`"slow down"`))
		err := a.open(t, address, nil).Send(t.Context(), "subject", "text")
		if wait(err) != 30*time.Second || isPermanent(err) || reasonOf(err) != "too_many" {
			t.Errorf("%s: %v, to be repeated after %v", a.kind, describe(err), wait(err))
		}
	}
}

func TestAPortalPageIsNoServicesYes(t *testing.T) {
	t.Parallel()
	for _, a := range apis {
		address := answering(t, 200, nil, "<!DOCTYPE html><html>Welcome to the hotel!</html>")
		if err := a.open(t, address, nil).Send(t.Context(), "subject", "text"); err == nil || isPermanent(err) || reasonOf(err) != "unconfirmed" {
			t.Errorf("%s: %v", a.kind, describe(err))
		}
	}
}

func TestServicesAreNotFollowedElsewhere(t *testing.T) {
	t.Parallel()
	for _, a := range apis {
		address := answering(t, 307, http.Header{"Location": {"http://127.0.0.1:1/"}}, "")
		if err := a.open(t, address, nil).Send(t.Context(), "subject", "text"); reasonOf(err) != "elsewhere" || isPermanent(err) {
			t.Errorf("%s: %v", a.kind, describe(err))
		}
	}
}

// What a channel says it takes whole is whole, in the French of a school.
func TestServicesTakeAsMuchAsTheySay(t *testing.T) {
	t.Parallel()
	for _, a := range apis {
		limit := Limit(a.kind)
		if limit == 0 {
			continue
		}
		title := "📊 Léa · Maths : 14,5/20"
		line := "Contrôle n°2 : « l’équation x < 3 & y > 4 » (ven. 14) · coef. 2 — élève\n"
		text := []rune(strings.Repeat(line, limit/len([]rune(line))+1))[:limit-len([]rune(title))]
		address, received := a.server(t, works)
		m := Message{ID: "a-1", Title: title, Body: string(text), Link: "https://0123456a.index-education.net/pronote/parent.html", Amends: "$0"}
		if _, err := a.open(t, address, nil).Deliver(t.Context(), m); err != nil {
			t.Errorf("%s: %v", a.kind, err)
			continue
		}
		if got := received()[0]; strings.Contains(got.text, ellipsis) {
			t.Errorf("%s: %d characters are cut to %d", a.kind, limit, len([]rune(got.text)))
		}
	}
}

// What some services take twice is one message, or a second that takes the place of the first.
func TestARepeatIsOneMessage(t *testing.T) {
	t.Parallel()
	for _, a := range apis {
		address, received := a.server(t, works)
		n := a.open(t, address, nil)
		m := Message{ID: "a-1", Title: "subject", Body: "text"}
		first, err1 := n.Deliver(t.Context(), m)
		second, err2 := n.Deliver(t.Context(), m)
		want := 2
		if a.knows {
			want = 1
		}
		if err1 != nil || err2 != nil || first != second || len(received()) != want {
			t.Errorf("%s: %d messages, want %d; receipts %q and %q; %v, %v", a.kind, len(received()), want, first, second, err1, err2)
		}
	}
}

// The requests are golden: what each service is asked is read beside its documentation.
func TestServicesAreAskedAsTheirDocumentationHasIt(t *testing.T) {
	t.Parallel()
	const link = "https://school.example/pronote/?a=1&b=2"
	for _, test := range []struct {
		api    api
		change func(m *Message)
		want   string // method, path, body
	}{
		{apprise, nil, `POST /notify/familySecretConf {"title":"T & <t>","body":"a\nb\n\nLINK","type":"info","format":"text","tag":"maman"}`},
		{apprise, alarm, `POST /notify/familySecretConf {"title":"T & <t>","body":"a\nb\n\nLINK","type":"failure","format":"text","tag":"maman"}`},
		{bark, nil, `POST /push {"device_key":"ynJ5Ft4atkMkWeo2PAvFhF","id":"a-1","title":"T & <t>","body":"a\nb","url":"LINK","level":"active"}`},
		{bark, quiet, `POST /push {"device_key":"ynJ5Ft4atkMkWeo2PAvFhF","id":"a-1","title":"T & <t>","body":"a\nb","url":"LINK","level":"passive"}`},
		{bark, amend("a-0"), `POST /push {"device_key":"ynJ5Ft4atkMkWeo2PAvFhF","id":"a-0","title":"T & <t>","body":"a\nb","url":"LINK","level":"active"}`},
		{free, alarm, `POST /sendmsg {"user":"12345678","pass":"freeMobileKey1","msg":"T & <t>\na\nb"}`},
		{google, nil, `POST /v1/spaces/AAAAxyz/messages?key=AIzaSyGoogleKeyOf39Characters-xxxxxxxx1&requestId=a-1&token=googleTokenOf43characters-xxxxxxxxxxxxx%3D ` +
			`{"text":"*T & <t>*\n\na\nb\n\n<LINK|PRONOTE>"}`},
		{gotify, nil, `POST /gotify/message {"title":"T & <t>","message":"a\nb","priority":5,"extras":{"client::display":{"contentType":"text/plain"},"client::notification":{"click":{"url":"LINK"}}}}`},
		{gotify, quiet, `POST /gotify/message {"title":"T & <t>","message":"a\nb","priority":2,"extras":{"client::display":{"contentType":"text/plain"},"client::notification":{"click":{"url":"LINK"}}}}`},
		{gotify, alarm, `POST /gotify/message {"title":"T & <t>","message":"a\nb","priority":10,"extras":{"client::display":{"contentType":"text/plain"},"client::notification":{"click":{"url":"LINK"}}}}`},
		{matrix, nil, `PUT /_matrix/client/v3/rooms/%21hAxUe7rQ:example.org/send/m.room.message/a-1 {"body":"T & <t>\n\na\nb","format":"org.matrix.custom.html",` +
			`"formatted_body":"<strong>T &amp; &lt;t&gt;</strong><br><br>a<br>b<br><br><a href=\"ATTR\">PRONOTE</a>","m.mentions":{},"msgtype":"m.text"}`},
		{matrix, amend("$0"), `PUT /_matrix/client/v3/rooms/%21hAxUe7rQ:example.org/send/m.room.message/a-1 {"body":"T & <t>\n\na\nb","format":"org.matrix.custom.html",` +
			`"formatted_body":"<strong>T &amp; &lt;t&gt;</strong><br><br>a<br>b<br><br><a href=\"ATTR\">PRONOTE</a>","m.mentions":{},` +
			`"m.new_content":{"body":"T & <t>\n\na\nb","format":"org.matrix.custom.html","formatted_body":"<strong>T &amp; &lt;t&gt;</strong><br><br>a<br>b<br><br><a href=\"ATTR\">PRONOTE</a>",` +
			`"m.mentions":{},"msgtype":"m.text"},"m.relates_to":{"event_id":"$0","rel_type":"m.replace"},"msgtype":"m.text"}`},
		{matrix, func(m *Message) { alarm(m); amend("$0")(m) }, `PUT /_matrix/client/v3/rooms/%21hAxUe7rQ:example.org/send/m.room.message/a-1 {"body":"T & <t>\n\na\nb","format":"org.matrix.custom.html",` +
			`"formatted_body":"<strong>T &amp; &lt;t&gt;</strong><br><br>a<br>b<br><br><a href=\"ATTR\">PRONOTE</a>","m.mentions":{},` +
			`"m.relates_to":{"m.in_reply_to":{"event_id":"$0"}},"msgtype":"m.text"}`},
		{mattermost, nil, `POST /chat/hooks/matterhooksecret26charsxxx1 {"text":"**T & \\<t\\>**\n\na\nb\n\n[PRONOTE](LINK)"}`},
		{mattermost, func(m *Message) { m.Body = "→ À lire dans PRONOTE" }, `POST /chat/hooks/matterhooksecret26charsxxx1 {"text":"**T & \\<t\\>**\n\n→ À lire dans [PRONOTE](LINK)"}`},
		{mattermost, alarm, `POST /chat/hooks/matterhooksecret26charsxxx1 {"priority":{"priority":"urgent"},"text":"**T & \\<t\\>**\n\na\nb\n\n[PRONOTE](LINK)"}`},
		{pushbullet, nil, `POST /v2/pushes {"type":"link","title":"T & <t>","body":"a\nb","url":"LINK","guid":"a-1"}`},
		{pushbullet, func(m *Message) { m.Link = "" }, `POST /v2/pushes {"type":"note","title":"T & <t>","body":"a\nb","guid":"a-1"}`},
		{pushover, nil, `POST /1/messages.json message=a%0Ab&priority=0&title=T+%26+%3Ct%3E&token=azGDORePK8gMaC0QOYAMyEEuzJnyUi&url=QUERY&url_title=PRONOTE&user=uQiRzpo4DXghDmr9QzzfQu27cmVRsG`},
		{pushover, quiet, `POST /1/messages.json message=a%0Ab&priority=-1&title=T+%26+%3Ct%3E&token=azGDORePK8gMaC0QOYAMyEEuzJnyUi&url=QUERY&url_title=PRONOTE&user=uQiRzpo4DXghDmr9QzzfQu27cmVRsG`},
		{pushover, alarm, `POST /1/messages.json message=a%0Ab&priority=1&title=T+%26+%3Ct%3E&token=azGDORePK8gMaC0QOYAMyEEuzJnyUi&url=QUERY&url_title=PRONOTE&user=uQiRzpo4DXghDmr9QzzfQu27cmVRsG`},
		{rocket, nil, `POST /hooks/6631a0b1/rocketHookSecretOf43characters {"parseUrls":false,"text":"*T & <t>*\n\na\nb\n\n[PRONOTE](LINK)"}`},
		{signal, nil, `POST /v2/send {"message":"T & <t>\n\na\nb\n\nLINK","number":"+33600000001","recipients":["+33600000002"],"text_mode":"normal"}`},
		{slack, nil, `POST /services/T0001/B0002/slackHookSecret24chars00 {"blocks":[{"elements":[{"elements":[{"style":{"bold":true},"text":"T & <t>","type":"text"},` +
			`{"text":"\n\n","type":"text"},{"text":"a\nb","type":"text"},{"text":"\n\n","type":"text"},{"text":"PRONOTE","type":"link","url":"LINK"}],` +
			`"type":"rich_text_section"}],"type":"rich_text"}],"text":"T &amp; &lt;t&gt;\n\na\nb\n\n<LINK|PRONOTE>","unfurl_links":false,"unfurl_media":false}`},
		{slack, func(m *Message) { m.Body, m.Title = "→ À lire dans PRONOTE.", "" }, `POST /services/T0001/B0002/slackHookSecret24chars00 {"blocks":[{"elements":[{"elements":[` +
			`{"text":"→ À lire dans ","type":"text"},{"text":"PRONOTE","type":"link","url":"LINK"},{"text":".","type":"text"}],` +
			`"type":"rich_text_section"}],"type":"rich_text"}],"text":"→ À lire dans <LINK|PRONOTE>.","unfurl_links":false,"unfurl_media":false}`},
		{teams, nil, `POST /powerautomate/automations/direct/workflows/0a1b2c/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=teams-signature-of-43-characters-xxxxxxx_x1 ` +
			`{"attachments":[{"content":{"$schema":"http://adaptivecards.io/schemas/adaptive-card.json","actions":[{"title":"PRONOTE","type":"Action.OpenUrl","url":"LINK"}],"body":[` +
			`{"inlines":[{"size":"Medium","text":"T & <t>","type":"TextRun","weight":"Bolder"}],"spacing":"None","type":"RichTextBlock"},` +
			`{"inlines":[{"text":"a","type":"TextRun"}],"spacing":"None","type":"RichTextBlock"},{"inlines":[{"text":"b","type":"TextRun"}],"spacing":"None","type":"RichTextBlock"}],` +
			`"msteams":{"width":"Full"},"type":"AdaptiveCard","version":"1.4"},"contentType":"application/vnd.microsoft.card.adaptive"}],"type":"message"}`},
		{teams, func(m *Message) { m.Body, m.Link = "", "" }, `POST /powerautomate/automations/direct/workflows/0a1b2c/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=teams-signature-of-43-characters-xxxxxxx_x1 ` +
			`{"attachments":[{"content":{"$schema":"http://adaptivecards.io/schemas/adaptive-card.json","body":[` +
			`{"inlines":[{"size":"Medium","text":"T & <t>","type":"TextRun","weight":"Bolder"}],"spacing":"None","type":"RichTextBlock"}],` +
			`"msteams":{"width":"Full"},"type":"AdaptiveCard","version":"1.4"},"contentType":"application/vnd.microsoft.card.adaptive"}],"type":"message"}`},
		{byService(twilio), nil, `POST /2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json Body=T+%26+%3Ct%3E%0Aa%0Ab&MessagingServiceSid=MG0123456789abcdef0123456789abcdef&To=%2B33600000002`},
		{twilio, nil, `POST /2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json Body=T+%26+%3Ct%3E%0Aa%0Ab&From=%2B33700000001&To=%2B33600000002`},
	} {
		m := Message{ID: "a-1", Title: "T & <t>", Body: "a\nb", Link: link}
		if test.change != nil {
			test.change(&m)
		}
		asked := ""
		a := test.api
		take := a.take
		a.take = func(r *http.Request, in in) said {
			asked = r.Method + " " + r.URL.RequestURI() + " " + regexp.MustCompile(`&timestamp=\d+`).ReplaceAllString(in.raw, "")
			return take(r, in)
		}
		address, _ := a.server(t, works)
		receipt, err := a.open(t, address, nil).Deliver(t.Context(), m)
		want := strings.NewReplacer("LINK", link, "ATTR", strings.ReplaceAll(link, "&", "&amp;"), "QUERY", url.QueryEscape(link)).Replace(test.want)
		if err != nil || asked != want {
			t.Errorf("%s: %v\nasked %s\nwant  %s", a.kind, err, asked, want)
		}
		if m.Amends != "" && m.Level <= Normal && receipt != m.Amends {
			t.Errorf("%s: what %q amends goes by %q", a.kind, m.Amends, receipt)
		}
	}
}

// byService is Twilio with a messaging service, which picks the number that writes.
func byService(a api) api {
	fill := a.fill
	a.fill = func(s any, address string) {
		fill(s, address)
		s.(*Twilio).From = "MG0123456789abcdef0123456789abcdef"
	}
	return a
}

func quiet(m *Message) { m.Level = Quiet }
func alarm(m *Message) { m.Level = Alarm }

func amend(earlier Receipt) func(*Message) { return func(m *Message) { m.Amends = earlier } }

// Some services call everybody in a room by a word, and let nobody escape it.
func TestNobodyIsCalledByAText(t *testing.T) {
	t.Parallel()
	for _, a := range []api{google, matrix, mattermost, rocket, slack} {
		address, received := a.server(t, works)
		title, text := "@all et @Channel", "@here, <users/all> et <!channel> : https://a.example/@all"
		if err := a.open(t, address, nil).Send(t.Context(), title, text); err != nil {
			t.Errorf("%s: %v", a.kind, err)
		} else if got := received()[0]; got.subject != title || strings.TrimSpace(got.text) != text {
			t.Errorf("%s: received %q and %q", a.kind, got.subject, got.text)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	for _, body := range []string{`{"error":{"message":"no"}}`, `{"errors":["no"]}`, `[1]`, `"*"`, `{"error":1e400,"errors":[[]]}`, "{", ""} {
		f.Add(body, "error.message", 400)
		f.Add(body, "errors.0", 200)
	}
	f.Fuzz(func(t *testing.T, body, path string, status int) {
		a := answer{status: status, body: []byte(body)}
		for _, words := range []string{path, wholeAnswer} {
			s := &service{words: words, refusals: []refusal{{400, "x", "hook"}}}
			if err := s.judge(a); err.text == "" || err.reason == "" {
				t.Errorf("%q says nothing", body)
			}
		}
	})
}

// Whatever signs a school writes, people read them as they are.
func TestAnyTextIsShownAsItIs(t *testing.T) {
	t.Parallel()
	signs := rapid.SliceOfN(rapid.SampledFrom([]string{"*", "_", "~", "`", "#", "\\", ".", "|", "<", ">", "&", "&lt;", "@", "@all", "[a](b)", "!", "(", "é", "👩‍🎓", " ", "\n", "a", "1", "/", "\"", "<br>", "\u00a0"}), 1, 12)
	for _, a := range apis {
		if a.kind == "googlechat" {
			continue // nothing escapes there
		}
		t.Run(a.kind, func(t *testing.T) {
			t.Parallel()
			var got delivery
			take := a.take
			a.take = func(r *http.Request, in in) said {
				answer := take(r, in)
				if answer.got != nil {
					got = *answer.got
				}
				return answer
			}
			address, _ := a.server(t, works)
			n := a.open(t, address, nil)
			rapid.Check(t, func(t *rapid.T) {
				title := oneLine("x" + strings.Join(signs.Draw(t, "title"), ""))
				text := "x" + strings.ReplaceAll(strings.Join(signs.Draw(t, "text"), ""), "\u00a0", "") + "x"
				if err := n.Send(context.Background(), title, text); err != nil {
					t.Fatal(err)
				}
				if got.subject != title || strings.TrimSpace(got.text) != text {
					t.Fatalf("received %q and %q, want %q and %q", got.subject, got.text, title, text)
				}
			})
		})
	}
}

// A server may call a message what it likes, but what is stored is an id.
func TestAReceiptOfAnyLengthIsNotKept(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]Receipt{strings.Repeat("9", maxReceipt): Receipt(strings.Repeat("9", maxReceipt)), strings.Repeat("9", maxReceipt+1): ""} {
		n := gotify.open(t, answering(t, 200, nil, `{"id":`+id+`}`), nil)
		if receipt, err := n.Deliver(t.Context(), Message{Title: "subject"}); err != nil || receipt != want {
			t.Errorf("an id of %d characters: receipt %q, %v", len(id), receipt, err)
		}
	}
}

// A server at home may do without encryption, and its owner is told what that means.
func TestServersAtHomeAreWarnedOf(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"http://192.168.1.9:8080":    "server sends messages and secrets without encryption (http)",
		"https://gotify.example.org": "", "http://localhost:8080": "",
	} {
		for _, n := range []Notifier{
			open(t, "gotify", Gotify{Server: address, Token: NewSecret(gotifyKey)}),
			open(t, "matrix", Matrix{Server: address, Token: NewSecret(matrixKey), Room: matrixRoomID}),
			open(t, "signal", Signal{Server: address, Number: "+33600000001", To: "group.x"}),
		} {
			if got := Warning(n); got != want {
				t.Errorf("%v at %s: %q, want %q", n, address, got, want)
			}
		}
	}
}
