package server

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"barewire/wsframe"
)

// startTLS serves TLS, and returns the address and the client's configuration.
func startTLS(t *testing.T, config Config) (addr string, trust *tls.Config) {
	t.Helper()
	lender := httptest.NewTLSServer(nil) // for its certificate, which is for 127.0.0.1
	lender.Close()
	config.TLS = TLSConfig(lender.TLS.Certificates[0])
	roots := x509.NewCertPool()
	roots.AddCert(lender.Certificate())
	_, dial := startTCP(t, config)
	conn := dial()
	conn.Close()
	return conn.RemoteAddr().String(), &tls.Config{RootCAs: roots}
}

// TestTLS: the opening handshake and all frames use TLS, and the server sends its closure
// alert before its FIN.
//
// req: 6455-4.2.2-a 9112-9.8-a 9112-3.3-a
func TestTLS(t *testing.T) {
	addr, trust := startTLS(t, testConfig())
	conn, err := tls.Dial("tcp", addr, trust)
	if err != nil {
		t.Fatal(err)
	}
	origin := "\r\nOrigin: https://x\r\n\r\n" // the server's own, since it speaks TLS
	io.WriteString(conn, strings.Replace(upgradeRequest("/echo"), "\r\n\r\n", origin, 1))
	io.WriteString(conn, frame(wsframe.Text, "Hello")+closeFrame)
	got, err := io.ReadAll(conn) // io.EOF is the alert; FIN without it is an error
	if err != nil || !strings.HasSuffix(string(got), "\r\n\r\n\x81\x05Hello\x88\x02\x03\xe8") {
		t.Errorf("got %q, %v; want the echo, a Close frame and a closure alert", got, err)
	}
}

// TestTLSVersions: TLS 1.2 or later, and only HTTP/1.1.
func TestTLSVersions(t *testing.T) {
	addr, trust := startTLS(t, testConfig())
	for _, test := range []struct {
		name   string
		change func(*tls.Config)
		works  bool
	}{
		{"TLS 1.1", func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }, false},
		{"TLS 1.2", func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }, true},
		{"TLS 1.3", func(c *tls.Config) { c.MinVersion = tls.VersionTLS13 }, true},
		{"HTTP/1.1 among others", func(c *tls.Config) { c.NextProtos = []string{"h2", "http/1.1"} }, true},
		{"HTTP/2 only", func(c *tls.Config) { c.NextProtos = []string{"h2"} }, false},
	} {
		config := trust.Clone()
		test.change(config)
		conn, err := tls.Dial("tcp", addr, config)
		if works := err == nil; works != test.works {
			t.Errorf("%s: %v, want it to work: %v", test.name, err, test.works)
		}
		if err == nil {
			conn.Close()
		}
	}
}

// TestPlainOnTLS: HTTP sent to a TLS port gets an answer that it can read.
func TestPlainOnTLS(t *testing.T) {
	addr, _ := startTLS(t, testConfig())
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	got, err := io.ReadAll(conn)
	if err != nil {
		t.Error(err)
	}
	contains(t, "the answer", string(got), "HTTP/1.1 400 ", "this port speaks TLS")
}

// TestTLSWithoutAlert: the server accepts that a client closes without an alert.
//
// req: 9112-9.8-c
func TestTLSWithoutAlert(t *testing.T) {
	addr, trust := startTLS(t, testConfig())
	conn, err := tls.Dial("tcp", addr, trust)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	conn.NetConn().(*net.TCPConn).CloseWrite()
	got, err := io.ReadAll(conn)
	if err != nil || !strings.HasSuffix(string(got), "Hello World!") {
		t.Errorf("got %q, %v; want the answer and an alert", got, err)
	}
}
