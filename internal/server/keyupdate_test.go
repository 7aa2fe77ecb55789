package server

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"barewire/internal/bufconn"
	"barewire/internal/socket"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// records writes TLS 1.3 records (RFC 8446 §5.2) instead of a tls.Conn, which cannot send a
// KeyUpdate.
type records struct {
	conn     net.Conn
	secret   []byte
	sequence byte // of the next record; it starts again with each key
}

// takeOver continues one side ("CLIENT" or "SERVER") of a connection, after that side has
// written some records. keys is the output of its KeyLogWriter.
func takeOver(t *testing.T, conn net.Conn, keys, side string, written byte) *records {
	_, line, found := strings.Cut(keys, side+"_TRAFFIC_SECRET_0 ")
	fields := strings.Fields(line)
	if !found || len(fields) < 2 {
		t.Fatalf("no key in %q", keys)
	}
	secret, err := hex.DecodeString(fields[1])
	if err != nil {
		t.Fatal(err)
	}
	return &records{conn, secret, written}
}

// expand is HKDF-Expand-Label (RFC 8446 §7.1).
func (r *records) expand(label string, length int) []byte {
	label = "tls13 " + label
	info := string([]byte{0, byte(length), byte(len(label))}) + label + "\x00"
	key, _ := hkdf.Expand(sha256.New, r.secret, info, length)
	return key
}

func (r *records) write(kind byte, content string) error {
	nonce := r.expand("iv", 12)
	nonce[11] ^= r.sequence
	r.sequence++
	block, _ := aes.NewCipher(r.expand("key", 16))
	seal, _ := cipher.NewGCM(block)
	header := []byte{23, 3, 3, 0, byte(len(content) + 1 + seal.Overhead())}
	_, err := r.conn.Write(seal.Seal(header, nonce, append([]byte(content), kind), header))
	return err
}

// demand sends 14 KeyUpdates that request one in return (RFC 8446 §4.6.3), and then
// content: crypto/tls closes a connection after 16 records in a row without content.
func (r *records) demand(content string) error {
	for range 14 {
		if err := r.write(22, "\x18\x00\x00\x01\x01"); err != nil {
			return err
		}
		r.secret, r.sequence = r.expand("traffic upd", sha256.Size), 0
	}
	return r.write(23, content)
}

// TestKeyUpdatesFromAPeerThatDoesNotRead: TLS answers a KeyUpdate with a write inside a
// read, and drops the error of that write. The write timeout must end the connection
// anyway.
func TestKeyUpdatesFromAPeerThatDoesNotRead(t *testing.T) {
	lender := httptest.NewTLSServer(nil)
	lender.Close()
	server := TLSConfig(lender.TLS.Certificates[0])
	server.SessionTicketsDisabled = true // they would cause one more write after the handshake
	for _, test := range []struct {
		name     string
		request  string // in one record
		answered bool
		content  string
	}{
		{"HTTP", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n", false, "x"},
		{"WebSocket", upgradeRequest("/echo"), true, "\x8a\x80\x00\x00\x00\x00"}, // a Pong
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				config := testConfig()
				config.TLS = server
				conn := pipeTo(New(config))
				var keys strings.Builder
				client := tls.Client(conn, &tls.Config{InsecureSkipVerify: true, KeyLogWriter: &keys})
				io.WriteString(client, test.request)
				if test.answered {
					readUntil(t, client, "\r\n\r\n")
				}
				if client.ConnectionState().CipherSuite != tls.TLS_AES_128_GCM_SHA256 {
					conn.Close()
					t.Skip("the records of this test are AES-128-GCM, which this processor does not prefer")
				}
				endsInTime(t, takeOver(t, conn, keys.String(), "CLIENT", 1), test.content, config.WriteTimeout)
			})
		})
	}

	// The layers of barewire dial.
	t.Run("the client", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			const timeout = 10 * time.Second
			near, far := net.Pipe()
			secure := tls.Client(socket.New(near, timeout), &tls.Config{InsecureSkipVerify: true})
			var keys strings.Builder
			config := server.Clone()
			config.KeyLogWriter = &keys
			handshake := make(chan error, 1)
			go func() { handshake <- tls.Server(far, config).Handshake() }()
			if err := secure.Handshake(); err != nil {
				t.Fatal(err)
			}
			<-handshake
			if secure.ConnectionState().CipherSuite != tls.TLS_AES_128_GCM_SHA256 {
				near.Close()
				t.Skip("the records of this test are AES-128-GCM, which this processor does not prefer")
			}
			go wsconn.New(bufconn.New(secure), wsconn.Config{Role: wsframe.Client}).Serve(wsconn.NopHandler{})
			endsInTime(t, takeOver(t, far, keys.String(), "SERVER", 0), "\x8a\x00", timeout)
		})
	})
}

// endsInTime repeats its step until the connection ends.
func endsInTime(t *testing.T, peer *records, content string, timeout time.Duration) {
	start := time.Now()
	for peer.demand(content) == nil && time.Since(start) < 100*timeout {
	}
	if took := time.Since(start); took != timeout {
		t.Errorf("a peer that does not read kept its connection for %v, want %v", took, timeout)
	}
	peer.conn.Close()
}
