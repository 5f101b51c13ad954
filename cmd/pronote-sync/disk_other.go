//go:build !linux

package main

import "errors"

// diskOf knows nothing here.
func diskOf(string) (disk, error) { return disk{}, errors.ErrUnsupported }
