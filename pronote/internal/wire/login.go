package wire

import (
	"crypto/aes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// LoginKey is the raw key under which the challenge is answered: the login
// name, then the upper-case hexadecimal SHA-256 of salt and secret. A login
// through a portal has neither name nor salt.
func LoginKey(name, salt, secret string) []byte {
	sum := sha256.Sum256([]byte(salt + secret))
	return []byte(name + strings.ToUpper(hex.EncodeToString(sum[:])))
}

// AnswerRaw answers the challenge of servers from 2026.2.5.6 on: the text is
// encrypted as it came.
func AnswerRaw(c Cipher, challenge string) string { return c.EncryptHex(challenge) }

// OneBlock reports whether a challenge is one block of hexadecimal. Then it is of
// the raw form, whatever version the server states: wrapped ones are longer.
func OneBlock(challenge string) bool {
	raw, err := hex.DecodeString(challenge)
	return err == nil && len(raw) == aes.BlockSize
}

// AnswerWrapped answers the challenge of servers before 2026.2.5.6: it decrypts
// to a text with a noise character after each character, which goes back
// encrypted without the noise. ErrWrongKey means a wrong password, or by chance
// a challenge of the raw form; any other error, one of the raw form.
func AnswerWrapped(c Cipher, challenge string) (string, error) {
	text, err := c.DecryptHex(challenge)
	if err != nil {
		return "", fmt.Errorf("challenge: %w", err)
	}
	if !utf8.ValidString(text) {
		return "", fmt.Errorf("challenge: no text after decryption: %w", ErrWrongKey)
	}
	var kept strings.Builder
	for i, r := range []rune(text) {
		if i%2 == 0 {
			kept.WriteRune(r)
		}
	}
	return c.EncryptHex(kept.String()), nil
}

// OpenSessionKey reads the raw key of the session out of a `cle` member, which
// holds its bytes in decimal, separated by commas, under the login key.
func OpenSessionKey(c Cipher, cle string) ([]byte, error) {
	text, err := c.DecryptHex(cle)
	if err != nil {
		return nil, fmt.Errorf("session key: %w", err)
	}
	return ParseByteList(text)
}

// ParseByteList reads "10,2,159" as those bytes.
func ParseByteList(text string) ([]byte, error) {
	fields := strings.Split(text, ",")
	key := make([]byte, len(fields))
	for i, field := range fields {
		b, err := strconv.ParseUint(strings.TrimSpace(field), 10, 8)
		if err != nil {
			return nil, fmt.Errorf("session key: part %d is not a byte", i+1)
		}
		key[i] = byte(b)
	}
	return key, nil
}

// The RSA key that web clients since 2023 carry as constants. Servers reached
// without TLS hold its private half.
const (
	PublicModulus  = "B99B77A3D72D3A29B4271FC7B7300E2F791EB8948174BE7B8024667E915446D4EEA0C2424B8D1EBF7E2DDFF94691C6E994E839225C627D140A8F1146D1B0B5F18A09BBD3D8F421CA1E3E4796B301EEBCCF80D81A32A1580121B8294433C38377083C5517D5921E8A078CDC019B15775292EFDA2C30251B1CCABE812386C893E5"
	PublicExponent = "10001"
)

// PlainUUID is the first request's Uuid over TLS: the raw vector in base64.
func PlainUUID(iv []byte) string { return base64.StdEncoding.EncodeToString(iv) }

// SealedUUID is the first request's Uuid without TLS: the raw vector under an
// RSA key given in hexadecimal, in base64.
func SealedUUID(iv []byte, modulus, exponent string) (string, error) {
	n, ok := new(big.Int).SetString(modulus, 16)
	if !ok || n.Sign() <= 0 {
		return "", fmt.Errorf("RSA modulus of the page is not hexadecimal")
	}
	e, err := strconv.ParseInt(exponent, 16, 32)
	if err != nil {
		return "", fmt.Errorf("RSA exponent of the page is not hexadecimal")
	}
	// PKCS#1 v1.5 is deprecated, but it is the one padding that PRONOTE reads.
	//lint:ignore SA1019 the protocol demands it
	sealed, err := rsa.EncryptPKCS1v15(rand.Reader, &rsa.PublicKey{N: n, E: int(e)}, iv)
	if err != nil {
		return "", fmt.Errorf("RSA key of the page: %w", err)
	}
	return base64.StdEncoding.EncodeToString(sealed), nil
}
