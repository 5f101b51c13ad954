package wire

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"math/big"
	"strings"
	"testing"
)

func TestSealedUUIDIsOpenedByTheKeyOfThePage(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 1024) // the size of the protocol
	if err != nil {
		t.Fatal(err)
	}
	want := []byte("0123456789abcdef")
	exponent := big.NewInt(int64(key.E)).Text(16)
	for _, modulus := range []string{key.N.Text(16), strings.ToUpper(key.N.Text(16)), "00" + key.N.Text(16)} {
		text, err := SealedUUID(want, modulus, exponent)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		//lint:ignore SA1019 the protocol demands it
		if got, err := rsa.DecryptPKCS1v15(rand.Reader, key, sealed); err != nil || !bytes.Equal(got, want) {
			t.Errorf("decrypted vector = %x, %v, want %x", got, err, want)
		}
	}
}

func TestSealedUUIDWithTheConstantKey(t *testing.T) {
	t.Parallel()
	text, err := SealedUUID(make([]byte, 16), PublicModulus, PublicExponent)
	if err != nil {
		t.Fatal(err)
	}
	if sealed, err := base64.StdEncoding.DecodeString(text); err != nil || len(sealed) != 128 {
		t.Errorf("sealed vector of %d bytes, %v, want 128", len(sealed), err)
	}
}

func TestSealedUUIDRefusesOddKeys(t *testing.T) {
	t.Parallel()
	for name, key := range map[string][2]string{
		"no hexadecimal modulus":  {"xyz", "10001"},
		"no hexadecimal exponent": {PublicModulus, "xyz"},
		"no modulus":              {"", "10001"},
		"no exponent":             {PublicModulus, ""},
		"a modulus of 0":          {"0", "10001"},
		"a negative modulus":      {"-" + PublicModulus, "10001"},
		"a short modulus":         {"C5", "10001"},
		"an even modulus":         {PublicModulus[:255] + "4", "10001"},
		"an exponent of 1":        {PublicModulus, "1"},
		"a negative exponent":     {PublicModulus, "-10001"},
		"a huge exponent":         {PublicModulus, "FFFFFFFFFFFFFFFFF"},
	} {
		if text, err := SealedUUID(make([]byte, 16), key[0], key[1]); err == nil {
			t.Errorf("%s: SealedUUID = %s, want an error", name, text)
		}
	}
}

func TestParseByteList(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "1,,2", "256", "-1", "1;2", "a", "1.0"} {
		if key, err := ParseByteList(text); err == nil {
			t.Errorf("ParseByteList(%q) = %v, want an error", text, key)
		}
	}
	if key, err := ParseByteList("0, 255"); err != nil || !bytes.Equal(key, []byte{0, 255}) {
		t.Errorf("ParseByteList with a space = %v, %v", key, err)
	}
}

func TestAnswerWrappedRefuses(t *testing.T) {
	t.Parallel()
	iv, key := vector(t)
	c := Cipher{}.WithIV(iv).WithKey(key)
	for _, tt := range []struct {
		name, challenge string
		wrongKey        bool
	}{
		{"nothing", "", false},
		{"no hexadecimal", "défi", false},
		{"eight bytes", "A1B2C3D4E5F60718", false},
		{"another key", strings.Repeat("00", 32), true},
		{"bytes that are no text", hex.EncodeToString(c.Encrypt([]byte{0xff, 0xfe, 0x80})), true},
	} {
		answer, err := AnswerWrapped(c, tt.challenge)
		if err == nil || errors.Is(err, ErrWrongKey) != tt.wrongKey {
			t.Errorf("%s: AnswerWrapped = %q, %v, want ErrWrongKey: %t", tt.name, answer, err, tt.wrongKey)
		}
	}
}

func TestFlatten(t *testing.T) {
	t.Parallel()
	tree := []Onglet{{Genre: 7}, {Genre: 61, Onglet: List[Onglet]{Items: []Onglet{{Genre: 89}, {Genre: 88}}}}}
	if got := Flatten(tree); len(got) != 4 || got[3] != 88 {
		t.Errorf("Flatten = %v, want 7, 61, 89, 88", got)
	}
}
