package httpwire

import "cmp"

// Limits bounds what a peer can make us read before a message is understood
// (RFC 9110 §17.5). A nil *Limits, and a zero member, mean [DefaultLimits].
type Limits struct {
	// Head bounds the bytes of a head, and of a trailer section. A parser holds
	// the whole head in memory, so without a bound one connection that never
	// sends the empty line takes all memory there is; at 16 KiB, 10,000 such
	// connections take 160 MB. RFC 9112 §3 wants a request line of 8000 bytes to
	// fit, so a server should not set less than about 8 KiB.
	Head int

	// Fields bounds the number of field lines. The shortest, "a:" and CRLF, has 4
	// bytes, so a head of 16 KiB could hold 4,000 of them. Each becomes a [Field] of
	// 40 bytes, 160 KB in all, and each look-up would compare 4,000 names.
	Fields int

	// Method bounds the bytes of a method. The longest one registered has 17
	// (RFC 9112 §3: a longer one is answered with 501).
	Method int

	// ChunkExtensions bounds the bytes by which the chunk-size lines of one body
	// exceed 16 each, all together (RFC 9112 §7.1.1). Without it a body of 1 MiB, in
	// chunks of one byte with an extension of 16 KB each, makes us read 16 GB.
	ChunkExtensions int
}

// DefaultLimits returns the limits a server starts with: heads of 16 KiB, 100
// fields, methods of 32 bytes, 4 KiB of chunk extensions.
func DefaultLimits() Limits {
	return Limits{Head: 16 << 10, Fields: 100, Method: 32, ChunkExtensions: 4 << 10} // req: 9112-3-d 9110-17.5-a
}

// orDefault returns l with the defaults instead of its zeros.
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
