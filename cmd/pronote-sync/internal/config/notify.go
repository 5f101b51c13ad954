package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/notifiers"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

func (t *table) recipients(language string, zone *time.Location) []psync.Recipient {
	var recipients []psync.Recipient
	taken := map[string]string{}
	for _, t := range t.tables("notify") {
		recipients = append(recipients, t.recipient(taken, language, zone))
	}
	if !slices.ContainsFunc(recipients, func(r psync.Recipient) bool { return r.Admin }) && len(recipients) > 0 {
		recipients[0].Admin = true // somebody has to be told what to type
	}
	return recipients
}

func (t *table) recipient(taken map[string]string, language string, zone *time.Location) psync.Recipient {
	r := psync.Recipient{
		Name:    t.name("NOTIFY", taken),
		Channel: t.text("channel", ""),

		Students: t.texts("students"),
		NoClass:  !t.flagOr("class_figures", true),
		Admin:    t.flag("admin"),
		Reveal:   choice(t, "reveal", psync.RevealFull, psync.RevealFull, psync.RevealSpoiler, psync.RevealHint),
		Language: choice(t, "language", language, psync.Languages...),
		Location: t.zone("timezone", zone.String()),
	}
	r.Policy = t.policy(r.Channel)
	r.Notifier = t.notifier(r.Channel)
	if r.Reveal == psync.RevealSpoiler && !notifiers.CanHide(r.Channel) {
		t.warn("reveal", `%s cannot hide a part of a message, so marks will be dots: choose "full" or "hint"`, r.Channel)
	}
	return r
}

// errNoted is returned for what was noted as a problem already.
var errNoted = errors.New("noted")

// notifier builds the channel from the keys that are its own.
func (t *table) notifier(kind string) notifiers.Notifier {
	n, err := notifiers.New(kind, t.fill)
	switch {
	case !slices.Contains(notifiers.Kinds(), kind):
		t.problem("channel", "channel %q is unknown: choose %s", kind, say.Choice(notifiers.Kinds()))
		for key := range t.values {
			t.known = append(t.known, key) // the channel that was meant may know it
		}
	case t.blind:
		return nil
	case err != nil && !errors.Is(err, errNoted):
		t.problem(t.blamed(err), "%v", err)
	}
	if risk := notifiers.Warning(n); risk != "" {
		t.warn(t.blamed(errors.New(risk)), "%v", errors.New(risk))
	}
	return n
}

// blamed is the key that a channel's error names first.
func (t *table) blamed(err error) string {
	for _, word := range strings.Fields(err.Error()) {
		if slices.Contains(t.known, word) {
			return word
		}
	}
	return "channel"
}

// fill sets the fields of a channel's settings from the keys in their tags.
func (t *table) fill(settings any) error {
	before := len(t.problems)
	for field, v := range reflect.ValueOf(settings).Elem().Fields() {
		key := field.Tag.Get("toml")
		switch v := v.Addr().Interface().(type) {
		case *notifiers.Secret:
			if secret, ok := t.secret(key); ok {
				*v = notifiers.NewSecret(secret)
			}
		case *map[string]notifiers.Secret:
			*v = t.secrets(key)
		case *string:
			*v = t.text(key, "")
			if strings.HasSuffix(key, "_file") && *v != "" {
				*v = t.absolute(*v)
			}
		case *int:
			*v = t.number(key, 0)
		case *bool:
			*v = t.flag(key)
		case *[]string:
			*v = t.texts(key)
		case *any:
			*v = t.textOrNumber(key)
		default:
			return fmt.Errorf("%s: package config cannot fill a %s", key, field.Type)
		}
	}
	if len(t.problems) > before {
		return errNoted
	}
	return nil
}
