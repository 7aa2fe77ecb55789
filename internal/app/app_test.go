package app

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"barewire/httpwire"
	"barewire/internal/server"
	"barewire/wsframe"
)

// start serves the App until the test ends, and returns how to connect.
func start(t *testing.T) (dial func() net.Conn) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config := server.DefaultConfig()
	config.App = new(App)
	s := server.New(config)
	go s.Serve(listener)
	t.Cleanup(s.Close)
	return func() net.Conn {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		t.Cleanup(func() { conn.Close() })
		return conn
	}
}

// upgradeRequest is the handshake of RFC 6455 §1.3, for path.
func upgradeRequest(path string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
}

// frame returns a masked frame, as a client sends it.
func frame(opcode wsframe.Opcode, payload string) string {
	header := wsframe.Header{Fin: true, Opcode: opcode, Masked: true, Key: wsframe.Key{1, 2, 3, 4}}
	return string(wsframe.AppendFrame(nil, &header, []byte(payload)))
}

// TestRoutes: what each path gets, as a page and as a WebSocket.
//
// req: 6455-4.2.2-d 9110-8.3-a 9110-9.1-a 9110-15.5.5-a
func TestRoutes(t *testing.T) {
	dial := start(t)
	text, binary := frame(wsframe.Text, "Hello"), frame(wsframe.Binary, "\x01")
	for _, test := range []struct {
		paths   string
		message string // "" for a page
		want    string // in the answer
	}{
		{"/ /any/where?q /echo /chat /lab/ /laboratory", "", "Content-Type: text/plain\r\nConnection: close\r\nContent-Length: 12\r\n"},
		{"/lab /lab?q", "", "HTTP/1.1 404 "},
		{"/echo /echo?q", binary, "\x82\x01\x01"},
		{"/chat", text, "\x81\x05Hello"},
		{"/lab", text, "HTTP/1.1 404 "},
		{"/ /any /echo/", text, "\x82\x14\xf7\xff\x9e\x8b\x7b\xb2\xe0\x9b\x70\x93\x5a\x5d\x78\x5e\x0c\xc5\xd9\xd0\xab\xf0"},
	} {
		for _, path := range strings.Fields(test.paths) {
			requests := []string{upgradeRequest(path) + test.message + frame(wsframe.Close, "\x03\xe8")}
			if test.message == "" {
				rest := path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
				requests = []string{"GET " + rest, "HEAD " + rest}
			}
			for _, request := range requests {
				client := dial()
				io.WriteString(client, request)
				client.(*net.TCPConn).CloseWrite()
				if answer, _ := io.ReadAll(client); !strings.Contains(string(answer), test.want) {
					t.Errorf("%q is answered with\n%q\nwant\n%q in it", request, answer, test.want)
				}
			}
		}
	}
}

// TestChat: everyone connected gets what one of them says, and it must be text.
//
// req: 6455-7.4.1-d
func TestChat(t *testing.T) {
	dial := start(t)
	var members []net.Conn
	for range 3 {
		conn := dial()
		io.WriteString(conn, upgradeRequest("/chat"))
		readUntil(t, conn, "\r\n\r\n")
		members = append(members, conn)
	}
	// The 101 leaves before OnOpen: a member is in when it gets its own words.
	for i, conn := range members {
		io.WriteString(conn, frame(wsframe.Text, fmt.Sprintf("I am %d", i)))
		readUntil(t, conn, fmt.Sprintf("I am %d", i))
	}
	io.WriteString(members[0], frame(wsframe.Text, "hello all"))
	for _, conn := range members {
		readUntil(t, conn, "\x81\x09hello all")
	}
	io.WriteString(members[0], frame(wsframe.Binary, "\x00"))
	readUntil(t, members[0], "\x03\xebthis chat room accepts text only") // 1003
}

// readUntil reads until what has come ends with end.
func readUntil(t *testing.T, conn net.Conn, end string) {
	t.Helper()
	var got []byte
	for !strings.HasSuffix(string(got), end) {
		var next [1]byte
		if _, err := conn.Read(next[:]); err != nil {
			t.Fatalf("%v after %q, want %q", err, got, end)
		}
		got = append(got, next[0])
	}
}

// TestExplain: a digest is explained where the server makes it, and nowhere else.
func TestExplain(t *testing.T) {
	sum := "\xf7\xff\x9e\x8b\x7b\xb2\xe0\x9b\x70\x93\x5a\x5d\x78\x5e\x0c\xc5\xd9\xd0\xab\xf0"
	for _, test := range []struct {
		path, message string
		notes         int
	}{
		{"/", sum, 2}, {"", sum, 2}, {"/echo", sum, 0}, {"/chat", sum, 0}, {"/", sum[1:], 0}, {"/", "", 0},
	} {
		if notes := Explain(test.path, []byte(test.message)); len(notes) != test.notes {
			t.Errorf("%x on %q got %v, want %d notes", test.message, test.path, notes, test.notes)
		}
	}
}

// TestAllocations: a page costs none, for all requests get the same one.
func TestAllocations(t *testing.T) {
	var a App
	request := httpwire.Request{Method: "GET", Path: "/"}
	if n := testing.AllocsPerRun(100, func() { a.Page(&request) }); n > 0 {
		t.Errorf("a page costs %v allocations, want none", n)
	}
}
