package handshake

import (
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
)

// GUID is the fixed text of RFC 6455 §1.3, which no server would hash together with a
// key by accident.
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

const (
	nonceSize = 16 // bytes in a nonce, RFC 6455 §4.1 item 7
	keySize   = 24 // characters of 16 bytes in base64: 5 groups of 3, then 1 byte and "=="
)

// AcceptKey returns the Sec-WebSocket-Accept value that answers a
// Sec-WebSocket-Key (RFC 6455 §4.2.2, step 5.4):
//
//	base64( SHA-1( key ‖ "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" ) )
//
// The key is hashed as the text on the wire, without decoding it. That SHA-1 is broken
// for signatures does not matter: nothing is signed here.
func AcceptKey(key string) string {
	digest := sha1.Sum([]byte(key + GUID)) // req: 6455-4.2.2-k
	// tour 2.3: SHA-1 of key and GUID; base64 turns the hash into text (RFC 6455 §4.2.2)
	return base64.StdEncoding.EncodeToString(digest[:])
}

// NewKey reads 16 bytes from random and returns them as a Sec-WebSocket-Key,
// 24 characters of base64. Every connection needs a fresh key from a source that nobody
// can predict (RFC 6455 §4.1 item 7): crypto/rand.Reader. A test may use a fixed source.
// The only errors are those of random.
func NewKey(random io.Reader) (string, error) {
	var nonce [nonceSize]byte
	if _, err := io.ReadFull(random, nonce[:]); err != nil { // req: 6455-4.1-k
		return "", fmt.Errorf("handshake: no randomness for a key: %w", err)
	}
	return base64.StdEncoding.EncodeToString(nonce[:]), nil // req: 6455-4.1-j
}

// notAKey is the rule for keys that isKey rejects.
const notAKey = "the value must be 16 bytes in base64, 24 characters"

// isKey reports whether text is the base64 of 16 bytes.
//
// The last character before "==" carries 2 bits of data and 4 of padding. The padding
// need not be zero: in an example of RFC 6455 §4.1 it was not (erratum 3150), and some
// clients follow that example.
func isKey(text string) bool {
	if len(text) != keySize {
		return false
	}
	nonce, err := base64.StdEncoding.DecodeString(text)
	return err == nil && len(nonce) == nonceSize // req: 6455-4.2.1-f
}
