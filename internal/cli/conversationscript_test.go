package cli

import (
	"io"
	"testing"

	"barewire/handshake"
	"barewire/internal/annotate"
	"barewire/internal/deflate"
	"barewire/internal/replay"
	"barewire/internal/wiretap"
	"barewire/wsframe"
)

// script is a conversation as it is written down: the client's part or, if the
// server is not ours, both. It makes the client's frames itself, without our
// client, so that it can break rules.
type script struct {
	t          *testing.T
	random     io.Reader
	compressor *deflate.Compressor
	events     []wiretap.Event
}

// scriptOf returns what is written down of a conversation.
func scriptOf(t *testing.T, c *conversation) []wiretap.Event {
	s := script{t: t, random: replay.NewRandom(), compressor: deflate.NewCompressor(15, true)}
	s.add(wiretap.Event{Kind: wiretap.Opened, Peers: wiretap.Peers{Role: wsframe.Client, Local: "pipe", Remote: "pipe"}})
	c.script(&s)
	if c.ours == clientOnly {
		s.add(wiretap.Event{Kind: wiretap.Closed})
	} else {
		s.end(annotate.ClientToServer) // and the server says how it ends
	}
	return s.events
}

// clientPieces returns the pieces of the client.
func clientPieces(events []wiretap.Event) (pieces [][]byte) {
	for i := range events {
		if event := &events[i]; event.Kind == wiretap.Octets && event.Direction == annotate.ClientToServer {
			pieces = append(pieces, event.Octets)
		}
	}
	return pieces
}

// add adds an event.
func (s *script) add(event wiretap.Event) {
	event.Conn, event.Time = 1, replay.Instant
	s.events = append(s.events, event)
}

// raw sends bytes as they are.
func (s *script) raw(text string) {
	s.add(wiretap.Event{Kind: wiretap.Octets, Octets: []byte(text)})
}

// answer is what a server sends that is not ours.
func (s *script) answer(text string) {
	s.add(wiretap.Event{Kind: wiretap.Octets, Direction: annotate.ServerToClient, Octets: []byte(text)})
}

// end ends a direction.
func (s *script) end(direction annotate.Direction) {
	s.add(wiretap.Event{Kind: wiretap.Ended, Direction: direction})
}

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
	s.raw(string(request))
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
	s.raw(string(wsframe.AppendFrame(nil, &header, []byte(payload))))
}
