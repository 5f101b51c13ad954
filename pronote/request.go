package pronote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Call is one function call of the protocol. Most callers want the methods
// named after what they return; a Call reaches what these do not model.
type Call struct {
	Function string   // the server's name: "DernieresNotes"
	Tab      Tab      // the tab the call comes from; 0 sends no signature
	Student  *Student // the child it is about, in a parent's session
	Data     any      // marshalled to JSON; nil sends none

	question string // by which the answer is remembered; "" for one that is not
}

// An Answer is what a function call returned, decoded but not interpreted.
type Answer struct {
	Data      json.RawMessage // the payload; nil when there was none
	Signature json.RawMessage // counters and notices; nil when there were none
}

// Request calls a function and waits for its turn to do so. It returns
// ErrNotAvailable without asking when the account does not have the tab, or not
// for the child: on some servers the mere question ends the session.
func (s *Session) Request(ctx context.Context, call Call) (Answer, error) {
	if call.Tab != 0 && s.tabs != nil && !s.tabs[call.Tab] && call.Tab != TabHome || call.Student != nil && call.Student.lacks[call.Tab] {
		return Answer{}, fmt.Errorf("%s: %w", call.Function, ErrNotAvailable)
	}
	data, err := json.Marshal(call.Data)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", call.Function, err)
	}
	payload := wire.Payload{Signature: s.signature(call)}
	if call.Data != nil {
		payload.Data = data
	}
	select {
	case <-s.turn:
		defer func() { s.turn <- struct{}{} }()
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
	request := payload
	for range maxWaits {
		body, err := s.exchange(ctx, call.Function, request)
		if err != nil {
			return Answer{}, err
		}
		if s.answers.known(call.question, body) {
			return Answer{}, fmt.Errorf("%s: %w", call.Function, ErrUnchanged)
		}
		answer, err := s.read(call.Function, body)
		if err != nil {
			return Answer{}, err
		}
		mark, unfinished := waitMark(answer)
		if !unfinished {
			s.answers.note(call.question, body)
			whole := Answer{Data: answer.Data, Signature: answer.Signature}
			s.opts.Answered(call, whole)
			return whole, nil
		}
		request.Wait, request.Data = answer.Wait, nil
		if mark.whole {
			request.Data = payload.Data
		}
		if err := sleep(ctx, mark.pause); err != nil {
			return Answer{}, err
		}
	}
	return Answer{}, unreadable(call.Function, fmt.Errorf("the server asked %d times to ask again", maxWaits))
}

// maxWaits bounds how often the server may say "not finished, ask again".
const maxWaits = 20

// unfinishedMark says how to ask again for an answer that is not ready.
type unfinishedMark struct {
	pause time.Duration
	whole bool // with the whole request, not with the mark alone
}

// waitMark reads the mark of an unfinished answer.
func waitMark(p wire.Payload) (mark unfinishedMark, unfinished bool) {
	if p.Wait == nil || p.Data != nil && !bytes.Equal(p.Data, []byte("{}")) {
		return unfinishedMark{}, false
	}
	var raw struct {
		Parameters *struct {
			Delay wire.Number `json:"delai"` // in seconds
			Whole wire.Bool   `json:"repeterRequete"`
		} `json:"ParametresAtt"`
	}
	if json.Unmarshal(p.Wait, &raw) != nil || raw.Parameters == nil {
		return unfinishedMark{}, false
	}
	seconds := 0.5
	if d := raw.Parameters.Delay; d.Known && d.Value > 0 {
		seconds = min(d.Value, 60)
	}
	return unfinishedMark{time.Duration(seconds * float64(time.Second)), bool(raw.Parameters.Whole)}, true
}

func (s *Session) signature(call Call) json.RawMessage {
	if call.Tab == 0 {
		return nil
	}
	signature := map[string]any{"onglet": call.Tab}
	if s.parent && call.Student != nil {
		signature["membre"] = map[string]any{"N": call.Student.element.Number, "G": call.Student.element.Genre}
	}
	text, err := json.Marshal(signature)
	if err != nil {
		panic(err) // numbers and texts always marshal
	}
	return text
}

// exchange sends one numbered request and returns its answer, which is still
// sealed. The caller holds the turn.
func (s *Session) exchange(ctx context.Context, function string, payload wire.Payload) (wire.Body, error) {
	if s.ended.Load() {
		return wire.Body{}, ErrSessionExpired
	}
	if s.pending != nil {
		if err := s.resume(ctx); err != nil {
			return wire.Body{}, err
		}
	}
	m, err := s.seal(function, payload)
	if err != nil {
		return wire.Body{}, err
	}
	if err := s.keepUnanswered(m); err != nil {
		return wire.Body{}, err
	}
	return s.insist(ctx, m)
}

// A message is a request as it travels. It is sealed once, for a repetition
// must have the same number and the same contents.
type message struct {
	function string
	number   string // the sealed order number, which stands in the address too
	body     []byte
	repeated []byte // the body, with the mark of a repetition
}

func (s *Session) seal(function string, p wire.Payload) (*message, error) {
	cipher := s.cipher
	if s.number == 1 {
		cipher = wire.Cipher{} // the vector is agreed on by this very request
	}
	text, err := wire.EncodePayload(s.version.generation(), p)
	if err != nil {
		return nil, err
	}
	sealed, err := s.codec.Seal(wire.Request, cipher, text)
	if err != nil {
		return nil, err
	}
	m := &message{function: function, number: cipher.Number(s.number)}
	body := wire.Body{Session: s.page.Session, Number: m.number, Function: function, Secured: sealed}
	if m.body, err = wire.EncodeBody(s.version.generation(), body); err != nil {
		return nil, err
	}
	body.Repeated = true
	m.repeated, err = wire.EncodeBody(s.version.generation(), body)
	return m, err
}

