package annotate

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"strconv"

	"barewire/handshake"
	"barewire/httpwire"
)

// upgrade is a request for WebSocket, and what came of it.
type upgrade struct {
	offer   handshake.Offer // as the client made it
	path    string
	granted bool
	deflate *handshake.Deflate // what was agreed on about compression, nil for none
}

// checkUpgrade holds a request that asks for WebSocket against the rules, and
// remembers what the answer has to fit.
func (s *stream) checkUpgrade(r *httpwire.Request) {
	s.exchange.switches = r.Fields.Count("Upgrade") > 0
	if !handshake.Requested(r) {
		return
	}
	// Which origins to let in is the server's affair, not a rule.
	_, err := handshake.Accept(r, &handshake.Policy{Origins: []string{"*"}})
	if e := fault(err); e != nil {
		s.unit.breakRule(e)
	}
	up := &upgrade{path: r.Path}
	up.offer.Key, _ = r.Fields.Get("Sec-WebSocket-Key")
	up.offer.Subprotocols = r.Fields.List("Sec-WebSocket-Protocol")
	up.offer.Extensions, _ = handshake.ParseExtensions(r.Fields)
	s.exchange.upgrade = up
	s.conversation.path = r.Path

	s.addNote(Handshake, "upgrade", "to WebSocket",
		"if the answer is 101, frames follow in both directions; else HTTP goes on", "RFC 6455 §4.2.1")
	if nonce, err := base64.StdEncoding.DecodeString(up.offer.Key); err == nil && len(nonce) == 16 {
		s.addNote(Handshake, "nonce", hexOctets(nonce, len(nonce)), "the 16 octets in Sec-WebSocket-Key", "RFC 6455 §4.1")
	}
	for _, extension := range up.offer.Extensions {
		s.addNote(Handshake, "offers", printable(extension.String()), extensionMeaning(extension.Name), "RFC 6455 §9.1")
		if extension.Name != handshake.PermessageDeflate {
			continue
		}
		if e := fault(handshake.CheckDeflate(extension)); e != nil {
			s.unit.Notes[len(s.unit.Notes)-1].Broken = broken(e.Rule, e.Section)
		}
	}
	for _, subprotocol := range up.offer.Subprotocols {
		s.addNote(Handshake, "offers", printable(subprotocol), "a subprotocol, those it likes best first", "RFC 6455 §1.9")
	}
}

// addNote adds a note to the unit.
func (s *stream) addNote(layer Layer, field, value, meaning, section string) {
	s.unit.Notes = append(s.unit.Notes, Note{Layer: layer, Field: field, Value: value, Meaning: meaning, Section: section})
}

// switchProtocols is the end of a 101: what follows is no HTTP, in either
// direction.
func (s *stream) switchProtocols(r *httpwire.Response) {
	c := s.conversation
	up := &upgrade{}
	switch {
	case s.exchange == nil:
		s.agreeUnseen(r, up)
	case s.exchange.upgrade == nil:
		s.leaveUnknown()
		return
	default:
		up = s.exchange.upgrade
		s.verifyUpgrade(r, up)
	}
	s.noteAgreement(r, up)
	s.emit()

	up.granted = true
	s.beginFrames(up.deflate)
	client := &c.streams[ClientToServer]
	waiting := client.state == held || s.exchange == nil && client.state == inHead && client.offset == 0
	if waiting {
		client.beginFrames(up.deflate)
		client.feed(nil)
	}
	c.answered(true)
}

// leaveUnknown is the end of a 101 to a request that did not ask for WebSocket:
// neither direction is understood behind it.
func (s *stream) leaveUnknown() {
	const reason = "the protocol is another one, and not WebSocket"
	if !s.exchange.switches {
		s.unit.breakRule(&httpwire.Error{Field: "status-code", Rule: "the request did not ask for another protocol",
			Section: "RFC 9110 §15.2.2"})
	}
	s.emit()
	s.raw(reason)
	if client := &s.conversation.streams[ClientToServer]; client.state == inHead {
		client.raw(reason)
		client.feed(nil)
	}
}

