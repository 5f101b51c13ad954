package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
	"github.com/pronote-sync/pronote-sync/notekfet/pgtest"
)

// TestNoSecretIsTold lets canaries loose in everything that is secret, has many ask
// for much, well and badly, runs the commands, and looks for the canaries: in what
// was answered and printed, in the log, and, in clear, in the files.
func TestNoSecretIsTold(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		newCage(t, "").tell()
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		cluster, err := pgtest.Start("fsync = off")
		if err != nil {
			t.Skip(err)
		}
		t.Cleanup(func() {
			if err := cluster.Stop(); err != nil {
				t.Error(err)
			}
		})
		address, err := cluster.Create(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		newCage(t, address+"&password="+url.QueryEscape("canary-of-the-database")).tell()
	})
}

// A cage is a bar whose secrets are canaries: every one of them begins with
// "canary-", but for hashes and tokens, which the program makes.
type cage struct {
	t        *testing.T
	folder   string
	database string
	process  *process
	heard    bytes.Buffer // what was told to those who may not know it
	hashes   []string
}

const oldHash = "canary-salt|e81e563caf7f3f4afb71b9ee76960abfb97b0b5384214a2d78d46a970b0957df"

func newCage(t *testing.T, database string) *cage {
	t.Helper()
	k := &cage{t: t, folder: t.TempDir(), database: database}
	if err := makeCertificates(k.folder, []string{"127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	if database == "" {
		k.database = "notekfet.db"
	}
	years := []int{2019}
	text, err := json.Marshal(&ledger.Dataset{
		Accounts: []ledger.SeedAccount{
			{ID: 1, Pseudo: "tresor", Rights: "all", OverRights: "all", Supreme: true, Password: "canary-tresor", Years: years},
			{ID: 2, Pseudo: "lea", Name: "Hautbois", FirstName: "Lea", Mail: "lea@example.org", Rights: "basic", Balance: 5000, Password: "canary-lea",
				Social: "canary-numsecu", Health: "canary-pbsante", Years: years},
			{ID: 3, Pseudo: "tom", Rights: "basic,note,comptes", Balance: 5000, Password: "canary-tom", Years: years},
			{ID: 4, Pseudo: "vieux", Rights: "basic", Hash: oldHash, Years: years},
		},
		Special: map[string]ledger.SeedSpecial{"vincent": {Password: "canary-vincent", ACL: []string{"login", "users", "adduser", "who", "die"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	k.file("data.json", string(text))
	k.file("notekfet.toml", k.config(k.database))
	k.command("seed", "data.json")
	if err := os.Remove(filepath.Join(k.folder, "data.json")); err != nil {
		t.Fatal(err)
	}
	return k
}

func (k *cage) config(database string) string {
	return fmt.Sprintf("listen = \"127.0.0.1:0\"\ndatabase = %q\n[adhesion]\nannee = 2019\n[login]\ndelay = \"1ms\"\n[mail]\ncommand = [\"sh\", \"-c\", \"cat > mail\"]\n", database)
}

func (k *cage) file(name, text string) {
	k.t.Helper()
	write(k.t, filepath.Join(k.folder, name), text)
}

// command runs a command and keeps what it prints, whether it fails or not.
func (k *cage) command(args ...string) {
	k.t.Helper()
	out, _ := command(k.t, k.folder, args...).CombinedOutput()
	fmt.Fprintf(&k.heard, "\n%q: %s", args, out)
}

// A visitor is a connection whose answers are heard.
type visitor struct {
	k      *cage
	conn   *tls.Conn
	r      *bufio.Reader
	trusty bool // may be told what others may not
}

func (k *cage) visitor(requests ...string) *visitor {
	k.t.Helper()
	text, err := os.ReadFile(filepath.Join(k.folder, "ca.pem"))
	if err != nil {
		k.t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	conn, err := tls.Dial("tcp", k.process.addr, &tls.Config{RootCAs: pool})
	if err != nil {
		k.t.Fatal(err)
	}
	v := &visitor{k: k, conn: conn, r: bufio.NewReader(conn)}
	for _, request := range append([]string{`["hello", "manual"]`}, requests...) {
		if code := v.ask(request); code != 0 {
			k.t.Fatalf("%s: code %d", request, code)
		}
	}
	return v
}

// ask returns the code of an answer, -1 where the connection is closed instead.
func (v *visitor) ask(request string) int {
	v.k.t.Helper()
	_ = v.conn.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := io.WriteString(v.conn, request); err != nil {
		return -1
	}
	line, err := v.r.ReadString('\n')
	if err != nil {
		return -1
	}
	size, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		v.k.t.Fatal(err)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(v.r, body); err != nil {
		return -1
	}
	if !v.trusty {
		fmt.Fprintf(&v.k.heard, "\n%s", body)
	}
	var a struct{ Retcode int }
	if err := json.Unmarshal(body, &a); err != nil {
		v.k.t.Fatal(err)
	}
	return a.Retcode
}

// want asks and checks the code.
func (v *visitor) want(code int, request string) {
	v.k.t.Helper()
	if got := v.ask(request); got != code {
		v.k.t.Errorf("%.120s: code %d, want %d", request, got, code)
	}
}

func bdd(name, word string) string {
	return fmt.Sprintf(`["login", [%q, %q, "bdd", [[], [], false]]]`, name, word)
}

func (k *cage) tell() {
	k.process = start(k.t, k.folder)
	k.t.Cleanup(func() { _ = k.process.cmd.Process.Kill() }) // where it is not stopped
	photo := k.photo()
	k.members(photo)
	k.mistakes(photo)
	token := k.resets()
	k.failures()
	k.commands()
	if err := k.process.stop(k.t); err != nil {
		k.t.Error(err)
	}
	k.look(token, photo[100:160])
}

// photo is a picture in base64, large enough to be recognised.
func (k *cage) photo() string {
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewNRGBA(image.Rect(0, 0, 300, 300))); err != nil {
		k.t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(out.Bytes())
}

// members ask for what they may ask for.
func (k *cage) members(photo string) {
	lea := k.visitor()
	lea.trusty = true
	lea.want(0, bdd("lea", "canary-lea"))
	lea.want(0, `["whoami"]`)
	lea.want(0, `["update_photo", [2, "`+photo+`", "png"]]`)
	lea.want(0, `["chgpass", [2, "canary-new", "canary-lea"]]`)
	tom := k.visitor(bdd("tom", "canary-tom"))
	for _, request := range []string{
		`["compte", 2]`, `["whoami"]`, `["search", ["oaAhHi", ["pseudo", "nom"], "lea"]]`, `["quick_search", ["lea"]]`, `["get_last_modified_photo", 2]`,
		`["historique_transactions", [2, 0, 10]]`, `["dons", [[2], 1, "x"]]`, `["get_preinscriptions"]`, `["help"]`, `["mayi"]`, `["myconnection"]`,
	} {
		tom.want(0, request)
	}
	tom.want(403, `["search", ["", ["numsecu"], "canary"]]`)
	tom.want(403, `["search", ["", {"pbsante": "canary"}]]`)
	tom.want(4, `["search", ["", ["passwd"], "canary"]]`)
	other := k.visitor(bdd("vieux", "canary-vieux")) // its hash is renewed
	other.want(403, `["get_photo", 2]`)
	other.want(403, `["compte", 2]`)
	vincent := k.visitor(`["login", ["vincent", "canary-vincent", "special", []]]`)
	for _, request := range []string{`["adduser", ["zoe", "canary-zoe", ["login"]]]`, `["users"]`, `["who"]`, `["whoami"]`, `["myconnection"]`} {
		vincent.want(0, request)
	}
	tresor := k.visitor(bdd("tresor", "canary-tresor"))
	tresor.want(0, `["chgpass", [3, "canary-given"]]`)
	tresor.want(0, `["whoami"]`)
	tresor.want(0, `["update_compte", {"idbde": 3, "numsecu": "canary-numsecu", "pbsante": "canary-pbsante"}]`)
}

// mistakes are what people type whose secrets are then in the wrong place.
func (k *cage) mistakes(photo string) {
	for _, request := range []string{
		bdd("lea", "canary-wrong"), bdd("canary-for-a-name", "x"), `["login", ["lea", "canary-short"]]`, `["login", "canary-text"]`, `["login", {"key": 1}]`,
		`["login", ["lea", {"canary-object": 1}, "bdd", []]]`, `["login", ["lea", "p", "canary-kind", []]]`, `["login", ["lea", "p", "bdd", [["canary-right"], [], 0]]]`,
		`["canary-command"]`, `["canary-\u00e9"]`, `["login", canary-bare]`, `canary-garbage`, `["man", "canary-page"]`, `["hello", "canary-client"]`,
		`["confirm_reset_password", ["canary-token", "canary-fresh"]]`, `["confirm_reset_password", "canary-token"]`, `["chgpass", [2, "canary-x", "canary-y"]]`,
		`["generate_reset_password", {"nom": "canary-name", "prenom": "x", "mail": "canary-mail@example.org"}]`,
		`["generate_reset_password", {"key": 1}]`,
	} {
		if code := k.visitor().ask(request); code == 0 || code == -1 || code == 555 || code == 666 {
			k.t.Errorf("%s: code %d", request, code)
		}
	}
	vincent := k.visitor(`["login", ["vincent", "canary-vincent", "special", []]]`)
	for _, request := range []string{
		`["adduser", ["x", "canary-x", ["BAD"]]]`, `["adduser", ["canary-x", "-", ["login"]]]`, `["adduser", "canary-x"]`, `["deluser", "canary-x"]`, `["whowith", {"key": []}]`,
	} {
		if code := vincent.ask(request); code == 0 {
			k.t.Errorf("%s is done", request)
		}
	}
	tom := k.visitor(bdd("tom", "canary-given"))
	for _, request := range []string{
		`["update_compte", {"idbde": 2, "numsecu": "canary-numsecu"}]`, `["update_compte", {"idbde": 2, "passwd": "canary-x"}]`,
		`["update_compte", {"idbde": 2, "droits": "canary-x"}]`, `["update_photo", [2, "canary-%%%", "png"]]`, `["update_photo", [2, "` + photo + `", "canary-format"]]`,
		`["crediter", [2, "canary-amount", "especes", {}]]`, `["crediter", [2, 1, "canary-means", {}]]`, `["chgpass", [2, "canary-x"]]`,
		`["login", ["lea", "` + strings.Repeat("canary-", 20_000) + `", "bdd", []]]`,
	} {
		if code := tom.ask(request); code == 0 {
			k.t.Errorf("%.60s is done", request)
		}
	}
}

// resets has a token mailed and used.
func (k *cage) resets() string {
	anybody := k.visitor()
	anybody.want(0, `["generate_reset_password", {"nom": "Hautbois", "prenom": "Lea", "mail": "lea@example.org"}]`)
	mail, err := os.ReadFile(filepath.Join(k.folder, "mail"))
	if err != nil {
		k.t.Fatal(err)
	}
	token := regexp.MustCompile(`(?m)^[A-Za-z0-9_-]{20,}$`).FindString(string(mail))
	if token == "" {
		k.t.Fatalf("there is no token in %s", mail)
	}
	anybody.want(0, `["confirm_reset_password", ["`+token+`", "canary-reset"]]`)
	anybody.want(406, `["confirm_reset_password", ["`+token+`", "canary-again"]]`)
	anybody.want(0, `["generate_reset_password", {"nom": "Hautbois", "prenom": "Lea", "mail": "lea@example.org"}]`) // a token that waits
	if mail, err = os.ReadFile(filepath.Join(k.folder, "mail")); err != nil {
		k.t.Fatal(err)
	}
	second := regexp.MustCompile(`(?m)^[A-Za-z0-9_-]{20,}$`).FindString(string(mail))
	k.hashes = append(k.hashes, token)
	return second
}

// failures has the database and the mail fail while secrets are on their way.
func (k *cage) failures() {
	vieux := k.visitor(bdd("vieux", "canary-vieux"))
	k.beside(`ALTER TABLE comptes_sensibles RENAME TO elsewhere`, `ALTER TABLE reset_tokens RENAME TO nowhere`)
	vieux.want(555, `["whoami"]`)
	vieux.want(555, `["confirm_reset_password", ["canary-token", "canary-fresh"]]`)
	k.beside(`ALTER TABLE elsewhere RENAME TO comptes_sensibles`, `ALTER TABLE nowhere RENAME TO reset_tokens`)
	if err := os.Remove(filepath.Join(k.folder, "mail")); err != nil {
		k.t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(k.folder, "mail"), 0o700); err != nil {
		k.t.Fatal(err)
	}
	vieux.want(666, `["generate_reset_password", {"nom": "Hautbois", "prenom": "Lea", "mail": "lea@example.org"}]`)
}

// beside runs statements as another program would, and knows the stored hashes from
// then on.
func (k *cage) beside(statements ...string) {
	k.t.Helper()
	db := k.open()
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			k.t.Fatal(err)
		}
	}
	rows, err := db.Query(`SELECT passwd FROM comptes WHERE passwd <> '*|*'`)
	if err != nil {
		k.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var hash string
		if err := rows.Scan(&hash); err != nil {
			k.t.Fatal(err)
		}
		k.hashes = append(k.hashes, hash)
	}
	if err := rows.Err(); err != nil {
		k.t.Fatal(err)
	}
}

func (k *cage) open() *sql.DB {
	driver, name := "sqlite", "file:"+filepath.Join(k.folder, k.database)
	if strings.HasPrefix(k.database, "postgres:") {
		driver, name = "pgx", k.database
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		k.t.Fatal(err)
	}
	return db
}

// commands runs all of them, beside the server and with mistakes in their files.
func (k *cage) commands() {
	k.file("pw", "canary-typed\n")
	k.file("empty", "\n")
	k.file("copy.toml", k.config("other.db"))
	k.file("away.toml", k.config("postgres://lea:canary-address@127.0.0.1:1/none"))
	k.file("wrong.toml", k.config("postgres://lea:canary-%zz@127.0.0.1:1/none"))
	k.file("keyword.toml", k.config("postgres:///none?user=lea&password=canary-keyword&host=127.0.0.1&port=1"))
	k.file("type.toml", "database = [\"canary-list\"]\n")
	k.file("broken.toml", "database = \"canary-unfinished\n")
	k.file("auth.toml", k.config("notekfet.db")+"")
	k.file("twice.json", `{"comptes": [{"idbde": 2, "pseudo": "a", "passwd": "canary-a"}, {"idbde": 2, "pseudo": "b"}]}`)
	k.file("type.json", `{"comptes": [{"idbde": "canary-id", "passwd": {"key": 1}}]}`)
	k.file("cut.json", `{"comptes": [{"passwd": "canary-cut`)
	k.file("hash.json", `{"comptes": [{"idbde": 2, "pseudo": "a", "passwd_hash": "canary-hash"}]}`)
	k.file("dump.sql", "COPY public.comptes (idbde, pseudo, passwd) FROM stdin;\n2\ta\tcanary-stored\n\\.\n")
	k.file("short.sql", "COPY public.comptes (idbde, pseudo, passwd) FROM stdin;\n2\tcanary-stored\n\\.\n")
	for _, args := range [][]string{
		{"version"}, {"check"}, {"audit"}, {"audit", "--json"}, {"account", "list"}, {"account", "list", "--json"}, {"special", "list"}, {"special", "list", "--json"},
		{"category", "list"}, {"backup", "backup.db"}, {"account", "add", "zoe", "--password-file", "pw"}, {"account", "add", "zoe", "--password-file", "pw"},
		{"account", "passwd", "zoe", "--password-file", "pw"}, {"account", "passwd", "nobody", "--password-file", "pw"}, {"account", "rights", "lea"},
		{"special", "add", "bot", "--password-file", "pw"}, {"special", "passwd", "bot", "--password-file", "empty"}, {"special", "passwd", "nobody", "--password-file", "pw"},
		{"copy", "--from", "notekfet.toml", "--to", "copy.toml"}, {"audit", "--config", "away.toml"}, {"audit", "--config", "wrong.toml"},
		{"audit", "--config", "keyword.toml"}, {"run", "--config", "keyword.toml"}, {"check", "--config", "keyword.toml"}, {"audit", "--config", "type.toml"},
		{"audit", "--config", "broken.toml"}, {"seed", "--config", "copy.toml", "twice.json"}, {"seed", "--config", "copy.toml", "type.json"},
		{"seed", "--config", "copy.toml", "cut.json"}, {"seed", "--config", "copy.toml", "hash.json"}, {"import", "--config", "copy.toml", "dump.sql"},
		{"import", "--config", "copy.toml", "short.sql"},
	} {
		k.command(args...)
	}
	if err := k.process.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		k.t.Error(err)
	}
	good, err := os.ReadFile(filepath.Join(k.folder, "special.json"))
	if err != nil {
		k.t.Fatal(err)
	}
	for _, stored := range regexp.MustCompile(`"passwd": "([^"]+)"`).FindAllStringSubmatch(string(good), -1) {
		k.hashes = append(k.hashes, stored[1])
	}
	for _, wrong := range []string{`{"vincent": {"passwd": "canary-clear", "acl": []}}`, `{"vincent": {"passwd": "canary-open`, `["canary-list"]`} {
		k.file("special.json", wrong)
		k.command("special", "list")
		k.command("check")
		k.visitor().want(555, `["login", ["vincent", "canary-vincent", "special", []]]`)
	}
	k.file("special.json", string(good))
	k.beside() // the hashes as they are at the end
}

// look searches what was told, the log and the files.
func (k *cage) look(token, photo string) {
	log, err := os.ReadFile(filepath.Join(k.folder, "log"))
	if err != nil {
		k.t.Fatal(err)
	}
	if !bytes.Contains(log, []byte(`"command":"login"`)) || !bytes.Contains(k.heard.Bytes(), []byte("no mistakes")) {
		k.t.Error("nothing was heard")
	}
	told := append(log, k.heard.Bytes()...)
	secrets := append(k.hashes, "argon2", oldHash, token, photo)
	for _, secret := range secrets {
		if i := bytes.Index(told, []byte(secret)); i >= 0 {
			k.t.Errorf("%q is told: %.200s", secret, told[max(0, i-100):])
		}
	}
	// The commands are printed with their arguments; no canary is among them.
	if i := bytes.Index(told, []byte("canary")); i >= 0 {
		k.t.Errorf("a canary is told: %.300s", told[max(0, i-150):])
	}
	rightful := regexp.MustCompile(`canary-(numsecu|pbsante|salt)`) // a table of their own; a salt is no secret
	for name, content := range k.stored() {
		rest := rightful.ReplaceAllString(content, "")
		if i := strings.Index(rest, "canary"); i >= 0 {
			k.t.Errorf("%s holds a canary in clear: %.60q", name, rest[i:])
		}
		for _, secret := range []string{token, k.hashes[0]} {
			if strings.Contains(content, secret) {
				k.t.Errorf("%s holds a token in clear", name)
			}
		}
	}
}

// stored is the content of everything that the program writes.
func (k *cage) stored() map[string]string {
	all := map[string]string{}
	for _, pattern := range []string{"notekfet.db*", "backup.db*", "other.db*", "special.json*", "log", "photos/*"} {
		names, err := filepath.Glob(filepath.Join(k.folder, pattern))
		if err != nil {
			k.t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				k.t.Fatal(err)
			}
			all[filepath.Base(name)] = string(text)
		}
	}
	if strings.HasPrefix(k.database, "postgres:") {
		db := k.open()
		defer db.Close()
		var text string
		if err := db.QueryRow(`SELECT database_to_xml(true, false, '')::text`).Scan(&text); err != nil {
			k.t.Fatal(err)
		}
		all["the database"] = text
	}
	return all
}
