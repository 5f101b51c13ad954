package pronote

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// authenticate proves that the secret is known, and keeps the session's key and
// the next token. Steps are what the account must do besides.
func (s *Session) authenticate(ctx context.Context, c Credentials, form challengeForm) (steps []int, guessed bool, err error) {
	username, secret := c.secret(s.way)
	if s.way == wayPortal { // PRONOTE made them for this session
		username, secret = s.page.Name, NewSecret(s.page.Secret)
	}
	username, password := strings.TrimSpace(username), strings.TrimSpace(secret.Reveal())
	id, err := s.identify(ctx, username)
	if err != nil {
		return nil, false, err
	}
	if s.way.mobile { // to log in with next time
		s.device.Username = label(id.Login)
		if s.device.Username == "" {
			s.device.Username = username
		}
	}
	switch {
	case s.way == wayPortal:
		username = "" // it is no part of the key, and nobody typed anything in the wrong case
	case id.ModeCompLog == 1:
		username = strings.ToLower(username)
	}
	if id.ModeCompMdp == 1 && s.way != wayPortal {
		password = strings.ToLower(password)
	}
	key := s.cipher.WithKey(wire.LoginKey(username, string(id.Alea), password))
	answer, guessed, err := solve(key, id.Challenge, form)
	if errors.Is(err, ErrCredentials) {
		err = s.way.refused
	}
	if err != nil {
		return nil, false, err
	}
	raw, err := s.call(ctx, functionAuthentication, map[string]any{"connexion": 0, "challenge": answer, "espace": s.page.Space})
	if err != nil {
		return nil, false, err
	}
	var auth wire.Authentification
	if err := json.Unmarshal(raw, &auth); err != nil {
		return nil, false, unreadable(functionAuthentication, err)
	}
	if auth.Cle == "" {
		return nil, guessed, s.accessError(auth)
	}
	if err := s.takeToken(string(auth.Jeton)); err != nil {
		return nil, false, err
	}
	sessionKey, err := wire.OpenSessionKey(key, string(auth.Cle))
	if err != nil {
		return nil, false, unreadable(functionAuthentication, err)
	}
	s.cipher = s.cipher.WithKey(sessionKey)
	return auth.ActionsDoubleAuth, false, nil
}

// identify says who wants to log in, and how, and is given a challenge.
func (s *Session) identify(ctx context.Context, username string) (wire.Identification, error) {
	uuid := ""
	if s.way.mobile {
		uuid = s.device.UUID
	}
	raw, err := s.call(ctx, functionIdentification, map[string]any{
		"genreConnexion": 0, "genreEspace": s.page.Space, "identifiant": username, "pourENT": s.way == wayPortal,
		"enConnexionAuto": false, "demandeConnexionAuto": false, "enConnexionAppliMobile": s.way == wayToken,
		"demandeConnexionAppliMobile": s.way == wayQR, "demandeConnexionAppliMobileJeton": s.way == wayQR,
		"uuidAppliMobile": uuid, "loginTokenSAV": "",
	})
	if err != nil {
		return wire.Identification{}, err
	}
	var id wire.Identification
	if err := json.Unmarshal(raw, &id); err != nil {
		return id, unreadable(functionIdentification, err)
	}
	if id.Challenge == "" {
		return id, unreadable(functionIdentification, errors.New("no challenge"))
	}
	return id, nil
}

// solve answers a challenge. Guessed reports that the wrapped form was taken
// only because the challenge happened to decrypt.
func solve(key wire.Cipher, challenge string, form challengeForm) (answer string, guessed bool, err error) {
	if form == challengeRaw || wire.OneBlock(challenge) {
		return wire.AnswerRaw(key, challenge), false, nil
	}
	answer, err = wire.AnswerWrapped(key, challenge)
	switch {
	case err == nil:
		return answer, form == challengeUnknown, nil
	case form == challengeUnknown, !errors.Is(err, wire.ErrWrongKey): // no password makes that a wrapped one
		return wire.AnswerRaw(key, challenge), false, nil
	default:
		// Only the right password decrypts it: no need to ask the server, which
		// counts refusals.
		return "", false, ErrCredentials
	}
}

// accessError is why an answer holds no key. Without a reason it refuses a
// password, which must not be tried twice; about a token, which the next login can
// ask about, it says nothing.
func (s *Session) accessError(auth wire.Authentification) error {
	switch {
	case !auth.Acces.Known && s.way == wayToken:
		return unreadable(functionAuthentication, errNoReason)
	case !auth.Acces.Known, auth.Acces.Value == 1:
		return s.way.refused
	}
	m := auth.AccesMessage.Value
	return &AccessError{Code: int(auth.Acces.Value), Message: line(textOf(string(m.Titre) + "\n" + string(m.Message)))}
}
