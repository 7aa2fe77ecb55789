package wsconn

import (
	"bytes"
	"encoding/hex"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/nettest"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// script is a net.Conn whose peer is a list of pieces: each Read returns one of them, then
// the peer's FIN. What is written is kept. It makes a conversation a pure function from
// bytes to bytes.
type script struct {
	pieces [][]byte
	wrote  bytes.Buffer
	writes int
	closed bool
}

func (s *script) Read(p []byte) (int, error) {
	if len(s.pieces) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.pieces[0])
	if s.pieces[0] = s.pieces[0][n:]; len(s.pieces[0]) == 0 {
		s.pieces = s.pieces[1:]
	}
	return n, nil
}

func (s *script) Write(p []byte) (int, error) {
	s.writes++
	return s.wrote.Write(p)
}

func (s *script) Close() error                     { s.closed = true; return nil }
func (s *script) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (s *script) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (s *script) SetDeadline(time.Time) error      { return nil }
func (s *script) SetReadDeadline(time.Time) error  { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }

// rfcKey is the masking key of RFC 6455 §5.7's examples.
var rfcKey = wsframe.Key{0x37, 0xfa, 0x21, 0x3d}

// fromClient returns a masked frame, fromServer an unmasked one.
func fromClient(fin bool, opcode wsframe.Opcode, payload string) []byte {
	header := wsframe.Header{Fin: fin, Opcode: opcode, Masked: true, Key: rfcKey}
	return wsframe.AppendFrame(nil, &header, []byte(payload))
}

func fromServer(fin bool, opcode wsframe.Opcode, payload string) []byte {
	return wsframe.AppendFrame(nil, &wsframe.Header{Fin: fin, Opcode: opcode}, []byte(payload))
}

// wire returns bytes that are written in hex, or as text in quotes, with any blanks
// between them.
func wire(text string) (out []byte) {
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 1 {
			out = append(out, part...)
			continue
		}
		decoded, err := hex.DecodeString(strings.Join(strings.Fields(part), ""))
		if err != nil {
			panic(err)
		}
		out = append(out, decoded...)
	}
	return out
}

func join(pieces ...[]byte) []byte { return bytes.Join(pieces, nil) }

// recorder is a handler that echoes, and keeps what it was called with.
type recorder struct {
	messages []Message
	opened   int
	err      error
	code     wsframe.CloseCode
	reason   string
	closed   int
}

func (r *recorder) OnOpen(*Conn) error { r.opened++; return nil }

func (r *recorder) OnMessage(out *Conn, m Message) error {
	r.messages = append(r.messages, Message{m.Opcode, bytes.Clone(m.Payload)})
	return out.Echo(m)
}

func (r *recorder) OnError(_ *Conn, err error) { r.err = err }

func (r *recorder) OnClose(_ *Conn, code wsframe.CloseCode, reason string) {
	r.closed++
	r.code, r.reason = code, reason
}

// converse runs a server that echoes against a peer that sends pieces, and
// returns the transport, the handler and how the connection ended.
func converse(config Config, pieces ...[]byte) (*script, *recorder, *CloseError) {
	transport := &script{pieces: pieces}
	seen := new(recorder)
	err := New(bufconn.New(transport), config).Serve(seen)
	return transport, seen, err.(*CloseError)
}

// cuts calls try with every way to cut in in two, and with all of its bytes one by one:
// TCP may deliver any of these (RFC 6455 §6.2).
func cuts(t *testing.T, in []byte, try func(t *testing.T, pieces ...[]byte)) {
	try(t, bytes.Clone(in))
	for at := 1; at < len(in); at++ {
		try(t, bytes.Clone(in[:at]), bytes.Clone(in[at:]))
	}
	try(t, pieces(bytes.Clone(in), 1)...)
}

// pieces cuts in into pieces of size.
func pieces(in []byte, size int) [][]byte { return slices.Collect(slices.Chunk(in, size)) }

// socketPair returns the two ends of a connection through the kernel.
func socketPair(t *testing.T, network string) (client, server net.Conn) {
	t.Helper()
	listener, err := nettest.NewLocalListener(network)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client, err = net.Dial(listener.Addr().Network(), listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if server, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

type echo struct{ NopHandler }

func (echo) OnMessage(out *Conn, m Message) error { return out.Echo(m) }
