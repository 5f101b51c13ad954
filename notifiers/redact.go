package notifiers

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// minDerived is the length in bytes from which a part or an encoding of a secret is a secret too. Shorter ones give
// nothing away, and redacting them would make errors unreadable.
const minDerived = 6

// secretKeys lists the keys of the fields of type Secret.
func secretKeys(s settings) []string {
	var keys []string
	for f := range reflect.TypeOf(s).Elem().Fields() {
		if f.Type == reflect.TypeFor[Secret]() {
			keys = append(keys, f.Tag.Get("toml"))
		}
	}
	return keys
}

// redactor returns the function that replaces every secret of the settings, in all its forms. It is a function because
// nothing prints what a function holds.
func redactor(s settings) func(string) string {
	var all []string
	for _, v := range reflect.ValueOf(s).Elem().Fields() {
		switch v := v.Interface().(type) {
		case Secret:
			all = append(all, forms(v.Reveal())...)
		case map[string]Secret:
			for _, secret := range v {
				all = append(all, forms(secret.Reveal())...)
			}
		}
	}
	// The longest first, lest a part be replaced and leave the rest of the whole.
	slices.SortFunc(all, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	var pairs []string
	for _, secret := range all {
		pairs = append(pairs, secret, redacted)
	}
	return strings.NewReplacer(pairs...).Replace
}

// forms returns the shapes in which a secret may appear in an error.
func forms(secret string) []string {
	if secret == "" {
		return nil
	}
	all := []string{secret}
	for _, part := range append(urlParts(secret), secret) {
		if len(part) < minDerived {
			continue
		}
		all = append(all, part, url.QueryEscape(part), url.PathEscape(part))
		all = append(all, quotedForms(part)...)
		all = append(all, base64Forms(part)...)
	}
	return all
}

// urlParts returns what identifies us in a URL: user, path, the end of the path, and each value of the query. The host
// is not a secret, and an error without it helps nobody.
func urlParts(secret string) []string {
	u, err := url.Parse(secret)
	if err != nil || u.Host == "" {
		return nil
	}
	password, _ := u.User.Password()
	parts := []string{u.User.String(), u.User.Username(), password, u.RequestURI(), u.EscapedPath(), u.RawQuery, u.Fragment}
	parts = append(parts, path.Base(u.Path), path.Base(u.EscapedPath()))
	for _, values := range u.Query() {
		parts = append(parts, values...)
	}
	return parts
}

// quotedForms returns the secret as JSON and Go write it between quotes.
func quotedForms(secret string) []string {
	inJSON, _ := json.Marshal(secret) // a string always can be
	inGo := strconv.Quote(secret)
	return []string{string(inJSON[1 : len(inJSON)-1]), inGo[1 : len(inGo)-1]}
}

// base64Forms returns the characters that a secret gives in base64 at any offset in the encoded text, as in the
// exchanges of SMTP and HTTP authentication.
func base64Forms(secret string) []string {
	var all []string
	for before := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString(append(make([]byte, before), secret...))
		all = append(all, encoded[(before*8+5)/6:(before+len(secret))*8/6])
	}
	return all
}