// verifyUpgrade shows the arithmetic of the accept key, and holds the 101
// against what was asked for.
func (s *stream) verifyUpgrade(r *httpwire.Response, up *upgrade) {
	key := up.offer.Key
	sum := sha1.Sum([]byte(key + handshake.GUID))
	expected := handshake.AcceptKey(key)
	got, _ := r.Fields.Get("Sec-WebSocket-Accept")
	const section = "RFC 6455 §4.2.2"

	s.addNote(Handshake, "1. key", printable(key), "Sec-WebSocket-Key, as the client sent it", section)
	s.addNote(Handshake, "2. key + GUID", printable(key+handshake.GUID), "behind it the GUID that every server knows", section)
	s.addNote(Handshake, "3. SHA-1", hex.EncodeToString(sum[:]), "the digest of that text, 20 octets", section)
	s.addNote(Handshake, "4. base64", expected, "and this is what Sec-WebSocket-Accept must be", section)
	if got == expected {
		s.addNote(Handshake, "5. compare", "equal", "the server has read this very request, and speaks WebSocket", "RFC 6455 §4.1")
	} else {
		s.addNote(Handshake, "5. compare", "not equal: "+printable(got), "a client closes the connection", "RFC 6455 §4.1")
	}

	agreement, err := up.offer.Verify(r)
	if err == nil {
		var agreed handshake.Deflate
		var used bool
		agreed, used, err = handshake.VerifyDeflate(up.offer.Extensions, agreement.Extensions)
		if used {
			up.deflate = &agreed
		}
	}
	if e := fault(err); e != nil {
		s.unit.breakRule(e)
		s.agreeDeflate(r, up)
	}
}

// agreeUnseen takes a 101 at its word: what it answers was not captured.
func (s *stream) agreeUnseen(r *httpwire.Response, up *upgrade) {
	accept, _ := r.Fields.Get("Sec-WebSocket-Accept")
	s.addNote(Handshake, "accept key", printable(accept), "without the request nobody can tell whether it fits", "RFC 6455 §4.1")
	s.agreeDeflate(r, up)
}

// agreeDeflate notes the compression that a response states, offered or not.
func (s *stream) agreeDeflate(r *httpwire.Response, up *upgrade) {
	accepted, _ := handshake.ParseExtensions(r.Fields)
	if agreed, ok := handshake.AcceptedDeflate(accepted); ok {
		up.deflate = &agreed
	}
}

// assumedDeflate returns the compression of a client of which only its own half
// was captured: the one of the options, or what it offered first.
func (s *stream) assumedDeflate() *handshake.Deflate {
	if given := s.conversation.options.Deflate; given != nil {
		return given
	}
	_, agreed, ok := handshake.AcceptDeflate(s.exchange.upgrade.offer.Extensions, true)
	if !ok {
		return nil
	}
	return &agreed
}

// noteAgreement says what both sides know now.
func (s *stream) noteAgreement(r *httpwire.Response, up *upgrade) {
	subprotocol, found := r.Fields.Get("Sec-WebSocket-Protocol")
	if found {
		s.addNote(Handshake, "subprotocol", printable(subprotocol), "what the messages mean is written there", "RFC 6455 §1.9")
	} else {
		s.addNote(Handshake, "subprotocol", "none", "what the messages mean is left to the two programs", "RFC 6455 §1.9")
	}
	accepted, _ := handshake.ParseExtensions(r.Fields)
	if len(accepted) == 0 {
		s.addNote(Handshake, "extension", "none", "frames are those of RFC 6455, and RSV1 to RSV3 are 0", "RFC 6455 §9")
	}
	for _, extension := range accepted {
		s.addNote(Handshake, "extension", printable(extension.String()), extensionMeaning(extension.Name), "RFC 6455 §9.1")
	}
	if up.deflate == nil {
		return
	}
	s.noteDirection("client sends", up.deflate.ClientMaxWindowBits, !up.deflate.ClientNoContextTakeover)
	s.noteDirection("server sends", up.deflate.ServerMaxWindowBits, !up.deflate.ServerNoContextTakeover)
}

// noteDirection says how one side compresses.
func (s *stream) noteDirection(field string, windowBits int, takeover bool) {
	meaning := "each message is compressed as if it were the first (no context takeover)"
	if takeover {
		meaning = "a message may refer back to those before it (context takeover)"
	}
	value := "a window of " + strconv.Itoa(1<<windowBits) + " octets"
	s.addNote(Deflate, field, value, meaning, "RFC 7692 §7.1")
}

func extensionMeaning(name string) string {
	if name == handshake.PermessageDeflate {
		return "messages may be compressed; RSV1 marks those that are"
	}
	return "an extension that barewire does not know"
}
