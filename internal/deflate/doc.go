// Package deflate is permessage-deflate (RFC 7692 §7.2): a message in, its compressed
// payload out, and back. It knows no frames and does no I/O; what package handshake
// agreed on comes in as two numbers.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ [deflate] ─ wsconn ─ digest
//
// A message passes through it only if its first frame has the bit RSV1 set:
//
//	in    frames, unmasked, their payloads joined ─▶ Decompressor ─▶ message
//	out   message ─▶ Compressor ─▶ payload of one frame
//
// # The wire
//
// A compressed message is a run of DEFLATE blocks (RFC 1951), without a zlib or
// gzip header around them:
//
//	RSV1
//	 | +----------------+----------------+-----+---------+
//	 1 |    block 1     |    block 2     | ... |   00    |   00 00 FF FF
//	   +----------------+----------------+-----+---------+
//	   /                 \                      header of an empty stored
//	  BFINAL  BTYPE   data                      block, and its lengths, which
//	  1 bit   2 bits  00 stored                 are the same in every message:
//	          01 fixed Huffman codes            the sender leaves them out, the
//	          10 Huffman codes of its own       receiver puts them back
//
// The empty block fills the last byte. "Hello" is F2 48 CD C9 C9 07 00.
//
// # Terms
//
//   - window: the last uncompressed bytes of compressed messages, up to 2^w of them,
//     to which a block may refer back: "12 bytes, as 300 bytes ago".
//   - window bits: that w, 8 to 15, for 256 bytes to 32 KiB. Each direction
//     has its own (server_max_window_bits, client_max_window_bits).
//   - context takeover: a message begins with the window that the one before left.
//     Small messages that resemble each other shrink to a fifth or less; without it,
//     hardly at all.
//
// # Limits
//
// What one connection holds, measured:
//
//	                     while a message is worked on    between messages
//	Compressor           flate.Writer       786 KiB      the same with takeover, else nothing
//	Decompressor         flate.Reader        39 KiB      nothing
//	                     window       up to  32 KiB      the same with takeover, else nothing
//
// Writers and Readers come from pools that all connections share. 10,000 idle
// connections with takeover both ways would hold 8 GiB, nearly all of it in Writers:
// a server that agrees to takeover has to count them. [Compressor.Release] returns a
// Writer early, and the conversation can go on after it.
//
// A few bytes can inflate to gigabytes: the caller's limit on a message is checked
// while it inflates.
//
// Compressing what an attacker chose together with a secret lets the attacker guess
// the secret from the length (RFC 7692 §8). Nothing here can prevent that.
//
// # Sections
//
//	RFC 7692 §7.2.1   compression            Compressor
//	RFC 7692 §7.2.2   decompression          Decompressor
//	RFC 7692 §7.2.3   examples               the tests, byte for byte
//	RFC 1951          the blocks themselves  compress/flate
//
// # Reading order
//
// compress.go, decompress.go (with the way the four bytes are put back).
package deflate
