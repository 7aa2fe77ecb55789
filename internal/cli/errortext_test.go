package cli

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"barewire/handshake"
	"barewire/internal/server"
)

// goNames matches what no error may contain: the names of Go's packages and functions.
var goNames = regexp.MustCompile(`\b(dial|listen|read|write|accept) tcp|\b(x509|tls|strconv|net|url|syscall)[.:/]|flag provided|parse error`)

// TestPlain: errors of Go's packages become plain words, and text of a peer becomes
// harmless.
func TestPlain(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	_, taken := net.Listen("tcp", addr)
	listener.Close()
	_, refused := net.Dial("tcp", addr)
	_, noPort := net.Listen("tcp", "nonsense")
	_, badPort := net.Listen("tcp", "127.0.0.1:99999")
	local, remote := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 2}
	far, near := net.Pipe()
	go far.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
	go far.Read(make([]byte, 4096))
	noTLS := tls.Client(near, &tls.Config{ServerName: "a"}).Handshake()
	_, badURL := handshake.ParseURL("ws://a/\x1b")

	for _, test := range []struct {
		err  error
		want string // a part
	}{
		{taken, addr + ": address already in use; -addr 127.0.0.1:0 takes a free port"},
		{refused, "cannot connect to " + addr + ": "},
		{noPort, "the address nonsense: missing port"},
		{badPort, "99999: invalid port"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "a.invalid", Server: "192.0.2.1:53"}},
			"cannot find a.invalid: no such host"},
		{&net.OpError{Op: "dial", Net: "tcp", Addr: remote, Err: os.ErrDeadlineExceeded}, "cannot connect to 127.0.0.1:2: no answer in time"},
		{&net.OpError{Op: "read", Net: "tcp", Source: local, Addr: remote, Err: os.NewSyscallError("read", errors.New("connection reset by peer"))},
			"the connection with 127.0.0.1:2: connection reset by peer"},
		{&net.OpError{Op: "accept", Net: "tcp", Addr: local, Err: os.NewSyscallError("accept4", errors.New("too many open files"))},
			"the connection with 127.0.0.1:1: too many open files"},
		{noTLS, "it does not answer in TLS"},
		{tls.AlertError(40), "handshake failure"},
		{x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"\x1b[2J\u009b\x9b"}}, Host: "a"}, `valid for \u001b[2J\u009b\x9b, not a`},
		{badURL, "control character"},
		{errors.Join(errors.New("one"), errors.New("two")), "one; two"},
	} {
		got := plain(test.err.Error())
		if !strings.Contains(got, test.want) || goNames.MatchString(got) {
			t.Errorf("%q becomes %q; want %q, and no names of Go packages", test.err, got, test.want)
		}
	}
}

// TestFlagErrors: the error for a wrong flag names the help that lists all flags.
func TestFlagErrors(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"-nope", "there is no flag -nope; barewire help serve lists the flags"},
		{"dial -nope ws://a/", "barewire help dial"},
		{"-max-conns x", `-max-conns "x": want a whole number`},
		{"-compress=x", `-compress "x": want true or false`},
		{"-lab=x", "want true or false"},
		{"replay -conn 99999999999999999999 a", "-conn"},
		{"version -nope", "barewire help version"},
	} {
		status, _, err := run("", strings.Fields(test.args)...)
		if status != exitUsage || strings.Count(err, "\n") != 1 || !strings.Contains(err, test.want) || goNames.MatchString(err) {
			t.Errorf("barewire %s: status %d, %q; want 2 and one line with %q", test.args, status, err, test.want)
		}
	}
}

// TestCertificateNames: a server's certificate cannot send commands to the terminal.
func TestCertificateNames(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"\x1b]0;gotcha\a\n"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	addr := startServer(t, func(config *server.Config) {
		config.TLS = server.TLSConfig(tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key})
	})
	url := "wss://" + strings.Replace(addr, "127.0.0.1", "localhost", 1) + "/"
	for _, command := range []string{"dial", "probe"} {
		status, out, err := run("", command, url)
		if status != exitFailure || out != "" || !strings.Contains(err, `\u001b]0;gotcha\u0007`) || harmless(err) != err || strings.Count(err, "\n") != 1 {
			t.Errorf("barewire %s: status %d, out %q, err %q; want 1 and the name with escape sequences, on one line", command, status, out, err)
		}
	}
}

// TestLogIsPlain: errors in the log go through plain too.
func TestLogIsPlain(t *testing.T) {
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: plainAttr})).Warn("accept failed", "error",
		&net.OpError{Op: "accept", Net: "tcp", Addr: new(net.TCPAddr), Err: os.NewSyscallError("accept4", errors.New("too many \x1bfiles"))})
	if got := log.String(); !strings.Contains(got, `the connection with :0: too many \\u001bfiles"`) {
		t.Errorf("the log is %q", got)
	}
}
