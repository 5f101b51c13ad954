package wire

// Evaluations is the answer to DernieresEvaluations.
type Evaluations struct {
	ListeEvaluations List[Evaluation] `json:"listeEvaluations"`
}

// Evaluation is a piece of work that was judged by skills, in the periode that was
// asked for. Left out are the couleur of the subject and its serviceConcerne.
type Evaluation struct {
	Element
	Date                      DateTime        `json:"date"`
	Individu                  Object[Element] `json:"individu"` // the teacher
	Matiere                   Object[Element] `json:"matiere"`
	Coefficient               Number          `json:"coefficient"`
	Descriptif                Text            `json:"descriptif"`
	Domaine                   Object[Element] `json:"domaine"`
	ListePaliers              List[Element]   `json:"listePaliers"` // cycles of the curriculum
	ListeNiveauxDAcquisitions List[Niveau]    `json:"listeNiveauxDAcquisitions"`
}

// Niveau is the level that a pupil reached in one skill. Its label is the
// level's, its genre the one of the enumeration.
type Niveau struct {
	Element
	Abbreviation Text            `json:"abbreviation"`
	Ordre        Int             `json:"ordre"`
	Coefficient  Number          `json:"coefficient"`
	Domaine      Object[Element] `json:"domaine"`
	Item         Object[Element] `json:"item"` // absent where a whole domain was judged
	Pilier       Object[Pilier]  `json:"pilier"`
	Observation  Text            `json:"observation"`
}

// Pilier is a pillar of the common core of knowledge.
type Pilier struct {
	Element
	StrPrefixes Text `json:"strPrefixes"` // "D1.2", or several apart by commas
}
