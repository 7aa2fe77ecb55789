package wsframe

import "fmt"

// Opcode is the 4-bit type of a frame (RFC 6455 §5.2).
type Opcode byte

// The opcodes of RFC 6455 §5.2. All others are reserved: a frame with one fails the
// connection.
const (
	Continuation Opcode = 0x0 // continues a message
	Text         Opcode = 0x1 // begins a message of UTF-8 text
	Binary       Opcode = 0x2 // begins a message of bytes
	Close        Opcode = 0x8
	Ping         Opcode = 0x9
	Pong         Opcode = 0xA
)

// opcodeNames is the registry of RFC 6455 §11.8. An opcode without a name is reserved.
var opcodeNames = [16]string{
	Continuation: "continuation",
	Text:         "text",
	Binary:       "binary",
	Close:        "close",
	Ping:         "ping",
	Pong:         "pong",
}

// IsControl reports whether o is a control opcode: its highest bit is set
// (RFC 6455 §5.5). That includes the reserved ones, 0xB to 0xF.
func (o Opcode) IsControl() bool { return o&0x8 != 0 }

// IsData reports whether o begins a message: Text or Binary.
func (o Opcode) IsData() bool { return o == Text || o == Binary }

// Reserved reports whether no RFC has defined o yet: 0x3 to 0x7, 0xB to 0xF, and
// any value that does not fit in four bits.
func (o Opcode) Reserved() bool {
	return int(o) >= len(opcodeNames) || opcodeNames[o] == ""
}

// String returns the name of o in lower case, or "reserved opcode 0x3".
func (o Opcode) String() string {
	if o.Reserved() {
		return fmt.Sprintf("reserved opcode 0x%X", byte(o))
	}
	return opcodeNames[o]
}
