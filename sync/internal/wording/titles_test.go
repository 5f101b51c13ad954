package wording_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording/wordingtest"
)

// glance is what a lock screen shows of a title, in characters.
const glance = 40

// atAGlance is what is to be read of the sample of each kind on a lock screen: the fact,
// and its day where it is near. U+00A0 is ␣.
var atAGlance = map[string][2][]string{
	"absence.changed":      {{"Absence"}, {"Absence"}},
	"absence.new":          {{"Absence", "aujourd’hui à 8␣h"}, {"Absence", "today at 8:00"}},
	"absence.removed":      {{"Absence retirée", "aujourd’hui"}, {"Absence withdrawn", "today"}},
	"activity.changed":     {{"Soirée crêpes", "ven. 21"}, {"Soirée crêpes", "Fri 21"}},
	"activity.new":         {{"Soirée crêpes", "ven. 21"}, {"Soirée crêpes", "Fri 21"}},
	"agenda.changed":       {{"Jeu. 20"}, {"Thu 20"}},
	"agenda.new":           {{"Jeu. 20"}, {"Thu 20"}},
	"agenda.removed":       {{"Retiré", "jeu. 20"}, {"Withdrawn", "Thu 20"}},
	"average.changed":      {{"Moyenne en maths", "13,4 → 13,25"}, {"Maths average", "13.4 → 13.25"}},
	"balance.low":          {{"Bar", "4,20␣€"}, {"Bar", "€4.20"}},
	"balance.negative":     {{"solde négatif", "−3,40␣€"}, {"negative balance", "−€3.40"}},
	"day.changed":          {{"Jeu. 20", "10␣h–17␣h"}, {"Thu 20", "10:00–17:00"}},
	"delay.changed":        {{"Retard", "aujourd’hui"}, {"Lateness", "today"}},
	"delay.new":            {{"Retard de 12␣min", "aujourd’hui"}, {"12␣min late", "today"}},
	"delay.removed":        {{"Retard retiré", "aujourd’hui"}, {"Lateness withdrawn", "today"}},
	"evaluation.changed":   {{"Anglais", "A → A+"}, {"Anglais", "A → A+"}},
	"evaluation.new":       {{"Anglais", "A, B"}, {"Anglais", "A, B"}},
	"evaluation.removed":   {{"Évaluation retirée"}, {"Evaluation withdrawn"}},
	"homework.changed":     {{"Déplacé", "ven. 21"}, {"Moved", "Fri 21"}},
	"homework.new":         {{"Pour jeu. 20", "français"}, {"For Thu 20", "Français"}},
	"homework.removed":     {{"Retiré", "jeu. 20"}, {"Withdrawn", "Thu 20"}},
	"info.changed":         {{"Mis à jour"}, {"Updated"}},
	"info.new":             {{"Réunion"}, {"Réunion"}},
	"lesson.cancelled":     {{"Annulé", "jeu. 20", "8␣h␣30"}, {"Cancelled", "Thu 20", "8:30"}},
	"lesson.moved":         {{"Déplacé", "ven. 21", "8␣h␣30"}, {"Moved", "Fri 21", "8:30"}},
	"lesson.new":           {{"Cours ajouté", "jeu. 20", "8␣h␣30"}, {"Extra lesson", "Thu 20", "8:30"}},
	"lesson.replaced":      {{"Jeu. 20", "anglais"}, {"Thu 20", "Anglais"}},
	"lesson.restored":      {{"Maintenu", "jeu. 20", "8␣h␣30"}, {"Back on", "Thu 20", "8:30"}},
	"lesson.room":          {{"Jeu. 20", "salle"}, {"Thu 20", "room"}},
	"lesson.teacher":       {{"Professeur", "jeu. 20"}, {"Teacher", "Thu 20"}},
	"lesson.test":          {{"Contrôle", "jeu. 20", "EPS"}, {"Test", "Thu 20", "EPS"}},
	"mark.changed":         {{"Maths", "14,5 → 15/20"}, {"Maths", "14.5 → 15/20"}},
	"mark.new":             {{"Maths", "14,5/20"}, {"Maths", "14.5/20"}},
	"mark.removed":         {{"Note retirée", "maths"}, {"Mark withdrawn", "Maths"}},
	"menu.new":             {{"Cantine", "17"}, {"Canteen", "17"}},
	"message.new":          {{"Mme␣Faurelle"}, {"Mme␣Faurelle"}},
	"observation.changed":  {{"Observation corrigée"}, {"Observation corrected"}},
	"observation.new":      {{"Matériel oublié"}, {"Matériel oublié"}},
	"observation.removed":  {{"Observation retirée"}, {"Observation withdrawn"}},
	"person.changed":       {{"Coordonnées modifiées"}, {"Contact details changed"}},
	"punishment.changed":   {{"Retenue", "mer. 3␣déc."}, {"Retenue", "Wed 3␣Dec"}},
	"punishment.new":       {{"Retenue", "mer. 26", "13␣h–14␣h"}, {"Retenue", "Wed 26", "13:00–14:00"}},
	"punishment.removed":   {{"Punition retirée", "aujourd’hui"}, {"Punishment withdrawn", "today"}},
	"reminder.due":         {{"Absence", "lun. 17"}, {"Absence", "Mon 17"}},
	"report.changed":       {{"Bulletin corrigé"}, {"Report card corrected"}},
	"report.new":           {{"Bulletin", "trimestre 1"}, {"Report card", "Trimestre 1"}},
	"survey.new":           {{"Sondage"}, {"Survey"}},
	"system.backup":        {{"Sauvegarde automatique impossible"}, {"automatic backup failed"}},
	"system.banned":        {{"PRONOTE", "bloque"}, {"PRONOTE", "blocks"}},
	"system.child_joined":  {{"Léa est sur le compte"}, {"Léa is on"}},
	"system.child_left":    {{"n’est plus"}, {"no longer"}},
	"system.clock":         {{"Les nouvelles de PRONOTE sont"}, {"interrupted"}},
	"system.database":      {{"Les nouvelles de PRONOTE sont"}, {"interrupted"}},
	"system.login_refused": {{"Les nouvelles de PRONOTE sont"}, {"interrupted"}},
	"system.mirrored":      {{"Suivi de PRONOTE"}, {"Following PRONOTE"}},
	"system.recovered":     {{"répond de nouveau"}, {"answers again"}},
	"system.token_lost":    {{"Les nouvelles de PRONOTE sont"}, {"interrupted"}},
	"system.undelivered":   {{"maman ne reçoit plus"}, {"maman no longer gets"}},
	"system.unreachable":   {{"ne répond plus depuis"}, {"has not answered since"}},
	"system.upgraded":      {{"PRONOTE"}, {"PRONOTE"}},
	"transaction.new":      {{"−2,10␣€"}, {"−€2.10"}},
	"transaction.undone":   {{"annulé"}, {"undone"}},
	"wallet.low":           {{"8,30␣€"}, {"€8.30"}},
}

