// Package wsframe is the framing layer of WebSocket: the octets of RFC 6455
// §5, §7.4 and §8, with no connection, buffer, lock or clock in sight.
//
// On the way of a byte it stands behind the opening handshake. From here on
// the connection carries frames and nothing else:
//
//	         2 to 14 octets        Header.Length octets
//	... +----------------------+--------------------------+ ...
//	    |        header        |         payload          |
//	... +----------------------+--------------------------+ ...
//	       ParseHeader            Mask: undo the masking
//	       Checker.Check          data: UTF8Validator, for text
//	                              Close: ParseClose
//
// The same steps in the other direction are AppendHeader (or AppendFrame, for
// a whole small frame), Mask and AppendClose.
//
// Parsing, checking and acting are apart. ParseHeader reads whatever stands
// there and cannot fail; Checker says whether it may stand there; acting is left
// to the caller, who owns the connection. Two things alone remember what went
// before: Checker, from frame to frame, and UTF8Validator, from octet to octet.
//
// # Terms
//
// An endpoint is a client or a server. A frame is what has a header. A message
// is what an application sends: one frame with FIN set, or a first frame
// without FIN, continuation frames, and a last continuation frame with FIN
// (§5.4). Data frames (text, binary, continuation) carry messages; control
// frames (Close, Ping, Pong) are about the connection, and may stand between
// the frames of a message. To fail the connection is to send a Close frame
// that tells why and then to close TCP (§7.1.7).
//
// # Errors
//
// A violation of the protocol by the peer is an *Error. It carries the close
// code to answer with, the part of the frame that is wrong, the rule in plain
// words and its section, and Error.Reason puts the last two on the wire: the
// peer's programmer reads the clause that his program broke.
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
// RFC 7692 (compression) is seen here only as the bit RSV1: see Checker.
package wsframe
