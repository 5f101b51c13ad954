package wire

import (
	"errors"
	"html"
	"regexp"
	"strconv"
	"strings"
)

// Page is what the page of a space tells a client before its first request.
type Page struct {
	Session int    // number of the session
	Space   int    // kind of space: 3 pupil, 2 parent, 6 and 7 the same on a phone
	Demo    bool   // a demonstration server
	HTTP    bool   // reached without TLS, so the first secret must be sealed
	Version string // "2025.2.8" as printed in the page, "" when it is not

	// Encryption and compression flags. Servers from 2025.1.3 on say what to
	// do, older ones what to skip; a flag that is false is left out, so only
	// the server's version tells which sense holds.
	DoEncrypt, DoCompress     bool
	SkipEncrypt, SkipCompress bool

	Modulus, Exponent string // RSA key in hexadecimal, on servers up to 2022
	Name, Secret      string // one-time credentials after a login through a portal
}

// ErrNoStart says that a page does not open a PRONOTE session.
var ErrNoStart = errors.New("page has no Start call")

// maxStart bounds the object of a Start call, in bytes; real ones, with an RSA
// key or the credentials of a portal, have some hundreds.
const maxStart = 16 << 10

var (
	startCall   = regexp.MustCompile(`(?:^|[^\w$.])Start\s*\(\s*\{`)
	tag         = regexp.MustCompile(`<[^>]*>`)
	pageVersion = regexp.MustCompile(`>\s*PRONOTE (\d{4}\.\d+\.\d+)`)
)

// ParsePage finds the Start call of a page. It reads every known variant: in
// the onload attribute of the body or in a script, bare or quoted keys, single
// or double quotes. It returns ErrNoStart when there is none to be read.
func ParsePage(page []byte) (Page, error) {
	text := string(page)
	for _, at := range startCall.FindAllStringIndex(text, 16) {
		object := text[at[1]-1 : min(len(text), at[1]+maxStart)]
		p, ok := pageOf(html.UnescapeString(object)) // an attribute may hold &quot;
		if !ok {
			p, ok = pageOf(object)
		}
		if !ok {
			continue // a function named Start, or another script's
		}
		if m := pageVersion.FindStringSubmatch(text); m != nil {
			p.Version = m[1]
		}
		return p, nil
	}
	return Page{}, ErrNoStart
}

// pageOf reads the object of a Start call, which has at least the number of the
// session.
func pageOf(object string) (Page, bool) {
	members, ok := looseObject(object)
	session, err := strconv.Atoi(members["h"])
	if !ok || err != nil {
		return Page{}, false
	}
	flag := func(name string) bool { return members[name] == "true" || members[name] == "1" }
	space, _ := strconv.Atoi(members["a"]) // without one it is 0, the choice of spaces
	return Page{
		Session: session, Space: space, Demo: flag("d"), HTTP: flag("http"),
		DoEncrypt: flag("CrA"), DoCompress: flag("CoA"),
		SkipEncrypt: flag("sCrA"), SkipCompress: flag("sCoA"),
		Modulus: members["MR"], Exponent: members["ER"],
		Name: members["e"], Secret: members["f"],
	}, true
}

// looseObject reads a JavaScript object literal at the start of text. Values
// come out as text; nested objects and lists are passed over.
func looseObject(text string) (map[string]string, bool) {
	r := &looseReader{text: text}
	if !r.accept('{') {
		return nil, false
	}
	members := map[string]string{}
	for !r.accept('}') {
		key, ok := r.word()
		if !ok || !r.accept(':') {
			return nil, false
		}
		value, ok := r.value()
		if !ok {
			return nil, false
		}
		members[key] = value
		if !r.accept(',') && !r.peek('}') {
			return nil, false
		}
	}
	return members, true
}

type looseReader struct {
	text string
	at   int
}

func (r *looseReader) space() {
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
}

func (r *looseReader) peek(c byte) bool {
	r.space()
	return r.at < len(r.text) && r.text[r.at] == c
}

func (r *looseReader) accept(c byte) bool {
	if !r.peek(c) {
		return false
	}
	r.at++
	return true
}

// word reads a quoted text or a run of characters that ends a bare one.
func (r *looseReader) word() (string, bool) {
	r.space()
	if r.at == len(r.text) {
		return "", false
	}
	if quote := r.text[r.at]; quote == '\'' || quote == '"' {
		return r.quoted(quote)
	}
	start := r.at
	for r.at < len(r.text) && strings.IndexByte(":,{}[]()'\" \t\r\n", r.text[r.at]) < 0 {
		r.at++
	}
	return r.text[start:r.at], r.at > start
}

func (r *looseReader) quoted(quote byte) (string, bool) {
	r.at++
	var b strings.Builder
	for r.at < len(r.text) {
		c := r.text[r.at]
		r.at++
		switch {
		case c == quote:
			return b.String(), true
		case c == '\\' && r.at < len(r.text):
			b.WriteByte(r.text[r.at]) // enough for the slash and the quotes a server escapes
			r.at++
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}

func (r *looseReader) value() (string, bool) {
	if !r.peek('{') && !r.peek('[') {
		return r.word()
	}
	for depth := 0; r.at < len(r.text); {
		switch c := r.text[r.at]; c {
		case '{', '[':
			depth++
			r.at++
		case '}', ']':
			depth--
			r.at++
			if depth == 0 {
				return "", true
			}
		case '\'', '"':
			if _, ok := r.quoted(c); !ok {
				return "", false
			}
		default:
			r.at++
		}
	}
	return "", false
}

// Refusal is what a page without a Start call says.
type Refusal int

// The pages that the reference knows, and NotPRONOTE for any other.
const (
	NotPRONOTE Refusal = iota
	AddressBanned
	PageExpired
	SiteClosed
	SiteBusy
)

// The sentences stand on the pages in French or in English. Whole sentences
// only: the letters "IP" alone are in half the scripts of the web, and other sites
// have pages that expire, without PRONOTE's number.
var refusals = []struct {
	sentence string
	refusal  Refusal
}{
	{"votre adresse ip est provisoirement suspendue", AddressBanned},
	{"your ip address is temporarily suspended", AddressBanned},
	{"la page a expiré ! (", PageExpired},
	{"le site n'est pas disponible", SiteClosed},
	{"le site est momentanément indisponible", SiteBusy},
}

// ReadRefusal says why a text, of a page or of an error, refuses.
func ReadRefusal(text string) Refusal {
	text = html.UnescapeString(tag.ReplaceAllString(text, " "))
	plain := strings.ToLower(strings.ReplaceAll(text, "’", "'"))
	plain = strings.Join(strings.Fields(plain), " ")
	for _, r := range refusals {
		if strings.Contains(plain, r.sentence) {
			return r.refusal
		}
	}
	return NotPRONOTE
}
