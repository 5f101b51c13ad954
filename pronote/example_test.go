package pronote_test

import (
	"context"
	"fmt"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// A QR code opens an account once. It leaves a device, which logs in from then
// on, and which is another one after each login.
func ExampleQR_Open() {
	server := pronotetest.NewServer(pronotetest.NewSchool(1, 2025), pronotetest.Options{})
	scanned := server.QR(pronote.KindStudent, "4711", pronotetest.Address)

	var device pronote.Device
	options := &pronote.Options{
		Transport:  server.Transport(),                                      // yours is nil
		KeepDevice: func(d pronote.Device) error { device = d; return nil }, // yours writes a file, and waits for the disk
	}
	qr, err := pronote.ParseQR(scanned)
	if err != nil {
		fmt.Println(err)
		return
	}
	credentials, err := qr.Open(pronote.NewSecret("4711"))
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := pronote.Login(context.Background(), qr.Address, credentials, options); err != nil {
		fmt.Println(err)
		return
	}
	session, err := pronote.Login(context.Background(), qr.Address, pronote.Credentials{Kind: qr.Kind, Device: device}, options)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(session.Students()[0].Name)
	// Output: PARENT Fanny
}
