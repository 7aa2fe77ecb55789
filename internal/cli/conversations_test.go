package cli

import (
	"barewire/handshake"
	"barewire/internal/annotate"
	"barewire/wsframe"
)

// conversation is one that is kept in internal/tour/conversations, as -deterministic
// makes it.
type conversation struct {
	name   string
	about  string // what it shows
	ours   sides  // who of ours can have it, and replays it
	script func(s *script)
}

// sides says whose part of a conversation is ours. The other one is in the script,
// and where that is the server, so is what our client has to say to it.
type sides int

const (
	both       sides = iota
	serverOnly       // our client does not do what this client does
	clientOnly       // our server does not do what this server does
)

// keptConversations are what a reader of the wire ought to have seen: requests, a
// handshake, messages, each way to close, and rules that are broken.
var keptConversations = []conversation{
	{"hello", `The article's first program: a request, and Hello World! The connection stays
open for another request (RFC 9112 §9.3) until the client ends it.`, serverOnly, func(s *script) {
		s.raw("GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n")
	}},
	{"pipeline", `Three requests that come together are answered together, in their order (RFC
9112 §9.3.2): one read, one write. The last one asks to close.`, serverOnly, func(s *script) {
		s.raw("GET /first HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n" +
			"HEAD /second HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n" +
			"GET /third HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: close\r\n\r\n")
	}},
	{"digest", `The article's second program: the opening handshake with the RFC's own key and
answer (RFC 6455 §1.3), a message in the RFC's own masked frame (§5.7), the
SHA-1 digest of the reply, and the closing handshake.`, both, func(s *script) {
		s.open("/", nil)
		s.frame(wsframe.Text, "Hello")
		s.close(wsframe.NormalClosure, "")
	}},
	{"fragments", `A message in three fragments with a Ping between them (RFC 6455 §5.4). The Pong
comes at once; the echo when the message is complete, as one frame. The second
fragment ends inside the two octets of é: only a whole message has to be UTF-8.`, serverOnly, func(s *script) {
		s.open("/echo", nil)
		s.part(wsframe.Text, "Hel")
		s.part(wsframe.Continuation, "lo, caf\xc3")
		s.frame(wsframe.Ping, "still there?")
		s.frame(wsframe.Continuation, "\xa9")
		s.close(wsframe.NormalClosure, "")
	}},
	{"close-client", `The client closes first: its Close frame has a code, and the server's answer
has the same one (RFC 6455 §5.5.1). Then the server ends the connection (§7.1.1).`, both, func(s *script) {
		s.open("/echo", nil)
		s.close(wsframe.NormalClosure, "")
	}},
	{"close-server", `The server closes first: the room /chat is for text, says its Close frame, and
the client answers with the code of that (RFC 6455 §5.5.1).`, both, func(s *script) {
		s.open("/chat", nil)
		s.frame(wsframe.Binary, "\x00\x01\x02\x03")
		s.close(wsframe.UnsupportedData, "")
	}},
	{"close-no-code", `A Close frame need not say why: its payload is empty then, and so is that of the
answer. Both programs are told 1005, which never goes over the wire (RFC 6455
§7.4.1).`, both, func(s *script) {
		s.open("/echo", nil)
		s.close(wsframe.NoStatusReceived, "")
	}},
	{"close-reason", `A Close frame with a code of the application's own (RFC 6455 §7.4.2) and a
reason, for people who read logs. The answer repeats the code.`, both, func(s *script) {
		s.open("/echo", nil)
		s.close(4000, "that was all, thank you")
	}},
	{"violation-unmasked", `A client must mask each frame (RFC 6455 §5.1), and this one has not. The Close
frame says so, with 1002, in the words of the rule that the server's code has.`, serverOnly, func(s *script) {
		s.open("/echo", nil)
		s.raw("\x81\x05Hello")
	}},
	{"violation-utf8", `Text must be UTF-8 (RFC 6455 §8.1). c0 is in no UTF-8 text at all, so the server
closes as soon as it has come, with 1007.`, serverOnly, func(s *script) {
		s.open("/echo", nil)
		s.frame(wsframe.Text, "Hello \xc0\xaf")
	}},
	{"violation-reserved-bit", `RSV1 marks a compressed message (RFC 7692 §6), and here nobody has agreed on
compression: then it must be 0 (RFC 6455 §5.2).`, serverOnly, func(s *script) {
		s.open("/echo", nil)
		s.header(wsframe.Header{Fin: true, RSV1: true, Opcode: wsframe.Text}, "Hello")
	}},
	{"violation-too-big", `A frame that announces 2^62 octets is refused for what its header says, with
1009: nothing is allocated, and nobody waits for the octets (RFC 6455 §10.4).`, serverOnly, func(s *script) {
		s.open("/echo", nil)
		s.raw("\x82\xff\x40\x00\x00\x00\x00\x00\x00\x00" + "\x37\xfa\x21\x3d")
	}},
	{"violation-broken-head", `A space before the colon: two programs may read that as two different fields,
which is how requests are smuggled (RFC 9112 §5.1). The answer is 400, and the
connection ends, since nobody knows where the next request would begin.`, serverOnly, func(s *script) {
		s.raw("GET / HTTP/1.1\r\nHost : 127.0.0.1:8080\r\n\r\n")
	}},
	{"violation-by-server", `A server must not mask a frame (RFC 6455 §5.1). This one is not ours; our client
tells it so with 1002, and ends.`, clientOnly, func(s *script) {
		s.open("/", nil)
		s.answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
		s.answer("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58")
		s.close(wsframe.ProtocolError, "RFC 6455 §5.1: a server must not mask any frame")
		s.end(annotate.ClientToServer)
		s.end(annotate.ServerToClient)
	}},
	{"violation-accept", `A server that has not read the request, but answers 101 to anything: its accept
key is not the answer to ours. Our client ends without a word (RFC 6455 §4.1).`, clientOnly, func(s *script) {
		s.open("/", nil)
		s.answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n")
	}},
	{"compression", `Both sides agree on permessage-deflate (RFC 7692). The same line goes twice: the
second time it takes a few octets, because both windows remember the first one
(context takeover, §7.2.3.2).`, both, func(s *script) {
		s.open("/echo", []handshake.Extension{handshake.OfferDeflate(handshake.Deflate{})})
		s.compressed(wsframe.Text, longLine)
		s.compressed(wsframe.Text, longLine)
		s.close(wsframe.NormalClosure, "")
	}},
}

// longLine is long enough to be sent compressed.
const longLine = "A message that is worth compressing has at least 128 octets here; " +
	"a shorter one would gain less than compressing and inflating it costs."
