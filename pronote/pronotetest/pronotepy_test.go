package pronotetest_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// Pronotepy gives up a whole list, and the session with it, when one member that it
// needs is missing. These are the members, by the question that it asks; of a parent it
// asks each for each child.
type pronotepyNeed struct {
	function string
	tab      pronote.Tab
	data     string   // of the request; %s is the number of a period
	paths    []string // see walk
	empty    bool     // the lists may have nothing in them
}

const (
	ofPeriod  = `{"Periode":{"N":"%s","L":""}}`
	inPeriod  = `{"periode":{"N":"%s","L":"","G":2}}`
	daysOf    = `{"periode":{"N":"%s","L":"","G":2},"DateDebut":{"_T":7,"V":"01/09/2025 00:00:00"},"DateFin":{"_T":7,"V":"30/11/2025 00:00:00"}}`
	inWeeks   = `{"domaine":{"_T":8,"V":"[1..30]"}}`
	inWeek    = `{"ressource":{"N":"%s"},"NumeroSemaine":12,"numeroSemaine":12}`
	attachedN = ".ListePieceJointe.V[].N:text .ListePieceJointe.V[].G:int"
)

func pronotepyNeeds(infos []string) []pronotepyNeed {
	return []pronotepyNeed{
		{"DernieresNotes", pronote.TabMarks, ofPeriod, under("listeDevoirs.V[]",
			".N:text .note.V:text .bareme.V:text .baremeParDefaut.V:text .date.V:date .service.V.N:text .service.V.L:text .periode.V.N:text",
			".moyenne.V:text .noteMax.V:text .noteMin.V:text .coefficient:text .commentaire:text .estBonus:bool .estFacultatif:bool .estRamenerSur20:bool"), false},
		{"DernieresNotes", pronote.TabMarks, ofPeriod, under("listeServices.V[]",
			".N:text .L:text .moyEleve.V:text .baremeMoyEleve.V:text .moyClasse.V:text .moyMin.V:text .moyMax.V:text"), false},
		{"PageEmploiDuTemps", pronote.TabLessons, inWeek, under("ListeCours[]", ".N:text .DateDuCours.V:date .place:int .duree:int .ListeContenus.V[]"), false},
		{"PageCahierDeTexte", pronote.TabContents, inWeeks, under("ListeCahierDeTextes.V[]", ".cours.V.N:text .listeContenus.V[].ListePieceJointe.V[]"), false},
		{"PageCahierDeTexte", pronote.TabHomework, inWeeks, under("ListeTravauxAFaire.V[]",
			".N:text .descriptif.V:text .TAFFait:bool .Matiere.V.N:text .Matiere.V.L:text .PourLe.V:date .CouleurFond:text", attachedN), false},
		{"DernieresEvaluations", pronote.TabEvaluations, inPeriod, under("listeEvaluations.V[]",
			".N:text .L:text .individu.V.L:text .coefficient:int .descriptif:text .matiere.V.N:text .matiere.V.L:text .listePaliers.V[].L:text .date.V:date",
			".listeNiveauxDAcquisitions.V[].N:text .listeNiveauxDAcquisitions.V[].L:text .listeNiveauxDAcquisitions.V[].abbreviation:text",
			".listeNiveauxDAcquisitions.V[].coefficient:int .listeNiveauxDAcquisitions.V[].domaine.V.N:text .listeNiveauxDAcquisitions.V[].domaine.V.L:text",
			".listeNiveauxDAcquisitions.V[].ordre:int .listeNiveauxDAcquisitions.V[].pilier.V.N:text .listeNiveauxDAcquisitions.V[].pilier.V.L:text",
			".listeNiveauxDAcquisitions.V[].pilier.V.strPrefixes:text"), false},
		{"PagePresence", pronote.TabSchoolLife, daysOf, under("listeAbsences.V[]", ".G:int .N:text"), false},
		{"PagePresence", pronote.TabSchoolLife, daysOf, under("listeAbsences.V[G=13]", ".dateDebut.V:date .dateFin.V:date .NbrJours:int .listeMotifs.V[].L:text"), false},
		{"PagePresence", pronote.TabSchoolLife, daysOf, under("listeAbsences.V[G=14]", ".date.V:date .listeMotifs.V[].L:text"), false},
		{"PagePresence", pronote.TabSchoolLife, daysOf, under("listeAbsences.V[G=41]",
			".dateDemande.V:date .horsCours:bool .estUneExclusion:bool .circonstances:text .documentsCirconstances.V[] .nature.V.L:text .listeMotifs.V[].L:text",
			".demandeur.V.L:text .estProgrammable:bool .programmation.V[]"), true},
		{"PageActualites", pronote.TabInfos, `{"modesAffActus":{"_T":26,"V":"[0..3]"}}`, infos, false},
		{"PageMenus", pronote.TabMenus, `{"date":{"_T":7,"V":"17/11/2025 0:0:0"}}`, under("ListeJours.V[]", ".Date.V:date",
			".ListeRepas.V[].N:text .ListeRepas.V[].G:int .ListeRepas.V[].ListePlats.V[].G:int .ListeRepas.V[].ListePlats.V[].ListeAliments.V[].N:text",
			".ListeRepas.V[].ListePlats.V[].ListeAliments.V[].L:text .ListeRepas.V[].ListePlats.V[].ListeAliments.V[].listeLabelsAlimentaires.V[]"), false},
		{"ListeMessagerie", pronote.TabDiscussions, `{"avecMessage":true,"avecLu":true}`, append(
			under("listeMessagerie.V[estUneDiscussion=true]", ".listePossessionsMessages.V[].N:text .objet:text .messagePourParticipants.V.N:text"),
			"listeEtiquettes.V[].N:text", "listeEtiquettes.V[].G:int"), false},
		{"ListeRessourcesPourCommunication", pronote.TabDiscussions, `{"onglet":{"N":0,"G":3}}`, under("listeRessourcesPourCommunication.V[]",
			".N:text .L:text .G:int .listeRessources.V[].L:text"), false},
		{"ListeRessourcesPourCommunication", pronote.TabDiscussions, `{"onglet":{"N":0,"G":34}}`, under("listeRessourcesPourCommunication.V[]",
			".N:text .L:text .G:int .fonction.V.L:text"), false},
		{"PageEquipePedagogique", pronote.TabStaff, `{}`, under("liste.V[]", ".N:text .L:text .P:int .G:int .matieres.V[]"), false},
		{"PageEquipePedagogique", pronote.TabStaff, `{}`, under("liste.V[G=3]", ".matieres.V[].N:text .matieres.V[].L:text .matieres.V[].volumeHoraire:text"), false},
		{"PageInfosPerso", pronote.TabPerson, `{}`, under("Informations",
			".adresse1:text .adresse2:text .adresse3:text .adresse4:text .codePostal:text .ville:text .province:text .pays:text .eMail:text",
			".indicatifTel:text .telephonePortable:text .numeroINE:text"), false},
		{"PageInfosPerso", pronote.TabLessons, `{}`, under("iCal.liste.V[]", ".paramICal:text .paramSuppl:text"), false},
		{"PageBulletins", pronote.TabReports, inPeriod, append(under("ListeServices.V[]", ".N:text .L:text .couleur:text .ListeAppreciations.V[]"),
			"ObjetListeAppreciations.V.ListeAppreciations.V[].L:text"), false},
		{"GenerationPDF", pronote.TabLessons, `{"genreGenerationPDF":0}`, []string{"url.V:text"}, false},
		{"Navigation", pronote.TabHome, `{"onglet":7,"ongletPrec":7}`, nil, false},
	}
}

