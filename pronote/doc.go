// Package pronote reads a PRONOTE account: that of a pupil, or of a parent with
// all their children. PRONOTE is what most French secondary schools keep their
// marks, homework and timetables in.
//
// It is for programs that show a family what its school has written, or keep a
// copy of it. It speaks as PRONOTE's own clients do, to the address that a
// browser shows; nothing has to be set up at the school.
//
// It is unofficial. Index Éducation, who make PRONOTE, neither know nor support
// it, and may change the protocol any day. Use it for your own account or your
// child's.
//
// # What most programs need
//
// [Login] opens a [Session], [Session.Students] says who is in it, and a method for
// each page of PRONOTE reads that page for one of them: [Session.Marks],
// [Session.Evaluations], [Session.Report] and [Session.SchoolLife] for a period;
// [Session.Homework], [Session.Lessons] and [Session.Contents] for a range of days;
// [Session.Menus] and [Session.Agenda] for a week; [Session.Infos],
// [Session.Discussions] and [Session.Staff] for all there is; [Session.Home] for
// links and the canteen's wallets, which only the home page has. [Session.Person] is
// who logged in. [Session.Download] fetches the files attached to what these return,
// report cards and [Session.TimetablePDF] among them, and [Session.Calendar] is
// where calendars find a timetable. [Session.Close] logs out.
//
//	session, err := pronote.Login(ctx, "https://0123456a.index-education.net/pronote/", pronote.Credentials{
//		Username: "l.martin", Password: pronote.NewSecret(password),
//	}, nil)
//
// Pupil and parent differ in Credentials.Kind alone. Each child of a parent is a
// [Student] of one and the same session.
//
// The types are values in plain English, whatever version sent them. Times are the
// school's wall clock without a zone, see [Date]. A figure that the school hides
// is an unknown [Number] and not zero; whatever is written in place of a mark is a
// [Score], because "Abs" is written there too. Text comes twice where a teacher
// may have formatted it: as plain text, and as HTML that is not to be trusted.
//
// # Ways to log in
//
// By password: Username and Password, as typed on PRONOTE's own page. Where the
// school does not know the machine and asks for the PIN of the account, Login
// returns [ErrSecondFactor]; with Credentials.PIN it has the machine remembered,
// and Options.KeepDevice is handed what to be remembered by.
//
// By QR code: [ParseQR] reads the text of the code that PRONOTE shows in a
// browser, [QR.Open] unseals it with the PIN that was chosen there. The
// credentials are good for one login, within ten minutes, at QR.Address.
//
// By token: each login by QR code gives a token, and each login by token voids
// it and gives the next. It is part of a [Device]; a program that loses it is
// locked out until somebody makes a new QR code. Such logins therefore need
// Options.KeepDevice, which is called the moment there is a new token and must
// not return before it is safe on the disk. Then give Credentials.Device, as it
// was last kept, and nothing else but the Kind. A login that was cut off in the
// middle leaves in the Device what the next one needs to find its token again.
//
// Through a portal (ENT): Credentials.Portal carries out the request for PRONOTE's
// page, and any login that the portal has in front of it; package cas of this
// module knows most French portals. That takes the portal's password each time.
// Better make a QR code of the session with [Session.QR] and a [RandomPIN], log in
// once by it, and use the token from then on; the Portal is not called while the
// Device has one. A session by password can do the same.
//
// A refused password, code, token or PIN must not be tried again: after a few
// refusals PRONOTE blocks the internet address of the whole house for hours.
// Login itself tries once.
//
// # Periods and days
//
// [Student.PeriodsOf] has the periods of a page, such as [TabReports], and names
// the present one; [Period.Holds] finds that of a day. Ask for all of them to read a
// year. Student.Periods are those of the marks, for programs that want one list and
// no more: other pages may have fewer, more, or semesters in place of terms.
// Children of one parent may have others, and not the same pages: what a child
// does not have is [ErrNotAvailable].
//
// Ranges of days include both ends. [School] has the first and the last day of
// the year, the holidays, and [School.Open] for a day. The days before the first
// Monday of the school year belong to no week of PRONOTE's; there is nothing on
// them.
//
// A [Student], a [Period], an [Info], a [Discussion] and an [Attachment] hold
// identifiers that PRONOTE makes up anew for each session. Use them with the
// session that returned them; with another one the server answers [ErrStale] at
// best. Nothing in the exported fields is such an identifier, so there is
// nothing among them by which to recognise a row tomorrow but what it says.
//
// # A session that lasts
//
// A login costs five requests, and logins are what gets a program blocked, so
// keep a session. The server ends one that was idle for longer than the school
// allows, commonly half an hour or less; [Session.KeepAlive] sees to that in the background, [Session.Touch] once.
// After [ErrSessionExpired] the session is over, and takes a new login.
//
// PRONOTE takes one request at a time. Methods may be called by several
// goroutines and wait for their turn. Between requests there is no pause:
// Options.Before is called ahead of each one and may make one. A program that
// looks at many pages should leave a second between them.
//
// # Errors
//
// Every error is one sentence for people, and most say what to do. Programs
// compare with errors.Is or take them apart with errors.As:
//
//   - a person must act: [ErrCredentials], [ErrToken], [ErrQRCode], [ErrPIN],
//     [ErrSecondFactor], [ErrProtection], [ErrNewPassword], [ErrPortalLogin],
//     [*AccessError], [*PortalError];
//   - wait, and ask nothing meanwhile: [*BlockedError], [ErrClosed], [ErrBusy];
//   - log in again, once: [ErrSessionExpired];
//   - the account is not shown this page: [ErrNotAvailable];
//   - nothing is known: [ErrUnreadable], [ErrNotPRONOTE], [*HTTPError],
//     [*VersionError], [*ServerError], and those of the network.
//
// A list is never empty because something went wrong: an answer that lacks the
// list is ErrUnreadable. An answer that was lost on the way is asked for again,
// twice, by the number that makes the server give the same one.
//
// No error and no line of the log has a password, a token, or what a page says;
// errors quote no more than the server's own sentence. Passwords and tokens are
// [Secret], which prints as "[redacted]" everywhere, in JSON too: a program that
// keeps a Device writes out what Secret.Reveal returns.
//
// # Below the methods
//
// [Session.Request] calls any function of the protocol by the server's own name,
// with numbering, encryption and repetition taken care of, and returns the answer
// as JSON. Functions whose names begin with Saisie change something at the school.
// Apart from logging in and out, the other methods change nothing, with one
// exception: [Session.OpenInfo] marks the notice as read.
//
// # What is not promised
//
// The package speaks to PRONOTE from 2022 to [Newest], as far as was known when
// this was written; it treats a later version as that one, see [Session.Newer].
// Teachers, administrators and the other spaces are out of reach. Whatever a
// school hides from the account is not found. Fields are added to the types as
// they are understood, so name the fields of literals.
//
// Package pronotetest is a server to test against, without a network; the school
// behind it is in its package world.
package pronote
