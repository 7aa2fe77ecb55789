package httpwire

// Limits bounds what a peer can make us read before a message is understood
// (RFC 9110 §17.5). A nil *Limits, and a member that is zero, stand for the
// defaults of [DefaultLimits].
type Limits struct {
	// Head bounds the octets of a head: start line, field lines and the empty
	// line behind them. It bounds a trailer section too. A parser holds the
	// whole head in memory, so without a bound one connection that never sends
	// the empty line takes all memory there is; at 16 KiB, 10,000 such
	// connections take 160 MB. RFC 9112 §3 wants a request line of 8000 octets
	// to fit, so a server ought not to set less than about 8 KiB.
	Head int

	// Fields bounds the number of field lines. The shortest line, "a:" and
	// CRLF, has 4 octets, so that a head of 16 KiB could hold 4,000 of them; a
	// [Field] has 40 octets and would make 160 KB of it, ten times what was
	// sent, and each look-up would compare 4,000 names.
	Fields int

	// Method bounds the octets of a method, the longest registered of which has
	// 17 (RFC 9112 §3: a longer one is answered with 501).
	Method int

	// ChunkExtensions bounds the octets by which the chunk-size lines of one
	// body exceed 16 octets each, all together (RFC 9112 §7.1.1). Without it a
	// body of 1 MiB, sent as chunks of one octet with an extension of 16 KB
	// each, makes us read 16 GB and stays a legal 1 MiB.
	ChunkExtensions int
}

// DefaultLimits returns the limits a server starts with: heads of 16 KiB, 100
// fields, methods of 32 octets, 4 KiB of chunk extensions.
func DefaultLimits() Limits {
	return Limits{Head: 16 << 10, Fields: 100, Method: 32, ChunkExtensions: 4 << 10}
}

// orDefault returns l with the defaults where it says nothing.
func (l *Limits) orDefault() Limits {
	limits := DefaultLimits()
	if l == nil {
		return limits
	}
	if l.Head > 0 {
		limits.Head = l.Head
	}
	if l.Fields > 0 {
		limits.Fields = l.Fields
	}
	if l.Method > 0 {
		limits.Method = l.Method
	}
	if l.ChunkExtensions > 0 {
		limits.ChunkExtensions = l.ChunkExtensions
	}
	return limits
}