// under are paths below a place.
func under(place string, lists ...string) (paths []string) {
	for _, path := range strings.Fields(strings.Join(lists, " ")) {
		paths = append(paths, place+path)
	}
	return paths
}

// A fake that left out what one client reads once passed for a good one.
func TestPronotepyFindsWhatItNeeds(t *testing.T) {
	t.Parallel()
	school := world.NewFamily(7, 2025)
	school.AdvanceTo(pronote.DateTime{Date: pronote.Date{Year: 2026, Month: 3, Day: 5}, Hour: 18})
	for version, infos := range map[string][]string{
		"2025.2.8": under("listeModesAff[].listeActualites.V[]", ".N:text .auteur:text .lue:bool .dateCreation.V:date .dateDebut.V:date .dateFin.V:date",
			".estSondage:bool .reponseAnonyme:bool .categorie.V.L:text .listeQuestions.V[].listePiecesJointes.V[] .listeQuestions.V[].texte.V:text"),
		"2026.2.5": under("listeModesAff[].listeActualites.V[]", ".N:text .auteur:text .lue:bool .dateCreation.V:date .dateDebut.V:date .dateFin.V:date",
			".estSondage:bool .reponseAnonyme:bool .nature.V.L:text"),
	} {
		profile, err := pronotetest.ProfileOf(version)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []pronote.Kind{pronote.KindStudent, pronote.KindParent} {
			t.Run(fmt.Sprint(version, " ", kind), func(t *testing.T) {
				t.Parallel()
				server := pronotetest.NewServer(school, pronotetest.Options{Profile: profile})
				session, err := pronote.Login(t.Context(), pronotetest.Address, pronote.Credentials{
					Kind: kind, Username: pronotetest.Username, Password: pronote.NewSecret(pronotetest.Password),
				}, &pronote.Options{Transport: server.Transport()})
				if err != nil {
					t.Fatal(err)
				}
				for _, child := range session.Students() {
					for _, need := range pronotepyNeeds(infos) {
						need.check(t, session, child)
					}
				}
			})
		}
	}
}

