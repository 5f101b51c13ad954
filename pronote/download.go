package pronote

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

// A File is an attachment on its way. Read gives its bytes from From on, and
// io.EOF only when all of them came; it fails with ErrTruncated where the server
// stopped early and with ErrTooLarge past the limit. It must be closed.
type File struct {
	From     int64     // 0 unless the server went on where an earlier download had stopped
	Size     int64     // of the whole, in bytes; -1 where the server does not say
	Modified time.Time // as the server says; zero where it does not

	body  io.ReadCloser
	stall *time.Timer // cuts the connection when nothing comes
	pause time.Duration
	at    int64
	limit int64
}

// A Resume says where an earlier download of the same file stopped. The zero
// value is the beginning.
type Resume struct {
	From     int64     // bytes that are there
	Modified time.Time // File.Modified of that download; without it nothing is resumed
}

// Download asks for the file of an attachment that this very session listed, of
// at most limit bytes. A server that has changed the file since an earlier
// download, or cannot go on in the middle, begins anew: see File.From.
//
// A file that the server makes on request takes two requests, and is never
// resumed.
//
// It returns ErrNoFile for what is no file of the school, ErrStale where the
// server does not know it (any longer), ErrTooLarge for a file that says so at
// once. A redirect to another host is refused.
func (s *Session) Download(ctx context.Context, a Attachment, limit int64, resume Resume) (*File, error) {
	if !a.Downloadable() {
		return nil, ErrNoFile
	}
	if s.ended.Load() {
		return nil, ErrSessionExpired
	}
	address, err := s.fileURL(ctx, a)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if a.made != nil {
		resume = Resume{}
	}
	if resume.From > 0 && !resume.Modified.IsZero() {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", resume.From))
		req.Header.Set("If-Range", resume.Modified.UTC().Format(http.TimeFormat))
	}
	s.introduce(req)
	req.Header.Set("Accept-Encoding", "identity") // the size is that of the file
	if err := s.announce(ctx, "FichiersExternes"); err != nil {
		return nil, err
	}
	// A large file may take long, so what is bounded is the silence.
	limited, cancel := context.WithCancel(ctx)
	stall := time.AfterFunc(s.opts.Timeout, cancel)
	resp, err := s.http.Do(req.WithContext(limited))
	if err != nil {
		silent := !stall.Stop()
		cancel()
		return nil, s.fileUnreachable(ctx, req.URL.Host, silent, err)
	}
	f := &File{body: closer{resp.Body, cancel}, stall: stall, pause: s.opts.Timeout, limit: limit}
	err = s.checkFile(f, a, resp, resume)
	if errors.Is(err, errOtherFile) {
		_ = f.Close() // nothing of it is wanted
		return s.Download(ctx, a, limit, Resume{})
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// errOtherFile says that what the server has does not continue what is there.
var errOtherFile = errors.New("not the rest of the file")

// fileURL is the address of a file in this session: its number is sealed under
// the session's key, or the server says where it has just made the file.
func (s *Session) fileURL(ctx context.Context, a Attachment) (string, error) {
	if a.made != nil {
		return s.makeFile(ctx, *a.made)
	}
	return s.FileAddress(a.number, a.genre, a.Name), nil
}

// FileAddress is where this session, and no other, has a file whose number was read
// in an answer. Role is the server's word for a file that has one, such as
// "DevoirSujet", else "". It asks for nothing, and whoever has the address may read
// the file for as long as the session lasts.
func (s *Session) FileAddress(number, role, name string) string {
	text, err := json.Marshal(struct {
		Number string `json:"N"`
		Active bool   `json:"Actif"`
		Genre  string `json:"G,omitempty"`
	}{number, true, role})
	if err != nil {
		panic(err) // texts always marshal
	}
	return s.root.String() + "/FichiersExternes/" + s.cipher.EncryptHex(string(text)) + "/" +
		url.PathEscape(cmp.Or(strings.Trim(name, "."), "document")) + "?Session=" + strconv.Itoa(s.page.Session)
}

// checkFile reads what the server says about a file before it sends it.
func (s *Session) checkFile(f *File, a Attachment, resp *http.Response, resume Resume) error {
	switch resp.StatusCode {
	case http.StatusOK:
		f.Size = resp.ContentLength
	case http.StatusPartialContent:
		if resume.From == 0 {
			return fmt.Errorf("%w: a part of a file that was asked for as a whole", ErrUnreadable)
		}
		_, err := fmt.Sscanf(resp.Header.Get("Content-Range"), "bytes %d-", &f.From)
		if err != nil || f.From != resume.From || !modified(resp).Equal(resume.Modified.Truncate(time.Second)) {
			return errOtherFile
		}
		if f.Size = resp.ContentLength; f.Size >= 0 {
			f.Size += f.From
		}
	case http.StatusRequestedRangeNotSatisfiable:
		if resume.From > 0 {
			return errOtherFile
		}
		return &HTTPError{Status: resp.StatusCode}
	case http.StatusNotFound, http.StatusForbidden, http.StatusGone:
		return ErrStale
	default:
		_, _, err := s.readBody(resp.Request.Context(), resp, maxPage)
		return err
	}
	if isPage(resp.Header.Get("Content-Type")) && !isPage(pageTypes[strings.ToLower(path.Ext(a.Name))]) {
		text, err := io.ReadAll(io.LimitReader(resp.Body, maxPage))
		if err != nil {
			return s.unreachable(resp.Request.Context(), resp.Request.URL.Host, err)
		}
		return cmp.Or(pageRefusal(text), ErrNotPRONOTE)
	}
	if max(f.Size, f.From) > f.limit {
		return tooLarge(f.limit)
	}
	f.at, f.Modified = f.From, modified(resp)
	return nil
}

// modified is when the server last changed a file, zero where it does not say.
func modified(resp *http.Response) time.Time {
	t, err := http.ParseTime(resp.Header.Get("Last-Modified"))
	if err != nil {
		return time.Time{}
	}
	return t
}

// pageTypes are files that may come as a page.
var pageTypes = map[string]string{".htm": "text/html", ".html": "text/html", ".xhtml": "text/html"}

func isPage(contentType string) bool { return strings.HasPrefix(contentType, "text/html") }

// fileUnreachable says what is wrong with the way to a file.
func (s *Session) fileUnreachable(ctx context.Context, host string, silent bool, err error) error {
	var portal *PortalError
	switch {
	case errors.As(err, &portal):
		return elsewhere(portal.Host)
	case silent && ctx.Err() == nil:
		err = context.DeadlineExceeded
	}
	return s.unreachable(ctx, host, err)
}

// Read implements io.Reader.
func (f *File) Read(p []byte) (n int, err error) {
	if room := f.limit - f.at; int64(len(p)) > room {
		p = p[:room+1] // one more, to see whether there is more
	}
	f.stall.Reset(f.pause)
	n, err = f.body.Read(p)
	f.at += int64(n)
	switch {
	case f.at > f.limit:
		return n, tooLarge(f.limit)
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF) && (f.Size < 0 || f.at == f.Size):
		return n, io.EOF
	default:
		return n, ErrTruncated
	}
}

// Close implements io.Closer.
func (f *File) Close() error {
	f.stall.Stop()
	return f.body.Close()
}

// closer closes a body, and lets go of what its request holds.
type closer struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (c closer) Close() error {
	defer c.cancel()
	return c.ReadCloser.Close()
}

func tooLarge(limit int64) error {
	return fmt.Errorf("%w: it has more than %d MB", ErrTooLarge, limit/1_000_000)
}
