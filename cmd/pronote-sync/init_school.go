package main

import (
	"context"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// learnSchool finds a school by an address out of a browser. A QR code that is given names
// its school itself.
func (b *beginner) learnSchool(n *newcomer) error {
	if b.flags.picture != "" || b.flags.text != "" {
		if err := b.readQR(n, b.flags.picture, b.flags.text); err != nil {
			return err
		}
		return b.greet(n)
	}
	if b.flags.url == "" {
		b.tell("Open PRONOTE in a browser, log in there as you always do, and copy the address from the top of the window.")
	}
	for {
		address, given := b.flags.url, b.flags.url != ""
		if !given {
			var err error
			if address, err = b.ask(b.in("Address of PRONOTE")); err != nil {
				return err
			}
		}
		err := b.visit(n, address)
		if err == nil || given || b.ctx.Err() != nil {
			return err
		}
		b.wrong(err)
	}
}

// visit looks at the school of an address.
func (b *beginner) visit(n *newcomer, address string) (err error) {
	if n.url, err = pronote.ParseAddress(address); err != nil {
		return usageError{err}
	}
	if b.flags.kind == "" {
		n.kind = kindOfAddress(address)
	}
	return b.greet(n)
}

// greet asks a school who it is and how it lets people in. That logs in nowhere.
func (b *beginner) greet(n *newcomer) error {
	b.asker.say(b.in("Asking %s…", n.url.Host))
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	who, err := pronote.Greet(ctx, n.url.String(), &pronote.Options{Transport: b.transport})
	if err != nil {
		return schoolError{error: err}
	}
	b.asker.say(b.in("It is %s, with PRONOTE %s.", who.School, who.Version))
	if n.qr != "" {
		return nil
	}
	page := "eleve.html"
	if n.kind == pronote.KindParent {
		page = "parent.html"
	}
	if n.found, err = b.detectPage(ctx, n.url, page); err != nil {
		return schoolError{error: err}
	}
	return nil
}

// kindOfAddress is the kind of account that an address is the page of; "" where it does
// not say.
func kindOfAddress(address string) pronote.Kind {
	switch address = strings.ToLower(address); {
	case strings.Contains(address, "parent.html"):
		return pronote.KindParent
	case strings.Contains(address, "eleve.html"):
		return pronote.KindStudent
	}
	return ""
}
