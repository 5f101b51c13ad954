// Package notekfet speaks to a NoteKfet2015 server: the ledger of a student bar.
//
// The package holds the words of the protocol (codes, rights, amounts, rows) and a
// client. Dial connects, verifies the server's certificate and greets; Login opens a
// session; then there is one method for each command, in a file of its name. A
// refusal is a *Error with the server's code and sentence; test for it with
// errors.As, and for money look at the code of each entry as well: the success of a
// list is not that of its entries.
//
// Nothing is ever sent twice. When a command that moves money is interrupted, the
// connection is closed and the error wraps ErrOutcomeUnknown, as it does when the
// server breaks in the middle: read the history before asking again.
package notekfet
