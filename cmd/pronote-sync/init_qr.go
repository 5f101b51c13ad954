package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/qrimage"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/hostname"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// askQR gets a QR code as a picture or as text.
func (b *beginner) askQR(n *newcomer) error {
	b.tell("In the browser, click on the QR code near the name of the account. It asks for four digits of your choice and shows a code that lives ten minutes. "+
		"Save a picture of it on this machine (from another one: scp code.png %s:), or read it with an app of a telephone and paste the text, which begins with {.", hostOfThis())
	answer, err := b.ask(b.in("File with a picture of the code, or its text"))
	if err != nil {
		return nobodyError{err}
	}
	if strings.ContainsAny(answer, `{"`) { // a damaged text is no file, and must not be repeated as one
		n.qr = answer
		err = b.fitQR(n)
	} else {
		err = b.readQR(n, answer, "")
	}
	if err != nil {
		return err
	}
	digits, err := b.askSecret(b.in("The four digits that you chose"))
	if err != nil {
		return nobodyError{err}
	}
	n.digits = digits.Reveal()
	return nil
}

// hostOfThis is how other machines of the house call this one.
func hostOfThis() string {
	name, err := os.Hostname()
	if err != nil {
		return "raspberrypi.local"
	}
	if !strings.Contains(name, ".") {
		name += ".local"
	}
	return name
}

// readQR reads a QR code out of a picture or a text file.
func (b *beginner) readQR(n *newcomer, picture, text string) error {
	if text != "" {
		content, err := readInput(text, maxAnswer)
		if err != nil {
			return err
		}
		n.qr = string(content)
		return b.fitQR(n)
	}
	content, err := readInput(picture, qrimage.MaxFile)
	if err != nil {
		return err
	}
	n.qr, err = qrimage.Read(content, func(text string) bool {
		_, err := pronote.ParseQR(text)
		return err == nil
	})
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", picture, err)}
	}
	return b.fitQR(n)
}

// fitQR takes the school and the kind of account from a QR code.
func (b *beginner) fitQR(n *newcomer) error {
	code, err := pronote.ParseQR(n.qr)
	if err != nil {
		return err
	}
	root, err := pronote.ParseAddress(code.Address)
	if err != nil {
		return pronote.ErrNotQR
	}
	if n.url != nil && !hostname.Same(n.url, root) {
		return usageError{say.Errorf("the QR code is of the school at %s, and the address of that at %s: take another code, or begin again with the other address", root.Host, n.url.Host)}
	}
	n.url, n.kind, n.byToken = root, code.Kind, true
	return nil
}
