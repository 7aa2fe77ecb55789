package cli

import (
	"io"
	"testing"

	"barewire/handshake"
	"barewire/internal/deflate"
	"barewire/internal/replay"
	"barewire/wsframe"
)

// script is the client's part of a conversation, as it is written down. It makes
// its frames itself, without our client, so that it can break rules.
type script struct {
	t          *testing.T
	random     io.Reader
	compressor *deflate.Compressor
	pieces     [][]byte
}

// piecesOf returns what a conversation's client sends.
func piecesOf(t *testing.T, c *conversation) [][]byte {
	s := script{t: t, random: replay.NewRandom(), compressor: deflate.NewCompressor(15, true)}
	c.script(&s)
	return s.pieces
}

// raw sends octets as they are.
func (s *script) raw(octets string) { s.pieces = append(s.pieces, []byte(octets)) }

// open sends the request of the opening handshake.
func (s *script) open(path string, extensions []handshake.Extension) {
	s.t.Helper()
	url, err := handshake.ParseURL("ws://127.0.0.1:8080" + path)
	if err != nil {
		s.t.Fatal(err)
	}
	key, err := handshake.NewKey(s.random)
	if err != nil {
		s.t.Fatal(err)
	}
	offer := handshake.Offer{URL: url, Key: key, Extensions: extensions}
	request, err := offer.AppendRequest(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.pieces = append(s.pieces, request)
}

// frame sends a masked frame, the last one of its message.
func (s *script) frame(opcode wsframe.Opcode, payload string) {
	s.header(wsframe.Header{Fin: true, Opcode: opcode}, payload)
}

// part sends a masked frame that others follow.
func (s *script) part(opcode wsframe.Opcode, payload string) {
	s.header(wsframe.Header{Opcode: opcode}, payload)
}

// compressed sends a message in one compressed frame.
func (s *script) compressed(opcode wsframe.Opcode, payload string) {
	s.header(wsframe.Header{Fin: true, RSV1: true, Opcode: opcode}, string(s.compressor.AppendMessage(nil, []byte(payload))))
}

// close sends a Close frame.
func (s *script) close(code wsframe.CloseCode, reason string) {
	s.t.Helper()
	payload, err := wsframe.AppendClose(nil, code, reason)
	if err != nil {
		s.t.Fatal(err)
	}
	s.frame(wsframe.Close, string(payload))
}

// header sends a frame with a header of whatever kind, masked with the next key.
func (s *script) header(header wsframe.Header, payload string) {
	header.Masked = true
	if _, err := io.ReadFull(s.random, header.Key[:]); err != nil {
		s.t.Fatal(err)
	}
	s.pieces = append(s.pieces, wsframe.AppendFrame(nil, header, []byte(payload)))
}