// TestALockScreenShowsWhoWhatAndWhen: 65 % of the titles were longer than one, and what
// is cut is the end.
func TestALockScreenShowsWhoWhatAndWhen(t *testing.T) {
	t.Parallel()
	all := samples(t)
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		wanted, known := atAGlance[kind]
		if !known {
			t.Errorf("what is to be read of %s at a glance?", kind)
		}
		for i, language := range wording.Languages {
			m, err := shipped.In(language).Message([]wording.Event{{Kind: kind, Child: "Léa", Data: all[kind]}}, tuesday(wording.Full))
			if err != nil {
				t.Fatal(err)
			}
			if n := utf8.RuneCountInString(m.Title); n > wording.MaxTitle || strings.Contains(m.Title, "…") {
				t.Errorf("%s %s: a title of %d characters in the usual form: %s", language, kind, n, m.Title)
			}
			seen := strings.ReplaceAll(string([]rune(m.Title)[:min(glance, utf8.RuneCountInString(m.Title))]), "\u00a0", "␣")
			for _, want := range wanted[i] {
				if !strings.Contains(seen, want) {
					t.Errorf("%s %s: no %q in %q", language, kind, want, seen)
				}
			}
			if !strings.HasPrefix(kind, "system.") && !strings.Contains(seen, "Léa · ") {
				t.Errorf("%s %s: no name in %q", language, kind, seen)
			}
		}
	}
}

// actions are the parts of a template that are no text.
var actions = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

// strung are the texts that actions write.
var strung = regexp.MustCompile(`"([^"]*)"`)

// TestFrenchHasNoBreakSpaces: not one was in any template, and every apostrophe was a
// straight one.
func TestFrenchHasNoBreakSpaces(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("fr", "*.tmpl"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	comment := regexp.MustCompile(`(?s)\{\{-? ?/\*.*?\*/ ?-?\}\}`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		bare := comment.ReplaceAllString(string(text), "")
		words := actions.ReplaceAllStringFunc(bare, func(action string) string {
			var said strings.Builder
			for _, found := range strung.FindAllStringSubmatch(action, -1) {
				said.WriteString("¦" + found[1] + "¦")
			}
			return said.String() + "¦"
		})
		for _, line := range strings.Split(words, "\n") {
			if broken := wordingtest.Broken(line); len(broken) > 0 {
				t.Errorf("%s: %q in %s", file, broken, line)
			}
		}
	}
	for kind, data := range samples(t) {
		m, err := shipped.In("fr").Message([]wording.Event{{Kind: kind, Child: "Léa", Data: data}}, tuesday(wording.Full))
		if err != nil {
			t.Fatal(err)
		}
		ofSchool := []string{"S'exprimer à l'oral", "Réunion de rentrée :", "Rendez-vous à 18 h.", "Bravo !", "Contrôle n°2 :", "d'accueil", "l'école"}
		if broken := wordingtest.Broken(m.Title+"\n"+m.Body, ofSchool...); len(broken) > 0 {
			t.Errorf("%s: %q in\n%s\n%s", kind, broken, m.Title, m.Body)
		}
	}
}
