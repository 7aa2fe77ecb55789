package app

import (
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
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

// route is what a row of the table of routes promises.
type route struct {
	paths   []string // instead of the words for any path
	message string   // sent if the row is for upgrades
	want    string   // in the answer
}

var routes = map[string]route{
	"Hello World!, as in the article":               {paths: []string{"/", "/any/where?q", "/echo", "/lab/"}, want: "\r\nContent-Length: 12\r\n"},
	"404, unless the lab is there":                  {want: "HTTP/1.1 404 "},
	"every message comes back":                      {message: frame(wsframe.Binary, "\x01"), want: "\x82\x01\x01"},
	"every text message goes to everyone connected": {message: frame(wsframe.Text, "Hello"), want: "\x81\x05Hello"},
	"404":                           {want: "HTTP/1.1 404 "},
	"the digest, as in the article": {paths: []string{"/", "/any"}, message: frame(wsframe.Text, "hi"), want: "\x82\x14\xf7\xff\x9e\x8b"},
}

// TestRoutes asks a server for what each row of the table in doc.go says.
//
// req: 6455-4.2.2-d 9110-8.3-a 9110-9.1-a 9110-15.5.5-a
func TestRoutes(t *testing.T) {
	page, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	dial := start(t)
	rows := regexp.MustCompile(`(?m)^//\t(GET, HEAD|upgrade) +(\S.*?)  +(.*)$`).FindAllStringSubmatch(string(page), -1)
	for _, row := range rows {
		check, known := routes[row[3]]
		if !known {
			t.Errorf("the table promises %q, and no test asks for it", row[3])
			continue
		}
		if check.paths == nil {
			check.paths = []string{row[2]}
		}
		for _, method := range strings.Split(row[1], ", ") {
			for _, path := range check.paths {
				request := method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
				if method == "upgrade" {
					request = upgradeRequest(path) + check.message + frame(wsframe.Close, "\x03\xe8")
				}
				client := dial()
				io.WriteString(client, request)
				if answer, _ := io.ReadAll(client); !strings.Contains(string(answer), check.want) {
					t.Errorf("%s %s is answered with\n%q\nand the table wants %q in it", method, path, answer, check.want)
				}
			}
		}
	}
	if len(rows) != len(routes) {
		t.Errorf("the table has %d rows, and there are %d promises to ask for", len(rows), len(routes))
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
	readUntil(t, members[0], "\x03\xebthis room is for text") // 1003
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
