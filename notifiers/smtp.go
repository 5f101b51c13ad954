package notifiers

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/textproto"
	"os"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// mechanisms of authentication, the strongest first. go-mail never uses the last two outside TLS, but on this machine.
var mechanisms = []gomail.SMTPAuthType{
	gomail.SMTPAuthSCRAMSHA256PLUS, gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1PLUS, gomail.SMTPAuthSCRAMSHA1,
	gomail.SMTPAuthCramMD5, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin,
}

// submit hands a message to the mail server, over a connection of its own.
func (e *email) submit(ctx context.Context, msg *gomail.Msg) error {
	config, err := e.tlsConfig()
	if err != nil {
		return err
	}
	conn, err := e.dial(ctx, config)
	if err != nil {
		return e.explain(ctx, err)
	}
	defer conn.Close() // go-mail leaves it open when it is refused
	// go-mail consults the context only while it dials.
	defer context.AfterFunc(ctx, func() { conn.Close() })()

	client, err := e.client(conn, config)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() {
		return nil // the server has answered for the message, whatever it says to QUIT
	}
	f := e.explain(ctx, err)
	if refused, ok := errors.AsType[*gomail.SendError](err); ok {
		f.uncertain = refused.Reason == gomail.ErrSMTPDataClose && refused.ErrorCode() == 0 // the whole message is there, and the reply is not
	}
	return f
}

// tlsConfig reads the private authority anew for each message, so that a renewed one needs no restart.
func (e *email) tlsConfig() (*tls.Config, error) {
	config := &tls.Config{ServerName: e.Host, MinVersion: tls.VersionTLS12}
	if e.CAFile == "" {
		return config, nil
	}
	pem, err := os.ReadFile(e.CAFile)
	if err != nil {
		return nil, temporary("ca_file cannot be read: %v", err).because("ca_file")
	}
	if config.RootCAs, err = x509.SystemCertPool(); err != nil {
		config.RootCAs = x509.NewCertPool()
	}
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, temporary("ca_file %s holds no certificate", e.CAFile).because("ca_file")
	}
	return config, nil
}

func (e *email) dial(ctx context.Context, config *tls.Config) (net.Conn, error) {
	address := net.JoinHostPort(e.Host, strconv.Itoa(e.Port))
	if e.TLS == "implicit" {
		return (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", address)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", address)
}

// client makes a client of the connection.
func (e *email) client(conn net.Conn, config *tls.Config) (*gomail.Client, error) {
	policy := gomail.NoTLS // or done already
	if e.TLS == "starttls" {
		policy = gomail.TLSMandatory
	}
	options := []gomail.Option{
		gomail.WithDialContextFunc(func(context.Context, string, string) (net.Conn, error) { return conn, nil }),
		gomail.WithTimeout(sendTimeout), gomail.WithTLSConfig(config), gomail.WithTLSPolicy(policy),
		// One message per connection, with addresses in ASCII: there is no need to ask whether the connection is
		// still open, nor for an extension that the next server on the way may not have.
		gomail.WithoutNoop(), gomail.WithoutRset(), gomail.WithoutSMTPUTF8(),
	}
	if e.Username != "" {
		options = append(options, gomail.WithUsername(e.Username), gomail.WithPassword(e.Password.Reveal()),
			gomail.WithOpportunisticSMTPAuth(mechanisms...))
	}
	return gomail.NewClient(e.Host, options...)
}

// explain makes a failure of what the network or the mail server says. 5xx is the server's final word; all else is
// temporary, certificates included: they are renewed without our settings being changed.
func (e *email) explain(ctx context.Context, err error) *failure {
	if ctx.Err() != nil {
		return temporary("the mail server %s did not take the message in time: %v", e.Host, ctx.Err()).because("trouble")
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return temporary("the mail server does not prove that it is %s: %v", e.Host, err).because("certificate")
	}
	code, text, reason := reply(err)
	switch {
	case code == 0:
		return temporary("the mail server %s cannot be used: %s", e.Host, text).because("mail_server")
	case code >= 500:
		return permanent("the mail server refuses the message: %s", text).because(reason)
	}
	return temporary("the mail server refuses for now: %s", text).because("trouble")
}

// reply finds the reply of the server in an error, and the reason of a refusal. The code is 0 if there is no reply; the
// text is then that of the error.
func reply(err error) (code int, text, reason string) {
	reason = "mail_refused"
	// This one first: it may be joined with the reply to QUIT.
	if refused, ok := errors.AsType[*gomail.SendError](err); ok {
		switch refused.Reason {
		case gomail.ErrSMTPMailFrom:
			reason = "mail_from"
		case gomail.ErrSMTPRcptTo:
			reason = "mail_to"
		}
		text, _, _ = strings.Cut(refused.Error(), ", affected ") // then come address and id
		return refused.ErrorCode(), text, reason
	}
	if refused, ok := errors.AsType[*textproto.Error](err); ok {
		switch refused.Code {
		case 530, 534, 535, 538:
			reason = "mail_password"
		}
		return refused.Code, refused.Error(), reason
	}
	return 0, err.Error(), ""
}
