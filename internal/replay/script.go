package replay

import (
	"bytes"
	"fmt"
	"strings"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/annotate"
	"barewire/internal/deflate"
	"barewire/internal/wiretap"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// script is what the client's application in a transcript did: what it asked for, and the
// messages and control frames that it sent.
type script struct {
	offer  handshake.Offer
	keys   []byte // the masking keys, one after the other
	frames []sentFrame

	wire      [2][]byte // of the transcript, by annotate.Direction
	inflate   *deflate.Decompressor
	pings     int  // of the server, that have no Pong yet
	closing   bool // the server has closed, or broken a rule: the client answers with Close
	continued bool // the last of frames is a message that has not ended
}

// sentFrame is one thing that the client sent: a message in one or several frames,
// or a control frame.
type sentFrame struct {
	start, end int  // offsets of the client's bytes
	answer     bool // the client sends it by itself, without its application
	opcode     wsframe.Opcode
	parts      [][]byte // the payload of each frame, inflated if it was compressed
}

// send lets our client send it.
func (f *sentFrame) send(c *wsconn.Conn) error {
	switch {
	case f.opcode == wsframe.Ping:
		return c.Ping(f.parts[0])
	case f.opcode == wsframe.Close:
		code, reason, err := wsframe.ParseClose(f.parts[0])
		if err != nil {
			return err
		}
		return c.Close(code, reason)
	case len(f.parts) > 1:
		return c.SendFragments(f.opcode, f.parts...)
	}
	return c.Send(f.opcode, f.parts[0])
}

// newScript reads from a transcript what its client's application did.
func newScript(transcript *wiretap.Recording) (*script, error) {
	s := new(script)
	for i := range transcript.Events {
		if event := &transcript.Events[i]; event.Kind == wiretap.Octets {
			s.wire[event.Direction] = append(s.wire[event.Direction], event.Octets...)
		}
	}
	if err := s.readRequest(); err != nil {
		return nil, err
	}
	s.readResponse()
	conversation := annotate.New(annotate.Options{})
	for i := range transcript.Events {
		units := transcript.Events[i].AddTo(conversation)
		for j := range units {
			if err := s.add(&units[j]); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// readRequest reads what the client asked for.
func (s *script) readRequest() error {
	var request httpwire.Request
	limits := httpwire.DefaultLimits()
	n, err := httpwire.ParseRequest(&request, s.wire[annotate.ClientToServer], &limits)
	if n == 0 || err != nil || !handshake.Requested(&request) {
		return &UnplayableError{"our client opens WebSockets, and this conversation does not begin with a request for one"}
	}
	if request.Form != httpwire.OriginForm {
		return &UnplayableError{"our client asks for a path, and this one for " + request.Target}
	}
	host, _ := request.Fields.Get("Host")
	if s.offer.URL, err = handshake.ParseURL("ws://" + host + request.Target); err != nil {
		return &UnplayableError{err.Error()}
	}
	s.offer.Key, _ = request.Fields.Get("Sec-WebSocket-Key")
	s.offer.Origin, _ = request.Fields.Get("Origin")
	if names, found := request.Fields.Get("Sec-WebSocket-Protocol"); found {
		s.offer.Subprotocols = strings.Split(names, ", ")
	}
	if s.offer.Extensions, err = handshake.ParseExtensions(request.Fields); err != nil {
		return &UnplayableError{err.Error()}
	}
	for _, field := range request.Fields {
		if !ownField(field) {
			s.offer.Fields = append(s.offer.Fields, httpwire.Field{Name: field.Name, Value: field.Value})
		}
	}
	if _, err := s.offer.AppendRequest(nil); err != nil {
		return &UnplayableError{err.Error()}
	}
	return nil
}

// ownField reports whether our client adds a field by itself.
func ownField(field httpwire.Field) bool {
	name := strings.ToLower(field.Name)
	switch name {
	case "host", "upgrade", "connection", "origin":
		return true
	case "user-agent":
		return field.Value == "barewire"
	}
	return strings.HasPrefix(name, "sec-websocket-")
}

// readResponse reads what was agreed on about compression.
func (s *script) readResponse() {
	wire := s.wire[annotate.ServerToClient]
	limits := httpwire.DefaultLimits()
	for {
		var response httpwire.Response
		n, err := httpwire.ParseResponse(&response, wire, "GET", &limits)
		if n == 0 || err != nil {
			return
		}
		wire = wire[n:]
		if response.Interim() {
			continue
		}
		agreement, err := s.offer.Verify(&response)
		if err != nil {
			return
		}
		agreed, used, err := handshake.VerifyDeflate(s.offer.Extensions, agreement.Extensions)
		if err == nil && used {
			s.inflate = deflate.NewDecompressor(agreed.ClientMaxWindowBits, !agreed.ClientNoContextTakeover)
		}
		return
	}
}

// add takes the next unit of either direction.
func (s *script) add(unit *annotate.Unit) error {
	if unit.Direction == annotate.ServerToClient {
		s.hear(unit)
		return nil
	}
	switch {
	case unit.Offset == 0: // the request
		return nil
	case unit.Kind == annotate.Frame:
		if rule := unit.Broken(); rule != "" {
			return &UnplayableError{"our client breaks no rule, and here one is broken: " + rule}
		}
		if !unit.Incomplete {
			return s.addFrame(unit)
		}
	}
	return &UnplayableError{"our client does not send this: " + unit.Title}
}

// hear notes what our client will answer by itself.
func (s *script) hear(unit *annotate.Unit) {
	switch {
	case unit.Broken() != "":
		s.closing = true
	case unit.Kind != annotate.Frame:
	case opcodeOf(unit) == wsframe.Ping:
		s.pings++
	case opcodeOf(unit) == wsframe.Close:
		s.closing = true
	}
}

func opcodeOf(unit *annotate.Unit) wsframe.Opcode { return wsframe.Opcode(unit.Bytes[0] & 0x0f) }

// addFrame takes a frame of the client.
func (s *script) addFrame(unit *annotate.Unit) error {
	start, end := int(unit.Offset), int(unit.Offset+unit.Length)
	var header wsframe.Header
	n := wsframe.ParseHeader(&header, s.wire[annotate.ClientToServer][start:end])
	payload := bytes.Clone(s.wire[annotate.ClientToServer][start+n : end])
	wsframe.Mask(payload, header.Key, 0)
	s.keys = append(s.keys, header.Key[:]...)

	frame := sentFrame{start: start, end: end, opcode: header.Opcode, parts: [][]byte{payload}}
	switch {
	case header.Opcode.IsControl() && s.continued:
		return &UnplayableError{"our client sends the fragments of a message without anything between them"}
	case header.Opcode == wsframe.Pong && s.pings == 0:
		return &UnplayableError{"our client sends no Pong that was not asked for"}
	case header.Opcode == wsframe.Pong:
		s.pings--
		frame.answer = true
	case header.Opcode == wsframe.Close:
		frame.answer = s.closing
	case header.RSV1:
		return s.addCompressed(frame, header.Fin)
	case header.Opcode == wsframe.Continuation:
		last := &s.frames[len(s.frames)-1]
		last.end, last.parts = end, append(last.parts, payload)
		s.continued = !header.Fin
		return nil
	}
	s.continued = !header.Fin
	s.frames = append(s.frames, frame)
	return nil
}

// addCompressed takes a compressed message.
func (s *script) addCompressed(frame sentFrame, whole bool) error {
	if s.inflate == nil {
		return &UnplayableError{"compressed messages, and our client would not have agreed on compression"}
	}
	if !whole {
		return &UnplayableError{"our client does not compress what it sends in fragments"}
	}
	message, err := s.inflate.AppendMessage(nil, frame.parts[0], maxInflated)
	if err != nil {
		return &UnplayableError{fmt.Sprintf("a message at byte %d of the client: %v", frame.start, err)}
	}
	frame.parts[0] = message
	s.frames = append(s.frames, frame)
	return nil
}

// maxInflated bounds a message that is inflated: anybody may have written the
// transcript.
const maxInflated = 64 << 20
