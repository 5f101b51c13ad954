package server

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestThePublicPaymentClient runs the payment client that the original's users
// wrote, from its description: blocking sockets, one recv for each body, no
// verification, and a test of the codes of its own.
func TestThePublicPaymentClient(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3")
	}
	b := open(t, nil)
	host, port, _ := strings.Cut(b.addr, ":")
	for _, test := range []struct{ user, password, to, amount, want string }{
		{"bob", "plop", "3", "1234", "paid"},
		{"bob", "faux", "3", "1", "Login incorrect"},
		{"bob", "plop", "3", "100000", "Transaction échouée. (Solde trop négatif ?)"},
		{"bob", "plop", "1", "1", "paid"},
	} {
		cmd := exec.Command(python, "testdata/payment.py", host, port, test.user, test.password, test.to, test.amount)
		cmd.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8")
		out, err := cmd.CombinedOutput()
		if got := strings.TrimSpace(string(out)); got != test.want || err != nil {
			t.Errorf("%v: %q %v", test, got, err)
		}
	}
	out, err := exec.Command(python, "testdata/payment.py", host, port, "alice", "plop", "large").CombinedOutput()
	if got := strings.TrimSpace(string(out)); got != "12 kB" || err != nil {
		t.Errorf("a large answer: %q %v", got, err)
	}
	sound(t, b)
}
