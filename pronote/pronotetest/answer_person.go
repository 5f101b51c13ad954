package pronotetest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// answerPerson answers PageInfosPerso: who is logged in, and how a calendar finds
// the timetable of the pupil.
func answerPerson(c *call) (any, *wire.Error) {
	calendar := o{"paramICal": c.server.calendarKey(c.session.viewer, c.pupil), "paramSuppl": "266f3d32", "G": 0}
	answer := o{"securisation": o{"mode": 0}, "iCal": o{"liste": wrapped([]o{calendar})}}
	if persons := c.server.school.Truth(c.session.viewer, c.pupil).Persons; len(persons) > 0 {
		answer["Informations"] = informations(persons[0].Value)
	}
	return c.broken(answer, "Informations"), nil
}

func informations(p pronote.Person) o {
	code, phone, _ := strings.Cut(strings.TrimPrefix(p.Phone, "+"), " ")
	informations := o{
		"codePostal": p.PostalCode, "ville": p.City, "province": p.Province, "pays": p.Country, "eMail": p.Email,
		"indicatifTel": code, "telephonePortable": phone, "telephoneFixe": p.Landline, "numeroINE": p.INE,
	}
	lines := append(strings.Split(p.Address, ", "), "", "", "", "")
	for i, line := range lines[:4] {
		informations[fmt.Sprintf("adresse%d", i+1)] = line
	}
	return informations
}

// calendarKey opens the calendar of a pupil to whoever has it. It stays the same
// from session to session.
func (s *Server) calendarKey(viewer world.Viewer, pupil string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", s.school.Seed(), viewer, pupil))
	return strings.ToUpper(hex.EncodeToString(sum[:16]))
}

// serveCalendar answers ical/<any name>.ics?icalsecurise=<key>, which needs no
// session.
func (s *Server) serveCalendar(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	for _, viewer := range []world.Viewer{pronote.KindStudent, pronote.KindParent} {
		for _, pupil := range s.pupils(viewer) {
			if query.Get("icalsecurise") == s.calendarKey(viewer, pupil) && query.Has("version") && query.Has("param") {
				w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
				_, _ = w.Write([]byte(calendarOf(s.school.Truth(viewer, pupil).Lessons))) // a client that hangs up wants no more
				return
			}
		}
	}
	http.NotFound(w, r)
}

// calendarOf writes a timetable as RFC 5545 has it.
func calendarOf(lessons []world.Row[pronote.Lesson]) string {
	var b strings.Builder
	line := func(name, value string) {
		text := name + ":" + strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(value)
		for len(text) > 60 { // 75 bytes at most, and no character in two
			cut := 60
			for !utf8.RuneStart(text[cut]) {
				cut--
			}
			b.WriteString(text[:cut] + "\r\n")
			text = " " + text[cut:]
		}
		b.WriteString(text + "\r\n")
	}
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//pronotetest//FR\r\n")
	for _, row := range lessons {
		l := row.Value
		line("BEGIN", "VEVENT")
		line("UID", fmt.Sprintf("lesson-%d@school.test", row.ID))
		line("DTSTART", clock(l.Starts))
		line("DTEND", clock(l.Ends))
		line("SUMMARY", strings.Join(append([]string{l.Subject + l.Title}, l.Teachers...), " - "))
		line("LOCATION", strings.Join(l.Rooms, ", "))
		if l.Cancelled {
			line("STATUS", "CANCELLED")
		}
		line("END", "VEVENT")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.String()
}

// clock is a local time as calendars write it.
func clock(t pronote.DateTime) string {
	return fmt.Sprintf("%04d%02d%02dT%02d%02d00", t.Year, int(t.Month), t.Day, t.Hour, t.Minute)
}
