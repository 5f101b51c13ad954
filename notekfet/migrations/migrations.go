// Package migrations holds the steps that build the ledger's schema: a folder
// for each kind of database, with the same numbers in both.
package migrations

import "embed"

// SQLite holds the steps of SQLite under sqlite, named for goose.
//
//go:embed sqlite/*.sql
var SQLite embed.FS

// Postgres holds those of PostgreSQL under postgres.
//
//go:embed postgres/*.sql
var Postgres embed.FS
