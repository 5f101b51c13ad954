// Package notifiers carries messages to people: one value is one recipient on one channel.
//
// [New] builds a channel from its kind and its settings, without touching the network. [Notifier.Deliver] then makes
// one attempt. It returns nil once the service has taken the message, and only then; a fault after that moment (an
// answer cut short, a mail server that never says goodbye) is not an error, since a second attempt would tell the
// reader twice.
//
// # Who retries
//
// The caller does, for it has the queue; nothing here tries twice. It reads from an error what it must know through five
// methods, which need no import of this package:
//
//	Reason() string            // why, in a word: what a person can do about it is for the caller to say
//	Permanent() bool           // the same message will be refused again: a person must act
//	MayHaveArrived() bool      // nobody knows: the answer was lost, so that another attempt may tell the reader twice
//	Patience() time.Duration   // it is final once it has lasted so long; zero when the caller decides
//	RetryAfter() time.Duration // the service said how long to wait; zero when it did not
//
// Failures are temporary unless a channel is sure of the contrary: a refused token, an unknown chat, a message that is
// too long. No network, no disk, a stall, a certificate that does not match: all temporary, since they can pass without
// a change of the settings, and the message must not be lost meanwhile. A person's own server that refuses (401, 403,
// 404, 405) is only given a day, as it may just be on the move. [errors.Is] finds [context.Canceled] and
// [context.DeadlineExceeded] when the context ended the attempt. An attempt is given up after a minute in any case.
//
// The text of an error is one line that says what is wrong and what to do next. It can be stored and shown: no secret
// of the settings is in it, in no usual encoding.
//
// # One receiver per channel
//
// A channel has one recipient, so that an error speaks of one person and a retry reaches no one else again. A family
// with two telephones has two channels. For the same reason a message is never split: if the second half were refused,
// a retry would repeat the first. A message that is too long for a service is cut at the end of a line and ends with
// "…".
//
// The same id is the same message. Channels that can, say so to the other side (Message-ID in e-mail, Idempotency-Key
// and "id" in a webhook, sequence_id at ntfy, PRONOTE_ID for a command, the transaction at Matrix, requestId at Google
// Chat, guid at Pushbullet, id at Bark), which makes a repeat after a crash harmless. The others have no place for it.
//
// # Corrections
//
// A message that amends an earlier one takes its place at Telegram, Discord, Matrix, ntfy and Bark, and follows it as an
// answer in e-mail. Telegram, Discord and Matrix change a message without a sound, so that one which is urgent is sent
// anew there, at Telegram and Matrix as an answer; and so is one whose earlier message is gone, but at Matrix, which does
// not tell. A repeat of an edit changes nothing.
//
// # Hidden text
//
// What stands between [SpoilerStart] and [SpoilerEnd] is shown on a tap where the service knows how ([CanHide]), and
// is replaced by "•••" elsewhere: it is left out, never shown. A missing end hides the rest of the text.
//
// # Adding a channel
//
// A service that takes a message in one HTTP request is an entry: its settings, a struct with toml tags whose secrets
// are of type [Secret], and open, which checks them and fills in a service: the address, headers and body, the limit and
// how the service counts, what is its yes, where its id and its reasons stand. See push.go for the shortest. Anything
// else is a channel with a send of its own, over a poster if it speaks HTTP. Either way add one line to the table of
// kinds in notifiers.go, a fake that refuses what the real one refuses to the conformance test, a stanza to
// config.toml.example, and a row and some lines to docs/channels.md and its French twin. Deadline, redaction and identities are not your concern: every
// channel is wrapped once.
package notifiers
