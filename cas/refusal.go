package cas

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/andybalholm/cascadia"
)

// captcha is what proofs of humanity look like.
var captcha = cascadia.MustCompile(`.g-recaptcha, .h-captcha, .cf-turnstile, [name*="captcha"], iframe[src*="captcha"]`)

// A marker is a fragment of a folded text, and what it means. The texts refine a
// failure that the kind of page has shown already; none makes a success.
type marker struct {
	text   string
	reason Reason
}

// refusals are found on a login form that comes back. The first one that fits
// counts.
var refusals = []marker{
	{"a bloqué votre accès", AccountBlocked}, // Edifice's: the school did
	{"bloqué pour votre profil", AccountBlocked},
	{"bloqué temporairement", AccountLocked},
	{"temporairement bloqué", AccountLocked},
	{"compte est verrouillé", AccountLocked},
	{"compte a été verrouillé", AccountLocked},
	{"profil est bloqué", AccountBlocked},
	{"compte est bloqué", AccountBlocked},
	{"compte a été bloqué", AccountBlocked},
	{"code de vérification", SecondFactor},
	{"double authentification", SecondFactor},
	{"mot de passe a expiré", PasswordExpired},
	{"très nombreux", Overloaded},
	{"momentanément indisponible", Maintenance},
	{"pas reconnu", UnknownThere},
	{"identifiant ou mot de passe", WrongPassword},
	{"mot de passe est incorrect", WrongPassword},
	{"pas permis de vous authentifier", WrongPassword},
}

// messages are found on pages without a form that leads on.
var messages = append([]marker{
	{"not allowed to use cas", NotAllowed},
	{"invalid_service", NotAllowed},
	{"url de service est vide", NotAllowed},
	{"pas une url de confiance", NotAllowed},
	{"pas autorisé", NotAllowed},
	{"en vacance", Maintenance},
	{"maintenance", Maintenance},
	{"nouveau mot de passe", PasswordExpired},
	{"changer votre mot de passe", PasswordExpired},
	{"activer votre compte", NotActivated},
	{"activation de votre compte", NotActivated},
}, refusals...)

// shapes are pages that say what they want by what they have.
var shapes = []struct {
	selector cascadia.Matcher
	reason   Reason
}{
	{cascadia.MustCompile(`input[name="jour"], input[name="annee"], input[name="dateNaissance"], input#jour, input#mois, input#annee, input#dateNaissance, select#jour, select#mois, select#annee`), IdentityCheck},
	{cascadia.MustCompile(`input[name="otp"], input[autocomplete="one-time-code"]`), SecondFactor},
	{cascadia.MustCompile(`form#kc-passwd-update-form, [ng-controller="ResetController"]`), PasswordExpired},
	{cascadia.MustCompile(`[ng-controller="ActivationController"]`), NotActivated},
	{captcha, Captcha},
	{cascadia.MustCompile(`input[type="checkbox"][name*="cgu" i], input[type="checkbox"][name*="charte" i], [name*="consent" i], [name*="tou" i][type="checkbox"]`), TermsToAccept},
}

// paths are places of the Edifice platform, which tell more than their pages.
var paths = []struct {
	prefix string
	reason Reason
}{
	{"/auth/reset", PasswordExpired},
	{"/auth/activation", NotActivated},
	{"/auth/validate", TermsToAccept},
}

var passwordInput = cascadia.MustCompile(`input[type="password"]`)

// attempts finds how many are left: "il vous reste 2 tentatives".
var attempts = regexp.MustCompile(`reste (?:encore )?(\d{1,2}) (?:tentative|essai)`)

// refused says why a login form came back after the password was sent. A new
// demand of the page comes first: a page that asks for a date of birth can have
// the fields of the form as well.
func (w *walk) refused(p *page) error {
	if reason := demand(p); reason != "" && reason != w.demanded {
		return &Error{Reason: reason, Host: p.url.Host}
	}
	reason, left := refusal(p)
	return &Error{Reason: reason, Left: left, Host: p.url.Host}
}

// refusal reads a login form that came back after the password was sent.
func refusal(p *page) (reason Reason, left int) {
	if p.has(captcha) {
		return Captcha, 0
	}
	if reason = find(refusals, p.plain); reason == "" {
		reason = WrongPassword // the form again is the sign, whatever it says
	}
	if m := attempts.FindStringSubmatch(p.plain); m != nil && reason == WrongPassword {
		left, _ = strconv.Atoi(m[1]) // two digits always fit
	}
	return reason, left
}

// message reads a page that leads nowhere; "" when it says nothing known.
func message(p *page) Reason {
	if reason := demand(p); reason != "" {
		return reason
	}
	if p.has(passwordInput) {
		return "" // a login form that is not known, with the portal's news around it
	}
	return find(messages, p.plain)
}

// demand reads what a page wants from its structure, not from its words, which
// also occur in the news and the links of a portal's home page.
func demand(p *page) Reason {
	if _, reason := place(p.url); reason != "" {
		return reason
	}
	for _, shape := range shapes {
		if p.has(shape.selector) {
			return shape.reason
		}
	}
	passwords := 0
	for _, f := range p.forms {
		for _, x := range f.fields {
			if x.kind == "password" {
				passwords++
			}
		}
	}
	if passwords > 1 {
		return PasswordExpired // the new one, twice
	}
	switch {
	case p.status == http.StatusTooManyRequests:
		return Overloaded
	case p.status >= http.StatusInternalServerError:
		return Maintenance
	}
	return ""
}

// place is what an address wants, by the beginning of its path.
func place(u *url.URL) (prefix string, reason Reason) {
	for _, known := range paths {
		if strings.HasPrefix(u.Path, known.prefix) {
			return known.prefix, known.reason
		}
	}
	return "", ""
}

func find(markers []marker, plain string) Reason {
	for _, m := range markers {
		if strings.Contains(plain, m.text) {
			return m.reason
		}
	}
	return ""
}
