package pronote

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// Calendar asks for the address of a pupil's timetable as an iCalendar file,
// for calendars of telephones and the like; it returns ErrNotAvailable where the
// school does not offer one. It is a secret: whoever has it may read the
// timetable, without a login, until the person resets it in PRONOTE.
func (s *Session) Calendar(ctx context.Context, of Student) (Secret, error) {
	answer, err := s.Request(ctx, Call{Function: functionPerson, Tab: TabLessons, Student: &of, Data: struct{}{}})
	if err != nil {
		return Secret{}, err
	}
	return decodeCalendar(answer.Data, s.root, s.version)
}

// decodeCalendar makes the address, which is below the site, under any name.
func decodeCalendar(data []byte, root *url.URL, version Version) (Secret, error) {
	var w wire.InfosPerso
	if err := json.Unmarshal(data, &w); err != nil {
		return Secret{}, unreadable(functionPerson, err)
	}
	for _, c := range w.ICal.Value.Liste.Items {
		if c.Genre == wire.ICalTimetable && c.ParamICal != "" {
			u := root.JoinPath("ical", "pronote.ics")
			u.RawQuery = url.Values{
				"icalsecurise": {string(c.ParamICal)}, "version": {version.release().String()}, "param": {string(c.ParamSuppl)},
			}.Encode()
			return NewSecret(u.String()), nil
		}
	}
	return Secret{}, fmt.Errorf("calendar of the timetable: %w", ErrNotAvailable)
}
