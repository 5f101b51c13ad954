package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// TestTheDataSetsOfTheDocsAreSome reads what the pages tell people to write.
func TestTheDataSetsOfTheDocsAreSome(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"notekfet.md", "notekfet.fr.md"} {
		text, err := os.ReadFile("../../docs/" + page)
		if err != nil {
			t.Fatal(err)
		}
		block := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(text)
		if block == nil {
			t.Fatalf("%s has no data set", page)
		}
		d, err := ledger.ReadDataset(strings.NewReader(string(block[1])))
		if err != nil || len(d.Accounts) == 0 {
			t.Errorf("%s: %v", page, err)
		}
	}
}
