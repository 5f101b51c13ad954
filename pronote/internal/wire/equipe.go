package wire

// Equipe is the answer to PageEquipePedagogique: who works with a pupil.
type Equipe struct {
	Liste List[Personnel] `json:"liste"`
}

// Personnel is a teacher, whose type is 3, or another adult of the school, 34.
type Personnel struct {
	Element
	EstEnleve Bool           `json:"estEnleve"` // no longer with the pupil
	Mail      Text           `json:"mail"`
	Fonction  Name           `json:"fonction"`
	Matieres  List[Enseigne] `json:"matieres"`
}

// Enseigne is a subject that somebody teaches to the pupil. What a part of a subject
// belongs to (libelleMatiere, servicePere) is left out: it is in the list as well.
type Enseigne struct {
	Element
	VolumeHoraire     Text `json:"volumeHoraire"` // a week: "3h30"
	EstUneSousMatiere Bool `json:"estUneSousMatiere"`
}
