package wsconn

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptest"
	"testing"

	"golang.org/x/net/nettest"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// TestStreamIsNetConn runs the eleven tests that golang.org/x/net/nettest has
// for every net.Conn, over each kind of transport and with either role as the
// first end. What they ask for is in the doc comment of Stream.
//
// req: 6455-5.3-b
func TestStreamIsNetConn(t *testing.T) {
	transports := []struct {
		name string
		pair func() (net.Conn, net.Conn, error)
	}{
		{"TCP", func() (net.Conn, net.Conn, error) { return socketPair("tcp") }},
		{"Unix", func() (net.Conn, net.Conn, error) { return socketPair("unix") }},
		{"TLS", tlsPair},
		{"Pipe", func() (net.Conn, net.Conn, error) {
			a, b := net.Pipe()
			return a, b, nil
		}},
	}
	for _, transport := range transports {
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
					c1 = newTestStream(a, first)
					c2 = newTestStream(b, wsframe.Client-first)
					return c1, c2, func() { c1.Close(); c2.Close() }, nil
				})
			})
		}
	}
}

func newTestStream(conn net.Conn, role wsframe.Role) *Stream {
	return NewStream(New(bufconn.New(conn), Config{Role: role}))
}

// tlsPair returns the two ends of a TLS connection over TCP.
func tlsPair() (client, server net.Conn, err error) {
	https := httptest.NewTLSServer(nil) // it has a certificate, which is all we want of it
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
