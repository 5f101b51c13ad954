package pronote

import (
	"errors"
	"net/url"
	"regexp"
	"strings"

	"github.com/pronote-sync/pronote-sync/hostname"
)

var (
	scheme   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)
	pageName = regexp.MustCompile(`(?i)[^/]*\.html`) // the page of a space, and what QR codes are known to add to it
)

// ParseAddress finds the root of a PRONOTE site in what people paste: the page
// of a space, with a query or a fragment, with or without a final slash. The
// root has a path without final slash, and no query.
func ParseAddress(pasted string) (*url.URL, error) {
	pasted = strings.TrimSpace(pasted)
	if pasted == "" {
		return nil, errors.New("the address of PRONOTE is missing")
	}
	if !scheme.MatchString(pasted) {
		pasted = "https://" + pasted
	}
	u, err := url.Parse(pasted)
	if err != nil || hostname.Of(u) == "" {
		return nil, errors.New("the address of PRONOTE cannot be read")
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("the address of PRONOTE starts with neither https:// nor http://")
	}
	return rootOf(u), nil
}

// rootOf leaves out of an address all but the folder that the site is in.
func rootOf(u *url.URL) *url.URL {
	path := u.Path
	if page := pageName.FindStringIndex(path); page != nil {
		path = path[:page[0]]
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(path, "/")}
}

// below is what a reference means to a page of the site.
func below(root *url.URL, reference string) (*url.URL, error) {
	return root.JoinPath("/").Parse(reference)
}
