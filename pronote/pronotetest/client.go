package pronotetest

import (
	"io"
	"net/http"
	"net/http/httptest"
)

// Address is where a Transport reaches the school, whatever its host.
const Address = "https://0000001x.school.test/pronote/"

// Transport carries requests to the server without a network: for tests whose
// clock is not the machine's. A broken connection is io.ErrUnexpectedEOF.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ server *Server }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	recorder := httptest.NewRecorder()
	if err := t.serve(recorder, r); err != nil {
		if ctxErr := r.Context().Err(); ctxErr != nil {
			return nil, ctxErr
		}
		return nil, err
	}
	response := recorder.Result()
	response.Request = r
	return response, nil
}

// serve turns an aborted handler into a broken connection.
func (t transport) serve(w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = io.ErrUnexpectedEOF
		default:
			panic(p)
		}
	}()
	clone := r.Clone(r.Context())
	if clone.Body == nil {
		clone.Body = http.NoBody
	}
	t.server.ServeHTTP(w, clone)
	return nil
}
