package bot

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const token = "123456:AA-bb_CC"

// A telegram is a server that speaks the Bot API as it is documented: updates are
// kept until a later offset is asked for, a question for updates waits for them, and
// of two such questions the first is ended with a conflict.
type telegram struct {
	*httptest.Server
	t testing.TB

	mu       sync.Mutex
	updates  []string // JSON, of the numbers from first on
	first    int
	changed  chan struct{} // closed when there is something new
	asking   chan struct{} // closed to end the question that waits
	refusals []answer      // given to the next questions for updates
	asked    int           // questions for updates
	offsets  []int
	calls    map[string][]map[string]any // by method
	heard    chan string                 // texts that were sent, and answers to buttons
}

type answer struct {
	status int
	body   string
}

func newTelegram(t testing.TB) *telegram {
	s := &telegram{t: t, first: 1000, changed: make(chan struct{}), calls: map[string][]map[string]any{}, heard: make(chan string, 1000)}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *telegram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+token+"/")
	if !ok {
		reply(w, answer{401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`})
		return
	}
	params := map[string]any{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		text, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(text, &params)
		}
		if err != nil {
			s.t.Errorf("%s: %v", method, err)
		}
	} else if err := r.ParseMultipartForm(1 << 20); err == nil {
		for name, values := range r.MultipartForm.Value {
			params[name] = values[0]
		}
	}
	switch method {
	case "getUpdates":
		reply(w, s.next(r, params))
	case "sendMessage":
		s.note(method, params) // before the test hears of it
		s.heard <- fmt.Sprint(params["text"])
		reply(w, answer{200, `{"ok":true,"result":{"message_id":1}}`})
	case "answerCallbackQuery":
		s.note(method, params)
		s.heard <- fmt.Sprint(params["text"])
		reply(w, answer{200, `{"ok":true,"result":true}`})
	default:
		s.note(method, params)
		reply(w, answer{200, `{"ok":true,"result":true}`})
	}
}

// note remembers a call.
func (s *telegram) note(method string, params map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[method] = append(s.calls[method], params)
}

func reply(w http.ResponseWriter, a answer) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

// next answers a question for updates.
func (s *telegram) next(r *http.Request, params map[string]any) answer {
	offset, limit := int(params["offset"].(float64)), int(params["limit"].(float64))
	ended := s.begin(offset)
	for {
		s.mu.Lock()
		if len(s.refusals) > 0 {
			a := s.refusals[0]
			s.refusals = s.refusals[1:]
			s.mu.Unlock()
			return a
		}
		from := min(max(offset-s.first, 0), len(s.updates))
		ready := s.updates[from:min(len(s.updates), from+limit)]
		changed := s.changed
		s.mu.Unlock()
		if len(ready) > 0 {
			return answer{200, `{"ok":true,"result":[` + strings.Join(ready, ",") + `]}`}
		}
		select {
		case <-changed:
		case <-ended:
			return conflict
		case <-r.Context().Done():
			return answer{200, `{"ok":true,"result":[]}`}
		}
	}
}

var conflict = answer{409, `{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}`}

// begin ends the question that waits; it returns what ends this one.
func (s *telegram) begin(offset int) chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asking != nil {
		close(s.asking)
	}
	s.asking = make(chan struct{})
	s.asked++
	s.offsets = append(s.offsets, offset)
	return s.asking
}

// refuse gives an answer to the next questions for updates, beginning with the one
// that waits.
func (s *telegram) refuse(answers ...answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusals = append(s.refusals, answers...)
	close(s.changed)
	s.changed = make(chan struct{})
}

// update adds one; %d in it is its number.
func (s *telegram) update(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates = append(s.updates, strings.ReplaceAll(text, "%d", fmt.Sprint(s.first+len(s.updates))))
	close(s.changed)
	s.changed = make(chan struct{})
}

// write adds a message to a chat.
func (s *telegram) write(chat int64, text string) { s.writeAs(chat, "private", text, time.Now()) }

func (s *telegram) writeAs(chat int64, kind, text string, at time.Time) {
	message, err := json.Marshal(map[string]any{
		"message_id": 7, "date": at.Unix(), "text": text, "chat": map[string]any{"id": chat, "type": kind}, "from": map[string]any{"id": 5, "first_name": "Anne"},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.update(`{"update_id":%d,"message":` + string(message) + `}`)
}

// press adds a button that was pressed below a message of a chat.
func (s *telegram) press(chat int64, data string) {
	query, err := json.Marshal(map[string]any{
		"id": "77", "data": data, "from": map[string]any{"id": 5}, "chat_instance": "1",
		"message": map[string]any{"message_id": 7, "date": 1, "chat": map[string]any{"id": chat, "type": "private"}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.update(`{"update_id":%d,"callback_query":` + string(query) + `}`)
}

// hears waits for what the bot says next.
func (s *telegram) hears() string {
	s.t.Helper()
	select {
	case text := <-s.heard:
		return text
	case <-time.After(30 * time.Second):
		s.t.Fatal("the bot says nothing")
		return ""
	}
}

// quiet reports whether the bot has said nothing.
func (s *telegram) quiet() bool { return len(s.heard) == 0 }

func (s *telegram) callsOf(method string) []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls[method])
}
