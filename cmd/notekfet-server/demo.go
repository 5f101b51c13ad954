package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/notekfet-server/internal/config"
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

func (a *app) demoCommand() *cobra.Command {
	var dir string
	var keep bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Spend an evening at an invented bar",
		Long: "demo makes a bar in a folder that it names, has a bartender, two members and a treasurer spend an evening there,\n" +
			"kills the server in the middle of it and starts it again, and audits the ledger at the end.",
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				var err error
				if dir, err = os.MkdirTemp("", "notekfet-demo-"); err != nil {
					return err
				}
			}
			return demo(cmd, dir, keep)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "empty `folder` to use (default: a new temporary one)")
	cmd.Flags().BoolVar(&keep, "keep", false, "leave the server running until Ctrl-C")
	return cmd
}

// demoYear is the membership year that stands still in the demonstration.
const demoYear = 2026

// demoBar is the data set: a club that owns the bar, a bartender, a treasurer, and
// two members of whom one drinks on credit.
func demoBar() *ledger.Dataset {
	years := []int{demoYear}
	return &ledger.Dataset{
		Accounts: []ledger.SeedAccount{
			{ID: 1, Pseudo: "tess", Name: "Violon", FirstName: "Tess", Rights: "all", OverRights: "all", Supreme: true, Balance: 2000, Password: "demo", Years: years},
			{ID: 2, Pseudo: "basile", Name: "Tambour", FirstName: "Basile", Rights: "basic,note,comptes", Balance: 1200, Password: "demo", Years: years},
			{ID: 3, Pseudo: "marius", Name: "Hautbois", FirstName: "Marius", Rights: "basic", Balance: 2500, Password: "demo", Years: years, Aliases: []string{"mimi"}},
			{ID: 4, Pseudo: "lise", Name: "Clarinette", FirstName: "Lise", Rights: "basic", Balance: -1900, Password: "demo", Years: years},
			{ID: 7, Type: "club", Pseudo: "Fanfare", Balance: 30000},
		},
		Categories: []string{"Soft", "Salé"},
		Buttons: []ledger.SeedButton{
			{ID: 1, Label: "Limonade", Price: 130, Category: "Soft"}, {ID: 2, Label: "Croque-monsieur", Price: 250, Category: "Salé"},
		},
		Special: map[string]ledger.SeedSpecial{"admin": {Password: "demo", ACL: []string{"all"}}},
	}
}

// An evening is the demonstration while it runs.
type evening struct {
	ctx    context.Context
	out    io.Writer
	folder string
	roots  *x509.CertPool
	server *exec.Cmd
	addr   string
}

func demo(cmd *cobra.Command, folder string, keep bool) (err error) {
	e := &evening{ctx: cmd.Context(), out: cmd.OutOrStdout(), folder: folder}
	if err := e.prepare(cmd); err != nil {
		return err
	}
	if err := e.start(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.stop()) }()
	e.say("Le bar ouvre dans %s, sur %s.", folder, e.addr)
	if err := e.spend(); err != nil {
		return err
	}
	if err := e.audit(cmd); err != nil {
		return err
	}
	e.say("\nPour lui parler à la main, pendant que « notekfet-server run --config %s » tourne :", filepath.Join(folder, "notekfet.toml"))
	e.say("  openssl s_client -quiet -CAfile %s -connect %s", filepath.Join(folder, "ca.pem"), e.addr)
	e.say(`  ["hello", "manual"]`)
	e.say(`  ["login", ["marius", "demo", "bdd", [[], [], true]]]`)
	e.say(`  ["whoami"]`)
	if !keep {
		return nil
	}
	e.say("\nLe serveur tourne encore ; Ctrl-C l'arrête.")
	<-e.ctx.Done()
	return nil
}

func (e *evening) say(format string, args ...any) { _, _ = fmt.Fprintf(e.out, format+"\n", args...) }

