package wsframe

import (
	"crypto/subtle"
	"encoding/binary"
	"math/bits"
)

const (
	wideFrom = 1024 // bytes of payload from which maskWide is faster (see BenchmarkMask)
	wideSize = 512  // bytes of its key: more save calls of XORBytes and cost more to fill
)

// Mask masks b in place, or unmasks it: XOR is its own inverse. b[0] is byte number pos
// of the frame's payload, which may come in pieces of any size. Mask keeps nothing of b
// and does not allocate.
//
// It does what maskPlain does, many bytes at a time: 8, or as many as a vector register
// of the machine holds, through crypto/subtle.XORBytes. A test holds the forms equal.
//
// Masking hides nothing, because the key travels with the frame. It stops a hostile page
// from making a browser write bytes of its choice, which an old proxy on the way might
// take for an HTTP request (RFC 6455 §10.3).
func Mask(b []byte, key Key, pos uint64) {
	// The key as a number, its first byte the lowest, turned so that the byte
	// for b[0] is the lowest; then that twice, for 8 bytes of payload.
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
	maskPlain(b, key, pos) // multiples of 4 bytes are done: pos still finds the key's byte
}

// maskPlain is RFC 6455 §5.3 as it stands there, i counted from the start of
// the payload:
//
//	transformed-octet-i = original-octet-i XOR masking-key-octet-(i MOD 4)
func maskPlain(b []byte, key Key, pos uint64) {
	for i := range b {
		b[i] ^= key[(pos+uint64(i))%4] // req: 6455-5.3-c
	}
}

// maskWide is Mask for large payloads. The key is repeated until it fills an array on
// the stack, which is then XORed with b piece by piece.
func maskWide(b []byte, twice uint64) {
	var wide [wideSize]byte
	for i := 0; i < wideSize; i += 8 {
		binary.LittleEndian.PutUint64(wide[i:], twice)
	}
	for len(b) > 0 {
		b = b[subtle.XORBytes(b, b, wide[:]):] // wideSize bytes, or the rest
	}
}
