package server

import (
	"strings"
	"testing"
)

// TestMessagesNeverLandInsideAnswers has a client be answered and written to at once.
func TestMessagesNeverLandInsideAnswers(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	bob, vincent := b.as(t, "bob"), b.as(t, "vincent")
	const each = 100
	go bob.send(strings.Repeat(`["help"]`, each))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range each {
			vincent.send(`["client_broadcast", "` + strings.Repeat("é", 2000) + `"]`)
			if a, err := vincent.read(); err != nil || a.Code != 0 {
				t.Error(a, err)
			}
		}
	}()
	codes := map[int]int{}
	for range 2 * each {
		a, err := bob.read()
		if err != nil {
			t.Fatal(err)
		}
		codes[a.Code]++
	}
	<-done
	if codes[0] != each || codes[101] != each {
		t.Errorf("%v, want %d of 0 and of 101", codes, each)
	}
}

// TestAChangedSpecialUserIsCut switches on what the page of the protocol does not do.
func TestAChangedSpecialUserIsCut(t *testing.T) {
	t.Parallel()
	b := open(t, func(c *Config) { c.CutChangedSpecials = true })
	robot, other, vincent := b.as(t, "robot"), b.as(t, "aide"), b.as(t, "vincent")
	vincent.want(0, `["adduser", ["robot", "-", ["login"]]]`)
	if _, err := robot.read(); err == nil {
		t.Error("robot is still connected")
	}
	other.want(0, `["whoami"]`)
	vincent.want(0, `["deluser", "aide"]`)
	if _, err := other.read(); err == nil {
		t.Error("aide is still connected")
	}
	vincent.want(0, `["whoami"]`)
}

// TestAForwardedAddressCountsFromAProxyAlone logs in an account that may do so from
// one network.
func TestAForwardedAddressCountsFromAProxyAlone(t *testing.T) {
	t.Parallel()
	const hello, there, elsewhere = `["hello", ["HTTP Django", "192.0.2.7"]]`, `["hello", ["HTTP Django", "198.51.100.7"]]`, `["hello", ["HTTP Django", "nonsense"]]`
	trusting := open(t, func(c *Config) { c.Login.Proxies = []string{"127.0.0.0/8"} })
	for request, code := range map[string]int{hello: 0, there: 503} {
		c := trusting.dial(t)
		c.want(0, request)
		c.want(code, loginOf("leo"))
	}
	trusting.dial(t).want(4, elsewhere)
	wary := open(t, nil).dial(t)
	wary.want(0, hello)
	wary.want(503, loginOf("leo"))
	if got := wary.want(0, `["myconnection"]`).Msg.(map[string]any)["ip"]; got != "127.0.0.1" {
		t.Errorf("the address is %v", got)
	}
}

// TestARefusedPhotoLeavesTheOldOne replaces a photo by something that is none.
func TestARefusedPhotoLeavesTheOldOne(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	bob := b.as(t, "bob")
	const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
	bob.want(0, `["update_photo", [2, "`+dot+`", "png"]]`)
	before := bob.want(0, `["get_photo", 2]`).text()
	bob.want(805, `["update_photo", [2, "`+dot[:64]+`", "png"]]`)
	bob.want(802, `["update_photo", [2, "AAAA", "png"]]`)
	if after := bob.want(0, `["get_photo", 2]`).text(); after != before {
		t.Error("the photo is another")
	}
}