// prepare makes the certificate, the configuration and the ledger.
func (e *evening) prepare(cmd *cobra.Command) error {
	path := filepath.Join(e.folder, "notekfet.toml")
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s has a configuration already: name an empty folder", e.folder)
	}
	if err := os.MkdirAll(e.folder, 0o700); err != nil {
		return err
	}
	if err := makeCertificates(e.folder, []string{"localhost", "127.0.0.1"}); err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(e.folder, "ca.pem"))
	if err != nil {
		return err
	}
	e.roots = x509.NewCertPool()
	e.roots.AppendCertsFromPEM(text)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	addr := free.Addr().String()
	if err := free.Close(); err != nil {
		return err
	}
	configuration := "listen = \"" + addr + "\"\n\n[adhesion]\nannee = " + fmt.Sprint(demoYear) + "\n"
	if err := os.WriteFile(path, []byte(configuration), 0o600); err != nil {
		return err
	}
	return (&app{path: path}).with(cmd, ledger.Options{Create: true, Exclusive: true}, func(c *config.Config, l *ledger.Ledger) error {
		users, err := specials(c)
		if err != nil {
			return err
		}
		d := demoBar()
		return errors.Join(l.Seed(d), addSpecials(users, d.Special))
	})
}

// start runs the server as a process of its own, so that it can be killed.
func (e *evening) start() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	e.server = exec.Command(self, "run", "--config", filepath.Join(e.folder, "notekfet.toml"))
	log, err := os.OpenFile(filepath.Join(e.folder, "log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	e.server.Stderr = log
	out, err := e.server.StdoutPipe()
	if err != nil {
		return err
	}
	if err := e.server.Start(); err != nil {
		return err
	}
	var said struct{ Listen string }
	if err := json.NewDecoder(out).Decode(&said); err != nil {
		return errors.Join(fmt.Errorf("the server does not start: see %s", filepath.Join(e.folder, "log")), e.server.Wait())
	}
	e.addr = said.Listen
	return nil
}

func (e *evening) stop() error {
	if e.server == nil || e.server.Process == nil {
		return nil
	}
	if err := e.server.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return e.server.Wait()
}

// login is a connection of somebody.
func (e *evening) login(pseudo string) (*notekfet.Client, error) {
	c, err := notekfet.Dial(e.ctx, e.addr, &notekfet.Options{RootCAs: e.roots, ServerName: "localhost"})
	if err != nil {
		return nil, err
	}
	if err := c.Login(e.ctx, pseudo, "demo", notekfet.Mask{}); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// people are the four who are there.
type people struct{ tess, basile, marius, lise *notekfet.Client }

func (e *evening) enter() (p people, err error) {
	for name, into := range map[string]**notekfet.Client{"tess": &p.tess, "basile": &p.basile, "marius": &p.marius, "lise": &p.lise} {
		c, failed := e.login(name)
		*into, err = c, errors.Join(err, failed)
	}
	return p, err
}

func (p people) leave() {
	for _, c := range []*notekfet.Client{p.tess, p.basile, p.marius, p.lise} {
		if c != nil {
			_ = c.Close()
		}
	}
}

// spend is the evening, with a power cut in the middle.
func (e *evening) spend() error {
	p, err := e.enter()
	if err != nil {
		return err
	}
	if err := errors.Join(e.drinks(p), e.gifts(p)); err != nil {
		return err
	}
	p.leave()
	e.say("\nLe serveur est tué net, comme par une coupure de courant… et redémarre.")
	if err := e.server.Process.Kill(); err != nil {
		return err
	}
	_ = e.server.Wait() // it says that it was killed
	if err := e.start(); err != nil {
		return err
	}
	if p, err = e.enter(); err != nil {
		return err
	}
	defer p.leave()
	me, err := p.marius.WhoAmI(e.ctx)
	if err != nil {
		return err
	}
	e.say("Marius retrouve son solde : %s.", me.Balance)
	return errors.Join(e.debts(p), e.party(p))
}

func (e *evening) drinks(p people) error {
	entries, err := p.basile.Consos(e.ctx, []notekfet.Item{{Button: 1, Account: 3, Quantity: 2}, {Button: 2, Account: 1, Quantity: 1}})
	if err != nil {
		return err
	}
	e.say("\nBasile, au bar : deux limonades pour Marius, un croque-monsieur pour Tess.%s", told(entries...))
	entries, err = p.basile.Transferts(e.ctx, []int64{3}, []int64{7}, 500, "Cotisation")
	if err != nil {
		return err
	}
	e.say("Basile transfère 5,00 € de Marius à la Fanfare, « Cotisation ».%s", told(entries...))
	return nil
}

func (e *evening) gifts(p people) error {
	entries, err := p.marius.Dons(e.ctx, []int64{4}, 100, "pour ta limonade")
	if err != nil {
		return err
	}
	e.say("Marius donne 1,00 € à Lise.%s", told(entries...))
	if entries, err = p.lise.Dons(e.ctx, []int64{3}, 100, "merci"); err != nil {
		return err
	}
	e.say("Lise, à découvert, veut donner 1,00 € à Marius.%s", told(entries...))
	return nil
}

func (e *evening) debts(p people) error {
	entries, err := p.basile.Consos(e.ctx, []notekfet.Item{{Button: 2, Account: 4, Quantity: 1}})
	if err != nil {
		return err
	}
	e.say("\nBasile : un croque-monsieur pour Lise.%s", told(entries...))
	if entries, err = p.tess.Consos(e.ctx, []notekfet.Item{{Button: 2, Account: 4, Quantity: 1}}); err != nil {
		return err
	}
	e.say("Tess, trésorière, force la vente.%s", told(entries...))
	h, err := p.tess.HistoriqueTransactions(e.ctx, 4, 0, 1)
	if err != nil {
		return err
	}
	if _, err := p.tess.DevaliderTransaction(e.ctx, h.Transactions[0].ID); err != nil {
		return err
	}
	e.say("Lise n'en veut plus : Tess annule la vente.")
	me, err := p.lise.WhoAmI(e.ctx)
	if err != nil {
		return err
	}
	e.say("Lise a toujours %s.", me.Balance)
	return nil
}

func (e *evening) party(p people) error {
	begin := time.Now().Add(time.Hour)
	id, err := p.marius.AddActivite(e.ctx, notekfet.Activity{
		Title: "Soirée jeux", Begin: begin.Format(ledger.Layout), End: begin.Add(4 * time.Hour).Format(ledger.Layout), Place: "Kfet", Club: 7, List: true,
	})
	if err != nil {
		return err
	}
	if _, err := p.tess.ValiderActivite(e.ctx, id); err != nil {
		return err
	}
	if err := p.tess.OuvrirActivite(e.ctx, id); err != nil {
		return err
	}
	guest, _, err := p.marius.AddInvite(e.ctx, id, "Cymbale", "Zoé", 0)
	if err != nil {
		return err
	}
	o, err := p.basile.Invitations(e.ctx, 3, guest, id)
	if err != nil {
		return err
	}
	e.say("\nMarius propose une soirée jeux, Tess la valide, Marius invite Zoé Cymbale ; à l'entrée : %s.", word(o.Code, o.Text))
	me, err := p.marius.WhoAmI(e.ctx)
	if err != nil {
		return err
	}
	e.say("Marius finit la soirée avec %s.", me.Balance)
	return nil
}

func (e *evening) audit(cmd *cobra.Command) error {
	a := &app{path: filepath.Join(e.folder, "notekfet.toml")}
	return a.with(cmd, ledger.Options{}, func(_ *config.Config, l *ledger.Ledger) error {
		if err := sound(cmd, l, a.path); err != nil {
			return err
		}
		e.say("\nVérification : chaque solde est la somme de ses transactions, et tous ensemble font 0.")
		return nil
	})
}

// told is what the server said of some entries, in a person's words.
func told(entries ...notekfet.Entry) (text string) {
	for _, entry := range entries {
		text += "\n  → " + word(entry.Code, entry.Text)
	}
	return text
}

func word(code notekfet.Code, text string) string {
	switch {
	case !code.Success():
		return fmt.Sprintf("refusé (%d) : %s", int(code), text)
	case text != "":
		return fmt.Sprintf("fait (%d) : %s", int(code), text)
	}
	return "fait"
}
