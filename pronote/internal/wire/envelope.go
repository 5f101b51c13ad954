package wire

import (
	"bytes"
	"compress/flate"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Generation is the set of key names that a server understands.
type Generation int

// The three generations of envelopes.
const (
	GenerationOld    Generation = iota // before 2024.3.9
	GenerationMiddle                   // 2024.3.9 to 2025.1.2
	GenerationNew                      // from 2025.1.3 on
)

type names struct {
	number, function, secured, unsecured string // of the body
	data, signature, wait                string // inside the secured data
}

var generations = [...]names{
	GenerationOld:    {"numeroOrdre", "nom", "donneesSec", "donneesNonSec", "donnees", "_Signature_", "_SignatureAttente_"},
	GenerationMiddle: {"numeroOrdre", "nom", "donneesSec", "donneesNonSec", "data", "Signature", "_SignatureAttente_"},
	GenerationNew:    {"no", "id", "dataSec", "dataNonSec", "data", "Signature", "SignatureAttente"},
}

// Body is the JSON object that travels, in either direction.
type Body struct {
	Session  int             // number of the session
	Number   string          // sealed order number
	Function string          // name of the function
	Secured  json.RawMessage // sealed Payload
	Repeated bool            // sent again after a network failure
	Error    *Error          // set in answers that refuse
}

// Error is the server's refusal, in its words.
type Error struct {
	Code    Int  `json:"G"`
	Title   Text `json:"Titre"`
	Message Text `json:"Message"`
}

// EncodeBody writes a body in the words of a generation.
func EncodeBody(g Generation, b Body) ([]byte, error) {
	n := generations[g]
	object := map[string]any{"session": b.Session, n.number: b.Number, n.function: b.Function}
	if b.Secured != nil {
		object[n.secured] = b.Secured
	}
	if b.Repeated {
		object["echecReseau"] = true
	}
	if b.Error != nil {
		object["Erreur"] = b.Error
	}
	return json.Marshal(object)
}

// DecodeBody reads a body of any generation: a server that was upgraded under
// our feet is then noticed by what it says, not by a missing key.
func DecodeBody(text []byte) (Body, error) {
	var raw struct {
		Session    Int             `json:"session"`
		Number     string          `json:"no"`
		OldNumber  string          `json:"numeroOrdre"`
		Name       string          `json:"id"`
		OldName    string          `json:"nom"`
		Secured    json.RawMessage `json:"dataSec"`
		OldSecured json.RawMessage `json:"donneesSec"`
		Repeated   bool            `json:"echecReseau"`
		Error      *Error          `json:"Erreur"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return Body{}, fmt.Errorf("not the JSON of a function call: %w", Explain(err))
	}
	b := Body{
		Session: int(raw.Session), Number: raw.Number + raw.OldNumber, Function: raw.Name + raw.OldName,
		Secured: raw.Secured, Repeated: raw.Repeated, Error: raw.Error,
	}
	if b.Secured == nil {
		b.Secured = raw.OldSecured
	}
	return b, nil
}

// Payload is what a body carries sealed.
type Payload struct {
	Data      json.RawMessage
	Signature json.RawMessage
	Wait      json.RawMessage // "not finished, ask again" mark
	Error     *Error          // some refusals come inside, or in the signature
}

// EncodePayload writes a payload in the words of a generation. Absent members
// are left out.
func EncodePayload(g Generation, p Payload) ([]byte, error) {
	n := generations[g]
	object := map[string]json.RawMessage{}
	for name, value := range map[string]json.RawMessage{n.data: p.Data, n.signature: p.Signature, n.wait: p.Wait} {
		if value != nil {
			object[name] = value
		}
	}
	return json.Marshal(object)
}

// DecodePayload reads a payload of any generation.
func DecodePayload(text []byte) (Payload, error) {
	var raw struct {
		Data         json.RawMessage `json:"data"`
		OldData      json.RawMessage `json:"donnees"`
		Signature    json.RawMessage `json:"Signature"`
		OldSignature json.RawMessage `json:"_Signature_"`
		Wait         json.RawMessage `json:"SignatureAttente"`
		OldWait      json.RawMessage `json:"_SignatureAttente_"`
		Error        *Error          `json:"Erreur"`
	}
	if depth(text) > maxDepth {
		return Payload{}, fmt.Errorf("secured data is nested deeper than %d", maxDepth)
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return Payload{}, fmt.Errorf("secured data is not a JSON object: %w", Explain(err))
	}
	p := Payload{
		Data:      either(raw.Data, raw.OldData),
		Signature: either(raw.Signature, raw.OldSignature),
		Wait:      either(raw.Wait, raw.OldWait),
		Error:     raw.Error,
	}
	if p.Error == nil {
		p.Error = signedError(p.Signature)
	}
	return p, nil
}

// maxDepth bounds how deep a payload is nested. Real ones stay below twenty; and
// since typed values are read anew at each level, depth costs time.
const maxDepth = 64

// depth is how deep the objects and lists of a JSON text are nested.
func depth(text []byte) int {
	deepest, now, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{', c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}', c == ']':
			now--
		}
	}
	return deepest
}

// signedError reads the error of the application that a signature may carry. It
// has a message, and no code of the kind that errors of the protocol have.
func signedError(signature json.RawMessage) *Error {
	var raw struct {
		Error   Bool `json:"Erreur"`
		Message Text `json:"MessageErreur"`
	}
	if json.Unmarshal(signature, &raw) != nil || !bool(raw.Error) {
		return nil
	}
	return &Error{Message: raw.Message}
}

func either(a, b json.RawMessage) json.RawMessage {
	if a != nil {
		return a
	}
	return b
}

// Direction tells requests from answers, which are compressed differently.
type Direction bool

// The two directions.
const (
	Request Direction = false
	Answer  Direction = true
)

// Codec seals and opens the secured data of a session, as its page announced.
type Codec struct {
	Encrypt, Compress bool
}

// MaxText bounds a decompressed text, in bytes. The largest real answer known
// is a few hundred kilobytes; a small body that inflates past this is hostile.
// MaxBody bounds the same as it is sent, two digits for each byte.
const (
	MaxText = 4 << 20
	MaxBody = 2*MaxText + 64<<10
)

// maxElements bounds the elements of all lists of an answer. Two bytes of text may
// become an element of a kilobyte; a year of lessons has some 10,000.
const maxElements = 50_000

// ErrTooLarge says that an answer is larger than any honest one.
var ErrTooLarge = errors.New("answer is larger than any that a school sends")

// Seal turns payload text into the value of the secured member.
func (k Codec) Seal(d Direction, c Cipher, text []byte) (json.RawMessage, error) {
	if !k.Encrypt && !k.Compress {
		return text, nil
	}
	if k.Compress {
		if d == Request {
			text = []byte(hex.EncodeToString(text))
		}
		text = deflate(text)
	}
	if k.Encrypt {
		text = c.Encrypt(text)
	}
	return json.Marshal(hex.EncodeToString(text))
}

// Open reverses Seal. An object that came unsealed is accepted whatever the
// page announced.
func (k Codec) Open(d Direction, c Cipher, sealed json.RawMessage) ([]byte, error) {
	sealed = bytes.TrimSpace(sealed)
	if len(sealed) > 0 && sealed[0] == '{' {
		return sealed, bounded(sealed)
	}
	plain, err := k.unseal(d, c, sealed)
	if err != nil {
		return nil, err
	}
	return plain, bounded(plain)
}

func (k Codec) unseal(d Direction, c Cipher, sealed json.RawMessage) ([]byte, error) {
	var text string
	if err := json.Unmarshal(sealed, &text); err != nil {
		return nil, fmt.Errorf("secured data is neither text nor object")
	}
	plain, err := hex.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("secured data is not hexadecimal")
	}
	if k.Encrypt {
		if plain, err = c.Decrypt(plain); err != nil {
			return nil, fmt.Errorf("secured data: %w", err)
		}
	}
	if !k.Compress {
		return plain, nil
	}
	if plain, err = inflate(plain); err != nil {
		return nil, fmt.Errorf("secured data: %w", err)
	}
	if d == Request {
		return hex.AppendDecode(nil, plain)
	}
	return plain, nil
}

// bounded refuses an answer whose lists have more elements than any school's.
func bounded(text []byte) error {
	if len(text) > MaxText {
		return ErrTooLarge
	}
	if len(text) < maxElements { // an element takes two bytes
		return nil
	}
	var inList []bool // whether each bracket that is open is that of a list
	elements := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '[', '{':
			inList = append(inList, text[i] == '[')
			if text[i] == '[' {
				elements++
			}
		case ']', '}':
			inList = inList[:max(0, len(inList)-1)]
		case ',':
			if len(inList) > 0 && inList[len(inList)-1] {
				elements++
			}
		}
		if elements > maxElements {
			return ErrTooLarge
		}
	}
	return nil
}

// deflaters are used again: a new one takes most of a megabyte, a thousand times
// what it compresses.
var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, 6)
	if err != nil {
		panic(err) // 6 is a valid level
	}
	return w
}}

func deflate(text []byte) []byte {
	var out bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&out)
	// A bytes.Buffer accepts every write.
	_, _ = w.Write(text)
	_ = w.Close()
	return out.Bytes()
}

func inflate(deflated []byte) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(deflated)), MaxText+1))
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	if len(text) > MaxText {
		return nil, ErrTooLarge
	}
	return text, nil
}
