package cas

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// Kosmos (K-d'école, Skolengo) is one CAS under many names. It lets people
// choose whose account they have; the choice can be made in the first address.
var kosmosEduConnect = engine{
	eduConnect: true, query: kosmosSelection, expects: eduConnectForm,
	readers: withEduConnect(kosmosChoice),
}

func kosmosSelection(p Portal) string {
	if len(p.Selections) == 0 || p.Selections[0] == "" {
		return ""
	}
	return "selection=" + url.QueryEscape(p.Selections[0])
}

// kosmosChoice is the page of that choice, which comes where the choice in the
// address was none that the portal has.
var kosmosChoice = reader{"kosmos choice", func(w *walk, p *page) (*step, error) {
	var radios []element
	labels := map[string]string{} // by the control that they are for
	for e := range p.all() {
		switch {
		case e.tag.Data == "label" && labels[e.attr("for")] == "":
			labels[e.attr("for")] = fold(p.says(e))
		case e.tag.Data == "input" && e.attr("type") == "radio" && e.attr("name") == "selection":
			radios = append(radios, e)
		}
	}
	if len(radios) == 0 {
		return nil, nil
	}
	if w.posted {
		return nil, &Error{Reason: cmp.Or(w.said, UnknownThere), Host: p.url.Host}
	}
	var offered []string
	eduConnect := ""
	for _, r := range radios {
		value, id := r.attr("value"), r.attr("id")
		offered = append(offered, value)
		if w.engine.eduConnect && eduConnect == "" && (strings.Contains(value, "EDU") || id != "" && strings.Contains(labels[id], "educonnect")) {
			eduConnect = value
		}
	}
	for _, value := range append(slices.Clone(w.Portal.Selections), eduConnect) {
		if value != "" && slices.Contains(offered, value) {
			return get(reselected(p.url, value)), nil
		}
	}
	return nil, w.changed(p, "a choice of "+strings.Join(w.Portal.Selections, " or "))
}}

// reselected is an address with another selection. The rest stays as it is
// spelled: the portal compares the service.
func reselected(at *url.URL, value string) *url.URL {
	u := *at
	parts := slices.DeleteFunc(strings.Split(u.RawQuery, "&"), func(part string) bool {
		return part == "" || strings.HasPrefix(part, "selection=")
	})
	u.RawQuery = strings.Join(append(parts, "selection="+url.QueryEscape(value)), "&")
	return &u
}
