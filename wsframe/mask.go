package wsframe

import (
	"crypto/subtle"
	"encoding/binary"
	"math/bits"
)

// wideFrom is the payload size, in octets, from which the wide form of Mask is
// worth setting up; below it the words of 8 octets win (see BenchmarkMask).
const wideFrom = 1024

// wideSize is the length of the widened key. A longer one saves calls of
// XORBytes and costs more to fill.
const wideSize = 512

// Mask masks b in place, or unmasks it: XOR is its own inverse. The octet b[0]
// is octet number pos of the frame's payload, so that a payload may be handled
// in pieces of any size, as it arrives. Mask keeps nothing of b and does not
// allocate.
//
// What it does is maskPlain, many octets at a time: 8, or as many as a vector
// register of the machine holds, which crypto/subtle.XORBytes knows. The tests
// hold the two forms equal.
//
// Masking hides nothing, for the key travels with the frame. It is there so
// that a hostile page cannot make a browser write octets of its choice, which
// an old proxy on the way might take for an HTTP request (RFC 6455 §10.3).
func Mask(b []byte, key Key, pos uint64) {
	// The key as a number, its first octet the lowest, turned so that the octet
	// for b[0] is the lowest; then that twice, for 8 octets of payload.
	once := bits.RotateLeft32(binary.LittleEndian.Uint32(key[:]), -8*int(pos%4))
	twice := uint64(once) | uint64(once)<<32

	if len(b) >= wideFrom {
		maskWide(b, twice)
		return
	}
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^twice)
		b = b[8:]
	}
	maskPlain(b, key, pos) // multiples of 4 octets are done: the place in the key is still pos
}

// maskPlain is RFC 6455 §5.3 as it stands there, i counted from the start of
// the payload:
//
//	transformed-octet-i = original-octet-i XOR masking-key-octet-(i MOD 4)
func maskPlain(b []byte, key Key, pos uint64) {
	for i := range b {
		b[i] ^= key[(pos+uint64(i))%4]
	}
}

// maskWide is Mask for large payloads. The key, given twice, is repeated until
// it fills an array on the stack, which is then XORed over b piece by piece.
func maskWide(b []byte, twice uint64) {
	var wide [wideSize]byte
	for i := 0; i < wideSize; i += 8 {
		binary.LittleEndian.PutUint64(wide[i:], twice)
	}
	for len(b) > 0 {
		n := subtle.XORBytes(b, b, wide[:]) // wideSize octets, or all that is left
		b = b[n:]
	}
}
