package handshake

import (
	"bytes"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"testing"
	"testing/iotest"
)

// The example of RFC 6455 §1.3.
func ExampleAcceptKey() {
	fmt.Println(AcceptKey("dGhlIHNhbXBsZSBub25jZQ=="))
	// Output: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
}

// The key of RFC 6455 §4.1 item 7: the bytes 01 to 10 in order, here out of a
// source that repeats. A real client reads crypto/rand.Reader.
func ExampleNewKey() {
	random := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	key, err := NewKey(bytes.NewReader(random))
	fmt.Println(key, err)
	// Output: AQIDBAUGBwgJCgsMDQ4PEA== <nil>
}

// req: 6455-4.2.2-k
func TestAcceptKeyHashesTheTextOfTheKey(t *testing.T) {
	tests := []struct{ name, key, accept string }{
		{"the example of §1.3", rfcKey, rfcAnswer},
		{"16 zero bytes", "AAAAAAAAAAAAAAAAAAAAAA==", "ICX+Yqv66kxgM0FcWaLWlFLwTAI="},
		// Decoded, this key and the one before are the same bytes; as text
		// they differ.
		{"16 zero bytes with pad bits", "AAAAAAAAAAAAAAAAAAAAAB==", ""},
	}
	for _, test := range tests {
		accept := AcceptKey(test.key)
		if test.accept != "" && accept != test.accept {
			t.Errorf("%s: AcceptKey(%q) = %q, want %q", test.name, test.key, accept, test.accept)
		}
		if len(accept) != 28 {
			t.Errorf("%s: %q has %d characters; 20 bytes of SHA-1 make 28", test.name, accept, len(accept))
		}
	}
	if AcceptKey(tests[1].key) == AcceptKey(tests[2].key) {
		t.Error("two keys that differ as text have one answer: was the key decoded before it was hashed?")
	}
}

// req: 6455-4.1-j 6455-4.1-k
func TestNewKeyIs16FreshBytesInBase64(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		key, err := NewKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		nonce, err := base64.StdEncoding.Strict().DecodeString(key)
		if err != nil || len(nonce) != 16 || len(key) != 24 {
			t.Fatalf("the key %q is %d bytes, error %v; want 16, in 24 characters", key, len(nonce), err)
		}
		if seen[key] {
			t.Fatalf("the key %q came twice", key)
		}
		seen[key] = true
	}
}

func TestNewKeyTakesNoLessThan16Bytes(t *testing.T) {
	random := bytes.NewReader(make([]byte, 20))
	if _, err := NewKey(iotest.OneByteReader(random)); err != nil || random.Len() != 4 {
		t.Errorf("error %v with %d bytes left of 20; want 16 taken, in however many reads", err, random.Len())
	}
	broken := errors.New("no entropy")
	if key, err := NewKey(iotest.ErrReader(broken)); !errors.Is(err, broken) || key != "" {
		t.Errorf("a broken source gave the key %q, error %v; want none and its own error", key, err)
	}
}

func TestKeyGrammar(t *testing.T) {
	tests := []struct {
		name, key string
		valid     bool
	}{
		{"the example of §1.3", rfcKey, true},
		{"the example of §4.1 before erratum 3150, with pad bits that are not zero", "AQIDBAUGBwgJCgsMDQ4PEC==", true},
		{"all 64 digits may occur", "+/+/+/+/+/+/+/+/+/+/+w==", true},
		{"empty", "", false},
		{"15 bytes", "AAAAAAAAAAAAAAAAAAAA", false},
		{"17 bytes, also 24 characters", "AAAAAAAAAAAAAAAAAAAAAAA=", false},
		{"18 bytes, also 24 characters", "AAAAAAAAAAAAAAAAAAAAAAAA", false},
		{"without padding", "AAAAAAAAAAAAAAAAAAAAAA", false},
		{"padding in front", "==AAAAAAAAAAAAAAAAAAAAAA", false},
		{"the URL alphabet", "-_-_-_-_-_-_-_-_-_-_-w==", false},
		{"a foreign character", "dGhlIHNhbXBsZSBub25j*Q==", false},
		{"a line end inside, which Go's decoder skips", "AAAAAAAAAAAAAAAAAAAA\r\n==", false},
	}
	for _, test := range tests {
		if valid := isKey(test.key); valid != test.valid {
			t.Errorf("%s: isKey(%q) = %t, want %t", test.name, test.key, valid, test.valid)
		}
	}
}

// TestGUID: the steps of RFC 6455 §1.3, for programs that show them one by one.
func TestGUID(t *testing.T) {
	const key = "dGhlIHNhbXBsZSBub25jZQ=="
	if text := key + GUID; text != "dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11" {
		t.Fatalf("key and GUID are %q, not the text that the RFC hashes", text)
	}
	digest := sha1.Sum([]byte(key + GUID))
	if got := hex.EncodeToString(digest[:]); got != "b37a4f2cc0624f1690f64606cf385945b2bec4ea" {
		t.Errorf("SHA-1 of key and GUID is %s", got)
	}
	if got := base64.StdEncoding.EncodeToString(digest[:]); got != AcceptKey(key) {
		t.Errorf("in base64 it is %s, and AcceptKey says %s", got, AcceptKey(key))
	}
}
