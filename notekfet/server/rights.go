package server

import (
	"context"
	"sync"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// An identity is who a connection is logged in as.
type identity struct {
	special bool
	id      int64 // of the account
	name    string
	acl     notekfet.Rights // of a special user, who keeps it for the session
	mask    mask
}

// userid is how the protocol names an identity.
func (i *identity) userid() any {
	if i.special {
		return "special"
	}
	return i.id
}

// A mask is what a session has given up, whatever is granted later.
type mask struct {
	rights, over notekfet.Rights
	supreme      bool
}

// held is what an identity holds, before its mask.
type held struct {
	rights, over notekfet.Rights
	supreme      bool
}

// A cache knows the rights of accounts until they change, in this program or
// beside it.
type cache struct {
	ledger  *ledger.Ledger
	unknown func(user string, words []string) // is told of words that are no rights

	asking sync.Mutex // held by the one who asks the database for the version

	mu      sync.Mutex
	version int64
	checked time.Time // when the last question for the version began
	byID    map[int64]*held
}

// cacheFor is how long a change beside this program may go unnoticed.
const cacheFor = 50 * time.Millisecond

func newCache(l *ledger.Ledger, unknown func(user string, words []string)) *cache {
	return &cache{ledger: l, unknown: unknown, byID: map[int64]*held{}}
}

// of returns what an identity holds now.
func (c *cache) of(who *identity) (*held, error) {
	if who.special {
		return &held{rights: who.acl}, nil
	}
	came := time.Now()
	if h := c.fresh(who.id, came); h != nil {
		return h, nil
	}
	if err := c.check(came); err != nil {
		return nil, err
	}
	if h := c.fresh(who.id, came); h != nil {
		return h, nil
	}
	return c.load(who.id)
}

// fresh is what is known of an account, nil where it may be out of date for a
// request that came at an instant.
func (c *cache) fresh(id int64, came time.Time) *held {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.checkedSince(came) {
		return nil
	}
	return c.byID[id]
}

// checkedSince is called with mu held.
func (c *cache) checkedSince(came time.Time) bool {
	return !c.checked.Before(came) || time.Since(c.checked) < cacheFor
}

// check asks the database for the version of the rights. A thousand requests that
// come together wait for one answer: each would otherwise take a reader.
func (c *cache) check(came time.Time) error {
	c.asking.Lock()
	defer c.asking.Unlock()
	c.mu.Lock()
	done := c.checkedSince(came)
	c.mu.Unlock()
	if done {
		return nil
	}
	now := time.Now()
	return c.ledger.View(context.Background(), func(tx *ledger.Tx) error {
		version, err := tx.RightsVersion()
		if err == nil {
			c.current(version, now, 0)
		}
		return err
	})
}

// load asks the database for the version of the rights, and for those of an
// account where they are not known.
func (c *cache) load(id int64) (h *held, err error) {
	now := time.Now()
	err = c.ledger.View(context.Background(), func(tx *ledger.Tx) error {
		version, err := tx.RightsVersion()
		if err != nil {
			return err
		}
		if h = c.current(version, now, id); h != nil {
			return nil
		}
		if h, err = c.read(tx, id); err != nil {
			return err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if version == c.version {
			c.byID[id] = h
		}
		return nil
	})
	return h, err
}

// current takes note of the version and returns what is known of an account under
// it.
func (c *cache) current(version int64, now time.Time, id int64) *held {
	c.mu.Lock()
	defer c.mu.Unlock()
	if version > c.version {
		c.version = version
		clear(c.byID)
	}
	if version == c.version && now.After(c.checked) {
		c.checked = now
	}
	if version == c.version {
		return c.byID[id]
	}
	return nil
}

// forget takes note of a change that this program has made. The version is read
// at once: a reader that began before the change must not store what it saw.
func (c *cache) forget() {
	err := c.ledger.View(context.Background(), func(tx *ledger.Tx) error {
		version, err := tx.RightsVersion()
		if err == nil {
			c.current(version, time.Now(), 0)
		}
		return err
	})
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.checked = time.Time{}
		clear(c.byID)
	}
}

// read takes the rights of an account from the database: none when it is deleted.
func (c *cache) read(tx *ledger.Tx, id int64) (*held, error) {
	a, err := tx.AccountEvenDeleted(id)
	if err != nil {
		return nil, err
	}
	if a.Deleted {
		return &held{}, nil
	}
	h := &held{supreme: a.Supreme}
	words, _ := notekfet.SplitRights(a.Rights)
	over, _ := notekfet.SplitRights(a.OverRights)
	var unknown, more []string
	h.rights, unknown = notekfet.Expand(words, false)
	h.over, more = notekfet.Expand(over, false)
	if unknown = append(unknown, more...); len(unknown) > 0 {
		c.unknown(a.Pseudo, unknown)
	}
	return h, nil
}
