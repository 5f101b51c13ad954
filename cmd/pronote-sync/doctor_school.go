package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/doctor"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/hint"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

// What doctor finds outside of this machine, without a login and without a message.

var (
	checkClock   = doctor.T("horloge", "clock")
	checkAccount = doctor.T("compte", "account")
	checkSchool  = doctor.T("établissement de", "school of")
	checkPortal  = doctor.T("portail (ENT) de", "portal (ENT) of")
	checkChannel = doctor.T("canal de", "channel of")
)

// demonstration is the PRONOTE that its maker shows to everybody.
const demonstration = "https://demo.index-education.net/pronote/"

// A hearing is who answered.
type hearing struct {
	mu       sync.Mutex
	schools  map[string]greeted // by address
	witness  *greeted           // nil where it was not asked
	channels map[string]error   // by recipient
	offset   *time.Duration     // of this machine's clock from that of a school; nil where none told its time
}

// A greeted is a PRONOTE that was asked who it is.
type greeted struct {
	pronote.Greeting
	err  error
	took time.Duration
}

// listen asks the schools who they are, and whether somebody is there at the services of
// the channels. Where a school does not answer, one that is nobody's is asked too.
func (x *examination) listen(ctx context.Context, state *statusReport) *hearing {
	h := &hearing{schools: map[string]greeted{}, channels: map[string]error{}}
	var asking sync.WaitGroup
	for _, address := range x.addresses(state) {
		asking.Go(func() {
			answer := x.greet(ctx, address, h)
			h.mu.Lock()
			defer h.mu.Unlock()
			h.schools[address] = answer
		})
	}
	for _, r := range x.config.Recipients {
		if r.Notifier == nil {
			continue // its keys could not be read
		}
		asking.Go(func() {
			err := notifiers.Reach(ctx, r.Notifier)
			h.mu.Lock()
			defer h.mu.Unlock()
			h.channels[r.Name] = err
		})
	}
	asking.Wait()
	for _, answer := range h.schools {
		if answer.err != nil && h.witness == nil && x.witness != "" {
			witness := x.greet(ctx, x.witness, &hearing{})
			h.witness = &witness
		}
	}
	return h
}

// addresses are those of the accounts at PRONOTE, each once. One that has blocked this
// house is asked nothing.
func (x *examination) addresses(state *statusReport) (list []string) {
	for _, account := range x.config.Accounts {
		banned := slices.ContainsFunc(state.Accounts, func(s psync.AccountStatus) bool { return s.Name == account.Name && s.Phase == db.Banned })
		if account.Kfet == nil && !banned && !slices.Contains(list, account.URL) {
			list = append(list, account.URL)
		}
	}
	return list
}

func (x *examination) greet(ctx context.Context, address string, h *hearing) greeted {
	began := time.Now()
	greeting, err := pronote.Greet(ctx, address, &pronote.Options{Transport: x.transport, Timeout: lookFor, ServerTime: func(at time.Time) {
		offset := x.now().Sub(at)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.offset = cmp.Or(h.offset, &offset)
		if x.witness != address {
			x.timekeeper().Hear(at)
		}
	}})
	return greeted{greeting, err, time.Since(began)}
}

// lookAtClock compares the clock with those of the schools that were heard, if any.
func (x *examination) lookAtClock(h *hearing) {
	const minute = "2006-01-02 15:04 MST"
	f := doctor.Finding{Check: checkClock, State: doctor.OK, What: doctor.T("plausible ; aucun établissement n'a dit l'heure pour la comparer", "plausible; no school has told the time to compare it")}
	if h != nil && h.offset != nil {
		f.What, f.Args = doctor.T("à l'heure de l'établissement, à %s près", "as the school's, within %s"), []doctor.Argument{h.offset.Abs().Round(time.Second)}
		if h.offset.Abs() > 2*time.Minute {
			f.State, f.What = doctor.Warning, doctor.T("à %s de celle de l'établissement", "%s from the school's")
			f.Next = doctor.T("sudo timedatectl set-ntp true", "sudo timedatectl set-ntp true")
		}
	}
	var wrong *psync.ClockError
	if errors.As(x.timekeeper().Err(), &wrong) {
		f.State, f.What, f.Args = doctor.Failure, doctor.T("elle est fausse : elle indique %s, ce qui ne peut être", "it is wrong: it shows %s, which cannot be"), []doctor.Argument{doctor.Word(wrong.Shows.Format(minute))}
		if !wrong.School.IsZero() {
			f.What = doctor.T("elle est fausse : elle indique %s, et celle de l'établissement %s", "it is wrong: it shows %s, and the school's %s")
			f.Args = append(f.Args, doctor.Word(wrong.School.In(wrong.Shows.Location()).Format(minute)))
		}
		f.Next = doctor.T("sudo timedatectl set-ntp true ; rien n'est demandé ni envoyé d'ici là, rien n'est perdu", "sudo timedatectl set-ntp true; nothing is asked or sent until then, and nothing is lost")
	}
	x.find(f)
}

