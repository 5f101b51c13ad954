package wire

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestFramesAreASCIIAndCounted(t *testing.T) {
	t.Parallel()
	frame, err := AppendFrame(nil, 11, "refusé", map[string]any{"a": []any{1, "é😀<", nil}})
	if err != nil {
		t.Fatal(err)
	}
	want := "85\n" + `{"retcode": 11, "errmsg": "refus\u00e9", "msg": {"a":[1,"\u00e9\ud83d\ude00<",null]}}`
	if string(frame) != want {
		t.Errorf("%s, want %s", frame, want)
	}
}

func TestMessagesAreWrittenAsTheOriginalDid(t *testing.T) {
	t.Parallel()
	if got, want := string(Spaced([]byte(`{"a":[1 ,null,"x, y: é\""],  "b" : {}}`))), `{"a": [1, null, "x, y: \u00e9\""], "b": {}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestReadFrame(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"41\n" + `{"retcode": 5, "errmsg": "", "msg": null}`:     nil,
		"45\n" + `{"retcode": 5, "errmsg": "", "msg": null}    `: nil,
		"41\n" + `{"retcode": 5, "errmsg": ""`:                   io.ErrUnexpectedEOF,
		"4":                                                      io.ErrUnexpectedEOF,
		"":                                                       io.EOF,
		"\n{}":                                                   ErrSize,
		"-1\n{}":                                                 ErrSize,
		"1234567890\n{}":                                         ErrSize,
		"999999999\n{}":                                          ErrLarge,
		"2\n{}":                                                  ErrFrame,
		"2\n[]":                                                  ErrFrame,
		"41\n" + `{"retcode": "5", "errmsg": "", "msg": 12}`:   ErrFrame,
		"43\n" + `{"retcode": 5.0, "errmsg": "", "msg": null}`: ErrFrame,
		"39\n" + `{"retcode": 5, "errmsg": 1, "msg": nul}`:     ErrFrame,
	} {
		_, err := ReadFrame(bufio.NewReader(strings.NewReader(text)), 1000)
		if !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

// FuzzReadFrame gives the client whatever a hostile server may send.
func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("41\n" + `{"retcode": 5, "errmsg": "", "msg": null}`))
	f.Add([]byte("999999999\n{"))
	f.Add([]byte("2\n{}41\n"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		r := bufio.NewReader(bytes.NewReader(stream))
		for {
			frame, err := ReadFrame(r, 1<<16)
			if err != nil {
				return
			}
			again, err := AppendFrame(nil, frame.Code, frame.Errmsg, frame.Msg)
			if err != nil {
				t.Fatal(err)
			}
			back, err := ReadFrame(bufio.NewReader(bytes.NewReader(again)), 1<<20)
			if err != nil || back.Code != frame.Code || back.Errmsg != frame.Errmsg || !json.Valid(back.Msg) {
				t.Errorf("%+v became %+v, %v", frame, back, err)
			}
		}
	})
}
