package wire

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
)

// Cipher is the AES-128-CBC state of a session: the key changes once, at
// authentication, and the initialisation vector once, with the first request.
// The zero value is the state before the first request.
type Cipher struct {
	key, iv []byte // raw bytes; nil means not agreed yet
}

// WithKey returns the cipher under another raw key. The AES key is its MD5.
func (c Cipher) WithKey(raw []byte) Cipher { return Cipher{key: raw, iv: c.iv} }

// WithIV returns the cipher with another raw initialisation vector, whose MD5
// is the one AES uses. An empty one means sixteen zero bytes.
func (c Cipher) WithIV(raw []byte) Cipher { return Cipher{key: c.key, iv: raw} }

// Raw returns the raw key and the raw vector; nil is not agreed yet.
func (c Cipher) Raw() (key, iv []byte) { return c.key, c.iv }

func (c Cipher) block() (cipher.Block, []byte) {
	key := md5.Sum(c.key)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // sixteen bytes are always a valid key
	}
	iv := make([]byte, aes.BlockSize)
	if len(c.iv) > 0 {
		sum := md5.Sum(c.iv)
		copy(iv, sum[:])
	}
	return block, iv
}

// Encrypt pads (PKCS#7) and encrypts plain.
func (c Cipher) Encrypt(plain []byte) []byte {
	block, iv := c.block()
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	out := make([]byte, len(plain)+pad)
	copy(out, plain)
	copy(out[len(plain):], bytes.Repeat([]byte{byte(pad)}, pad))
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, out)
	return out
}

// ErrWrongKey says that a text was not encrypted under this key.
var ErrWrongKey = errors.New("not encrypted under this key")

// Decrypt reverses Encrypt. It returns ErrWrongKey when the key is wrong, as
// far as padding can tell: about one wrong key in 256 goes unnoticed.
func (c Cipher) Decrypt(sealed []byte) ([]byte, error) {
	if len(sealed) == 0 || len(sealed)%aes.BlockSize != 0 {
		return nil, fmt.Errorf("encrypted text of %d bytes is not a whole number of blocks", len(sealed))
	}
	block, iv := c.block()
	out := make([]byte, len(sealed))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, sealed)
	pad := int(out[len(out)-1])
	if pad == 0 || pad > aes.BlockSize || !bytes.Equal(out[len(out)-pad:], bytes.Repeat([]byte{byte(pad)}, pad)) {
		return nil, ErrWrongKey
	}
	return out[:len(out)-pad], nil
}

// EncryptHex encrypts text into lower-case hexadecimal.
func (c Cipher) EncryptHex(text string) string { return hex.EncodeToString(c.Encrypt([]byte(text))) }

// DecryptHex reverses EncryptHex; either case of hexadecimal is accepted.
func (c Cipher) DecryptHex(sealed string) (string, error) {
	raw, err := hex.DecodeString(sealed)
	if err != nil {
		return "", fmt.Errorf("encrypted text is not hexadecimal")
	}
	plain, err := c.Decrypt(raw)
	return string(plain), err
}

// Number seals an order number: 1, 3, 5 … for requests, 2, 4, 6 … for answers.
func (c Cipher) Number(n int) string { return c.EncryptHex(strconv.Itoa(n)) }

// OpenNumber reverses Number.
func (c Cipher) OpenNumber(sealed string) (int, error) {
	text, err := c.DecryptHex(sealed)
	if err != nil {
		return 0, fmt.Errorf("order number: %w", err)
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("order number is not a number")
	}
	return n, nil
}
