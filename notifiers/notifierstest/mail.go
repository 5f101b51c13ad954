package notifierstest

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
)

func (p *Post) serveMail(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return // it was closed
		}
		p.keep(conn)
		go func() {
			defer conn.Close()
			text := textproto.NewConn(conn)
			for err := text.PrintfLine("220 ready"); err == nil; {
				err = p.converse(text)
			}
		}()
	}
}

// converse answers one line of SMTP, as far as it takes to get a mail.
func (p *Post) converse(text *textproto.Conn) error {
	line, err := text.ReadLine()
	if err != nil {
		return err
	}
	switch verb, _, _ := strings.Cut(line, " "); verb {
	case "EHLO":
		return text.PrintfLine("250-hello\r\n250 8BITMIME")
	case "DATA":
		return p.receive(text)
	case "QUIT":
		return errors.Join(text.PrintfLine("221 bye"), io.EOF)
	}
	return text.PrintfLine("250 ok")
}

// receive gets a mail.
func (p *Post) receive(text *textproto.Conn) error {
	if err := text.PrintfLine("354 go"); err != nil {
		return err
	}
	raw, err := text.ReadDotBytes()
	if err != nil {
		return err
	}
	a, err := readMail(raw)
	if err != nil {
		return text.PrintfLine("554 %v", err)
	}
	err = io.ErrClosedPipe
	p.take(a, func() { err = text.PrintfLine("250 queued") })
	return err
}

// readMail reads what a mail says in plain text.
func readMail(raw []byte) (a Arrival, err error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return a, err
	}
	to, err := m.Header.AddressList("To")
	if err != nil {
		return a, err
	}
	a.Channel = "email"
	a.To, _, _ = strings.Cut(to[0].Address, "@")
	a.ID, _, _ = strings.Cut(strings.TrimPrefix(m.Header.Get("Message-ID"), "<"), "@")
	if a.Title, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return a, err
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return a, err
	}
	body, encoding := m.Body, m.Header.Get("Content-Transfer-Encoding")
	if boundary, ok := params["boundary"]; ok {
		part, err := multipart.NewReader(body, boundary).NextRawPart() // the plain text comes first
		if err != nil {
			return a, err
		}
		body, encoding = part, part.Header.Get("Content-Transfer-Encoding")
	}
	if strings.EqualFold(encoding, "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	said, err := io.ReadAll(body)
	a.Text = string(said)
	return a, err
}
