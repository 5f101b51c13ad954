package wire

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var generationNames = map[Generation]string{GenerationOld: "old", GenerationMiddle: "middle", GenerationNew: "new"}

func TestBodiesOfEachGeneration(t *testing.T) {
	t.Parallel()
	body := Body{Session: 2052117, Number: "3fa959b1", Function: "DernieresNotes", Secured: json.RawMessage(`"0a0b"`)}
	for generation, want := range map[Generation]string{
		GenerationOld:    `{"donneesSec":"0a0b","nom":"DernieresNotes","numeroOrdre":"3fa959b1","session":2052117}`,
		GenerationMiddle: `{"donneesSec":"0a0b","nom":"DernieresNotes","numeroOrdre":"3fa959b1","session":2052117}`,
		GenerationNew:    `{"dataSec":"0a0b","id":"DernieresNotes","no":"3fa959b1","session":2052117}`,
	} {
		t.Run(generationNames[generation], func(t *testing.T) {
			t.Parallel()
			text, err := EncodeBody(generation, body)
			if err != nil || string(text) != want {
				t.Errorf("EncodeBody = %s, %v, want %s", text, err, want)
			}
			got, err := DecodeBody(text)
			if diff := cmp.Diff(body, got); err != nil || diff != "" {
				t.Errorf("DecodeBody: %v (-want +got):\n%s", err, diff)
			}
			repeated := body
			repeated.Repeated = true
			text, err = EncodeBody(generation, repeated)
			if err != nil || !strings.Contains(string(text), `"echecReseau":true`) {
				t.Errorf("EncodeBody of a repetition = %s, %v", text, err)
			}
		})
	}
}

func TestPayloadsOfEachGeneration(t *testing.T) {
	t.Parallel()
	payload := Payload{Data: json.RawMessage(`{"a":1}`), Signature: json.RawMessage(`{"onglet":198}`), Wait: json.RawMessage(`{"ParametresAtt":{}}`)}
	for generation, want := range map[Generation]string{
		GenerationOld:    `{"_SignatureAttente_":{"ParametresAtt":{}},"_Signature_":{"onglet":198},"donnees":{"a":1}}`,
		GenerationMiddle: `{"Signature":{"onglet":198},"_SignatureAttente_":{"ParametresAtt":{}},"data":{"a":1}}`,
		GenerationNew:    `{"Signature":{"onglet":198},"SignatureAttente":{"ParametresAtt":{}},"data":{"a":1}}`,
	} {
		t.Run(generationNames[generation], func(t *testing.T) {
			t.Parallel()
			text, err := EncodePayload(generation, payload)
			if err != nil || string(text) != want {
				t.Errorf("EncodePayload = %s, %v, want %s", text, err, want)
			}
			got, err := DecodePayload(text)
			if diff := cmp.Diff(payload, got); err != nil || diff != "" {
				t.Errorf("DecodePayload: %v (-want +got):\n%s", err, diff)
			}
			if text, err := EncodePayload(generation, Payload{}); err != nil || string(text) != "{}" {
				t.Errorf("EncodePayload of nothing = %s, %v, want {}", text, err)
			}
		})
	}
}

func TestErrorsOfBodies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want *Error
	}{
		{`{"Erreur":{"G":10,"Titre":"La page a expiré ! (3)","Message":"Veuillez…"}}`, &Error{10, "La page a expiré ! (3)", "Veuillez…"}},
		{`{"session":0,"no":"ff","id":"X","Erreur":{"G":22}}`, &Error{Code: 22}},
		{`{"numeroOrdre":"ff","nom":"X","Erreur":{"G":"3","Titre":{"_T":3,"V":"Accès refusé"},"Message":null}}`, &Error{Code: 3, Title: "Accès refusé"}},
		{`{"Erreur":{}}`, &Error{}},
		{`{"Erreur":null,"dataSec":{}}`, nil},
	} {
		body, err := DecodeBody([]byte(tt.text))
		if diff := cmp.Diff(tt.want, body.Error); err != nil || diff != "" {
			t.Errorf("DecodeBody(%s): %v (-want +got):\n%s", tt.text, err, diff)
		}
	}
}

func TestErrorsInsidePayloads(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want *Error
	}{
		{`{"Erreur":{"G":22,"Titre":"Ressource inconnue"},"data":{}}`, &Error{Code: 22, Title: "Ressource inconnue"}},
		{`{"data":{},"Signature":{"Erreur":true,"MessageErreur":"Saisie impossible"}}`, &Error{Message: "Saisie impossible"}},
		{`{"donnees":{},"_Signature_":{"Erreur":{"G":1},"MessageErreur":"Saisie impossible"}}`, &Error{Message: "Saisie impossible"}},
		{`{"Erreur":{"G":22},"Signature":{"Erreur":true,"MessageErreur":"autre"}}`, &Error{Code: 22}},
		{`{"data":{},"Signature":{"Erreur":false,"MessageErreur":""}}`, nil},
		{`{"data":{},"Signature":{"notificationsCommunication":[{"onglet":8,"nb":2}]}}`, nil},
		{`{"data":{},"Signature":[]}`, nil},
		{`{"data":{"Erreur":{"G":1}}}`, nil}, // the data's own business
	} {
		payload, err := DecodePayload([]byte(tt.text))
		if diff := cmp.Diff(tt.want, payload.Error); err != nil || diff != "" {
			t.Errorf("DecodePayload(%s): %v (-want +got):\n%s", tt.text, err, diff)
		}
	}
}