// insist posts a message until it was answered or the failure lasts.
func (s *Session) insist(ctx context.Context, m *message) (wire.Body, error) {
	body := m.body
	for attempt := 1; ; attempt++ {
		answer, err := s.post(ctx, m, body)
		if err == nil {
			s.settle()
			return answer, nil
		}
		if attempt == maxAttempts || !passing(err) {
			return wire.Body{}, err
		}
		if err := sleep(ctx, s.opts.Repeat); err != nil {
			return wire.Body{}, err
		}
		body = m.repeated
	}
}

// maxAttempts is how often a request is sent before its failure is reported.
const maxAttempts = 3

// resume repeats the request that the server may or may not have seen. Sent again
// unchanged it is answered either way, and the numbers agree from there on. The
// answer itself is of no further use.
func (s *Session) resume(ctx context.Context) error {
	answer, err := s.post(ctx, s.pending, s.pending.repeated)
	switch {
	case errors.Is(err, ErrUnreadable):
		// The server repeats an answer that cannot be read: the request has
		// counted, and others may fare better.
	case err != nil:
		return err
	case answer.Error != nil:
		var blocked *BlockedError
		if err := s.refuse(s.pending.function, answer.Error); s.ended.Load() || errors.As(err, &blocked) {
			return err
		}
	}
	s.settle()
	return nil
}

func (s *Session) settle() {
	s.pending = nil
	s.number += 2
}

// post sends a message and reads the body of the answer. A refusal is an answer:
// it comes back in Body.Error. A request that the server may have seen without
// answering stays pending.
func (s *Session) post(ctx context.Context, m *message, body []byte) (answer wire.Body, err error) {
	if err := s.announce(ctx, m.function); err != nil {
		return wire.Body{}, err
	}
	u := s.root.JoinPath("appelfonction", strconv.Itoa(s.page.Space), strconv.Itoa(s.page.Session), m.number)
	req, err := http.NewRequest(http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return wire.Body{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	text, _, err := s.fetch(ctx, req, wire.MaxBody)
	if !unsent(err) {
		s.pending = m
	}
	var elsewhere *PortalError
	if errors.As(err, &elsewhere) { // only pages are sent to a portal: this is a filter's doing, and passes
		err = fmt.Errorf("%s leads to %s: %w", req.URL.Host, elsewhere.Host, ErrNotPRONOTE)
	}
	if err == nil {
		if answer, err = wire.DecodeBody(text); err != nil {
			err = notJSON(text, err)
		}
	}
	if errors.Is(err, ErrSessionExpired) { // a page says so
		s.ended.Store(true)
	}
	if err != nil {
		return wire.Body{}, fmt.Errorf("%s: %w", m.function, err)
	}
	if answer.Error == nil && answer.Secured == nil {
		return wire.Body{}, unreadable(m.function, errors.New("no secured data"))
	}
	return answer, nil
}

// announce precedes every request: nothing is sent for a caller that has given
// up, or where Before forbids it.
func (s *Session) announce(ctx context.Context, request string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.opts.Before(ctx, request); err != nil {
		return err
	}
	s.opts.Log.Debug("pronote request", "request", request)
	return nil
}

// notJSON says what came where JSON was expected.
func notJSON(text []byte, err error) error {
	if refused := pageRefusal(text); refused != nil {
		return refused
	}
	if bytes.HasPrefix(bytes.TrimLeft(text, "\ufeff \t\r\n"), []byte("<")) {
		return ErrNotPRONOTE // a page: of a proxy, of a portal, of a filter
	}
	return fmt.Errorf("%w: %w", ErrUnreadable, err)
}

// maxRefusal bounds how much of a page is searched for a refusal, in bytes.
const maxRefusal = 256 << 10

// pageRefusal is what a page of PRONOTE says when it refuses, nil when it is
// no such page.
func pageRefusal(text []byte) error {
	switch wire.ReadRefusal(string(text[:min(len(text), maxRefusal)])) {
	case wire.AddressBanned:
		return &BlockedError{Reason: "Votre adresse IP est provisoirement suspendue"}
	case wire.PageExpired:
		return ErrSessionExpired
	case wire.SiteClosed:
		return ErrClosed
	case wire.SiteBusy:
		return ErrBusy
	}
	return nil
}

// read opens an answer.
func (s *Session) read(function string, body wire.Body) (wire.Payload, error) {
	if body.Error != nil {
		return wire.Payload{}, s.refuse(function, body.Error)
	}
	text, err := s.codec.Open(wire.Answer, s.cipher, body.Secured)
	if err != nil {
		return wire.Payload{}, unreadable(function, err)
	}
	payload, err := wire.DecodePayload(text)
	if err != nil {
		return wire.Payload{}, unreadable(function, err)
	}
	if payload.Error != nil {
		return wire.Payload{}, s.refuse(function, payload.Error)
	}
	return payload, nil
}

func (s *Session) refuse(function string, e *wire.Error) error {
	err := refusal(function, e)
	if errors.Is(err, ErrSessionExpired) {
		s.ended.Store(true)
	}
	return err
}
