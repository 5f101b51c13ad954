package ledger

import "github.com/pronote-sync/pronote-sync/notekfet/internal/password"

// HashPassword makes the stored text of a password.
func HashPassword(word string) string { return password.Hash(word) }

// NoPassword is the stored text of an account that has none.
const NoPassword = password.None
