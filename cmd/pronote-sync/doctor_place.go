package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/pronote-sync/pronote-sync/cmd/internal/build"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/doctor"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/state"
	"github.com/pronote-sync/pronote-sync/db"
)

// What doctor finds of the files of this machine.

var (
	checkProgram = doctor.T("programme", "program")
	checkConfig  = doctor.T("configuration", "configuration")
	checkFiles   = doctor.T("droits", "rights")
	checkZone    = doctor.T("fuseau horaire", "time zone")
	checkDisk    = doctor.T("disque", "disk")
	checkStore   = doctor.T("base", "mirror")
)

// at says where something is; reports do not.
func at(path string) doctor.Private {
	return doctor.Private{Shown: path, Instead: doctor.T("<chemin>", "<path>")}
}

func (x *examination) lookAtProgram() {
	x.find(doctor.Finding{Check: checkProgram, State: doctor.OK,
		What: doctor.T("pronote-sync %s, %s", "pronote-sync %s, %s"),
		Args: []doctor.Argument{doctor.Word(build.Version()), doctor.Word(runtime.GOOS + "/" + runtime.GOARCH)}})
}

// lookAtConfig reports whether there is a configuration to go by.
func (x *examination) lookAtConfig() bool {
	path, err := config.Find(x.app.config)
	if err == nil {
		x.config, err = config.Load(path)
		if seen, readErr := config.LoadToRead(path); err != nil && readErr == nil {
			x.config, x.blind = seen, true // with secrets that are wrong, or another user's
		}
	}
	if x.config == nil {
		x.find(doctor.Finding{Check: checkConfig, State: doctor.Failure,
			What: doctor.T("elle est inutilisable : %s", "it cannot be used: %s"), Args: []doctor.Argument{oneLine(errors.New(say.In(err, x.language)))},
			Next: doctor.T("la corriger, puis relancer pronote-sync doctor ; si elle appartient à un autre compte de la machine, le lancer avec sudo", "correct it, and run pronote-sync doctor again; with sudo, if it is another user's of this machine")})
		return false
	}
	if x.blind {
		x.find(doctor.Finding{Check: checkConfig, State: doctor.Warning,
			What: doctor.T("les secrets ne peuvent pas être lus, et les canaux pas essayés : %s", "the secrets cannot be read, nor the channels be tried: %s"), Args: []doctor.Argument{oneLine(errors.New(say.In(err, x.language)))},
			Next: doctor.T("relancer avec sudo, ou comme l'utilisateur du service ; sinon corriger ce qui est dit", "run it again with sudo, or as the user of the service; or else correct what is said")})
	}
	x.find(doctor.Finding{Check: checkConfig, State: doctor.OK,
		What: doctor.T("%s, comptes : %s, destinataires : %s", "%s, accounts: %s, recipients: %s"),
		Args: []doctor.Argument{at(x.config.Path), len(x.config.Accounts), len(x.config.Recipients)}})
	for _, warning := range x.config.Warnings {
		x.find(doctor.Finding{Check: checkConfig, State: doctor.Warning, What: doctor.T("%s", "%s"),
			Args: []doctor.Argument{doctor.Told{Shown: oneLine(errors.New(say.In(warning, x.language))), Instead: "unwise setting"}}})
	}
	x.find(doctor.Finding{Check: checkZone, State: doctor.OK, What: doctor.T("%s, où il est %s", "%s, where it is %s"),
		Args: []doctor.Argument{doctor.Word(x.config.Location.String()), doctor.Word(x.now().In(x.config.Location).Format("15:04"))}})
	return true
}

// lookAtFiles looks at who may read what the program keeps, and whose it is.
func (x *examination) lookAtFiles() {
	before := len(x.findings)
	folder := x.config.StateDir
	x.lookAtMode(folder, 0o077, "0700")
	devices, _ := filepath.Glob(filepath.Join(folder, "*.device")) // the pattern is good
	for _, device := range devices {
		x.lookAtMode(device, 0o077, "0600")
	}
	if x.config.Readers == (db.Readers{}) {
		x.lookAtMode(x.config.Database, 0o077, "0600")
	}
	x.lookAtOwners(append(devices, x.config.Database, folder))
	if len(x.findings) > before {
		return
	}
	f := doctor.Finding{Check: checkFiles, State: doctor.OK, What: doctor.T("la base et les jetons ne sont ouverts qu'à qui il faut", "the mirror and the tokens are open to whom they should be alone")}
	if r := x.config.Readers; r.Group != "" {
		f.What = doctor.T("les jetons ne sont ouverts qu'à qui il faut, la base au groupe %s", "the tokens are open to whom they should be alone, the mirror to the group %s")
		f.Args = []doctor.Argument{doctor.Private{Shown: r.Group, Instead: doctor.T("<groupe>", "<group>")}}
	}
	x.find(f)
}

// lookAtMode warns of a file that others have some of these rights on.
func (x *examination) lookAtMode(path string, others fs.FileMode, want string) {
	info, err := os.Lstat(path)
	if runtime.GOOS == "windows" || err != nil || info.Mode().Perm()&others == 0 {
		return
	}
	x.find(doctor.Finding{Check: checkFiles, State: doctor.Warning,
		What: doctor.T("d'autres utilisateurs de la machine ont accès à %s", "other users of this machine have access to %s"), Args: []doctor.Argument{at(path)},
		Next: doctor.T("chmod %s %s", "chmod %s %s"), With: []doctor.Argument{doctor.Word(want), at(path)}})
}

