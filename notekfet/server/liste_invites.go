package server

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// printGuests is the guest list of an activity as a PDF, in base64. From then on
// the list is printed, and nobody can be invited.
func (c *call) printGuests() (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	var pdf []byte
	err := c.update(func(tx *ledger.Tx) error {
		a, err := tx.Activity(id)
		if err != nil {
			return err
		}
		if !a.List {
			return notekfet.Refuse(notekfet.ListNotPrinted, "cette activité n'a pas de liste d'invités")
		}
		guests, err := tx.Guests(id, 0)
		if err != nil {
			return err
		}
		if pdf, err = guestList(a, guests); err != nil {
			return notekfet.Refuse(notekfet.ListNotPrinted, "la liste des invités ne peut pas être mise en page")
		}
		a.Printed = true
		return tx.UpdateActivity(*a)
	})
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.EncodeToString(pdf), nil
}

// guestList writes one line for each guest, with a box to tick.
func guestList(a *ledger.Activity, guests []ledger.Guest) (_ []byte, err error) {
	defer func() {
		if recover() != nil { // the library does so on odd text
			err = errors.New("text that cannot be set")
		}
	}()
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes("go", "", goregular.TTF)
	pdf.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	pdf.SetTitle(a.Title, true)
	pdf.SetFooterFunc(func() {
		pdf.SetY(-15)
		pdf.SetFont("go", "", 8)
		pdf.CellFormat(0, 10, strconv.Itoa(pdf.PageNo()), "", 0, "C", false, 0, "")
	})
	pdf.AddPage()
	pdf.SetFont("go", "B", 16)
	pdf.MultiCell(0, 8, a.Title, "", "L", false)
	pdf.SetFont("go", "", 10)
	pdf.MultiCell(0, 6, a.Begin.Format("02/01/2006 15:04")+" – "+a.End.Format("02/01/2006 15:04")+"   "+a.Place, "", "L", false)
	pdf.Ln(4)
	widths := []float64{10, 60, 60, 60}
	line := func(style string, cells ...string) {
		pdf.SetFont("go", style, 10)
		for i, cell := range cells {
			pdf.CellFormat(widths[i], 7, short(pdf, cell, widths[i]-2), "1", 0, "L", false, 0, "")
		}
		pdf.Ln(-1)
	}
	line("B", "", "Nom", "Prénom", "Invité par")
	for _, g := range guests {
		line("", "", g.Name, g.FirstName, g.Pseudo)
	}
	var out bytes.Buffer
	err = pdf.Output(&out)
	return out.Bytes(), err
}

// short cuts a text to a width.
func short(pdf *fpdf.Fpdf, text string, width float64) string {
	letters := []rune(text)
	for len(letters) > 1 && pdf.GetStringWidth(string(letters)) > width {
		letters = append(letters[:len(letters)-2], '…')
	}
	return string(letters)
}
