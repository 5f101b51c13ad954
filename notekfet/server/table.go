package server

import (
	"maps"
	"slices"
)

// Whether a command takes a parameter. A superfluous one is ignored.
const (
	none = iota
	optional
	required
)

// A command is a line of the table.
type command struct {
	name      string
	other     string   // a second name
	rights    []string // any of them opens it
	own       bool     // the right myself opens it for the caller's own account
	logged    bool     // it needs a login
	special   bool     // for special users alone
	account   bool     // not for special users
	open      bool     // special users need no right for it
	parameter int
	man       string // its page
	run       func(*call) (any, error)
}

// commands are all there are, by both names.
var commands map[string]*command

func init() { // the page of man is itself in the table
	commands = map[string]*command{}
	for _, cmd := range table() {
		if cmd.logged = cmd.logged || cmd.special || cmd.account || len(cmd.rights) > 0; cmd.own {
			cmd.logged = true
		}
		commands[cmd.name] = &cmd
		if cmd.other != "" {
			commands[cmd.other] = &cmd
		}
	}
}

// commandNames lists them, sorted.
func commandNames() []string { return slices.Sorted(maps.Keys(commands)) }
