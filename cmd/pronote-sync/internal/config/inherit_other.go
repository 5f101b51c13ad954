//go:build !unix

package config

import "io/fs"

// inherit does nothing where files have no owner to give.
func inherit(string, fs.FileInfo) {}
