package bot

import (
	"fmt"
	"strings"

	psync "github.com/pronote-sync/pronote-sync/sync"
)

// about says what each question is about.
var about = map[string]map[psync.Topic]string{
	"fr": {
		psync.AskMarks:     "les dernières notes et la moyenne",
		psync.AskHomework:  "le travail à faire, ou celui d’un jour",
		psync.AskTimetable: "les cours du jour, ou d’un autre",
		psync.AskAbsences:  "absences, retards, punitions, observations",
		psync.AskMenu:      "la cantine, ou celle d’un jour",
		psync.AskWeek:      "la semaine qui vient",
		psync.AskWhy:       "les derniers messages, et pourquoi",
	},
	"en": {
		psync.AskMarks:     "the latest marks and the average",
		psync.AskHomework:  "homework to do, or that of a day",
		psync.AskTimetable: "the lessons of the day, or of another",
		psync.AskAbsences:  "absences, lateness, punishments, observations",
		psync.AskMenu:      "the canteen, or that of a day",
		psync.AskWeek:      "the week to come",
		psync.AskWhy:       "the latest messages, and why",
	},
}

// words are what the bot says by itself.
type words struct {
	help   string
	noDay  string
	aDayIs string
	failed string
	stale  string
	done   map[psync.Button]string
}

func wordsIn(language string) words {
	if language == "en" {
		return english
	}
	return french
}

var (
	french = words{
		help:   "Ce qu’on peut demander",
		noDay:  "Ce jour n’est pas compris",
		aDayIs: "→ Écrire /%[1]s demain, /%[1]s jeudi ou /%[1]s 2025-11-20",
		failed: "La réponse a échoué : réessayer dans une minute",
		stale:  "Ce bouton ne sert plus à rien",
		done: map[psync.Button]string{
			psync.ButtonSeen:  "C’est noté : personne n’aura de rappel",
			psync.ButtonLater: "Rappel dans 3\u00a0heures",
			psync.ButtonMute:  "Pendant 7\u00a0jours, plus rien de tel tout de suite",
		},
	}
	english = words{
		help:   "What you can ask",
		noDay:  "This day is not understood",
		aDayIs: "→ Write /%[1]s tomorrow, /%[1]s thursday or /%[1]s 2025-11-20",
		failed: "There was no answer: try again in a minute",
		stale:  "This button no longer does anything",
		done: map[psync.Button]string{
			psync.ButtonSeen:  "Noted: nobody will be reminded",
			psync.ButtonLater: "You will be reminded in 3 hours",
			psync.ButtonMute:  "For 7 days, nothing of this kind at once",
		},
	}
)

func (w words) aDay(command string) string { return fmt.Sprintf(w.aDayIs, command) }

// help lists what can be asked.
func help(language string) psync.Reply {
	if language != "en" {
		language = "fr"
	}
	colon := "\u00a0: "
	if language == "en" {
		colon = ": "
	}
	var lines []string
	for _, n := range psync.TopicNames {
		lines = append(lines, "/"+n.In(language)+colon+about[language][n.Topic])
	}
	return psync.Reply{Title: wordsIn(language).help, Text: strings.Join(lines, "\n")}
}
