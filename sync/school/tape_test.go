package school

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"
)

// A tape is a way to the school that keeps the answers and gives them again, so
// that a benchmark can leave the school's own work out. Its answers are those of
// one session, whose keys do not change, and come in the order of the requests.
type tape struct {
	t       testing.TB
	school  http.RoundTripper // nil once the tape plays
	answers [][]byte
	played  int
	spent   time.Duration // by the school
}

// play ends the recording.
func (p *tape) play() { p.school = nil }

// rewind begins a new recording.
func (p *tape) rewind(school http.RoundTripper) { *p = tape{t: p.t, school: school} }

// RoundTrip implements http.RoundTripper.
func (p *tape) RoundTrip(r *http.Request) (*http.Response, error) {
	if p.school != nil {
		return p.record(r)
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	answer := p.answers[p.played%len(p.answers)]
	p.played++
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{}, Request: r,
		Body: io.NopCloser(bytes.NewReader(answer)), ContentLength: int64(len(answer)),
	}, nil
}

func (p *tape) record(r *http.Request) (*http.Response, error) {
	asked := time.Now()
	response, err := p.school.RoundTrip(r)
	p.spent += time.Since(asked)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	p.answers = append(p.answers, answer)
	response.Body = io.NopCloser(bytes.NewReader(answer))
	return response, nil
}

// size is that of all answers, in bytes.
func (p *tape) size() (n int) {
	for _, answer := range p.answers {
		n += len(answer)
	}
	return n
}

// checkPlayed fails if a benchmark asked for something else than was recorded.
func (p *tape) checkPlayed(rounds int) {
	p.t.Helper()
	if want := rounds * len(p.answers); p.played != want || want == 0 {
		p.t.Fatalf("%d requests were made in %d rounds, of which each has %d", p.played, rounds, len(p.answers))
	}
}
