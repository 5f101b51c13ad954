package pronote

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Colleague is an adult who works with a pupil.
type Colleague struct {
	Name     string
	Role     string   // "teacher", "staff", or "" for a role that is not known
	Function string   // as the school words it: "Professeur principal", "CPE"
	Subjects []string // that the person teaches to the pupil, in PRONOTE's order
	Hours    string   // a week of the first subject, as shown: "3h30"; "" when not shown
	Email    string   // where the school shows it
}

// Staff returns the teachers and other adults who work with a pupil, in
// PRONOTE's order; those who no longer do are left out.
func (s *Session) Staff(ctx context.Context, of Student) ([]Colleague, error) {
	answer, err := s.requestNew(ctx, Call{Function: functionStaff, Tab: TabStaff, Student: &of, Data: struct{}{}})
	if err != nil {
		return nil, err
	}
	return decodeStaff(answer.Data)
}

const functionStaff = "PageEquipePedagogique"

var roles = map[int]string{3: "teacher", 34: "staff"}

func decodeStaff(data []byte) ([]Colleague, error) {
	var w wire.Equipe
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, unreadable(functionStaff, err)
	}
	if !w.Liste.Present {
		return nil, unreadable(functionStaff, errors.New("no list of people"))
	}
	staff := []Colleague{}
	for _, p := range w.Liste.Items {
		if p.EstEnleve {
			continue
		}
		c := Colleague{Name: label(p.Label), Role: roles[int(p.Genre.Value)], Function: label(p.Fonction.Text), Email: label(p.Mail)}
		for _, subject := range p.Matieres.Items {
			if name := label(subject.Label); name != "" {
				c.Subjects = append(c.Subjects, name)
			}
			if !subject.EstUneSousMatiere && c.Hours == "" { // parts of a subject are counted with it
				c.Hours = label(subject.VolumeHoraire)
			}
		}
		staff = append(staff, c)
	}
	return staff, nil
}
