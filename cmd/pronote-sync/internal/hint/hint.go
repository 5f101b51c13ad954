// Package hint says to people, in French and in English, what is wrong and what to
// do next. The packages that errors come from say what is wrong in English, for logs
// and other programs, and know of no command.
package hint

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/kfet"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

// The languages.
const (
	French  = "fr"
	English = "en"
)

// A sentence says the same in both. {account} is replaced by the name of the
// account.
type sentence struct{ fr, en string }

func (s sentence) in(language, account string) string {
	text := s.fr
	if language == English {
		text = s.en
	}
	return strings.ReplaceAll(text, "{account}", account)
}

// Of is what to say about an error of an account, or of the database; "" for other
// errors. Account may be "".
func Of(err error, account, language string) string {
	var barred *psync.PhaseError
	if errors.As(err, &barred) {
		return phase(barred, account, language)
	}
	var who *db.WhoError
	if errors.As(err, &who) {
		return whom(who, language)
	}
	for _, known := range []func(error) (sentence, bool){ofPortal, ofDatabase, ofLogin, ofFolder} {
		if s, ok := known(err); ok {
			return s.in(language, account) + detail(err, language)
		}
	}
	v := psync.Judge(err, school.Judge, kfet.Judge)
	s, ok := byReason[v.Reason]
	if !ok || v.Reason == "network" && account == "" && !ofNetwork(err) { // it is the name of all that is not known
		return ""
	}
	if v.Reason == "network" {
		return onTheWay(err, s).in(language, account) + " (" + err.Error() + ")" // it may be something else
	}
	return s.in(language, account) + detail(err, language)
}

func ofNetwork(err error) bool {
	_, is := errors.AsType[net.Error](err)
	return is
}

// onTheWay is what is between here and the school, where that is known.
func onTheWay(err error, otherwise sentence) sentence {
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, pronote.ErrProxy):
		return proxy
	case errors.As(err, &certificate):
		return unproven
	}
	return otherwise
}

// OfReason is what to say about an error whose reason alone is remembered, as
// psync.Verdict has it; "" where there is nothing to say.
func OfReason(reason, account, language string) string {
	if s, ok := byReason[reason]; ok {
		return s.in(language, account)
	}
	return ""
}

// whom says what a name may mean, which people have mistyped or cut short.
func whom(e *db.WhoError, language string) string {
	text, or := whoAccount, sentence{" ou ", " or "}
	switch {
	case e.Many:
		text = whoMany
	case e.What == "pupil":
		text = whoPupil
	}
	names := strings.Join(e.Meant, or.in(language, ""))
	next := sentence{"choisissez " + names, "choose " + names}
	if names == "" {
		next = sentence{"lancez d'abord pronote-sync sync", "run pronote-sync sync first"}
	}
	return fmt.Sprintf(text.in(language, ""), e.Name, next.in(language, ""))
}

// phase says why the account is not asked for anything, as long as that lasts.
func phase(e *psync.PhaseError, account, language string) string {
	if e.Phase == db.Banned {
		return byReason["banned"].in(language, account) + " (" + e.Until.Format("2006-01-02 15:04") + ")"
	}
	text := suspended.in(language, account)
	if why := OfReason(e.Cause, account, language); why != "" {
		text += sentence{" : ", ": "}.in(language, "") + why
	}
	return text
}

func ofPortal(err error) (sentence, bool) {
	var portal *cas.Error
	if !errors.As(err, &portal) {
		return sentence{}, false
	}
	s, ok := byPortal[portal.Reason]
	return s, ok
}

func ofDatabase(err error) (sentence, bool) {
	for _, known := range byDatabase {
		if errors.Is(err, known.error) {
			return known.sentence, true
		}
	}
	return sentence{}, false
}

// ofLogin is for a login that was cut off, whatever has kept its answer away since.
func ofLogin(err error) (sentence, bool) {
	return unanswered, errors.Is(err, pronote.ErrUnanswered)
}

// ofFolder is for the folder into which files are downloaded.
func ofFolder(err error) (sentence, bool) {
	var file *fs.PathError
	return folder, errors.As(err, &file) && psync.Judge(err, school.Judge).Reason == "network"
}

// detail is what only this error can tell: a host, a number, the school's own words.
func detail(err error, language string) string {
	var (
		budget  *psync.BudgetError
		refused *pronote.ServerError
		access  *pronote.AccessError
		portal  *pronote.PortalError
		status  *pronote.HTTPError
		version *pronote.VersionError
		blocked *pronote.BlockedError
		device  *school.DeviceError
		student *school.StudentError
		file    *fs.PathError
		ent     *cas.Error
		text    string
	)
	switch {
	case errors.As(err, &device) && !errors.Is(err, school.ErrNoToken):
		text = say.In(device, language)
	case errors.As(err, &version):
		text = version.Version.String()
	case errors.As(err, &student):
		text = strings.Join(student.Pupils, ", ")
	case errors.Is(err, school.ErrNoStudent), errors.Is(err, pronote.ErrNotAvailable), errors.Is(err, pronote.ErrUnreadable):
		text = err.Error() // it names what was asked for
	case errors.As(err, &budget):
		text = budget.Until.Format("2006-01-02 15:04")
	case errors.As(err, &refused):
		text = fmt.Sprintf("%s, code %d, %s", refused.Function, refused.Code, cmp.Or(refused.Title, refused.Message))
	case errors.As(err, &access):
		text = access.Message
	case errors.As(err, &portal):
		text = portal.Host
	case errors.As(err, &status):
		text = fmt.Sprint("HTTP ", status.Status)
	case errors.As(err, &blocked):
		text = blocked.Reason
	case errors.As(err, &ent):
		text = strings.TrimSpace(ent.Portal + " " + ent.Host)
		if ent.Left > 0 {
			text += fmt.Sprintf(", %d", ent.Left)
		}
		if ent.Detail != "" {
			text += ", " + ent.Detail
		}
	}
	if text == "" && errors.As(err, &file) {
		text = err.Error()
	}
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

// Language is the one of a person whose environment is read by getenv: French, unless
// it says English.
func Language(getenv func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := getenv(name); locale != "" {
			if strings.HasPrefix(locale, "en") {
				return English
			}
			return French
		}
	}
	return French
}
