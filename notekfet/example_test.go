package notekfet_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// A member gives 5 euros to account 3, and looks whether it was done.
func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	authority, err := os.ReadFile("ca.pem")
	if err != nil {
		log.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	c, err := notekfet.Dial(ctx, "note.example.org:4242", &notekfet.Options{RootCAs: pool})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(ctx, "marius", os.Getenv("NOTE_PASSWORD"), notekfet.Mask{Supreme: true}); err != nil {
		log.Fatal(err) // a *notekfet.Error with code LoginFailed, for one
	}
	amount, err := notekfet.ParseCents("5,00")
	if err != nil {
		log.Fatal(err)
	}
	entries, err := c.Dons(ctx, []int64{3}, amount, "anniversaire")
	switch {
	case errors.Is(err, notekfet.ErrOutcomeUnknown):
		log.Fatal("read the history before asking again: ", err)
	case err != nil:
		log.Fatal(err)
	}
	for _, e := range entries { // the success of the list is not that of its entries
		fmt.Println(e.Code, e.Text)
	}
}
