// Package wire speaks PRONOTE's private protocol in the server's own words: the
// page that opens a session, the envelope of a function call, the ciphers, the
// typed values, and the French structs of each answer. It does no I/O and keeps
// no state; package pronote owns the session and turns these words into English.
//
// A message is sealed in layers. Payload text (JSON) may be compressed, then
// may be encrypted, and travels as hexadecimal text or, when neither applies,
// as the JSON object itself:
//
//	request:  JSON ─► hex ─► deflate ─► AES-128-CBC ─► hex
//	answer:   JSON ────────► deflate ─► AES-128-CBC ─► hex
//
// The asymmetry is the server's: a request is turned into hexadecimal before it
// is deflated, an answer is not.
package wire
