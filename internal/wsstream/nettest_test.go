package wsstream_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"testing"

	"golang.org/x/net/nettest"

	"barewire/internal/bufconn"
	"barewire/internal/wiretap"
	"barewire/internal/wsconn"
	"barewire/internal/wsstream"
	"barewire/wsframe"
)

// newStream returns a Stream over conn, whose opening handshake is over.
func newStream(conn net.Conn, role wsframe.Role) *wsstream.Stream {
	return wsstream.New(wsconn.New(bufconn.New(conn), wsconn.Config{Role: role}))
}

// TestStreamIsNetConn runs the eleven tests that golang.org/x/net/nettest has for
// every net.Conn, over each kind of connection and with either role as the first
// end.
//
// req: 6455-5.3-b
func TestStreamIsNetConn(t *testing.T) {
	for _, transport := range []struct {
		name string
		pair func() (net.Conn, net.Conn, error)
	}{
		{"TCP", func() (net.Conn, net.Conn, error) { return socketPair("tcp") }},
		{"Unix", func() (net.Conn, net.Conn, error) { return socketPair("unix") }},
		{"Pipe", pipePair},
		{"TLS", tlsPair},
		{"TLS with a tap", tappedPair},
	} {
		for _, first := range []wsframe.Role{wsframe.Client, wsframe.Server} {
			t.Run(transport.name+"/"+first.String()+" first", func(t *testing.T) {
				t.Parallel()
				if transport.name == "Unix" && !nettest.TestableNetwork("unix") {
					t.Skip("this system may have no Unix sockets")
				}
				nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
					a, b, err := transport.pair()
					if err != nil {
						return nil, nil, nil, err
					}
					c1, c2 = newStream(a, first), newStream(b, wsframe.Client-first)
					return c1, c2, func() { c1.Close(); c2.Close() }, nil
				})
			})
		}
	}
}

func pipePair() (net.Conn, net.Conn, error) {
	a, b := net.Pipe()
	return a, b, nil
}

// socketPair returns the two ends of a connection through the kernel.
func socketPair(network string) (client, server net.Conn, err error) {
	listener, err := nettest.NewLocalListener(network)
	if err != nil {
		return nil, nil, err
	}
	defer listener.Close()
	client, err = net.Dial(listener.Addr().Network(), listener.Addr().String())
	if err != nil {
		return nil, nil, err
	}
	server, err = listener.Accept()
	return client, server, err
}

// tlsPair returns the two ends of a TLS connection over TCP.
func tlsPair() (client, server net.Conn, err error) {
	https := httptest.NewTLSServer(nil) // for its certificate
	defer https.Close()
	client, server, err = socketPair("tcp")
	if err != nil {
		return nil, nil, err
	}
	secureClient := tls.Client(client, &tls.Config{InsecureSkipVerify: true})
	secureServer := tls.Server(server, &tls.Config{Certificates: https.TLS.Certificates})
	// A WebSocket begins when TLS has long been set up.
	shaken := make(chan error, 1)
	go func() { shaken <- secureClient.Handshake() }()
	return secureClient, secureServer, errors.Join(secureServer.Handshake(), <-shaken)
}

// tappedPair is tlsPair as it is with -trace.
func tappedPair() (client, server net.Conn, err error) {
	client, server, err = tlsPair()
	if err != nil {
		return nil, nil, err
	}
	tap := wiretap.New(nil)
	tap.Add("transcript", wiretap.NewTranscriptWriter(io.Discard, tap.Start()))
	return tap.Wrap(client, wsframe.Client), tap.Wrap(server, wsframe.Server), nil
}
