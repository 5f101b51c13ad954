package pronote

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// An AgendaEntry is something in the school's agenda: a meeting, an outing, an open
// day, a class council.
type AgendaEntry struct {
	Title       string
	Starts      DateTime
	Ends        DateTime // zero when the school does not say
	AllDay      bool     // the hours of Starts and Ends mean nothing
	Category    string   // as the school calls it
	Author      string
	Description string       // plain text
	Council     bool         // of a class
	Attachments []Attachment // nil where the answer lacks their list
}

const functionAgenda = "PageAgenda"

// Agenda returns what begins in the week of a day, from Monday on, in PRONOTE's order,
// what is over included. The server numbers no weeks before the first one of the school
// year, so days before it have no entries.
func (s *Session) Agenda(ctx context.Context, of Student, day Date) ([]AgendaEntry, error) {
	monday := day.Monday()
	if monday.Compare(s.school.firstMonday) < 0 {
		return []AgendaEntry{}, nil
	}
	answer, err := s.requestNew(ctx, Call{
		Function: functionAgenda, Tab: TabAgenda, Student: &of,
		Data: map[string]any{"NumeroSemaine": s.school.WeekNumber(monday), "avecEventsPasses": true, "AvecListeClasses": true},
	})
	if err != nil {
		return nil, err
	}
	all, err := decodeAgenda(answer.Data)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(e AgendaEntry) bool { // servers may list what goes on, or is to come, too
		return e.Starts.Date.Compare(monday) < 0 || e.Starts.Date.Compare(monday.AddDays(6)) > 0
	}), nil
}

func decodeAgenda(data []byte) ([]AgendaEntry, error) {
	var w wire.Agenda
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, unreadable(functionAgenda, err)
	}
	if !w.ListeEvenements.Present {
		return nil, unreadable(functionAgenda, errors.New("no list of entries"))
	}
	entries := make([]AgendaEntry, 0, len(w.ListeEvenements.Items))
	for _, e := range w.ListeEvenements.Items {
		entry := agendaEntryOf(e)
		if entry.Starts.IsZero() { // left out, it would pass for one that was withdrawn
			return nil, unreadable(functionAgenda, errors.New("an entry without a date"))
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

func agendaEntryOf(e wire.Evenement) AgendaEntry {
	entry := AgendaEntry{
		Title: label(e.Label), Starts: dateTimeOf(e.DateDebut), Ends: dateTimeOf(e.DateFin), AllDay: bool(e.SansHoraire),
		Category: label(e.Famille.Value.Label), Author: label(e.StrAuteur), Description: textOf(string(e.Commentaire)),
		Council: bool(e.EstConseilClasse), Attachments: attachmentsOf(e.ListeFichiers),
	}
	if entry.Council {
		entry.Title = cmp.Or(entry.Title, "Conseil de classe")
	}
	if entry.Ends.Compare(entry.Starts) < 0 {
		entry.Ends = DateTime{}
	}
	return entry
}
