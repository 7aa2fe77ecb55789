package httpwire

import "cmp"

// Limits limits how much a peer can make us read before a message is understood
// (RFC 9110 §17.5). A nil *Limits means [DefaultLimits], as does a member that is zero.
type Limits struct {
	// Head limits the bytes of a head, and of a trailer section. The parser keeps
	// the whole head in memory. Without a limit, one connection that never sends
	// the empty line takes all memory; at 16 KiB, 10,000 such connections take
	// 160 MB. A request line of 8000 bytes should fit (RFC 9112 §3), so a server
	// should not set less than about 8 KiB.
	Head int

	// Fields limits the number of field lines. The shortest, "a:" and CRLF, has 4
	// bytes, so a head of 16 KiB could hold 4,000 of them. Each becomes a [Field] of
	// 40 bytes, 160 KB in all, and each lookup would compare 4,000 names.
	Fields int

	// Method limits the bytes of a method. The longest registered method has 17.
	// A method over the limit is answered with 501 (RFC 9112 §3).
	Method int

	// ChunkExtensions limits the bytes after the first 16 of each chunk-size line,
	// in all lines of one body together (RFC 9112 §7.1.1). Without it a body of 1 MiB,
	// in chunks of one byte with an extension of 16 KB each, makes us read 16 GB.
	ChunkExtensions int
}

// DefaultLimits returns the default limits of a server: heads of 16 KiB, 100
// fields, methods of 32 bytes, 4 KiB of chunk extensions.
func DefaultLimits() Limits {
	return Limits{Head: 16 << 10, Fields: 100, Method: 32, ChunkExtensions: 4 << 10} // req: 9112-3-d 9110-17.5-a
}

// orDefault returns l with the default for each member that is zero.
func (l *Limits) orDefault() Limits {
	limits := DefaultLimits()
	if l == nil {
		return limits
	}
	return Limits{
		Head:            cmp.Or(l.Head, limits.Head),
		Fields:          cmp.Or(l.Fields, limits.Fields),
		Method:          cmp.Or(l.Method, limits.Method),
		ChunkExtensions: cmp.Or(l.ChunkExtensions, limits.ChunkExtensions),
	}
}
