package notekfet

import "strconv"

// A Code is the result of a request, of an entry of a list, or the sort of a
// frame that nobody asked for.
type Code int

// Success reports whether the request was done: 0 and 100 to 199. Codes that
// are not named below exist, and follow the same rule.
func (c Code) Success() bool { return c == OK || 100 <= c && c <= 199 }

// String is the number, as it travels.
func (c Code) String() string { return strconv.Itoa(int(c)) }

// The codes of success.
const (
	OK           Code = 0
	Broadcast    Code = 101 // a message to everyone, not an answer
	Message      Code = 102 // a message of another client, not an answer
	ButtonExists Code = 103 // the button exists already and was not made twice
	GuestForced  Code = 110 // the guest was added because of the right invites_admin
	Overlaps     Code = 130 // the activity is validated, and overlaps others
	Forced       Code = 140 // done, because of the right forced or overforced
)

// The codes of the protocol itself and of special users.
const (
	HelloFirst          Code = 1
	Malformed           Code = 2
	NeedsParameter      Code = 3
	BadParameter        Code = 4
	LoginFailed         Code = 5
	NoSuchUser          Code = 6 // deluser
	DeletesSelf         Code = 7 // deluser
	NoSuchClient        Code = 8 // client_speak
	ChallengeUnreadable Code = 9 // reserved
	ChallengeTooSoon    Code = 10
	ClientRefused       Code = 11
	NameTaken           Code = 12
	AlreadyMember       Code = 14
	NotEnrollable       Code = 15
	NoPage              Code = 16 // man
	NotASCII            Code = 255
)

// The codes of money.
const (
	TooNegative        Code = 300
	TechnicalAccount   Code = 301
	NegativeQuantity   Code = 302
	NoButtonOrAccount  Code = 303
	NotMember          Code = 304
	NegativeAmount     Code = 305
	AccountBlocked     Code = 306
	ReasonMissing      Code = 307 // a club takes part, and no reason is given
	AlreadyValid       Code = 310
	AlreadyInvalid     Code = 311
	TransactionFrozen  Code = 312
	TransactionTooOld  Code = 313
	TransactionNotYour Code = 314 // the caller could not have made it
)

// The codes of rights, accounts and searches.
const (
	PasswordProtected Code = 402
	Forbidden         Code = 403
	NotFound          Code = 404
	ResetAmbiguous    Code = 405
	TokenUnknown      Code = 406
	TokenExpired      Code = 407
	ResetProtected    Code = 408
	BalanceNotZero    Code = 410
	TooManyRights     Code = 411
	AlreadyDeleted    Code = 412
	TooLong           Code = 414
	NoAliasToSearch   Code = 500
	NoHistoryToSearch Code = 501
	AddressNotAllowed Code = 503
	DatabaseFailed    Code = 555
	Crashed           Code = 666
)

// The codes of activities and guests.
const (
	NegativeDuration    Code = 701
	CannotInvite        Code = 710
	ResponsibleMissing  Code = 711
	ListClosed          Code = 712
	ResponsibleNegative Code = 713
	NotYourGuest        Code = 714
	AlreadyInvited      Code = 715
	AlreadyEntered      Code = 716
	DeleteHasGuests     Code = 720
	DeleteNotYours      Code = 721
	DeleteValidated     Code = 722
	UpdateNotYours      Code = 731
	UpdateValidated     Code = 732
	ListNotPrinted      Code = 740
	OpenWithoutList     Code = 750
)

// The codes of photos.
const (
	PhotoTooBig       Code = 801
	PhotoFormat       Code = 802
	PhotoNotBase64    Code = 803
	PhotoNotResized   Code = 804
	PhotoNotConverted Code = 805
	PhotoNotRemoved   Code = 806
)

// Codes are all that are named, in increasing order.
func Codes() []Code {
	return []Code{
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 101, 102, 103, 110, 130, 140, 255,
		300, 301, 302, 303, 304, 305, 306, 307, 310, 311, 312, 313, 314,
		402, 403, 404, 405, 406, 407, 408, 410, 411, 412, 414, 500, 501, 503, 555, 666,
		701, 710, 711, 712, 713, 714, 715, 716, 720, 721, 722, 731, 732, 740, 750,
		801, 802, 803, 804, 805, 806,
	}
}
