package notifiers

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEmailMessage(t *testing.T) {
	t.Parallel()
	s := newSMTP(t)
	s.start()
	n := open(t, "email", s.settings())
	if _, err := n.Deliver(t.Context(), Message{ID: "mark-42", Title: "Léa · Maths : 14,5/20", Body: "a < b & \"c\"\nd"}); err != nil {
		t.Fatal(err)
	}
	raw := s.in.all()[0].raw
	for _, want := range []string{
		"Message-ID: <mark-42@example.org>\n", "Auto-Submitted: auto-generated\n", "User-Agent: pronote-sync\n", "\nDate: ",
		"From: =?utf-8?q?L=C3=A9a?= <lea@example.org>\n", "To: <maman@example.com>\n", "Content-Type: multipart/alternative;",
		"Content-Type: text/plain; charset=UTF-8\n", "Content-Type: text/html; charset=UTF-8\n",
	} {
		if !strings.Contains("\n"+raw, want) {
			t.Errorf("%q is not in\n%s", want, raw)
		}
	}
	if err := n.Send(t.Context(), "<script>a</script>", "b <script>alert(1)</script>"); err != nil {
		t.Fatal(err)
	}
	_, _, page := mailParts(t, []byte(s.in.all()[1].raw))
	if strings.Contains(page, "<script") || !strings.Contains(page, "b &lt;script&gt;alert(1)&lt;/script&gt;") {
		t.Errorf("a script is in\n%s", page)
	}
	if strings.Contains(raw, "go-mail") {
		t.Errorf("the library names itself in\n%s", raw)
	}
}

func TestEmailScripts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		script map[string]string
		want   string // the beginning of the error, or "" for a delivery
	}{
		"busy":               {map[string]string{"": "421 too many"}, "temporary: the mail server refuses for now: 421"},
		"greylisted":         {map[string]string{"RCPT": "451 4.7.1 later"}, "temporary: the mail server refuses for now: sending SMTP RCPT TO command: 451"},
		"no such reader":     {map[string]string{"RCPT": "550 5.1.1 unknown"}, "permanent: the mail server refuses the message: sending SMTP RCPT TO command: 550"},
		"not my sender":      {map[string]string{"MAIL": "553 5.7.1 not yours"}, "permanent: the mail server refuses the message: sending SMTP MAIL FROM command: 553"},
		"spam":               {map[string]string{".": "554 5.7.1 spam"}, "permanent: the mail server refuses the message: closing SMTP DATA writer: 554"},
		"disk full":          {map[string]string{".": "452 4.3.1 full"}, "temporary: the mail server refuses for now: closing SMTP DATA writer: 452"},
		"wrong password":     {map[string]string{"AUTH": "535 5.7.8 no"}, "permanent: the mail server refuses the message: 535"},
		"password later":     {map[string]string{"AUTH": "454 4.7.0 later"}, "temporary: the mail server refuses for now: 454"},
		"no STARTTLS":        {map[string]string{"STARTTLS": "absent"}, "temporary: the mail server 127.0.0.1 cannot be used: "},
		"STARTTLS broken":    {map[string]string{"STARTTLS": "drop"}, "temporary: the mail server 127.0.0.1 cannot be used"},
		"gone at reader":     {map[string]string{"RCPT": "drop"}, "temporary: the mail server 127.0.0.1 cannot be used"},
		"gone in greeting":   {map[string]string{"": "drop"}, "temporary: the mail server 127.0.0.1 cannot be used"},
		"gone in message":    {map[string]string{"body": "drop"}, "temporary: the mail server 127.0.0.1 cannot be used"},
		"gone before answer": {map[string]string{".": "drop"}, "temporary: the mail server 127.0.0.1 cannot be used"},
		"gone after answer":  {map[string]string{"QUIT": "drop"}, ""},
		"error after answer": {map[string]string{"QUIT": "421 what?"}, ""},
		"nothing unusual":    {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSMTP(t)
			s.mechanisms = "PLAIN"
			s.script = test.script
			s.start()
			got := describe(open(t, "email", s.settings()).Send(t.Context(), "subject", strings.Repeat("text\n", 1e4)))
			if !strings.HasPrefix(got, test.want) || (got == "") != (test.want == "") {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if received := len(s.in.all()); (received == 1) != (test.want == "") {
				t.Errorf("received %d messages", received)
			}
			if name == "no STARTTLS" && (s.saw("AUTH") || s.saw("MAIL")) {
				t.Error("spoke on without TLS")
			}
			for _, leak := range []string{"maman@", "\n"} {
				if strings.Contains(got, leak) {
					t.Errorf("%q is in %q", leak, got)
				}
			}
		})
	}
}

