package notekfet

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Cents is an amount of money in integer cents of a euro. There is no way to
// make one from a floating-point number.
type Cents int64

// ErrAmount is wrapped by the errors of ParseCents.
var ErrAmount = errors.New("it is not an amount: write euros like 4,20 or 4.20 or 4")

// ParseCents reads euros as people write them, with at most two decimals after a
// comma or a point: "4,20", "-0.5", "12".
func ParseCents(text string) (Cents, error) {
	digits, negative := strings.CutPrefix(text, "-")
	whole, decimals, _ := strings.Cut(strings.Replace(digits, ",", ".", 1), ".")
	padded := decimals + strings.Repeat("0", max(0, 2-len(decimals)))
	n, err := strconv.ParseUint(whole+padded, 10, 63)
	if err != nil || whole == "" || len(decimals) > 2 || strings.HasSuffix(digits, ".") || strings.HasSuffix(digits, ",") {
		return 0, fmt.Errorf("%q: %w", text, ErrAmount)
	}
	if negative {
		return -Cents(n), nil
	}
	return Cents(n), nil
}

// String writes the amount as the French do: "-4,20 €".
func (c Cents) String() string {
	sign, n := "", uint64(c)
	if c < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d,%02d €", sign, n/100, n%100)
}