// account and recipient say whose a finding is; reports have a number.
func (x *examination) account(i int) *doctor.Private {
	return &doctor.Private{Shown: x.config.Accounts[i].Name, Instead: doctor.Numbered(i + 1)}
}

func (x *examination) recipient(i int) *doctor.Private {
	return &doctor.Private{Shown: x.config.Recipients[i].Name, Instead: doctor.Numbered(i + 1)}
}

func (x *examination) lookAtAccounts(state *statusReport, h *hearing) {
	for i, account := range x.config.Accounts {
		if len(state.Accounts) > 0 { // or else what is wrong with the mirror is said
			x.lookAtAccount(i, account, state)
		}
		if account.Kfet == nil {
			x.lookAtSchool(i, account, h)
		}
		if login := x.config.Logins[account.Name]; login != nil {
			x.lookAtPortal(i, login.Portal)
		}
	}
}

// staleAfter is how long a school may have told nothing before that is strange.
const staleAfter = 36 * time.Hour

func (x *examination) lookAtAccount(i int, account config.Account, state *statusReport) {
	f := doctor.Finding{Check: checkAccount, Of: x.account(i), State: doctor.OK}
	k := slices.IndexFunc(state.Accounts, func(s psync.AccountStatus) bool { return s.Name == account.Name })
	if k < 0 {
		f.State, f.What = doctor.Warning, doctor.T("la base n'en a encore rien", "the mirror has nothing of it yet")
		f.Next = doctor.T("démarrer le service, ou lancer pronote-sync sync", "start the service, or run pronote-sync sync")
		x.find(f)
		return
	}
	s := state.Accounts[k]
	f.What = doctor.T("suivi ; lu il y a %s, demandes aujourd'hui : %s, connexions en 24 h : %s", "followed; read %s ago, requests today: %s, logins in 24 h: %s")
	f.Args = []doctor.Argument{x.sinceSuccess(s, account), s.Requests, s.Logins}
	if s.Budget > 0 {
		f.What = doctor.T("suivi ; lu il y a %s, demandes aujourd'hui : %s sur %s, connexions en 24 h : %s", "followed; read %s ago, requests today: %s of %s, logins in 24 h: %s")
		f.Args = []doctor.Argument{x.sinceSuccess(s, account), s.Requests, s.Budget, s.Logins}
	}
	switch {
	case s.Phase == db.Suspended, s.Phase == db.Banned:
		f.State = doctor.Failure
	case s.Phase == db.Waiting:
		f.State = doctor.Warning
	case s.LastSuccess == "" || x.sinceSuccess(s, account) > staleAfter:
		f.State, f.What, f.Args = doctor.Warning, doctor.T("rien n'en a été lu depuis %s", "nothing of it has been read for %s"), []doctor.Argument{x.sinceSuccess(s, account)}
		f.Next = doctor.T("vérifier que le service tourne, et son journal : journalctl -u pronote-sync", "check that the service runs, and its log: journalctl -u pronote-sync")
	}
	if s.Phase != db.Ready {
		why := cmp.Or(hint.OfReason(s.Reason, account.Name, x.language), s.LastError, string(s.Phase))
		f.What = doctor.T("%s ; lu il y a %s", "%s; read %s ago")
		f.Args = []doctor.Argument{doctor.Told{Shown: why, Instead: doctor.Word(cmp.Or(s.Reason, string(s.Phase)))}, x.sinceSuccess(s, account)}
	}
	x.find(f)
}

// sinceSuccess is how long ago an account was last read; since ever where it never was.
func (x *examination) sinceSuccess(s psync.AccountStatus, account config.Account) time.Duration {
	at, err := pronote.ParseDateTime(s.LastSuccess)
	if err != nil {
		return 9999 * 24 * time.Hour
	}
	return max(0, x.now().Sub(at.In(account.Location))).Round(time.Second)
}

// lookAtSchool says whether a school answers, and if not, whether that is for the school,
// for everybody, or here.
func (x *examination) lookAtSchool(i int, account config.Account, h *hearing) {
	answer, asked := h.schools[account.URL]
	if !asked {
		return
	}
	f := doctor.Finding{Check: checkSchool, Of: x.account(i), State: doctor.OK, What: doctor.T("répond en %s, PRONOTE %s", "answers in %s, PRONOTE %s"),
		Args: []doctor.Argument{answer.took, doctor.Word(answer.Version.String())}}
	if answer.err == nil {
		x.find(f)
		return
	}
	reason := psync.Judge(answer.err, school.Judge).Reason
	f.State, f.What = doctor.Failure, doctor.T("%s", "%s")
	f.Args = []doctor.Argument{doctor.Told{Shown: cmp.Or(hint.Of(answer.err, account.Name, x.language), answer.err.Error()), Instead: doctor.Word(reason)}}
	if reason == "network" || reason == "busy" {
		f.Next = x.blame(account.URL, h)
	}
	x.find(f)
}

