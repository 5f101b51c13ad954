package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

// loginQuestion logs in to an account as a person says.
var loginQuestion = question[loginAsked, loginFound]{"login", func(ctx context.Context, to respondent, q loginAsked) (found loginFound, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var trace strings.Builder
	found.Welcome, err = school.LoginWith(ctx, to.engine, q.Account, q.credentials(to, &trace))
	found.Trace = trace.String()
	found.WantsPIN, found.WrongPIN = errors.Is(err, pronote.ErrSecondFactor), errors.Is(err, pronote.ErrPIN)
	if err != nil {
		return found, atSchool(q.Account, err)
	}
	return found, nil
}}

// A loginAsked is how to log in. It has secrets, and stays on this machine.
type loginAsked struct {
	Account string
	Trace   bool // of what the portal does
	Typed   bool // user name and password are not those of the configuration

	Kind                             pronote.Kind
	Username, Password, QRToken, PIN string
	Portal                           bool // log in through the account's portal

	Device struct{ UUID, Browser, Username, Token, Unanswered string }
}

// with is a login with credentials.
func (q loginAsked) with(c pronote.Credentials) loginAsked {
	q.Kind, q.Portal = c.Kind, c.Portal != nil
	q.Username, q.Password, q.QRToken, q.PIN = c.Username, c.Password.Reveal(), c.QRToken.Reveal(), c.PIN.Reveal()
	q.Device.UUID, q.Device.Browser, q.Device.Username = c.Device.UUID, c.Device.Browser, c.Device.Username
	q.Device.Token, q.Device.Unanswered = c.Device.Token.Reveal(), c.Device.Unanswered.Reveal()
	return q
}

// credentials are those of with, where they arrive.
func (q loginAsked) credentials(to respondent, trace *strings.Builder) pronote.Credentials {
	c := pronote.Credentials{
		Kind: q.Kind, Username: q.Username, Password: pronote.NewSecret(q.Password),
		QRToken: pronote.NewSecret(q.QRToken), PIN: pronote.NewSecret(q.PIN),
		Device: pronote.Device{
			UUID: q.Device.UUID, Browser: q.Device.Browser, Username: q.Device.Username,
			Token: pronote.NewSecret(q.Device.Token), Unanswered: pronote.NewSecret(q.Device.Unanswered),
		},
	}
	configured := to.config.Logins[q.Account]
	if !q.Portal || configured == nil {
		return c
	}
	portal := *configured
	if q.Typed {
		portal.Username, portal.Password = q.Username, c.Password.Reveal
	}
	if q.Trace {
		portal.Trace = trace
	}
	c.Portal = portal.Fetch
	return c
}

// A loginFound is what came of it.
type loginFound struct {
	Welcome            psync.Welcome
	Trace              string
	WantsPIN, WrongPIN bool // what kept us out
}
