// Package migrations holds the steps that build the mirror's schema, oldest
// first. A released file is never edited: the schema only moves forward.
package migrations

import "embed"

// FS holds the SQL files at its root, named for goose.
//
//go:embed *.sql
var FS embed.FS