// blame says where a fault is, by who else answers.
func (x *examination) blame(address string, h *hearing) doctor.Text {
	elsewhere, internet := h.witness != nil && h.witness.err == nil, false
	for other, answer := range h.schools {
		elsewhere = elsewhere || other != address && answer.err == nil
	}
	for _, r := range x.config.Recipients {
		err, tried := h.channels[r.Name]
		internet = internet || tried && err == nil && slices.Contains(everybodys, r.Channel)
	}
	switch {
	case elsewhere:
		return doctor.T("c'est l'établissement : ailleurs, PRONOTE répond ; attendre, rien n'est à faire ici", "it is the school: elsewhere, PRONOTE answers; wait, there is nothing to do here")
	case internet:
		return doctor.T("c'est PRONOTE, pour tout le monde : internet fonctionne ; attendre, rien n'est à faire ici", "it is PRONOTE, for everybody: the internet works; wait, there is nothing to do here")
	case h.witness != nil:
		return doctor.T("c'est ici, sans doute : rien ne répond sur internet ; vérifier la box, le Wi-Fi ou le câble", "it is here, most likely: nothing answers on the internet; check the router, the Wi-Fi or the cable")
	}
	return doctor.T("essayer son adresse dans un navigateur, sur un autre réseau aussi", "try its address in a browser, on another network too")
}

// everybodys are the channels whose services are on the internet for certain.
var everybodys = []string{"telegram", "discord", "slack", "pushover", "pushbullet", "twilio", "freemobile", "googlechat", "teams"}

func (x *examination) lookAtPortal(i int, p cas.Portal) {
	f := doctor.Finding{Check: checkPortal, Of: x.account(i), State: doctor.OK, What: doctor.T("%s, dont on sait qu'il fonctionne (%s)", "%s, which is known to work (%s)"),
		Args: []doctor.Argument{doctor.Word(p.ID), doctor.Word(p.AsOf)}}
	if _, err := cas.Portals().Find(p.ID); err != nil {
		f.Args[0] = doctor.Private{Shown: p.ID, Instead: doctor.T("de la configuration", "of the configuration")}
	}
	if p.State == cas.Unknown || p.State == "" {
		f.What = doctor.T("%s, dont rien de sûr n'est connu (%s)", "%s, of which nothing certain is known (%s)")
	}
	x.find(f)
}

func (x *examination) lookAtChannels(state *statusReport, h *hearing) {
	for i, r := range x.config.Recipients {
		if err, tried := h.channels[r.Name]; tried {
			x.lookAtChannel(i, r, err)
		}
		for _, d := range state.Deliveries {
			if d.Recipient == r.Name {
				x.lookAtDeliveries(i, d)
			}
		}
	}
}

func (x *examination) lookAtChannel(i int, r psync.Recipient, err error) {
	f := doctor.Finding{Check: checkChannel, Of: x.recipient(i), State: doctor.OK, What: doctor.T("%s répond ; aucun message n'a été envoyé", "%s answers; no message was sent"), Args: []doctor.Argument{doctor.Word(r.Channel)}}
	if err != nil {
		var why interface{ Reason() string }
		reason := ""
		if errors.As(err, &why) {
			reason = why.Reason()
		}
		f.State, f.What = doctor.Failure, doctor.T("%s : %s", "%s: %s")
		f.Args = append(f.Args, doctor.Told{Shown: cmp.Or(hint.OfChannel(err, x.language), err.Error()), Instead: doctor.Word(cmp.Or(reason, "unknown"))})
		f.Next = doctor.T("une fois corrigé : pronote-sync notify test %s", "once it is mended: pronote-sync notify test %s")
		f.With = []doctor.Argument{*x.recipient(i)}
	}
	x.find(f)
}

// lookAtDeliveries looks for messages that have not arrived.
func (x *examination) lookAtDeliveries(i int, d db.DeliveryCount) {
	f := doctor.Finding{Check: checkChannel, Of: x.recipient(i), State: doctor.Warning}
	switch {
	case d.Failed > 0:
		f.State = doctor.Failure
		f.What, f.Args = doctor.T("messages abandonnés : %s", "messages given up: %s"), []doctor.Argument{d.Failed}
		f.Next, f.With = doctor.T("corriger les réglages, puis pronote-sync notify retry %s", "correct the settings, then pronote-sync notify retry %s"), []doctor.Argument{*x.recipient(i)}
	case d.Pending > 0 && d.LastError != "":
		f.What, f.Args = doctor.T("messages en attente : %s, après des essais manqués (%s)", "messages waiting: %s, after tries that failed (%s)"), []doctor.Argument{d.Pending, d.LastError}
		f.Next = doctor.T("rien n'est perdu : les essais continuent trois jours", "nothing is lost: it is tried for three days")
	default:
		return
	}
	x.find(f)
}
