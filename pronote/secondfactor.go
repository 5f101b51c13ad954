package pronote

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// errTokenFirst says that the second factor is not for a login by QR code: the
// token that it gave must be used first, as PRONOTE's own clients do.
var errTokenFirst = errors.New("the second factor is for the login by token")

// secondFactor takes the steps that an account has to take besides the login. A
// device that has taken them is known by its Browser from then on.
func (s *Session) secondFactor(ctx context.Context, steps []int, pin Secret) error {
	has := func(step int) bool { return slices.Contains(steps, step) }
	switch {
	case len(steps) == 0:
		return s.keepBrowser()
	case has(wire.StepPassword):
		return ErrNewPassword
	case has(wire.StepStrategy), has(wire.StepNewPIN), has(wire.StepResetPIN):
		return ErrProtection
	case s.way == wayQR:
		return errTokenFirst
	case has(wire.StepPIN):
		return s.provePIN(ctx, pin)
	case has(wire.StepName):
		return s.register(ctx, "")
	default:
		return ErrProtection
	}
}

// provePIN shows that the PIN is known, and has the device remembered.
func (s *Session) provePIN(ctx context.Context, pin Secret) error {
	if pin.IsZero() {
		return ErrSecondFactor
	}
	if !isPIN(pin) {
		return ErrPIN
	}
	sealed := s.cipher.EncryptHex(pin.Reveal())
	answer, err := s.secure(ctx, map[string]any{"action": wire.ActionProvePIN, "codePin": sealed})
	if err != nil {
		return err
	}
	if !answer.Result {
		return ErrPIN
	}
	return s.register(ctx, sealed)
}

// register gives the device a name in the account.
func (s *Session) register(ctx context.Context, sealedPIN string) error {
	data := map[string]any{"action": wire.ActionSave, "avecIdentification": true, "strIdentification": s.device.name()}
	if sealedPIN != "" {
		data["codePin"] = sealedPIN
	}
	answer, err := s.secure(ctx, data)
	if err != nil {
		return err
	}
	if s.way.mobile {
		return s.takeToken(string(answer.Jeton)) // it takes the place of the one that the login gave
	}
	return s.keepBrowser()
}

func (s *Session) secure(ctx context.Context, data any) (wire.DoubleAuth, error) {
	raw, err := s.call(ctx, functionSecondFactor, data)
	if err != nil {
		return wire.DoubleAuth{}, err
	}
	var answer wire.DoubleAuth
	if err := json.Unmarshal(raw, &answer); err != nil {
		return wire.DoubleAuth{}, unreadable(functionSecondFactor, err)
	}
	return answer, nil
}

// keepBrowser keeps what the school recognises the device by, if that is news.
func (s *Session) keepBrowser() error {
	if s.device.Browser == s.newBrowser {
		return nil
	}
	s.device.Browser = s.newBrowser
	return s.keep()
}

// isPIN reports whether a secret has the four digits of a PIN.
func isPIN(pin Secret) bool {
	text := pin.Reveal()
	return len(text) == 4 && !slices.ContainsFunc([]byte(text), func(c byte) bool { return c < '0' || c > '9' })
}
