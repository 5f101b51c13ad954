package pronote

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Greeting is what a school's site tells anybody, without a login.
type Greeting struct {
	School  string  // its name
	Version Version // without the build
}

// mobileID is what PRONOTE's mobile application calls itself.
const mobileID = "0D264427-EEFC-4810-A9E9-346942A862A4"

// Greet asks a school's site who it is, which is one request and no login.
// Options.ServerTime learns its clock. Address is as for Login, and so are the errors:
// *BlockedError, *PortalError, ErrClosed, ErrBusy, ErrNotPRONOTE, *HTTPError, and those
// of the network.
func Greet(ctx context.Context, address string, options *Options) (Greeting, error) {
	root, err := ParseAddress(address)
	if err != nil {
		return Greeting{}, err
	}
	s := newSession(root, options.orDefaults())
	req, err := http.NewRequest(http.MethodGet, root.JoinPath("infoMobileApp.json").String()+"?id="+mobileID, nil)
	if err != nil {
		return Greeting{}, err
	}
	if err := s.announce(ctx, "infoMobileApp"); err != nil {
		return Greeting{}, err
	}
	text, _, err := s.fetch(ctx, req, maxPage)
	var status *HTTPError
	if errors.As(err, &status) && status.Status == http.StatusNotFound {
		return Greeting{}, ErrNotPRONOTE
	}
	if err != nil {
		return Greeting{}, err
	}
	var info wire.InfoMobile
	err = json.Unmarshal(text, &info)
	version, _ := ParseVersion(strings.ReplaceAll(fmt.Sprint(info.Version), " ", "."))
	if err != nil || version.IsZero() {
		return Greeting{}, cmp.Or(pageRefusal(text), ErrNotPRONOTE)
	}
	return Greeting{School: strings.Join(strings.Fields(string(info.NomEtab)), " "), Version: version}, nil
}
