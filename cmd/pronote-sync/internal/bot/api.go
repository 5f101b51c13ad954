package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/pronote-sync/pronote-sync/notifiers"
)

const (
	longPoll   = 50 * time.Second // for which Telegram holds a question for updates
	patience   = 15 * time.Second // beyond that
	fewUpdates = 20               // at a time: a hundred of the longest messages are megabytes
	maxAnswer  = 8 << 20          // bytes
)

// An api is Telegram's Bot API for one bot. Its errors do not hold the address, which
// has the token.
//
// The library that sends is not used to listen: its loop asks again every five seconds
// whatever the refusal, asks for ever for an update that it cannot decode, and loses
// those that it has received when it is stopped.
type api struct {
	token  notifiers.Secret
	server string
	client *http.Client
}

func newAPI(token notifiers.Secret, server string) api {
	return api{token, server, &http.Client{
		Timeout:       longPoll + patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// A refusal is an answer of Telegram that is no success.
type refusal struct {
	status int
	text   string
	wait   time.Duration // that it asks for
}

// Error implements error.
func (r *refusal) Error() string {
	return fmt.Sprintf("telegram refuses (status %d): %.200s", r.status, r.text)
}

// Unreached is an error on the way to Telegram.
type Unreached struct{ Err error }

// Error implements error.
func (u *Unreached) Error() string { return "telegram cannot be reached: " + u.Err.Error() }

// Unwrap gives the error of the network.
func (u *Unreached) Unwrap() error { return u.Err }

// call calls a method and decodes what it returns.
func (a api) call(ctx context.Context, method string, params, result any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.server+"/bot"+a.token.Reveal()+"/"+method, bytes.NewReader(body))
	if err != nil {
		return errors.New("the address of telegram cannot be used")
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := a.client.Do(req)
	if failure, ok := errors.AsType[*url.Error](err); ok {
		err = failure.Err
	}
	if err != nil {
		return &Unreached{err}
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return &Unreached{err}
	}
	var answer struct {
		OK          bool            `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Description string          `json:"description"`
		Parameters  struct {
			RetryAfter float64 `json:"retry_after"`
		} `json:"parameters"`
	}
	if err := json.Unmarshal(text, &answer); err != nil || !answer.OK || resp.StatusCode != http.StatusOK {
		return &refusal{resp.StatusCode, answer.Description, time.Duration(answer.Parameters.RetryAfter * float64(time.Second))}
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(answer.Result, result); err != nil {
		return &refusal{resp.StatusCode, "an answer of another form", 0}
	}
	return nil
}

// An update is what somebody wrote or pressed, as far as it matters.
type update struct {
	Message *message `json:"message"`
	Post    *message `json:"channel_post"`
	Pressed *pressed `json:"callback_query"`
}

type message struct {
	Date int64 `json:"date"` // Unix seconds
	Chat struct {
		ID        int64  `json:"id"`
		Type      string `json:"type"`  // "private", "group", "supergroup", "channel"
		Title     string `json:"title"` // of all but private ones
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
		Username  string `json:"username"`
	} `json:"chat"`
	Text    string `json:"text"`
	InTopic bool   `json:"is_topic_message"`
	Topic   int    `json:"message_thread_id"`
}

type pressed struct {
	ID      string  `json:"id"`
	Message message `json:"message"` // that the button is below
	Data    string  `json:"data"`
}

// A command is what Telegram offers to be asked.
type command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// A head is the one part of an update that must be readable.
type head struct {
	ID int64 `json:"update_id"`
}

// updates waits for updates after the one of a number. Each is raw, so that one that
// cannot be read does not hide the others.
func (a api) updates(ctx context.Context, after int64) (raw []json.RawMessage, last int64, err error) {
	err = a.call(ctx, "getUpdates", map[string]any{
		"offset": after + 1, "limit": fewUpdates, "timeout": int(longPoll / time.Second), "allowed_updates": []string{"message", "channel_post", "callback_query"},
	}, &raw)
	last = after
	for _, text := range raw {
		var h head
		if json.Unmarshal(text, &h) == nil {
			last = max(last, h.ID)
		}
	}
	if err == nil && len(raw) > 0 && last == after {
		return nil, last, &refusal{http.StatusOK, "updates without a number", 0} // it would repeat them at once, for ever
	}
	return raw, last, err
}
