// Package deflate is permessage-deflate (RFC 7692 §7.2): it compresses a message to a
// payload, and inflates a payload to a message. It knows nothing of frames and does no
// I/O. The agreement from package handshake comes in as two parameters for each direction.
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
//	          10 Huffman codes of its own       receiver appends them
//
// The empty block fills the last byte. "Hello" is F2 48 CD C9 C9 07 00.
//
// # Terms
//
//   - window: the last uncompressed bytes of compressed messages, up to 2^w of them,
//     to which a block may refer back: "copy 12 bytes from 300 bytes ago".
//   - window bits: the exponent w, 8 to 15, for 256 bytes to 32 KiB. Each direction
//     has its own (server_max_window_bits, client_max_window_bits).
//   - context takeover: a message begins with the window of the message before it.
//     Small messages that are similar shrink to a fifth or less; without takeover they
//     hardly shrink at all.
//
// # Limits
//
// The memory that one connection holds, measured:
//
//	                     while it handles a message      between messages
//	Compressor           flate.Writer       786 KiB      the same with takeover, else nothing
//	Decompressor         flate.Reader        39 KiB      nothing
//	                     window       up to  32 KiB      the same with takeover, else nothing
//
// Writers and Readers come from pools that all connections share. 10,000 idle
// connections with takeover both ways would hold 8 GiB, nearly all of it in Writers:
// a server that agrees to takeover has to count them. [Compressor.Release] returns a
// Writer to the pool early, without ending the connection.
//
// A few bytes can inflate to gigabytes, so the caller's limit on a message is checked
// while the message is inflated.
//
// If a message holds both a secret and text chosen by an attacker, the attacker can guess
// the secret from the compressed length (RFC 7692 §8). This package cannot prevent that.
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
// compress.go, decompress.go (which also appends the four bytes).
//
// This package is not on the path of an uncompressed message. The reading order goes on
// with package httpwire.
package deflate
