package wsconn

import (
	"bytes"
	"encoding/hex"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// script is a net.Conn whose peer is a list of octets: each Read gives one
// piece, then the peer's FIN; what is written is kept. It makes a conversation
// a pure function from octets to octets.
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

// wire reads octets written as hex, with any blanks between them.
func wire(text string) []byte {
	octets, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		panic(err)
	}
	return octets
}

func join(pieces ...[]byte) []byte { return bytes.Join(pieces, nil) }

// recorder is a handler that echoes and remembers what it was told.
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
	return out.Reply(m.Opcode, m.Payload)
}

func (r *recorder) OnError(_ *Conn, err error) { r.err = err }

func (r *recorder) OnClose(_ *Conn, code wsframe.CloseCode, reason string) {
	r.closed++
	r.code, r.reason = code, reason
}

// converse runs a server that echoes against a peer that sends pieces, and
// returns what it sent, what its handler saw, and how it ended.
func converse(config Config, pieces ...[]byte) (*script, *recorder, *CloseError) {
	transport := &script{pieces: pieces}
	seen := new(recorder)
	err := New(bufconn.New(transport), config).Serve(seen)
	return transport, seen, err.(*CloseError)
}

// cuts calls try with every way to cut octets in two, and with all of them one
// by one: TCP may deliver any of these (RFC 6455 §6.2).
func cuts(t *testing.T, octets []byte, try func(t *testing.T, pieces ...[]byte)) {
	try(t, bytes.Clone(octets))
	for at := 1; at < len(octets); at++ {
		try(t, bytes.Clone(octets[:at]), bytes.Clone(octets[at:]))
	}
	single := make([][]byte, len(octets))
	for i := range octets {
		single[i] = []byte{octets[i]}
	}
	try(t, single...)
}
