package pronote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/pronote-sync/pronote-sync/hostname"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// functionPDF has the server make a file of one of its pages. It is an Attachment
// like others, and Session.Download asks for it to be made.
const functionPDF = "GenerationPDF"

// The kinds of files that the server makes, by its numbers.
const (
	pdfTimetable = 0
	pdfReport    = 2
)

// TimetablePDF is the timetable of a pupil's school year as the school prints it,
// for Download.
func (s *Session) TimetablePDF(of Student) Attachment {
	return madeFile("Emploi du temps "+s.school.Year+".pdf", roleDocument, Call{
		Function: functionPDF, Tab: TabLessons, Student: &of,
		Data: map[string]any{
			"genreGenerationPDF": pdfTimetable, "ressource": of.element, "ressources": []Element{of.element},
			"domaine": map[string]any{"_T": 8, "V": "[0]"}, "indiceJour": 0, "avecCoursAnnules": true, "grilleInverse": false,
			"estPlanning": false, "estPlanningParRessource": false, "estPlanningOngletParJour": false,
			"options": map[string]any{
				"estEDTAnnuel": true, "portrait": false, "taillePolice": 8, "taillePoliceMin": 5, "couleur": 1, "renvoi": 0,
			},
		},
	})
}

// reportPDF is a report card as the school prints it, in the layout that PRONOTE's
// own client asks for.
func reportPDF(of Student, in Period) Attachment {
	return madeFile("Bulletin "+in.Name+" "+in.Year+".pdf", roleReport, Call{
		Function: functionPDF, Tab: TabReports, Student: &of,
		Data: map[string]any{
			"genreGenerationPDF": pdfReport, "periode": of.PeriodElement(TabReports, in), "avecCodeCompetences": false,
			"options": map[string]any{
				"adapterHauteurService": false, "desEleves": false, "gererRectoVerso": false, "hauteurServiceMax": 15, "hauteurServiceMin": 10,
				"piedMonobloc": true, "portrait": true, "taillePolice": 6.5, "taillePoliceMin": 5, "taillePolicePied": 6.5, "taillePolicePiedMin": 5,
			},
		},
	})
}

func madeFile(name, role string, call Call) Attachment {
	return Attachment{Name: line(name), Kind: "file", Role: role, made: &call}
}

// makeFile lets the server make a file, and returns its address.
func (s *Session) makeFile(ctx context.Context, call Call) (string, error) {
	answer, err := s.Request(ctx, call)
	if err != nil {
		return "", err
	}
	return decodePDF(answer.Data, s.root)
}

// decodePDF reads where a file is, which must be at the school.
func decodePDF(data []byte, root *url.URL) (string, error) {
	var w wire.GenerationPDF
	if err := json.Unmarshal(data, &w); err != nil {
		return "", unreadable(functionPDF, err)
	}
	u, err := below(root, string(w.URL))
	switch {
	case err != nil, w.URL == "":
		return "", unreadable(functionPDF, errors.New("no address")) // which is not repeated: it may open the file
	case u.Scheme != root.Scheme, !hostname.Same(u, root):
		return "", elsewhere(named(u))
	}
	return u.String(), nil
}

// elsewhere says that a file is at a host that is not the school's.
func elsewhere(host string) error {
	return fmt.Errorf("%w: it is kept at %s", ErrNoFile, host)
}