// lookAtOwners finds files that another user left in the folder of the mirror's: the
// daemon can write none of them.
func (x *examination) lookAtOwners(paths []string) {
	owner, known := ownerOf(filepath.Dir(x.config.Database))
	for _, path := range paths {
		if uid, there := ownerOf(path); !known || !there || uid == owner || owner == 0 {
			continue
		}
		x.find(doctor.Finding{Check: checkFiles, State: doctor.Failure,
			What: doctor.T("%s n'appartient pas à l'utilisateur de son dossier", "%s does not belong to the user whose its folder is"), Args: []doctor.Argument{at(path)},
			Next: doctor.T("sudo chown %s %s", "sudo chown %s %s"),
			With: []doctor.Argument{doctor.Private{Shown: userName(owner), Instead: doctor.T("<utilisateur>", "<user>")}, at(path)}})
	}
}

// The room that a disk should have.
const (
	scarce  = 300 << 20
	noSpace = 20 << 20
)

func (x *examination) lookAtDisk() {
	folder := existing(filepath.Dir(x.config.Database))
	disk, err := diskOf(folder)
	if err != nil {
		return // a system that does not tell
	}
	size := sizeOf(x.config.Database)
	f := doctor.Finding{Check: checkDisk, State: doctor.OK, What: doctor.T("%s libres ; la base fait %s", "%s free; the mirror has %s"), Args: []doctor.Argument{disk.free, size}}
	switch {
	case disk.readOnly:
		f.State, f.What, f.Args = doctor.Failure, doctor.T("il est monté en lecture seule, comme le fait le système quand une carte s'abîme", "it is mounted read-only, as the system does when a card fails"), nil
		f.Next = doctor.T("lire la fin de « sudo dmesg », sauvegarder, remplacer la carte au besoin, redémarrer", "read the end of “sudo dmesg”, make a backup, replace the card if need be, restart")
	case disk.free < noSpace, disk.noFiles:
		f.State = doctor.Failure
		f.Next = doctor.T("libérer de la place : rien n'est perdu, le suivi reprendra seul", "free some space: nothing is lost, and the daemon goes on by itself")
	case disk.free < max(scarce, 2*size):
		f.State = doctor.Warning
		f.Next = doctor.T("libérer de la place avant qu'elle ne manque : « sudo apt clean » en trouve souvent", "free some space before it runs out: “sudo apt clean” often finds some")
	}
	x.find(f)
	if disk.errors > 0 {
		x.find(doctor.Finding{Check: checkDisk, State: doctor.Warning,
			What: doctor.T("le système de fichiers a noté des erreurs : %s", "the file system has noted errors: %s"), Args: []doctor.Argument{disk.errors},
			Next: doctor.T("sauvegarder, puis vérifier la carte avec fsck, et la remplacer si elles reviennent", "make a backup, then check the card with fsck, and replace it if they come back")})
	}
}

// A disk is what the system tells of where a folder is.
type disk struct {
	free     doctor.Size // for users
	noFiles  bool        // it has no room for the name of one more
	readOnly bool
	errors   int // noted by the file system since it was made or checked
}

func sizeOf(path string) doctor.Size {
	total := int64(0)
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(path + suffix); err == nil {
			total += info.Size()
		}
	}
	return doctor.Size(total)
}

// lookAtMirror reads the whole mirror, and returns what it and a running daemon remember
// of accounts and messages.
func (x *examination) lookAtMirror(ctx context.Context) *statusReport {
	state := &statusReport{}
	x.readMirror(ctx, state)
	live, running := askDaemon(ctx, x.config)
	if state.Accounts == nil {
		state.Accounts = live
	}
	state.update(live, running)
	return state
}

func (x *examination) readMirror(ctx context.Context, report *statusReport) {
	store, err := openFilled(ctx, x.config, db.OpenReadOnly)
	if errors.Is(err, db.ErrMissing) {
		filled, _ := state.Dir(x.config.StateDir).WasFilled(x.config.Database)
		if !filled {
			x.find(doctor.Finding{Check: checkStore, State: doctor.Warning, What: doctor.T("elle n'existe pas encore", "there is none yet"),
				Next: doctor.T("démarrer le service, ou lancer pronote-sync sync", "start the service, or run pronote-sync sync")})
			return
		}
	}
	if err == nil {
		if err = store.Check(ctx); err == nil {
			*report, err = readStatus(ctx, store, x.now())
		}
		err = errors.Join(err, store.Close())
	}
	if err != nil {
		x.find(doctor.Finding{Check: checkStore, State: doctor.Failure, What: doctor.T("%s", "%s"), Args: []doctor.Argument{x.told(err)}})
		return
	}
	rows := 0
	for _, r := range report.Rows {
		rows += r.Rows
	}
	x.find(doctor.Finding{Check: checkStore, State: doctor.OK, What: doctor.T("elle est entière ; lignes : %s", "it is sound; rows: %s"), Args: []doctor.Argument{rows}})
}

// told is what is said about an error of the mirror.
func (x *examination) told(err error) doctor.Told {
	reason := doctor.Word("unusable")
	if cause := db.Cause(err); cause != nil {
		reason = doctor.Word(cause.Error())
	}
	var lines []string
	for _, e := range sentences(err) {
		lines = append(lines, sentence(e, x.language, x.config.Database))
	}
	return doctor.Told{Shown: strings.Join(lines, "; "), Instead: reason}
}
