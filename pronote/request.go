package pronote

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"syscall"
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
}

// An Answer is what a function call returned, decoded but not interpreted.
type Answer struct {
	Data      json.RawMessage // the payload; nil when there was none
	Signature json.RawMessage // counters and notices; nil when there were none
}

// Request calls a function and waits for its turn to do so. It returns
// ErrNotAvailable without asking when the account does not have the tab: on
// some servers the mere question ends the session.
func (s *Session) Request(ctx context.Context, call Call) (Answer, error) {
	if call.Tab != 0 && s.tabs != nil && !s.tabs[call.Tab] && call.Tab != TabHome {
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
	for range maxWaits {
		answer, err := s.exchange(ctx, call.Function, payload)
		if err != nil {
			return Answer{}, err
		}
		again, pause := waitMark(answer)
		if !again {
			return Answer{Data: answer.Data, Signature: answer.Signature}, nil
		}
		payload.Wait = answer.Wait
		if err := sleep(ctx, pause); err != nil {
			return Answer{}, err
		}
	}
	return Answer{}, unreadable(call.Function, fmt.Errorf("the server asked %d times to ask again", maxWaits))
}

// maxWaits bounds how often the server may say "not finished, ask again".
const maxWaits = 20

// waitMark reads the mark of an unfinished answer, and how long to wait.
func waitMark(p wire.Payload) (again bool, pause time.Duration) {
	if p.Wait == nil || p.Data != nil && !bytes.Equal(p.Data, []byte("{}")) {
		return false, 0
	}
	var mark struct {
		Parameters *struct {
			Delay wire.Number `json:"delai"`
		} `json:"ParametresAtt"`
	}
	if json.Unmarshal(p.Wait, &mark) != nil || mark.Parameters == nil {
		return false, 0
	}
	seconds := 0.5
	if d := mark.Parameters.Delay; d.Known && d.Value > 0 {
		seconds = min(d.Value, 60)
	}
	return true, time.Duration(seconds * float64(time.Second))
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

// exchange sends one numbered request and reads its answer. The caller holds
// the turn.
func (s *Session) exchange(ctx context.Context, function string, payload wire.Payload) (wire.Payload, error) {
	if s.ended {
		return wire.Payload{}, ErrSessionExpired
	}
	if s.pending != nil {
		if err := s.resume(ctx); err != nil {
			return wire.Payload{}, err
		}
	}
	text, err := wire.EncodePayload(s.version.generation(), payload)
	if err != nil {
		return wire.Payload{}, err
	}
	sealed, err := s.codec.Seal(wire.Request, s.cipherFor(function), text)
	if err != nil {
		return wire.Payload{}, err
	}
	request := wire.Body{Session: s.page.Session, Number: s.cipherFor(function).Number(s.number), Function: function, Secured: sealed}
	first, err := wire.EncodeBody(s.version.generation(), request)
	if err != nil {
		return wire.Payload{}, err
	}
	request.Repeated = true
	repeated, err := wire.EncodeBody(s.version.generation(), request)
	if err != nil {
		return wire.Payload{}, err
	}
	answer, err := s.insist(ctx, function, first, repeated)
	if err != nil {
		return wire.Payload{}, err
	}
	return s.read(function, answer)
}

// cipherFor is the session's cipher, except for the very first request: its
// data already travels under the new vector's absence.
func (s *Session) cipherFor(function string) wire.Cipher {
	if function == functionParameters {
		return s.cipher.WithIV(nil)
	}
	return s.cipher
}

// insist posts a body until it was answered or the failure lasts. What the
// server may have seen stays pending.
func (s *Session) insist(ctx context.Context, function string, first, repeated []byte) (wire.Body, error) {
	body := first
	for attempt := 0; ; attempt++ {
		answer, err := s.post(ctx, function, body)
		if err == nil {
			s.settle()
			return answer, nil
		}
		if !unsent(err) {
			s.pending = repeated
		}
		if attempt == 2 || !passing(err) {
			return wire.Body{}, err
		}
		s.opts.Log.Debug("pronote request repeated", "request", function, "attempt", attempt+2)
		if err := sleep(ctx, s.opts.Repeat); err != nil {
			return wire.Body{}, err
		}
		body = repeated
	}
}

// resume repeats a request that the server may or may not have seen. Sent again
// unchanged it is answered either way, and the numbers agree from there on.
func (s *Session) resume(ctx context.Context) error {
	answer, err := s.post(ctx, "repeat", s.pending)
	if err != nil {
		// Twice unreadable: this session will not recover, another may.
		s.ended = errors.Is(err, ErrUnreadable)
		return err
	}
	if answer.Error != nil {
		if err := s.refuse("repeat", answer.Error); s.ended {
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

// post sends a body as it is and reads the body of the answer. A refusal is an
// answer: it comes back in Body.Error.
func (s *Session) post(ctx context.Context, function string, body []byte) (wire.Body, error) {
	if err := s.opts.Before(ctx, function); err != nil {
		return wire.Body{}, notSent{err}
	}
	s.opts.Log.Debug("pronote request", "request", function)
	number := s.cipherFor(function).Number(s.number)
	u := s.root.JoinPath("appelfonction", strconv.Itoa(s.page.Space), strconv.Itoa(s.page.Session), number)
	req, err := http.NewRequest(http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return wire.Body{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	text, _, err := s.fetch(ctx, req, wire.MaxText)
	if err != nil {
		return wire.Body{}, fmt.Errorf("%s: %w", function, err)
	}
	answer, err := wire.DecodeBody(text)
	if err != nil {
		return wire.Body{}, fmt.Errorf("%s: %w", function, s.readPage(text, err))
	}
	if answer.Error == nil && answer.Secured == nil {
		return wire.Body{}, unreadable(function, errors.New("no secured data"))
	}
	return answer, nil
}

// readPage says what came where JSON was expected.
func (s *Session) readPage(text []byte, err error) error {
	switch wire.ReadRefusal(string(text)) {
	case wire.AddressBanned:
		return &BlockedError{Reason: "Votre adresse IP est provisoirement suspendue"}
	case wire.SiteClosed:
		return ErrClosed
	case wire.SiteBusy:
		return ErrBusy
	}
	return fmt.Errorf("%w: %w", ErrUnreadable, err)
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
		s.ended = true
	}
	return err
}

// fetch performs one HTTP request and reads its body, up to a limit in bytes.
func (s *Session) fetch(ctx context.Context, req *http.Request, limit int64) ([]byte, http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	req.Header.Set("User-Agent", desktopAgent)
	resp, err := s.http.Do(req.WithContext(ctx))
	if err != nil {
		return nil, nil, withoutURL(req.URL, err)
	}
	defer func() { _ = resp.Body.Close() }() // read to the end or given up: nothing left to lose
	text, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, nil, withoutURL(req.URL, err)
	}
	if int64(len(text)) > limit {
		return nil, nil, fmt.Errorf("%w: %w", ErrUnreadable, wire.ErrTooLarge)
	}
	if resp.StatusCode != http.StatusOK {
		failure := error(&HTTPError{Status: resp.StatusCode, Wait: retryAfter(resp.Header)})
		if refusal := s.readPage(text, failure); !errors.Is(refusal, ErrUnreadable) {
			failure = refusal
		}
		return nil, nil, failure
	}
	return text, resp.Header, nil
}

// retryAfter reads the header of that name; only the form in seconds is worth
// trusting, clocks being what they are.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, 24*time.Hour)
}

// withoutURL keeps addresses out of errors, but for the host.
func withoutURL(u *url.URL, err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return fmt.Errorf("%s: %w", u.Host, err)
}

// notSent marks an error that came before the request left.
type notSent struct{ error }

func (e notSent) Unwrap() error { return e.error }

// unsent reports whether the server certainly never saw the request.
func unsent(err error) bool {
	var early notSent
	return errors.As(err, &early) || errors.Is(err, syscall.ECONNREFUSED)
}

// passing reports whether a repetition after a pause may help: the connection
// broke, or a proxy answered in the server's place.
func passing(err error) bool {
	var status *HTTPError
	if errors.As(err, &status) {
		return slices.Contains([]int{http.StatusBadGateway, http.StatusGatewayTimeout}, status.Status)
	}
	var wrapped interface{ Timeout() bool }
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) ||
		errors.As(err, &wrapped) && wrapped.Timeout() && !errors.Is(err, context.DeadlineExceeded)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
