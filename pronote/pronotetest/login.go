package pronotetest

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// answerParameters takes over the vector and describes the school.
func answerParameters(c *call) (any, *wire.Error) {
	var request struct {
		UUID    string `json:"Uuid"`
		Browser string `json:"identifiantNav"`
	}
	if json.Unmarshal(c.data, &request) != nil {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	iv, err := c.server.openUUID(request.UUID)
	if err != nil || len(iv) != 16 {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	c.session.cipher = c.session.cipher.WithIV(iv)
	c.session.browser = request.Browser
	if request.Browser == "" {
		c.session.browser = randomHex(32)
	}
	school := c.server.school
	return o{
		"identifiantNav":  c.session.browser,
		"DateServeurHttp": dateTimeValue(school.Now()),
		"URLEspace":       map[world.Viewer]string{pronote.KindStudent: "eleve.html", pronote.KindParent: "parent.html"}[c.session.viewer],
		"tableauVersion":  strings.Split(c.server.options.Profile.short(), "."),
		"General":         general(c),
	}, nil
}

// openUUID reads the first request's vector, sealed where the page has a key.
func (s *Server) openUUID(text string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || s.key == nil {
		return raw, err
	}
	//lint:ignore SA1019 the protocol demands it
	return rsa.DecryptPKCS1v15(rand.Reader, s.key, raw)
}

func general(c *call) o {
	school := c.server.school
	holidays := []o{}
	for i, h := range school.Holidays() {
		holidays = append(holidays, o{"N": c.session.name(48, "holiday", i), "L": h.Name, "dateDebut": dateValue(h.Starts), "dateFin": dateValue(h.Ends)})
	}
	periods := []o{}
	for i, p := range school.AllPeriods() {
		periods = append(periods, o{
			"N": c.session.name(105, "period", i), "L": p.Name, "G": schoolGenre(p), "periodeNotation": min(i, 6),
			"dateDebut": dateValue(p.Starts), "dateFin": dateValue(p.Ends),
		})
	}
	starts, ends := []o{}, []o{}
	for slot := range 21 { // half hours from 8 to 18, and the end of the day once more
		starts = append(starts, o{"G": slot, "L": slotClock(slot)})
		ends = append(ends, o{"G": slot, "L": slotClock(slot + 1)})
	}
	version := c.server.options.Profile
	return o{
		"version": "PRONOTE " + version.short(), "versionPN": version.short(), "nomProduit": "PRONOTE", "langue": "fr", "langID": 1036,
		"NomEtablissement": school.Name(), "NomEtablissementConnexion": school.Name(),
		"AnneeScolaire": school.Year(), "numeroPremiereSemaine": 1,
		"PremierLundi": dateValue(school.FirstMonday()), "PremiereDate": dateValue(school.Starts()), "DerniereDate": dateValue(school.Ends()),
		"JourOuvre": dateValue(school.Now().Date), "JoursOuvres": typed(11, "[1..5]"),
		"dateDebutPremierCycle": dateValue(school.FirstMonday()),
		"PremiereHeure":         typed(7, "30/12/1899 08:00:00"), "PlacesParJour": 20, "PlacesParHeure": 2, "DureeSequence": 1.0 / 24,
		"ListeHeures": wrapped(starts), "ListeHeuresFin": wrapped(ends),
		"DomainesFrequences": []o{typed(8, "[1..62]"), typed(8, weeks(1)), typed(8, weeks(2))},
		"LibellesFrequences": []string{"", "A", "B"},
		"BaremeNotation":     typed(10, "20"), "BaremeMaxDevoirs": typed(10, "999"),
		"listeJoursFeries": wrapped(holidays), "ListePeriodes": periods,
		"nomCookieAppli":        "validationAppliMobile",
		"urlSiteIndexEducation": typed(23, "https://www.index-education.com/redirect.php?produit=pn&version="+version.Version+"&page=accueil"),
	}
}

// slotClock is the label of a half hour of the day: "08h00", "08h30" …
func slotClock(slot int) string {
	slot = min(slot, 20)
	return fmt.Sprintf("%02dh%02d", 8+slot/2, slot%2*30)
}

// weeks lists the odd or even weeks of the year.
func weeks(first int) string {
	var list []string
	for w := first; w <= 62; w += 2 {
		list = append(list, fmt.Sprint(w))
	}
	return "[" + strings.Join(list, ",") + "]"
}

// dateValue and dateTimeValue write dates as the server does.
func dateValue(d pronote.Date) o { return typed(7, d.In(time.UTC).Format("02/01/2006")) }

func dateTimeValue(t pronote.DateTime) o {
	return typed(7, t.In(time.UTC).Format("02/01/2006 15:04:05"))
}

// answerIdentification sets a challenge, which only the owner of the password,
// of the QR code or of the token can answer. An unknown user gets one like
// anybody.
func answerIdentification(c *call) (any, *wire.Error) {
	var request struct {
		ByToken    bool   `json:"enConnexionAppliMobile"`
		ByQR       bool   `json:"demandeConnexionAppliMobileJeton"`
		WantsToken bool   `json:"demandeConnexionAppliMobile"`
		ByPortal   bool   `json:"pourENT"`
		Username   string `json:"identifiant"`
		UUID       string `json:"uuidAppliMobile"`
	}
	if json.Unmarshal(c.data, &request) != nil {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	if c.server.tooManyRefusals() {
		return nil, refusal(25, "Vous avez dépassé le nombre d'autorisations")
	}
	c.session.way, c.session.uuid = "password", request.UUID
	switch {
	case request.ByQR:
		c.session.way = "qr"
	case request.ByToken:
		c.session.way = "token"
	case request.ByPortal && request.Username == c.session.portalName:
		c.session.way = "portal"
	}
	c.session.wantsToken = request.UUID != "" && (request.WantsToken || c.session.way != "password")
	c.session.proof = c.server.proofOf(c.session)
	c.session.salt, c.session.challenge = randomHex(8), randomHex(16) // one block
	if c.session.way == "portal" && !c.server.options.Delegation.Salt {
		c.session.salt = ""
	}
	noisy := make([]byte, 0, 32)
	for i := range len(c.session.challenge) {
		noisy = append(noisy, c.session.challenge[i], "0123456789ABCDEF"[i%16])
	}
	challenge := c.loginCipher().EncryptHex(string(noisy))
	switch raw := c.server.options.Profile.RawChallenge; {
	case raw && c.server.options.Lookalike:
		c.session.challenge = challenge
	case raw:
		challenge = c.session.challenge
	}
	answer := o{"alea": c.session.salt, "modeCompLog": 1, "modeCompMdp": 0, "challenge": challenge}
	if c.session.salt == "" {
		delete(answer, "alea")
	}
	return answer, nil
}

func (c *call) loginCipher() wire.Cipher {
	a := c.server.account(c.session.viewer)
	name := strings.ToLower(a.username)
	if c.session.way == "portal" {
		name = ""
	}
	return c.session.cipher.WithKey(wire.LoginKey(name, c.session.salt, c.session.proof))
}

func (s *Server) account(viewer world.Viewer) account {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.accounts[viewer]
}

// maxRefusals is how many wrong passwords in a row the server takes before it
// answers that there were too many; some more, and the address is banned.
const maxRefusals = 5

func (s *Server) tooManyRefusals() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refused >= maxRefusals {
		s.refused++
		s.banned = s.refused > maxRefusals+3
		return true
	}
	return false
}

// answerAuthentication compares the answer and hands over the session's key.
func answerAuthentication(c *call) (any, *wire.Error) {
	var request struct {
		Challenge string `json:"challenge"`
	}
	if json.Unmarshal(c.data, &request) != nil || c.session.challenge == "" {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	key := c.loginCipher()
	if !strings.EqualFold(request.Challenge, key.EncryptHex(c.session.challenge)) || !c.server.stillGood(c.session) {
		c.server.countRefusal()
		return o{"Acces": 1}, nil
	}
	account := c.server.account(c.session.viewer)
	if account.access != 0 {
		return o{"Acces": account.access, "AccesMessage": o{"titre": "", "message": account.message}}, nil
	}
	c.server.forgetRefusals()
	c.session.nextKey = randomBytes(16)
	decimal := make([]string, 16)
	for i, b := range c.session.nextKey {
		decimal[i] = fmt.Sprint(b)
	}
	answer := o{
		"cle":         key.EncryptHex(strings.Join(decimal, ",")),
		"libelleUtil": c.server.viewerName(c.session.viewer), "derniereConnexion": dateTimeValue(c.server.school.Now()),
		"modeSecurisationParDefaut": 1, "modesPossibles": typed(26, "[1..3]"),
		"reglesSaisieMDP": o{"min": 8, "max": 32, "regles": typed(26, "[0..3]")},
	}
	c.session.challenge, c.session.authenticated = "", true
	if c.session.wantsToken {
		answer["jetonConnexionAppliMobile"] = c.server.nextToken(c.session)
	}
	c.session.steps = c.server.steps(c.session)
	if c.session.loggedIn = len(c.session.steps) == 0; !c.session.loggedIn {
		answer["actionsDoubleAuth"] = typed(26, wire.Set(c.session.steps).String())
	}
	return answer, nil
}

func (s *Server) countRefusal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused++
}

func (s *Server) forgetRefusals() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = 0
}

func (s *Server) viewerName(viewer world.Viewer) string {
	if viewer == pronote.KindParent {
		return s.school.Parent()
	}
	return s.school.Pupil()
}

// answerUser describes the person and the tabs.
func answerUser(c *call) (any, *wire.Error) {
	if !c.session.loggedIn {
		return nil, refusal(3, "Accès refusé")
	}
	menu := []o{}
	for _, tab := range tabs() {
		if c.server.hasTab(c.session.viewer, tab) {
			menu = append(menu, o{"G": tab})
		}
	}
	answer := o{
		"listeInformationsEtablissements": wrapped([]o{{
			"L": c.server.school.Name(), "N": c.session.name(50, "school", 0), "avecInformations": true,
			"urlLogo": typed(23, "fichierurlpublique/logo.png?param=7DA3DEB97ED4E736"),
			"Coordonnees": o{
				"Adresse1": "12 rue des Tilleuls", "Adresse2": "BP 4", "Adresse3": "", "Adresse4": "", "CodePostal": "00000", "LibellePostal": "",
				"LibelleVille": "Villeneuve", "Province": "", "Pays": "France", "SiteInternet": "https://college.example.org/",
			},
		}}),
		"parametresUtilisateur": o{"version": 1}, "autorisationsSession": o{"fonctionnalites": o{}},
		"autorisations": o{"AvecDiscussion": true, "tailleMaxDocJointEtablissement": 5242880, "tailleMaxRenduTafEleve": 5242880},
		"listeOnglets":  menu, "listeOngletsInvisibles": []int{}, "listeOngletsNotification": []int{tabInfos},
	}
	if c.session.viewer == pronote.KindStudent {
		answer["ressource"] = c.resource(0)
		return answer, nil
	}
	children := []o{}
	for i := range c.server.pupils(c.session.viewer) {
		children = append(children, c.resource(i))
	}
	answer["ressource"] = o{
		"L": c.server.school.Parent(), "N": c.session.name(128, "parent", 0), "G": 5, "P": 1,
		"Etablissement": wrapped(c.schoolElement()), "listeRessources": children, "listeClassesDelegue": []o{}, "estDelegue": false,
	}
	return answer, nil
}

func (c *call) schoolElement() o {
	return o{"L": c.server.school.Name(), "N": c.session.name(50, "school", 0)}
}

// resource is a pupil as the login describes one.
func (c *call) resource(i int) o {
	pupil := c.server.pupils(c.session.viewer)[i]
	school := c.server.school.Of(pupil)
	class := o{"L": school.Class(), "N": c.session.name(23, "class "+school.Class(), 0)}
	groups := []o{}
	for _, group := range school.Groups(pupil) {
		groups = append(groups, o{"L": group, "N": c.session.name(60, "group "+group, 0)})
	}
	byTab := []o{}
	for _, tab := range []int{tabMarks, tabSchoolLife, tabEvaluations, tabReports} {
		if !shows(school, tab) {
			continue
		}
		byTab = append(byTab, c.tabPeriods(school, tab))
	}
	return o{
		"L": pupil, "N": c.session.name(46, "pupil", i), "G": 4, "P": 1,
		"Etablissement": wrapped(c.schoolElement()), "classeDEleve": class, "avecPhoto": false,
		"listeClassesHistoriques": wrapped([]o{{"L": class["L"], "N": class["N"], "courant": true, "AvecNote": true, "AvecFiliere": false}}),
		"listeGroupes":            wrapped(groups), "listeNumerosUtiles": wrapped([]o{}),
		"listeOngletsPourPeriodes": wrapped(byTab),
	}
}

// tabPeriods are the periods that a tab has for a class, as the login lists them.
func (c *call) tabPeriods(school *world.School, tab int) o {
	periods := []o{}
	if tab == tabSchoolLife { // an entry that only adds up the terms
		periods = append(periods, o{"G": 1, "L": "Année (Trois trimestres)"})
	}
	current := school.PeriodAt(school.Now().Date)
	var byDefault o
	for i, p := range c.server.school.AllPeriods() {
		if !slices.Contains(periodsOf(school, tab), p) {
			continue
		}
		number := c.session.name(105, "period", i)
		periods = append(periods, o{"L": p.Name, "N": number, "G": tabGenre(p), "A": true, "GenreNotation": schoolGenre(p)})
		if p == current {
			byDefault = o{"L": p.Name, "N": number}
		}
	}
	return o{"G": tab, "listePeriodes": wrapped(periods), "periodeParDefaut": wrapped(byDefault)}
}

func answerNothing(*call) (any, *wire.Error) { return o{}, nil }

func answerLogout(c *call) (any, *wire.Error) {
	c.session.ended = true
	return o{}, nil
}
