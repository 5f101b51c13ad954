package pronote_test

import (
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func TestParseAddress(t *testing.T) {
	t.Parallel()
	for pasted, want := range map[string]string{
		"https://0123456a.index-education.net/pronote":                                 "https://0123456a.index-education.net/pronote",
		" https://0123456a.index-education.net/pronote/ ":                              "https://0123456a.index-education.net/pronote",
		"https://0123456a.index-education.net/pronote/eleve.html?login=true":           "https://0123456a.index-education.net/pronote",
		"https://0123456a.index-education.net/pronote/mobile.parent.html?fd=1#menu":    "https://0123456a.index-education.net/pronote",
		"https://0123456a.index-education.net/pronote/parent.html?identifiant=X#/a.ht": "https://0123456a.index-education.net/pronote",
		"https://school.example/ELEVE.HTML":                                            "https://school.example",
		"0123456a.index-education.net/pronote/":                                        "https://0123456a.index-education.net/pronote",
		"http://192.168.1.4:8080/":                                                     "http://192.168.1.4:8080",
	} {
		got, err := pronote.ParseAddress(pasted)
		if err != nil || got.String() != want {
			t.Errorf("ParseAddress(%q) = %v, %v, want %s", pasted, got, err, want)
		}
	}
	for _, pasted := range []string{"", "  ", "ftp://school.example/pronote", "https://", "https://a b/pronote", "javascript://x",
		"https://0123456a.İndex-education.net/pronote/", "https://0123456\u212a.index-education.net/", "https://école.example/", "https://school.example:99999/"} {
		if got, err := pronote.ParseAddress(pasted); err == nil {
			t.Errorf("ParseAddress(%q) = %v, want an error", pasted, got)
		}
	}
}

func TestAddressWithLettersThatGrowWhenLowered(t *testing.T) {
	t.Parallel()
	if _, err := pronote.ParseAddress("https://a/" + strings.Repeat("Ⱥ", 30) + ".html"); err != nil {
		t.Error(err)
	}
}
