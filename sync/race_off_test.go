//go:build !race

package sync

const yearDays = 366
