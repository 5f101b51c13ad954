package main

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/hint"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/kfet"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

var updateErrors = flag.Bool("update-errors", false, "write testdata/errors.golden anew")

// exported are the errors that callers may meet, by package and name.
var exported = map[string]error{
	"pronote.ErrCredentials": pronote.ErrCredentials, "pronote.ErrToken": pronote.ErrToken, "pronote.ErrUnanswered": pronote.ErrUnanswered,
	"pronote.ErrNotQR": pronote.ErrNotQR, "pronote.ErrNotFamily": pronote.ErrNotFamily, "pronote.ErrQRPIN": pronote.ErrQRPIN,
	"pronote.ErrQRCode": pronote.ErrQRCode, "pronote.ErrSecondFactor": pronote.ErrSecondFactor, "pronote.ErrPIN": pronote.ErrPIN,
	"pronote.ErrProtection": pronote.ErrProtection, "pronote.ErrNewPassword": pronote.ErrNewPassword, "pronote.ErrPortalLogin": pronote.ErrPortalLogin,
	"pronote.ErrSessionExpired": pronote.ErrSessionExpired, "pronote.ErrBlank": pronote.ErrBlank, "pronote.ErrStale": pronote.ErrStale, "pronote.ErrUnchanged": pronote.ErrUnchanged,
	"pronote.ErrNotAvailable": pronote.ErrNotAvailable, "pronote.ErrClosed": pronote.ErrClosed, "pronote.ErrBusy": pronote.ErrBusy,
	"pronote.ErrNotPRONOTE": pronote.ErrNotPRONOTE, "pronote.ErrNoFile": pronote.ErrNoFile, "pronote.ErrProxy": pronote.ErrProxy, "pronote.ErrTooLarge": pronote.ErrTooLarge,
	"pronote.ErrTruncated": pronote.ErrTruncated, "pronote.ErrUnreadable": pronote.ErrUnreadable,
	"pronote.ErrRateLimited": &pronote.BlockedError{Limited: true}, "pronote.ErrBanned": &pronote.BlockedError{},
	"pronote.BlockedError": &pronote.BlockedError{Reason: "Votre adresse IP est provisoirement suspendue", Wait: time.Hour},
	"pronote.ServerError":  &pronote.ServerError{Function: "PageMenus", Code: 21, Title: "Impossible d'afficher la page"},
	"pronote.AccessError":  &pronote.AccessError{Code: 9, Message: "Passez au secrétariat"},
	"pronote.PortalError":  &pronote.PortalError{Host: "ent.example"},
	"pronote.HTTPError":    &pronote.HTTPError{Status: 503, Wait: 2 * time.Minute},
	"pronote.VersionError": &pronote.VersionError{Version: pronote.Version{Year: 2031, Minor: 1}, Err: pronote.ErrUnreadable},

	"db.ErrUnusable": db.ErrUnusable, "db.ErrNewer": db.ErrNewer, "db.ErrOlder": db.ErrOlder, "db.ErrUnreleased": db.ErrUnreleased,
	"db.ErrMigration": db.ErrMigration, "db.ErrCorrupt": db.ErrCorrupt, "db.ErrBusy": db.ErrBusy, "db.ErrReadOnly": db.ErrReadOnly,
	"db.ErrFull": db.ErrFull, "db.ErrDisk": db.ErrDisk, "db.ErrMissing": db.ErrMissing,

	"db.ErrWho":   &db.WhoError{What: "account", Name: "tom"},
	"db.WhoError": &db.WhoError{What: "pupil", Name: "parent", Meant: []string{"PARENT Fanny", "PARENT Gabin"}, Many: true},

	"kfet.ErrEnded": kfet.ErrEnded, "notekfet.Error": &notekfet.Error{Code: notekfet.LoginFailed, Text: "mauvais mot de passe"},
	"notekfet.ErrCertificate": notekfet.ErrCertificate, "notekfet.ErrShape": notekfet.ErrShape,
	"notekfet.DatabaseFailed": &notekfet.Error{Code: notekfet.DatabaseFailed}, "notekfet.Forbidden": &notekfet.Error{Code: notekfet.Forbidden},
	"school.ErrNotSchool": school.ErrNotSchool, "school.ErrNoStudent": school.ErrNoStudent, "school.StudentError": &school.StudentError{Called: "Zoé", Pupils: []string{"MARTIN Léa"}}, "school.ErrNoToken": &school.DeviceError{Err: school.ErrNoToken},
	"school.DeviceError": &school.DeviceError{Err: errors.New("lea.device is damaged: delete it")},
	"sync.BudgetError":   &psync.BudgetError{What: "logins for a day", Until: time.Unix(0, 0).UTC()},
	"sync.ClockError":    &psync.ClockError{Shows: time.Unix(0, 0).UTC()},
	"sync.PhaseError":    &psync.PhaseError{Phase: db.Suspended, Reason: "it refuses the password", Cause: "credentials"},
}

