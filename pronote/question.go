package pronote

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Question is one that a survey asks, with the account's own answer.
type Question struct {
	Position   int // from 1
	Title      string
	Kind       string // of answer: "acknowledgement", "text", "choice", "choices", or "none"
	Content    string // plain text; that of an information is in the Info alone
	HTML       string // as the author wrote it; untrusted
	Choices    []string
	MaxChoices int  // 0 when not limited
	Expected   bool // an answer is
	Answered   bool
	AnsweredAt DateTime
	AnsweredBy string
	Answer     string // a text, or the choices made, each on a line
}

var questionKinds = []string{"acknowledgement", "text", "choice", "choices", "none", "none"}

// ask reads the questions, and whether any is left to answer.
func (i *Info) ask(questions []wire.Question) {
	i.Questions = make([]Question, 0, len(questions))
	left := false
	for n, w := range questions {
		q := questionOf(w, n+1)
		left = left || q.Expected && !q.Answered
		if i.Survey {
			q.Content, q.HTML = textOf(string(w.Texte)), string(w.Texte)
		}
		if i.Survey || q.Expected {
			i.Questions = append(i.Questions, q)
		}
	}
	if !i.counted {
		i.Answered = !left
	}
}

func questionOf(w wire.Question, position int) Question {
	kind := "none"
	if n := int(w.GenreReponse.Value); w.GenreReponse.Known && n >= 0 && n < len(questionKinds) {
		kind = questionKinds[n]
	}
	r := w.Reponse.Value
	q := Question{
		Position: cmp.Or(max(0, int(w.Rang)), position), Title: label(w.Titre), Kind: kind,
		Expected: bool(r.EstReponseAttendue), Answered: bool(r.AvecReponse),
	}
	if w.AvecMaximum {
		q.MaxChoices = max(0, int(w.NombreReponsesMax))
	}
	for _, c := range w.ListeChoix.Items {
		q.Choices = append(q.Choices, label(c.Label))
	}
	if q.Answered {
		q.AnsweredAt, q.AnsweredBy, q.Answer = dateTimeOf(r.ReponduLe), label(r.StrRepondant), answerOf(w)
	}
	return q
}

// answerOf is the answer in words. Choices are told by their ranks.
func answerOf(w wire.Question) string {
	r := w.Reponse.Value
	if len(w.ListeChoix.Items) == 0 {
		return tidy(string(r.ValeurReponse))
	}
	var chosen []string
	ranks, err := wire.ParseSet(string(r.ValeurReponse))
	for i, c := range w.ListeChoix.Items {
		if err == nil && slices.Contains(ranks, cmp.Or(int(c.Rang), i+1)) {
			chosen = append(chosen, label(c.Label))
		}
	}
	return tidy(strings.Join(append(chosen, string(r.ValeurReponseLibre)), "\n"))
}