func TestEmailStalls(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "body", "."} {
		t.Run("at "+command, func(t *testing.T) {
			t.Parallel()
			s := newSMTP(t)
			s.mechanisms = "LOGIN"
			s.script[command] = "stall"
			s.start()
			text := "text"
			if command == "body" {
				text = strings.Repeat("text\n", 1e6) // more than the connection buffers
			}
			if err := sendUntilStalled(t, s, text); !errors.Is(err, context.Canceled) || isPermanent(err) {
				t.Errorf("got %v, want context.Canceled", err)
			}
		})
	}
}

// The reader has the message once the server has said 250, even if time runs out while we say goodbye.
func TestEmailStalledGoodbyeIsADelivery(t *testing.T) {
	t.Parallel()
	s := newSMTP(t)
	s.script["QUIT"] = "stall"
	s.start()
	if err := sendUntilStalled(t, s, "text"); err != nil {
		t.Error(err)
	}
	if got := len(s.in.all()); got != 1 {
		t.Errorf("received %d messages, want 1", got)
	}
}

// sendUntilStalled sends a message and gives up when the server has fallen silent.
func sendUntilStalled(t *testing.T, s *smtpServer, text string) error {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		<-s.stalled
		cancel()
	}()
	return open(t, "email", s.settings()).Send(ctx, "subject", text)
}

func TestEmailAuthenticates(t *testing.T) {
	t.Parallel()
	for offered, want := range map[string]string{
		"LOGIN": "LOGIN", "PLAIN": "PLAIN", "LOGIN PLAIN": "PLAIN", "PLAIN LOGIN CRAM-MD5": "CRAM-MD5",
	} {
		for _, transport := range []string{"starttls", "implicit", "none"} {
			t.Run(offered+" "+transport, func(t *testing.T) {
				t.Parallel()
				s := newSMTP(t)
				s.mechanisms, s.implicit, s.plain = offered, transport == "implicit", transport == "none"
				s.start()
				if err := open(t, "email", s.settings()).Send(t.Context(), "subject", "text"); err != nil {
					t.Fatal(err)
				}
				if got := s.used(); got != want {
					t.Errorf("authenticated by %q, want %q", got, want)
				}
			})
		}
	}
}

func TestEmailNeedsAuthenticationToBeOffered(t *testing.T) {
	t.Parallel()
	s := newSMTP(t)
	s.start()
	settings := s.settings()
	settings.Username, settings.Password = mailUser, NewSecret(mailKey)
	got := describe(open(t, "email", settings).Send(t.Context(), "subject", "text"))
	if !strings.HasPrefix(got, "temporary: the mail server 127.0.0.1 cannot be used") || s.saw("MAIL") {
		t.Errorf("got %q", got)
	}
}

func TestEmailChecksCertificate(t *testing.T) {
	t.Parallel()
	for _, implicit := range []bool{false, true} {
		other := newSMTP(t)
		other.certFor, other.implicit = "mail.example.org", implicit
		other.start()
		stranger := newSMTP(t)
		stranger.implicit = implicit
		stranger.start()
		unknown := stranger.settings()
		unknown.CAFile = ""
		for _, settings := range []Email{other.settings(), unknown} {
			got := describe(open(t, "email", settings).Send(t.Context(), "subject", "text"))
			if want := "temporary: the mail server does not prove that it is 127.0.0.1: "; !strings.HasPrefix(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		if other.saw("MAIL") || stranger.saw("MAIL") {
			t.Error("spoke on without a certificate")
		}
	}
}

func TestEmailAuthorityFile(t *testing.T) {
	t.Parallel()
	s := newSMTP(t)
	s.start()
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		empty:             "temporary: ca_file " + empty + " holds no certificate",
		empty + ".absent": "temporary: ca_file cannot be read",
	} {
		settings := s.settings()
		settings.CAFile = file
		if got := describe(open(t, "email", settings).Send(t.Context(), "subject", "text")); !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
