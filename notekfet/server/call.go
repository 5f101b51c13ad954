package server

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/wire"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// A call is one request being answered.
type call struct {
	*conn
	cmd  *command
	who  *identity // nil before the login
	held *held     // what that identity may do now
	raw  json.RawMessage
	// granted is whether one of the command's rights is held; otherwise the command
	// is open because it may be about the caller's own account.
	granted bool

	payload []byte        // raw bytes that followed the request
	code    notekfet.Code // of success, when it is not 0
	errmsg  string        // beside a success
}

// answer decodes a request, checks it in the order of the protocol, and answers.
func (c *conn) answer(text []byte) {
	start := time.Now()
	request, err := wire.ParseRequest(text)
	if err != nil {
		c.refuseMalformed()
		return
	}
	c.malformed = 0
	call := &call{conn: c, raw: request.Parameter}
	call.takePayload(request.Command)
	msg, err := call.run(request.Command)
	code, errmsg := call.code, call.errmsg
	if err != nil {
		msg = nil
		code, errmsg = call.explain(request.Command, err)
	}
	call.record(request.Command, code, time.Since(start))
	c.send(code, errmsg, msg)
}

// run checks and executes; a panic is an error.
func (c *call) run(name string) (msg any, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &ledger.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	if err := c.find(name); err != nil {
		return nil, err
	}
	if err := c.allow(); err != nil {
		return nil, err
	}
	if c.cmd.parameter == required && c.raw == nil {
		return nil, notekfet.Refuse(notekfet.NeedsParameter, "cette commande attend un paramètre")
	}
	if c.cmd.parameter == none {
		c.raw = nil
	}
	return c.cmd.run(c)
}

// find looks the command up, as far as the state of the connection allows.
func (c *call) find(name string) error {
	if slices.ContainsFunc([]byte(name), func(b byte) bool { return b >= utf8.RuneSelf }) {
		return notekfet.Refuse(notekfet.NotASCII, "le nom d'une commande est en ASCII")
	}
	c.mu.Lock()
	client, who := c.client, c.conn.who
	c.mu.Unlock()
	c.who = who
	if client == "" && name != "hello" {
		return notekfet.Refuse(notekfet.HelloFirst, "hello est attendu d'abord")
	}
	c.cmd = commands[name]
	if c.cmd == nil {
		return notekfet.Refuse(notekfet.NotFound, "cette commande n'existe pas")
	}
	return nil
}

// allow is the one place where a right opens a command.
func (c *call) allow() error {
	cmd := c.cmd
	if c.who != nil {
		var err error
		if c.held, err = c.s.rights.of(c.who); err != nil {
			return err
		}
	} else {
		c.held = &held{}
	}
	if !cmd.logged && len(cmd.rights) == 0 {
		c.granted = true
		return nil
	}
	if c.who != nil && (!cmd.special || c.who.special) && (!cmd.account || !c.who.special) {
		c.granted = len(cmd.rights) == 0 || cmd.open && c.who.special || slices.ContainsFunc(cmd.rights, c.has)
		if c.granted || cmd.own && !c.who.special && c.has("myself") {
			return nil
		}
	}
	return forbidden()
}

func forbidden() error {
	return notekfet.Refuse(notekfet.Forbidden, "vous n'avez pas les droits suffisants")
}

// has reports whether the caller holds a right, after the mask.
func (c *call) has(right string) bool {
	return c.who != nil && c.held.rights.Has(right) && !c.who.mask.rights.Has(right)
}

// hasOver reports whether the caller may grant a right to others.
func (c *call) hasOver(right string) bool {
	if c.who.special {
		return c.has("surdroits")
	}
	return c.isSupreme() || c.held.over.Has(right) && !c.who.mask.over.Has(right)
}

// isSupreme reports whether the caller has the powers of a supreme account and
// has not given them up.
func (c *call) isSupreme() bool { return c.who != nil && c.held.supreme && !c.who.mask.supreme }

// isOwn reports whether an account is the caller's own, and open to him as such.
func (c *call) isOwn(id int64) bool {
	return c.who != nil && !c.who.special && c.who.id == id && c.has("myself")
}

// about refuses an account that is not the caller's own to those who have but
// the right to their own.
func (c *call) about(id int64) error {
	if c.granted || c.isOwn(id) {
		return nil
	}
	return forbidden()
}

// by is how the ledger knows the caller.
func (c *call) by() ledger.By {
	by := ledger.By{IP: c.origin, Has: c.has}
	if c.who != nil {
		by.ID, by.Name = c.who.id, c.who.name
	}
	return by
}

// view reads the ledger.
func (c *call) view(fn func(*ledger.Tx) error) error {
	return c.s.Ledger.View(context.Background(), fn)
}

// update changes the ledger.
func (c *call) update(fn func(*ledger.Tx) error) error { return c.s.Ledger.Update(fn) }

// explain makes the code and the sentence of an error. What it does not expect
// is told to the log alone, under a number that the client gets.
func (c *call) explain(name string, err error) (notekfet.Code, string) {
	if refusal, ok := errors.AsType[*notekfet.Error](err); ok {
		return refusal.Code, refusal.Text
	}
	incident := rand.Text()[:8]
	log := c.s.Log.With("incident", incident, "command", known(name))
	if crash, ok := errors.AsType[*ledger.PanicError](err); ok {
		// The value of a panic may hold what a client sent.
		log.Error("crash", "type", fmt.Sprintf("%T", crash.Value), "stack", string(crash.Stack))
		return notekfet.Crashed, "erreur inattendue, incident " + incident
	}
	if _, ok := errors.AsType[*mailError](err); ok {
		log.Error("mail not sent", "error", err)
		return notekfet.Crashed, "le message n'a pas pu être envoyé, incident " + incident
	}
	log.Error("database", "error", err)
	if errors.Is(err, ledger.ErrUnknown) {
		return notekfet.DatabaseFailed, "erreur de la base de données, on ne sait pas si cela a été fait : lisez l'historique, incident " + incident
	}
	return notekfet.DatabaseFailed, "erreur de la base de données, rien n'a été fait, incident " + incident
}

// known is the name of a command that exists: what else a client sends is not
// repeated in the log.
func known(name string) string {
	if commands[name] == nil {
		return "?"
	}
	return name
}

// record writes who asked for what, and never the parameter.
func (c *call) record(name string, code notekfet.Code, took time.Duration) {
	user := ""
	if c.who != nil {
		user = c.who.name
	}
	c.s.Log.Info("request", "idServer", c.id, "peer", c.origin, "user", user, "command", known(name), "retcode", int(code), "took", took.String())
}
