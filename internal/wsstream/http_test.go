package wsstream_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"barewire/wsframe"
)

// streamListener accepts TCP connections and treats them as WebSocket connections
// whose opening handshake is over.
type streamListener struct{ net.Listener }

func (l streamListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return newStream(conn, wsframe.Server), nil
}

// TestHTTP sends net/http over Streams, on both sides: it uses a connection again,
// waits on it in the background, and interrupts that with deadlines.
func TestHTTP(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		io.WriteString(w, r.RemoteAddr+" ")
		w.Write(bytes.ToUpper(body))
	})}
	go server.Serve(streamListener{listener})
	transport := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return newStream(conn, wsframe.Client), nil
	}}
	client := &http.Client{Transport: transport}

	peers := make(map[string]bool)
	for _, size := range []int{0, 1, 100_000, 3_000_000} {
		response, err := client.Post("http://"+listener.Addr().String(), "text/plain", strings.NewReader(strings.Repeat("x", size)))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		peer, text, _ := strings.Cut(string(body), " ")
		if err != nil || text != strings.Repeat("X", size) {
			t.Errorf("of a body of %d bytes %d came back, %v", size, len(text), err)
		}
		peers[peer] = true
	}
	if len(peers) != 1 {
		t.Errorf("four requests took %d connections, want one", len(peers))
	}
	transport.CloseIdleConnections()
	if err := server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
