package wsframe

import (
	"crypto/subtle"
	"encoding/binary"
	"math/bits"
)

const (
	wideFrom = 1024 // bytes of payload from which maskWide is faster (see BenchmarkMask)
	wideSize = 512  // bytes of its key: a larger one saves calls of XORBytes but takes longer to fill
)

// Mask masks b in place, or unmasks it: XOR is its own inverse. b[0] is byte number pos
// of the frame's payload, which may come in pieces of any size. Mask does not keep b
// and does not allocate.
//
// It does the same as maskPlain with many bytes at a time: 8, or, through
// crypto/subtle.XORBytes, as many as a vector register holds. A test checks that both
// forms agree.
//
// Masking hides nothing, because the key travels with the frame. It stops a hostile page
// from making a browser write bytes of its choice, which an old proxy on the way might
// take for an HTTP request (RFC 6455 §10.3).
func Mask(b []byte, key Key, pos uint64) {
	// once is the key as a little-endian number, rotated so that the key byte for
	// b[0] comes first. twice repeats it, for 8 bytes of payload.
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
	maskPlain(b, key, pos) // a multiple of 8 bytes is done, so pos still selects the right byte of the key
}

// maskPlain is the algorithm of RFC 6455 §5.3 as the RFC writes it; i counts from the
// start of the payload:
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