func TestOddAnswersAreErrors(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, ` `, `[]`, `"text"`, `12`, `{`, `{"session":"x"}`, `{"session":[1]}`, `{"no":12}`, `{"Erreur":"oui"}`, "\x00", `<html>`} {
		if body, err := DecodeBody([]byte(text)); err == nil {
			t.Errorf("DecodeBody(%q) = %+v, want an error", text, body)
		}
	}
	for _, text := range []string{``, `[]`, `"text"`, `{"data":`, `{"Erreur":3}`} {
		if payload, err := DecodePayload([]byte(text)); err == nil {
			t.Errorf("DecodePayload(%q) = %+v, want an error", text, payload)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	iv, key := vector(t)
	c := Cipher{}.WithIV(iv).WithKey(key)
	encrypted, compressed, both := Codec{Encrypt: true}, Codec{Compress: true}, Codec{Encrypt: true, Compress: true}
	whole := c.EncryptHex(`{"data":{}}`)
	deflated := hex.EncodeToString(deflate([]byte(`{"data":{}}`)))
	for _, tt := range []struct {
		name   string
		codec  Codec
		sealed string
	}{
		{"nothing", encrypted, ``},
		{"null", encrypted, `null`},
		{"a number", encrypted, `12`},
		{"a list", encrypted, `["00"]`},
		{"an empty text", encrypted, `""`},
		{"no hexadecimal", encrypted, `"xyz"`},
		{"an odd number of digits", encrypted, `"` + whole[1:] + `"`},
		{"half a block", encrypted, `"` + whole[:16] + `"`},
		{"another key", encrypted, `"` + c.WithKey([]byte("another")).EncryptHex(strings.Repeat("a", 100)) + `"`},
		{"no deflate stream", compressed, `"ffffff"`},
		{"a cut deflate stream", compressed, `"` + deflated[:len(deflated)-4] + `"`},
		{"encrypted, not compressed", both, `"` + whole + `"`},
		{"a text of JSON", Codec{}, `"{}"`},
	} {
		if got, err := tt.codec.Open(Answer, c, json.RawMessage(tt.sealed)); err == nil {
			t.Errorf("%s: Open = %q, want an error", tt.name, got)
		}
	}
	notHex, err := json.Marshal(hex.EncodeToString(deflate([]byte("{}"))))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := compressed.Open(Request, c, notHex); err == nil {
		t.Errorf("Open of a request without hexadecimal inside = %q, want an error", got)
	}
}

func TestOpenAcceptsEitherCaseAndObjects(t *testing.T) {
	t.Parallel()
	iv, key := vector(t)
	c := Cipher{}.WithIV(iv).WithKey(key)
	const text = `{"data":{"L":"Été"}}`
	for _, sealed := range []string{`"` + strings.ToUpper(c.EncryptHex(text)) + `"`, text, "\n " + text + " "} {
		got, err := Codec{Encrypt: true}.Open(Answer, c, json.RawMessage(sealed))
		if err != nil || string(got) != text {
			t.Errorf("Open(%s) = %s, %v, want %s", sealed, got, err, text)
		}
	}
}

// TestDeflateBomb lets some kilobytes claim to be more than any honest answer.
func TestDeflateBomb(t *testing.T) {
	t.Parallel()
	iv, key := vector(t)
	c := Cipher{}.WithIV(iv).WithKey(key)
	bomb := deflate(make([]byte, MaxText+1))
	for codec, sealed := range map[Codec][]byte{{Compress: true}: bomb, {Encrypt: true, Compress: true}: c.Encrypt(bomb)} {
		text, err := json.Marshal(hex.EncodeToString(sealed))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := codec.Open(Answer, c, text); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%+v: Open of %d bytes: %v, want ErrTooLarge", codec, len(text), err)
		}
	}
}

// A small answer of this kind once took minutes: each level was read anew.
func TestPayloadNestedWithoutEnd(t *testing.T) {
	t.Parallel()
	nested := func(n int) []byte {
		return []byte(`{"data":` + strings.Repeat(`[{"Onglet":`, n) + `"}]}]\"}"` + strings.Repeat(`}]`, n) + `}`)
	}
	if _, err := DecodePayload(nested(30)); err != nil {
		t.Errorf("DecodePayload of 61 levels: %v", err)
	}
	for _, n := range []int{32, 4000} {
		if _, err := DecodePayload(nested(n)); err == nil {
			t.Errorf("DecodePayload of %d levels succeeds", 2*n+1)
		}
	}
}

func TestWhatIsSealedOpensAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOf(rapid.Byte()).Draw(t, "text")
		c := Cipher{}.WithIV(rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "iv")).WithKey(rapid.SliceOf(rapid.Byte()).Draw(t, "key"))
		for _, codec := range codecs[1:] { // with neither flag it is JSON itself
			for _, way := range []Direction{Request, Answer} {
				sealed, err := codec.Seal(way, c, text)
				if err != nil {
					t.Fatal(err)
				}
				if opened, err := codec.Open(way, c, sealed); err != nil || !bytes.Equal(opened, text) {
					t.Errorf("%+v: Open(Seal(%q)) = %q, %v", codec, text, opened, err)
				}
			}
		}
	})
}
