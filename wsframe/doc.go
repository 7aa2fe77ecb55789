// Package wsframe is the framing layer of WebSocket: the bytes of RFC 6455 §5, §7.4
// and §8, without connections, buffers, locks or clocks.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ [wsframe] ─ deflate ─ wsconn ─ digest
//
// After the opening handshake the connection carries frames and nothing else.
// Parsing, checking and acting are separate steps. ParseHeader parses any header and
// cannot fail. Checker decides whether the header may come next. Acting on the frame is
// left to wsconn, which owns the connection. Only two types have state: Checker, from
// frame to frame, and UTF8Validator, from byte to byte.
//
// # The wire
//
//	         2 to 14 bytes         Header.Length bytes
//	... +----------------------+--------------------------+ ...
//	    |        header        |         payload          |
//	... +----------------------+--------------------------+ ...
//	       ParseHeader            Mask: unmask the payload
//	       Checker.Check          data: UTF8Validator, for text
//	                              Close: ParseClose
//
// In the other direction: AppendHeader (or AppendFrame, for a whole small frame), Mask
// and AppendClose. [ParseHeader] has the picture of the header's bits. The RFC's
// example, "Hello" from a client:
//
//	81               FIN, opcode 1: text
//	85               MASK, length 5
//	37 fa 21 3d      the masking key
//	7f 9f 4d 51 58   the payload: 7f XOR 37 is 48, which is H
//
// # Terms
//
//   - endpoint: a client or a server.
//   - frame: a header and its payload: the unit of transfer after the handshake.
//   - message: the text or bytes that an application sends, in one frame with FIN set,
//     or in a first frame without FIN, any number of continuation frames, and a last
//     continuation frame with FIN (§5.4). Each of several frames is a fragment.
//   - opcode: the type of a frame: 0 continuation, 1 text, 2 binary, 8 close, 9 ping,
//     A pong. The others are reserved.
//   - data frame: text, binary or continuation. It carries messages.
//   - control frame: Close, Ping or Pong. It manages the connection, has at most 125
//     bytes of payload, and may come between the frames of a message.
//   - masking: a client XORs each payload with a fresh key of 4 bytes, which it sends
//     in the header. A web page then cannot make a proxy see HTTP in it (§10.3).
//   - close code: the cause of a close, as a number in the first two bytes of a Close
//     frame's payload, see [CloseCode]. The reason is text after it, for a log.
//   - to fail the connection: to send a Close frame with the reason, and then to close
//     TCP (§7.1.7).
//
// # Errors
//
// A violation of the protocol by the peer is an [*Error] with the close code to send.
// Its rule and section go on the wire as the close reason, so that the peer's programmer
// can read which rule the program broke.
//
// # Sections
//
//	§5.2  header layout            ParseHeader, AppendHeader
//	§5.3  masking                  Mask
//	§5.4  fragmentation            Checker
//	§5.5  control frames           Checker, ParseClose, AppendClose
//	§7.4  close codes              CloseCode
//	§8.1  UTF-8                    UTF8Validator
//
// Of RFC 7692 (compression), this package knows only the bit RSV1: see Checker.
//
// # Reading order
//
// header.go (the bits), opcode.go, check.go (the rules), mask.go, utf8.go (the grammar
// as a table), close.go, error.go.
//
// The next package is httpwire, the HTTP that comes before the first frame.
package wsframe
