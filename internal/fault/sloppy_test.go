package fault

import (
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"barewire/handshake"
	"barewire/internal/deflate"
	"barewire/wsframe"
)

// The servers here are wrong on purpose, each in its own way. A fault that none of
// them fails is useless.
var sloppyServers = []struct {
	name  string
	serve func(net.Conn)
}{
	{"lenient", serveLenient},
	{"silent", serveSilent},
	{"crashing", func(conn net.Conn) { conn.Close() }},
	{"babbling", serveBabbling},
}

// serveSilent reads everything, and sends nothing after the opening handshake.
func serveSilent(conn net.Conn) {
	head, _ := readHead(conn)
	if strings.Contains(strings.ToLower(head), "sec-websocket-key: ") && !strings.Contains(head, sampleKey) {
		conn.Write([]byte(answer101(head)))
	}
	io.Copy(io.Discard, conn)
}

// serveBabbling answers every request with 200 and every WebSocket with a text, and
// closes without a Close frame.
func serveBabbling(conn net.Conn) {
	defer conn.Close()
	head, rest := readHead(conn)
	if !strings.Contains(strings.ToLower(head), "sec-websocket-key: ") {
		conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
		return
	}
	conn.Write([]byte(answer101(head)))
	if len(rest) == 0 {
		conn.Read(make([]byte, 4096))
	}
	conn.Write([]byte("\x81\x06babble"))
}

// serveLenient takes anything before an empty line for a request, and anything with
// an Upgrade for a handshake. Of a frame it reads only the opcode and the length; it
// sends the payload back.
func serveLenient(conn net.Conn) {
	defer conn.Close()
	for rest := ""; ; {
		head, after := readHeadFrom(conn, rest)
		if head == "" {
			return
		}
		if strings.Contains(strings.ToLower(head), "upgrade") {
			conn.Write([]byte(answer101(head)))
			echoAnything(conn, after, strings.Contains(head, "permessage-deflate"))
			return
		}
		conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
		rest = after
	}
}

func readHead(conn net.Conn) (head, rest string) { return readHeadFrom(conn, "") }

// readHeadFrom reads up to an empty line; text has been read before. When nothing
// more comes, what came so far counts as a head.
func readHeadFrom(conn net.Conn, text string) (head, rest string) {
	for piece := make([]byte, 4096); ; {
		if head, rest, found := strings.Cut(text, "\r\n\r\n"); found {
			return head + "\r\n", rest
		}
		n, err := conn.Read(piece)
		text += string(piece[:n])
		if err != nil {
			return text, ""
		}
	}
}

// answer101 agrees to everything that is offered, and even to a missing key.
func answer101(head string) string {
	key, extension := sampleKey, ""
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch strings.ToLower(name) {
		case "sec-websocket-key":
			key = strings.TrimSpace(value)
		case "sec-websocket-extensions":
			extension = "Sec-WebSocket-Extensions: " + strings.TrimSpace(value) + "\r\n"
		}
	}
	return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + handshake.AcceptKey(key) + "\r\n" + extension + "\r\n"
}

// echoAnything sends back the payload of every frame as a message.
func echoAnything(conn net.Conn, read string, compressed bool) {
	inflate := deflate.NewDecompressor(deflate.MaxWindowBits, true)
	for in := []byte(read); ; {
		var header wsframe.Header
		n := wsframe.ParseHeader(&header, in)
		if n == 0 {
			piece := make([]byte, 4096)
			got, err := conn.Read(piece)
			if err != nil {
				return
			}
			in = append(in, piece[:got]...)
			continue
		}
		in = in[n:]
		payload := make([]byte, min(header.Length, 1<<20)) // as if it had arrived
		in = in[copy(payload, in):]
		if header.Masked {
			wsframe.Mask(payload, header.Key, 0)
		}
		if header.RSV1 && compressed {
			payload, _ = inflate.AppendMessage(nil, payload, 8<<20)
		}
		reply := wsframe.Header{Fin: true, Opcode: wsframe.Text}
		switch header.Opcode {
		case wsframe.Ping:
			reply.Opcode, payload = wsframe.Pong, payload[:min(len(payload), 125)]
		case wsframe.Close: // any code comes back
			reply.Opcode, payload = wsframe.Close, payload[:min(len(payload), 2)]
		}
		conn.Write(wsframe.AppendFrame(nil, &reply, bytes.ToValidUTF8(payload, []byte("?"))))
	}
}

// uncaught are the faults that fail no server here: a server with a higher limit
// waits for the rest of the line, and one without a limit looks the same.
var uncaught = map[string]bool{"resource-line-endless": true}

// TestEveryFaultCatches: at least one of the sloppy servers fails each fault. Time is
// that of testing/synctest: no wait is real.
func TestEveryFaultCatches(t *testing.T) {
	target := Target{Host: "barewire.test", PlainStatus: 200, WebSocket: true, Echo: true, Deflate: true}
	caught := make(map[string]int)
	for _, f := range All() {
		by := ""
		for _, server := range sloppyServers {
			synctest.Test(t, func(t *testing.T) {
				near, far := net.Pipe()
				done := make(chan struct{})
				go func() {
					defer close(done)
					server.serve(withHalfClose(far))
				}()
				result := f.Run(context.Background(), withHalfClose(near), target)
				far.Close()
				<-done
				if result.Verdict == Fail {
					by += " " + server.name
					caught[server.name]++
				}
			})
		}
		if by == "" && !uncaught[f.ID] {
			t.Errorf("%s: no sloppy server fails it", f.ID)
		}
	}
	t.Logf("of %d faults: %v", len(All()), caught)
}

// halfClosable adds a half-close to a pipe. The other end does not notice it, which
// makes no difference to the sloppy servers.
type halfClosable struct{ net.Conn }

func (halfClosable) CloseWrite() error { return nil }

func withHalfClose(conn net.Conn) net.Conn { return halfClosable{conn} }
