package cas

// kosmosForm is Kosmos with its own accounts.
var kosmosForm = engine{
	query: kosmosSelection, expects: "the form cas__login-form",
	readers: []reader{kosmosChoice, localForm(always("form.cas__login-form"), "username", "password", nil)},
}
