package cas

import "github.com/PuerkitoBio/goquery"

// kosmosForm is Kosmos with accounts of its own.
var kosmosForm = engine{
	query: kosmosSelection, expects: "the form cas__login-form",
	readers: []reader{kosmosChoice, localForm(always("form.cas__login-form"), "username", "password", nil)},
}

// byFor finds the labels of a control.
func byFor(id string) func(int, *goquery.Selection) bool {
	return func(_ int, label *goquery.Selection) bool { return id != "" && label.AttrOr("for", "") == id }
}