// check asks as pronotepy does, and looks for what it takes.
func (n pronotepyNeed) check(t *testing.T, session *pronote.Session, child pronote.Student) {
	t.Helper()
	data := n.data
	if strings.Contains(data, "%s") {
		number := child.PeriodElement(n.tab, child.Periods[0]).Number
		if n.tab == pronote.TabLessons {
			number = child.Element().Number
		}
		data = fmt.Sprintf(data, number)
	}
	answer, err := session.Request(t.Context(), pronote.Call{Function: n.function, Tab: n.tab, Student: &child, Data: json.RawMessage(data)})
	if n.tab == pronote.TabMarks && child.Class == "6A" {
		return // which has none
	}
	if err != nil {
		t.Errorf("%s of %s: %v", n.function, child.Name, err)
		return
	}
	var whole any
	if err := json.Unmarshal(answer.Data, &whole); err != nil {
		t.Fatal(err)
	}
	for _, place := range slotsIn(whole) {
		if place == 21 || place > 21 && place%20 >= 20 {
			t.Errorf("%s of %s has the slot %d, of which pronotepy does not know the hour", n.function, child.Name, place)
		}
	}
	for _, path := range n.paths {
		if found, err := walk(whole, path); err != nil {
			t.Errorf("%s of %s: %s: %v", n.function, child.Name, path, err)
		} else if found == 0 && !n.empty && !strings.HasSuffix(path, "V[]") && !strings.Contains(path, "PieceJointe") {
			t.Errorf("%s of %s has no %s, so that nothing was looked at", n.function, child.Name, path)
		}
	}
}

// slotsIn are the slots of an answer that pronotepy looks up as they are; those of
// lessons it takes to be of the week.
func slotsIn(value any) (slots []int) {
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			slots = append(slots, slotsIn(element)...)
		}
	case map[string]any:
		for name, member := range v {
			if slot, ok := member.(float64); ok && (name == "placeDemande" || name == "placeExecution") {
				slots = append(slots, int(slot))
			}
			slots = append(slots, slotsIn(member)...)
		}
	}
	return slots
}

// date is how pronotepy reads dates.
var date = regexp.MustCompile(`^\d{2}/\d{2}/\d{4}( \d{2}:\d{2}:\d{2})?$`)

// walk follows a path into an answer, and tells how often it came to its end. A step is
// the name of a member; behind it, [] stands for each element of the list that it is, and
// [G=13] for each whose member has this value. Behind a colon stands what must be there.
func walk(value any, path string) (found int, err error) {
	path, kind, _ := strings.Cut(path, ":")
	steps := strings.Split(path, ".")
	return follow(value, steps, kind)
}

func follow(value any, steps []string, kind string) (found int, err error) {
	if len(steps) == 0 {
		return 1, checkKind(value, kind)
	}
	name, each, isList := strings.Cut(strings.TrimSuffix(steps[0], "]"), "[")
	object, ok := value.(map[string]any)
	if !ok {
		return 0, fmt.Errorf("no object with a %s", name)
	}
	member, ok := object[name]
	if !ok {
		return 0, fmt.Errorf("no %s", name)
	}
	if !isList {
		return follow(member, steps[1:], kind)
	}
	list, ok := member.([]any)
	if !ok {
		return 0, fmt.Errorf("%s is no list", name)
	}
	column, want, filtered := strings.Cut(each, "=")
	for i, element := range list {
		if object, ok := element.(map[string]any); filtered && ok && fmt.Sprint(object[column]) != want {
			continue
		}
		n, err := follow(element, steps[1:], kind)
		if err != nil {
			return found, fmt.Errorf("%s %d: %w", name, i, err)
		}
		found += n
	}
	return found, nil
}

func checkKind(value any, kind string) error {
	ok := true
	switch v := value.(type) {
	case string:
		ok = kind == "text" || kind == "" || kind == "date" && date.MatchString(v)
	case float64:
		ok = kind == "int" || kind == "text" || kind == ""
	case bool:
		ok = kind == "bool"
	default:
		ok = kind == ""
	}
	if !ok {
		return fmt.Errorf("%v is no %s", value, kind)
	}
	return nil
}
