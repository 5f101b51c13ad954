// Package state keeps what the program must remember besides the mirror, in a
// folder beside it: for each account, what the school gave this machine to log
// in with. A file is either the old one or the new one, whole, also after a
// power cut.
package state

import (
	"encoding/json"
	"errors"
	"io/fs"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// A Dir is the folder. It belongs to one process at a time.
type Dir string

// A deviceFile is how a device is written down.
type deviceFile struct {
	Account    string       `json:"account"`
	Kind       pronote.Kind `json:"kind"`
	UUID       string       `json:"uuid"`
	Browser    string       `json:"browser,omitempty"`
	Username   string       `json:"username,omitempty"`
	Token      string       `json:"token,omitempty"`
	Unanswered string       `json:"unanswered,omitempty"`
}

// DeviceFile is the path of the file of an account.
func (d Dir) DeviceFile(account string) string { return d.path(account + ".device") }

// Device is what the last login of an account has left; the zero Device before
// the first. The error says which file cannot be used, and what to do.
func (d Dir) Device(account string, kind pronote.Kind) (pronote.Device, error) {
	path := d.DeviceFile(account)
	text, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return pronote.Device{}, nil
	}
	if err != nil {
		return pronote.Device{}, say.Errorf("%s cannot be read, correct its owner and its rights: %w", path, reason(err))
	}
	var f deviceFile
	if json.Unmarshal(text, &f) != nil || f.UUID == "" || f.Account != account {
		return pronote.Device{}, say.Errorf("%s is damaged: delete it, and run pronote-sync login %s", path, account)
	}
	if f.Kind != kind {
		return pronote.Device{}, say.Errorf("%s is for a %s account: correct kind in the configuration, or delete the file and run pronote-sync login %s", path, say.Word(f.Kind), account)
	}
	return pronote.Device{
		UUID: f.UUID, Browser: f.Browser, Username: f.Username, Token: pronote.NewSecret(f.Token), Unanswered: pronote.NewSecret(f.Unanswered),
	}, nil
}

// KeepDevice writes down what a login has left. When it returns, the file is on
// the disk.
func (d Dir) KeepDevice(account string, kind pronote.Kind, device pronote.Device) error {
	text, err := json.MarshalIndent(deviceFile{
		Account: account, Kind: kind, UUID: device.UUID, Browser: device.Browser, Username: device.Username,
		Token: device.Token.Reveal(), Unanswered: device.Unanswered.Reveal(),
	}, "", "  ")
	if err != nil {
		return err
	}
	path := d.DeviceFile(account)
	if err := d.write(path, append(text, '\n')); err != nil {
		return say.Errorf("%s cannot be written, check the rights of its folder and whether the disk is full: %w", path, reason(err))
	}
	return nil
}
