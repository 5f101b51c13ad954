package cas

// casForm is a CAS with one form, as Apereo's has it.
var casForm = engine{
	expects: "a form with username and password",
	readers: []reader{localForm(func(p Portal) string { return p.Form }, "username", "password", nil)},
}
