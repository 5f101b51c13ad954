package server

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// photoRoom is what an inline photo may have around its base64, in bytes.
const photoRoom = 1024

// isInlinePhoto reports whether a request begins like an update_photo.
func isInlinePhoto(start []byte) bool {
	rest := start
	for _, token := range []string{"[", `"update_photo"`, ","} {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		var ok bool
		if rest, ok = bytes.CutPrefix(rest, []byte(token)); !ok {
			return false
		}
	}
	return true
}

// announced is how many raw bytes follow a request: those of a photo that is sent
// apart.
func announced(command string, raw json.RawMessage) int64 {
	var s shape
	if command != "update_photo" {
		return 0
	}
	p := s.list(raw, 2, 2)
	size := s.integer(p[1])
	if s.err != nil {
		return 0
	}
	return max(0, size)
}

// takePayload reads the raw bytes behind a request, before anything is checked: they
// come anyway. Where more are announced than a photo may have, none is read, and
// the connection ends with the answer.
func (c *call) takePayload(command string) {
	size := announced(command, c.raw)
	if size == 0 {
		return
	}
	if size > int64(c.s.limits.Load().Photo) {
		c.closing = true
		return
	}
	c.expecting.Store(true)
	// Fewer bytes than announced are no error: what is there is the photo.
	c.payload, _ = c.scanner.Payload(int(size))
	c.expecting.Store(false)
}

// updatePhoto replaces the photo of an account.
func (c *call) updatePhoto() (any, error) {
	var s shape
	p := s.list(c.raw, 2, 3)
	id := s.integer(p[0])
	text, format := c.payload, ""
	if p[2] != nil {
		text, format = []byte(s.text(p[1])), s.text(p[2])
	} else if s.integer(p[1]) < 0 {
		s.fail("la taille est négative")
	}
	if s.err != nil {
		return nil, s.err
	}
	if err := c.about(id); err != nil {
		return nil, err
	}
	if err := c.photographed(id); err != nil {
		return nil, err
	}
	limit := c.s.limits.Load().Photo
	if len(text) > limit || c.closing {
		c.closing = c.closing || len(text) > limit+photoRoom
		return nil, notekfet.Refuse(notekfet.PhotoTooBig, "photo trop grosse")
	}
	return nil, c.s.storePhoto(id, text, format)
}

// photographed refuses an account that has no photo and can have none.
func (c *call) photographed(id int64) error {
	if id < 0 {
		return notekfet.Refuse(notekfet.NotFound, "le compte %d n'existe pas", id)
	}
	return c.view(func(tx *ledger.Tx) error {
		_, err := tx.Account(id)
		return err
	})
}

// storePhoto decodes, converts and keeps a photo. One that is refused leaves the
// old one.
func (s *Server) storePhoto(id int64, text []byte, format string) error {
	if format != "" && !s.allowed(format) {
		return notekfet.Refuse(notekfet.PhotoFormat, "ce format de photo n'est pas admis")
	}
	text = slices.DeleteFunc(slices.Clone(text), func(b byte) bool { return strings.IndexByte(" \t\r\n", b) >= 0 })
	raw, err := base64.StdEncoding.Strict().AppendDecode(nil, text)
	if err != nil || len(raw) == 0 {
		return notekfet.Refuse(notekfet.PhotoNotBase64, "la photo n'est pas en base64")
	}
	png, err := s.convert(raw)
	if err != nil {
		return err
	}
	return replaceFile(s.photo(id), png, 0o600)
}
