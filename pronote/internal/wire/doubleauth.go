package wire

// The steps that an account must take besides the login, as actionsDoubleAuth
// lists them.
const (
	StepPassword = iota // choose a password of one's own
	StepStrategy        // choose how the account is protected
	StepNewPIN          // choose a PIN, and name the device
	StepPIN             // type the PIN, and name the device
	StepResetPIN
	StepName // name the device
)

// What SecurisationCompteDoubleAuth is asked for during a login.
const (
	ActionProvePIN = 0
	ActionSave     = 3
)

// DoubleAuth is the answer to SecurisationCompteDoubleAuth.
type DoubleAuth struct {
	Result Bool `json:"result"`                    // of ActionProvePIN
	Jeton  Text `json:"jetonConnexionAppliMobile"` // of ActionSave
}

// QR is the text of a QR code; without URL, the answer to JetonAppliMobile.
type QR struct {
	Login Text `json:"login"` // sealed
	Jeton Text `json:"jeton"` // sealed
	URL   Text `json:"url"`
}
