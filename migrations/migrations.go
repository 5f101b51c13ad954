// Package migrations holds the steps that build the mirror's schema, oldest
// first. A tag freezes them: from then on the schema only moves forward, by new
// steps.
package migrations

import "embed"

// FS holds the SQL files at its root, named for goose.
//
//go:embed *.sql
var FS embed.FS
