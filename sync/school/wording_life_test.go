package school

import (
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// These are the hard forms of school life, of the canteen and of the program itself.
var _ = alsoTold(func() map[string]db.Event {
	owner := db.Owner{Student: 1}
	on := func(day, hour, minute int) pronote.DateTime {
		return pronote.DateTime{Date: pronote.Date{Year: 2025, Month: 11, Day: day}, Hour: hour, Minute: minute}
	}
	absent := func(kind mirror.Kind, old, now pronote.Absence) db.Event {
		return mirror.TellingOf(db.Absences, mirror.Change[pronote.Absence]{Kind: kind, Old: old, New: now}).Event(mirror.KindOf("absence", kind, true), owner)
	}
	delayed := func(kind mirror.Kind, old, now pronote.Delay) db.Event {
		return mirror.TellingOf(db.Delays, mirror.Change[pronote.Delay]{Kind: kind, Old: old, New: now}).Event(mirror.KindOf("delay", kind, true), owner)
	}
	punished := func(kind mirror.Kind, old, now pronote.Punishment) db.Event {
		return mirror.TellingOf(db.Punishments, mirror.Change[pronote.Punishment]{Kind: kind, Old: old, New: now}).Event(mirror.KindOf("punishment", kind, true), owner)
	}
	noted := func(kind mirror.Kind, old, now pronote.Observation) db.Event {
		return mirror.TellingOf(db.Observations, mirror.Change[pronote.Observation]{Kind: kind, Old: old, New: now}).Event(mirror.KindOf("observation", kind, true), owner)
	}
	paid := func(w pronote.Wallet) db.Event {
		return mirror.TellingOf(db.Wallets, mirror.Change[pronote.Wallet]{Kind: mirror.Added, New: w}).Event("wallet.low", owner)
	}
	noNew, unheard := pronote.Absence{}, pronote.Punishment{}
	ill := pronote.Absence{StartsAt: on(17, 8, 0), EndsAt: on(19, 17, 0), Justified: true, Hours: pronote.Num(18), Reasons: []string{"Maladie"}}
	doubted, other, explained := ill, ill, away
	doubted.Justified, doubted.ToJustify, doubted.Reasons = false, true, nil
	other.Reasons = []string{"RDV médical", "Famille"}
	explained.Open, explained.ToJustify, explained.Reasons = false, false, []string{"Maladie"}
	hourLate := late
	hourLate.StartsAt.Day, hourLate.Minutes = 17, 75
	unknown := pronote.Delay{StartsAt: on(17, 8, 0)}
	corrected, later, doubtful := late, late, late
	corrected.Minutes, later.StartsAt, doubtful.Justified = 20, on(18, 9, 5), true
	warned := pronote.Punishment{Kind: "sanction", Nature: "Avertissement", Giver: "M. GUÉRINEAU P.", Reasons: []string{"Violence"}}
	excluded := pronote.Punishment{Kind: "exclusion", Nature: "Exclusion temporaire", GivenOn: on(17, 0, 0).Date, StartsAt: on(18, 8, 0), EndsAt: on(20, 17, 0)}
	longer, extra := excluded, warned
	longer.EndsAt = on(21, 17, 0)
	extra.Nature, extra.Reasons = "Blâme", nil
	sick := pronote.Observation{Kind: "infirmary", Title: "Passage à l'infirmerie", GivenOn: on(18, 0, 0).Date, StartsAt: on(18, 9, 10), EndsAt: on(18, 9, 50), Comment: "Maux de ventre"}
	praise := pronote.Observation{Kind: "encouragement", Title: "Encouragements", Subject: "MATHEMATIQUES", GivenOn: on(17, 0, 0).Date, Comment: "Très bonne participation", Giver: "M. DELMASSE É."}
	incident := pronote.Observation{Kind: "incident", GivenOn: on(18, 0, 0).Date, StartsAt: on(18, 10, 5)}
	exempted := pronote.Observation{Kind: "exemption", Subject: "ED.PHYSIQUE & SPORT.", StartsAt: on(25, 0, 0), EndsAt: pronote.DateTime{Date: on(30, 0, 0).AddDays(9)}}
	prolonged := exempted
	prolonged.EndsAt.Date = on(30, 0, 0).AddDays(12)
	back := func(kind string, row []byte) db.Event {
		return mirror.Telling{Now: row, Back: true}.Event(kind, owner)
	}
	survey := meeting
	survey.Title, survey.Survey, survey.Opened, survey.Content = "Sondage sur le voyage en Écosse", true, false, ""
	survey.EndsOn = pronote.Date{Year: 2025, Month: 12, Day: 20}
	unread, own := meeting, meeting
	unread.Opened, unread.Content = false, ""
	own.Title, own.Content = "Livre à rendre", "Le Petit Prince\nau CDI"
	moreTo := meeting
	moreTo.Content += "\nNouvelle salle : B12."
	told := func(kind string, old, now pronote.Info, c mirror.Kind) db.Event {
		return mirror.TellingOf(db.Infos, mirror.Change[pronote.Info]{Kind: c, Old: old, New: now}).Event(kind, owner)
	}
	bare := mirror.TellingOf(db.Messages, mirror.Change[db.Part[pronote.Message]]{Kind: mirror.Added, New: db.Part[pronote.Message]{Value: pronote.Message{Content: "OK"}}})
	remind := func(what string, row []byte) db.Event {
		return mirror.Telling{Now: row, Of: mirror.DataOf(map[string]any{"what": what})}.Event("reminder.due", owner)
	}
	facts := func(more map[string]any) map[string]any {
		all := map[string]any{"account": "lea", "accounts": 2, "since": "2025-11-12 07:10:00", "until": "2025-11-18 18:00:00"}
		for name, fact := range more {
			all[name] = fact
		}
		return all
	}
	return map[string]db.Event{
		"absence.new days":             absent(mirror.Added, noNew, ill),
		"absence.new unexplained":      absent(mirror.Added, noNew, explained),
		"absence.changed again":        absent(mirror.Changed, ill, doubted),
		"absence.changed reason":       absent(mirror.Changed, ill, other),
		"absence.removed days":         absent(mirror.Removed, ill, noNew),
		"delay.new long":               delayed(mirror.Added, unknown, hourLate),
		"delay.new unknown":            delayed(mirror.Added, unknown, unknown),
		"delay.changed minutes":        delayed(mirror.Changed, late, corrected),
		"delay.changed hour":           delayed(mirror.Changed, late, later),
		"delay.changed again":          delayed(mirror.Changed, doubtful, late),
		"punishment.new masculine":     punished(mirror.Added, unheard, warned),
		"punishment.new bare":          punished(mirror.Added, unheard, pronote.Punishment{Kind: "detention"}),
		"punishment.new exclusion":     punished(mirror.Added, unheard, excluded),
		"punishment.changed exclusion": punished(mirror.Changed, excluded, longer),
		"punishment.changed nature":    punished(mirror.Changed, warned, extra),
		"punishment.removed masculine": punished(mirror.Removed, warned, unheard),
		"observation.new infirmary":    noted(mirror.Added, sick, sick),
		"observation.new praise":       noted(mirror.Added, sick, praise),
		"observation.new incident":     noted(mirror.Added, sick, incident),
		"observation.new bare":         noted(mirror.Added, sick, pronote.Observation{}),
		"observation.new excused":      noted(mirror.Added, sick, exempted),
		"observation.changed excused":  noted(mirror.Changed, exempted, prolonged),
		"observation.removed praise":   noted(mirror.Removed, praise, sick),
		"absence.new back":             back("absence.new", db.Absences.JSON(ill)),
		"delay.new back":               back("delay.new", db.Delays.JSON(late)),
		"punishment.new back":          back("punishment.new", db.Punishments.JSON(detention)),
		"observation.new back":         back("observation.new", db.Observations.JSON(forgotten)),
		"wallet.low negative":          paid(pronote.Wallet{Label: "Cafétéria", Balance: pronote.Num(-3.2), BalanceText: "-3,20 €"}),
		"wallet.low unknown":           paid(pronote.Wallet{Label: "Restauration", Warning: true}),
		"survey.new title":             told("survey.new", meeting, survey, mirror.Added),
		"info.new unread":              told("info.new", meeting, unread, mirror.Added),
		"info.new own":                 told("info.new", meeting, own, mirror.Added),
		"info.changed opened":          told("info.changed", unread, meeting, mirror.Changed),
		"info.changed text":            told("info.changed", meeting, moreTo, mirror.Changed),
		"message.new bare":             bare.Event("message.new", owner),
		"reminder.due absence":         remind("absence", db.Absences.JSON(doubted)),
		"reminder.due delay":           remind("delay", db.Delays.JSON(late)),
		"reminder.due survey":          remind("survey", db.Infos.JSON(survey)),
		"reminder.due message":         remind("message", mirror.DataOf(map[string]any{"author": letter.Author, "subject": "Rendez-vous"})),
		"reminder.due test": remind("test", db.Lessons.JSON(pronote.Lesson{
			Starts: on(19, 9, 0), Ends: on(19, 10, 0), Subject: "MATHEMATIQUES", Test: true,
		})),

		"system.login_refused of several": mirror.FactsEvent("system.login_refused", 0, facts(map[string]any{"reason": "credentials"})),
		"system.banned tomorrow":          mirror.FactsEvent("system.banned", 0, facts(map[string]any{"until": "2025-11-19 07:00:00"})),
		"system.unreachable long":         mirror.FactsEvent("system.unreachable", 0, facts(map[string]any{"reason": "busy"})),
		"system.recovered days":           mirror.FactsEvent("system.recovered", 0, facts(nil)),
		"system.recovered unknown":        mirror.FactsEvent("system.recovered", 0, map[string]any{"account": "lea"}),
		"system.mirrored children": mirror.FactsEvent("system.mirrored", 0, map[string]any{
			"students": []string{"Léa", "Tom"}, "school": "Collège des Tilleuls", "marks": 1, "homework": 0, "infos": 1,
		}),
	}
})
