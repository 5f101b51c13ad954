package server

import (
	"encoding/json"

	"github.com/pronote-sync/pronote-sync/notekfet/internal/wire"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// quickSearch looks for accounts by the beginning of a name.
func (c *call) quickSearch() (any, error) {
	var s shape
	p := s.list(c.raw, 1, 2)
	term, expired := s.text(p[0]), false
	if p[1] != nil {
		if expired = s.text(p[1]) == "o"; !expired {
			s.fail("la seule option est o")
		}
	}
	if s.err != nil {
		return nil, s.err
	}
	var hits []ledger.Hit
	err := c.view(func(tx *ledger.Tx) (err error) {
		hits, err = tx.QuickSearch(term, expired)
		return err
	})
	if err != nil {
		return nil, err
	}
	return fitting(hits), nil
}

// legacyRecord is the size that known clients can read, with room for the frame.
const legacyRecord = 16_000

// fitting keeps the beginning of a list that known clients can read.
func fitting(hits []ledger.Hit) []ledger.Hit {
	size := 0
	for i, h := range hits {
		text, _ := json.Marshal(h) // numbers and texts
		if size += len(wire.ASCII(text)) + 1; size > legacyRecord {
			return hits[:i]
		}
	}
	return hits
}
