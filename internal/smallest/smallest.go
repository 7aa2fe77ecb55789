// Package smallest is both programs of the article on one page, to be read from top to
// bottom: it answers every HTTP request with Hello World!, and every WebSocket message with
// the SHA-1 digest of its reply. It only reads and writes bytes. What they mean is decided
// by httpwire, handshake and wsframe. "go run . smallest" starts it.
//
// Each "Simplified:" says what is missing here, and which file has it. Each "Exercise:" is
// a change for you to make, and names a probe, which then counts more faults as passed:
//
//	go run . probe -only fragments ws://127.0.0.1:8080/echo
package smallest

import (
	"net"
	"slices"
	"time"
	"unicode/utf8"

	"barewire/digest"
	"barewire/handshake"
	"barewire/httpwire"
	"barewire/wsframe"
)

// Serve accepts connections and starts a goroutine for each. Simplified: there is no limit,
// and an error of Accept ends the server. internal/server/server.go has a limit, and retries.
func Serve(listener net.Listener) error {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go serve(conn)
	}
}

// serve is the life of a connection: request after request, until one of them opens a
// WebSocket. Simplified: Close is abrupt. If the client is still sending, the kernel sends it
// a reset, and our last answer can be lost. internal/bufconn/close.go closes in stages.
func serve(conn net.Conn) {
	defer conn.Close()
	var in []byte // the bytes that have arrived and are not used yet
	for last := false; !last; {
		var request httpwire.Request
		n, err := httpwire.ParseRequest(&request, in, nil)
		if err != nil {
			respond(conn, request.Method, err.(*httpwire.Error).Response())
			return
		}
		if n == 0 { // the head is not complete
			in, err = readMore(conn, in)
			last = err != nil
			continue
		}
		in = in[n:]
		// Simplified: every method gets the page. internal/server/app.go answers 405 or 501.
		// Exercise: answer 501 unless it is an httpwire.KnownMethod. (probe -only http)
		response := &httpwire.Response{Status: 200, Content: []byte("Hello World!"),
			Fields: httpwire.Fields{{Name: "Content-Type", Value: "text/plain"}}}
		if handshake.Requested(&request) {
			// Simplified: compression is declined. internal/server/compression.go accepts it.
			agreement, err := handshake.Accept(&request, &handshake.Policy{})
			if err == nil {
				respond(conn, request.Method, agreement.Response())
				serveWebSocket(conn, in, request.Path)
				return
			}
			response = err.(*httpwire.Error).Response()
		}
		// Simplified: a body is not read, so its request is the last. internal/server/body.go
		// reads it. Exercise: do so with httpwire.BodyDecoder. (probe -only body,smuggling)
		last = request.WantsClose() || request.Minor == 0 || request.Body.Framing != httpwire.NoBody
		if last && !response.Fields.HasToken("Connection", "close") {
			response.Fields = append(response.Fields, httpwire.Field{Name: "Connection", Value: "close"})
		}
		respond(conn, request.Method, response)
	}
}

// serveWebSocket is the life of a WebSocket: frame after frame, until a Close or an error.
func serveWebSocket(conn net.Conn, in []byte, path string) {
	var checker wsframe.Checker // the zero Checker checks the frames of a client
	var err error
	for err == nil {
		var header wsframe.Header
		n := wsframe.ParseHeader(&header, in)
		if n == 0 { // the header is not complete
			in, err = readMore(conn, in)
			continue
		}
		if err = checker.Check(&header); err != nil {
			break
		}
		// Simplified: a message is one frame. internal/wsconn/read.go joins fragments, and
		// checks text as it arrives. Exercise: join fragments. (probe -only fragments,utf8)
		if !header.Fin || header.Length > 1<<20 {
			err = &wsframe.Error{Code: wsframe.MessageTooBig, Section: "RFC 6455 §10.4", Rule: "one frame of 1 MiB at most"}
			break
		}
		in = in[n:]
		for uint64(len(in)) < header.Length { // the payload is not complete
			if in, err = readMore(conn, in); err != nil {
				return
			}
		}
		payload := in[:header.Length]
		in = in[header.Length:]
		wsframe.Mask(payload, header.Key, 0) // unmasks: XOR is its own inverse

		switch {
		case header.Opcode == wsframe.Ping:
			send(conn, wsframe.Pong, payload)
		case header.Opcode == wsframe.Pong: // needs no answer
		case header.Opcode == wsframe.Close:
			if _, _, err = wsframe.ParseClose(payload); err == nil {
				send(conn, wsframe.Close, payload)
				return
			}
		case header.Opcode == wsframe.Text && !utf8.Valid(payload):
			err = &wsframe.Error{Code: wsframe.InvalidPayload, Section: "RFC 6455 §8.1", Rule: "text must be valid UTF-8"}
		case path == "/echo": // shows the probe what arrived
			send(conn, header.Opcode, payload)
		default:
			sum := digest.Sum(digest.ProcessMessage(payload))
			send(conn, wsframe.Binary, sum[:])
		}
	}
	if violation, ok := err.(*wsframe.Error); ok {
		payload, _ := wsframe.AppendClose(nil, violation.Code, violation.Reason())
		send(conn, wsframe.Close, payload)
	}
}

// send writes a frame, and respond a response. Simplified: each is one write, and errors are
// ignored. internal/bufconn/outbox.go sends many with one write, and stops after an error.
func send(conn net.Conn, opcode wsframe.Opcode, payload []byte) {
	conn.Write(wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, Opcode: opcode}, payload))
}

func respond(conn net.Conn, method string, response *httpwire.Response) {
	out, _ := httpwire.AppendResponse(nil, response, string(httpwire.AppendDate(nil, time.Now())), method)
	conn.Write(out)
}

// readMore waits for more bytes and appends them to in. Simplified: it waits forever, and
// holds a buffer. internal/bufconn/conn.go has deadlines, and holds none while it waits.
func readMore(conn net.Conn, in []byte) ([]byte, error) {
	in = slices.Grow(in, 4096)
	n, err := conn.Read(in[len(in):cap(in)])
	return in[:len(in)+n], err
}