// spoken are those of the running program itself, which are sentences for people, or
// never reach them.
var spoken = []string{"db.ErrChanged", "sync.ErrNoAccount", "sync.ErrStopped", "sync.ErrUnwell"}

func init() {
	for _, r := range portalReasons {
		exported["cas."+r.name] = &cas.Error{Reason: r.Reason, Portal: "agora06"}
	}
}

var portalReasons = []struct {
	name string
	cas.Reason
}{
	{"WrongPassword", cas.WrongPassword}, {"AccountLocked", cas.AccountLocked}, {"AccountBlocked", cas.AccountBlocked}, {"Captcha", cas.Captcha},
	{"TermsToAccept", cas.TermsToAccept}, {"PasswordExpired", cas.PasswordExpired}, {"NotActivated", cas.NotActivated}, {"IdentityCheck", cas.IdentityCheck},
	{"SecondFactor", cas.SecondFactor}, {"AccountChoice", cas.AccountChoice}, {"UnknownThere", cas.UnknownThere}, {"NotTaken", cas.NotTaken},
	{"NotAllowed", cas.NotAllowed}, {"Overloaded", cas.Overloaded}, {"Maintenance", cas.Maintenance}, {"NetworkRefused", cas.NetworkRefused},
	{"Unsafe", cas.Unsafe}, {"TooMuch", cas.TooMuch}, {"PortalChanged", cas.PortalChanged}, {"Elsewhere", cas.Elsewhere},
	{"NotDelegated", cas.NotDelegated}, {"NoPortal", cas.NoPortal}, {"PortalGone", cas.PortalGone},
}

// TestEveryExportedError prints what each comes to: the verdict, the exit code, and
// what people are told in both languages. One that nobody has thought of fails it.
func TestEveryExportedError(t *testing.T) {
	t.Parallel()
	var names []string
	var text strings.Builder
	for name := range exported {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		err := exported[name]
		met := atSchool("lea", err)
		if strings.HasPrefix(name, "db.") {
			met = fmt.Errorf("the database cannot be used: %w", err)
		}
		fr, en := sentence(met, hint.French, "pronote.db"), sentence(met, hint.English, "pronote.db")
		v := psync.Judge(err, school.Judge, kfet.Judge)
		fmt.Fprintf(&text, "%s: %s\n  person %t patience %s banned %t stop %t relogin %t soon %t wait %s asked %s, exit %d\n  fr: %s\n  en: %s\n  log: %s\n\n",
			name, v.Reason, v.NeedsPerson, v.Patience, v.Banned, v.Stop, v.Relogin, v.Soon, v.Wait, v.Asked, exitCode(met), fr, en, err)
		for _, said := range []string{fr, en} {
			if said == met.Error() || !strings.Contains(said, ":") {
				t.Errorf("%s: %q does not say what is next", name, said)
			}
		}
		if fr == en || strings.Contains(fr+en, "{") {
			t.Errorf("%s: %q and %q", name, fr, en)
		}
		if strings.Contains(err.Error(), "pronote-sync") {
			t.Errorf("%s knows of the program: %q", name, err)
		}
	}
	for _, name := range exportedErrors(t) {
		if exported[name] == nil && !slices.Contains(spoken, name) {
			t.Errorf("%s has no verdict and no hint here", name)
		}
	}
	const golden = "testdata/errors.golden"
	if *updateErrors {
		if err := os.WriteFile(golden, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != text.String() {
		t.Errorf("%s differs (%v), run with -update-errors:\n%s", golden, err, text.String())
	}
}

// exportedErrors finds the names in the source: variables, types, and the reasons of
// portals.
func exportedErrors(t *testing.T) (names []string) {
	t.Helper()
	for _, dir := range []string{"pronote", "cas", "db", "sync", "sync/school", "sync/kfet"} {
		files, err := filepath.Glob("../../" + dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(err, dir)
		}
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, declaration := range parsed.Decls {
				general, ok := declaration.(*ast.GenDecl)
				if !ok {
					continue
				}
				for _, spec := range general.Specs {
					switch spec := spec.(type) {
					case *ast.ValueSpec:
						kind, _ := spec.Type.(*ast.Ident)
						for _, name := range spec.Names {
							if strings.HasPrefix(name.Name, "Err") || dir == "cas" && kind != nil && kind.Name == "Reason" && name.IsExported() {
								names = append(names, path.Base(dir)+"."+name.Name)
							}
						}
					case *ast.TypeSpec:
						if strings.HasSuffix(spec.Name.Name, "Error") && spec.Name.IsExported() && spec.Name.Name != "Error" {
							names = append(names, path.Base(dir)+"."+spec.Name.Name)
						}
					}
				}
			}
		}
	}
	return names
}
