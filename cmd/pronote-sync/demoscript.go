package main

import (
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// A scene is what happens at the school of the demo before one look at PRONOTE.
// Offset counts the days from the first.
type scene struct {
	offset, hour int
	happens      func(s *playground)
}

// A playground is the school of the demo, and what its script comes back to.
type playground struct {
	*world.School
	fanny, gabin string

	test, work, absence int
}

// today is a day of the demo, counted from the one that it is.
func (s *playground) today(later int) pronote.Date { return s.Now().Date.AddDays(later) }

// last is the last lesson that is held on a day, whose cancelling lets a pupil go home.
func (s *playground) last(day pronote.Date) int {
	lessons := slices.DeleteFunc(s.Timetable(s.fanny, day), func(l world.Row[pronote.Lesson]) bool { return l.Value.Cancelled || l.Value.Outing })
	return slices.MaxFunc(lessons, func(a, b world.Row[pronote.Lesson]) int { return a.Value.Starts.Compare(b.Value.Starts) }).ID
}

// scenes are what the families of a class live through in four days of December.
var scenes = []scene{
	{0, 12, func(s *playground) {
		scores := map[string]pronote.Score{}
		for i, pupil := range s.Pupils() {
			scores[pupil] = pronote.ParseScore([]string{"9", "12,5", "15", "11", "17,5", "8", "13"}[i%7])
		}
		scores[s.fanny], scores[s.gabin] = pronote.ParseScore("14,5"), pronote.ParseScore("11")
		s.test = s.Do(world.Add(world.Test{
			Subject: "MATHEMATIQUES", Title: "Contrôle n°4 : fractions", GivenOn: s.today(-4), Coefficient: 2, Scores: scores,
		}))[0].ID
	}},
	{0, 17, func(s *playground) {
		s.work = s.Do(world.Add(world.Homework{
			Subject: "FRANCAIS", DueOn: s.today(6), Minutes: 30, Return: "paper", Text: []string{"Lire le chapitre 3 et noter les personnages"},
		}))[0].ID
		s.Do(world.Amend(s.last(s.today(1)), func(l *world.Lesson) { l.Cancelled, l.Status = true, "Prof. absent" }))
	}},
	{0, 20, func(s *playground) {
		s.Do(world.Add(world.Info{
			Title: "Rencontre avec les professeurs", Author: "M. DELMASSE É.", Text: []string{"Elle aura lieu le jeudi 18 décembre à 17 h 30."},
		}))
	}},
	{1, 12, func(s *playground) {
		s.Do(world.Add(world.Delay{Pupil: s.gabin, Delay: pronote.Delay{
			StartsAt: pronote.DateTime{Date: s.today(0), Hour: 8}, Minutes: 10, ToJustify: true,
		}}))
	}},
	{1, 17, func(s *playground) {
		s.Do(world.Amend(s.last(s.today(1)), func(l *world.Lesson) {
			l.Starts.Hour, l.Ends.Hour, l.Status = l.Starts.Hour+1, l.Ends.Hour+1, "Cours déplacé"
		}))
	}},
	{1, 20, func(s *playground) {
		s.Do(world.Amend(s.work, func(h *world.Homework) {
			h.Text = append(h.Text, "Apporter le livre")
			h.Files = append(h.Files, pronote.Attachment{Name: "Le texte lu à haute voix", Kind: "link", URL: "https://ressources.example.org/chapitre-3", Role: "document"})
		}))
	}},
	{2, 12, func(s *playground) {
		s.Do(world.Correct(s.test, s.fanny, "15"))
	}},
	{2, 17, func(s *playground) {
		s.Do(world.Add(world.Evaluation{
			Subject: "ANGLAIS LV1", Name: "A trip to Scotland",
			Skills: []pronote.Skill{{Item: "Comprendre un message oral", Domain: "Écouter et comprendre"}, {Item: "Prendre la parole", Domain: "Parler en continu"}},
			Levels: map[string][]world.Level{s.fanny: {{Abbreviation: "A"}, {Abbreviation: "B", Comment: "En progrès"}}},
		}))
	}},
	{2, 20, func(s *playground) {
		s.Do(world.Add(world.Homework{
			Subject: "HISTOIRE-GEOGRAPHIE", DueOn: s.today(6), Text: []string{"Apprendre la leçon sur les mobilités humaines"},
		}))
	}},
	{3, 12, func(s *playground) {
		day := s.today(0)
		s.absence = s.Do(world.Add(world.Absence{Pupil: s.gabin, Absence: pronote.Absence{
			StartsAt: pronote.DateTime{Date: day, Hour: 9}, EndsAt: pronote.DateTime{Date: day, Hour: 10}, Hours: pronote.Num(1), ToJustify: true,
		}}))[0].ID
	}},
	{3, 17, func(s *playground) { s.Do(world.Remove(s.absence)) }}, // he was at the infirmary
	{3, 20, func(s *playground) {
		s.Do(world.Add(world.Info{
			Title: "Sondage : voyage en Écosse", Author: "M. DE KERSAUZON Y.", Survey: true, EndsOn: s.today(8), Text: []string{"Souhaitez-vous inscrire votre enfant ?"},
		}))
	}},
}
