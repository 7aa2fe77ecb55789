package wsframe

import (
	"bytes"
	"testing"
)

// The key of the examples in RFC 6455 §5.7.
var rfcKey = Key{0x37, 0xFA, 0x21, 0x3D}

// req: 6455-5.3-c
func TestMaskRFCVector(t *testing.T) {
	payload := []byte("Hello")
	masked := unhex(t, "7F 9F 4D 51 58") // 48^37 65^FA 6C^21 6C^3D 6F^37

	got := bytes.Clone(payload)
	Mask(got, rfcKey, 0)
	if !bytes.Equal(got, masked) {
		t.Errorf("Hello masked with 37FA213D is % X, the RFC has % X", got, masked)
	}
	Mask(got, rfcKey, 0)
	if !bytes.Equal(got, payload) {
		t.Errorf("masked twice it is %q, but XOR undoes itself: want %q", got, payload)
	}
}

func TestMaskZeroKeyIsLegalAndChangesNothing(t *testing.T) { // req: 6455-5.3-c
	got := []byte("as it was")
	Mask(got, Key{}, 0)
	if string(got) != "as it was" {
		t.Errorf("a key of zeros made it %q", got)
	}
}

// TestMaskEqualsPlain tries every size around the borders between the forms of
// Mask, at every position of the key and every alignment in memory.
func TestMaskEqualsPlain(t *testing.T) { // req: 6455-5.3-c
	var sizes []int
	for size := range 40 {
		sizes = append(sizes, size)
	}
	for _, edge := range []int{wideSize, wideFrom, 2 * wideSize, 3 * wideSize} {
		for d := -9; d <= 9; d++ {
			sizes = append(sizes, edge+d)
		}
	}
	for _, size := range sizes {
		for pos := range uint64(8) {
			memory := bytes.Repeat([]byte("0123456789"), size/10+2)
			fast := bytes.Clone(memory)[pos : int(pos)+size]
			plain := bytes.Clone(memory)[pos : int(pos)+size]
			Mask(fast, rfcKey, pos)
			maskPlain(plain, rfcKey, pos)
			if !bytes.Equal(fast, plain) {
				t.Fatalf("%d bytes from position %d: Mask and the RFC's loop differ", size, pos)
			}
		}
	}
}

func TestMaskLeavesTheBytesBehindAlone(t *testing.T) {
	for _, size := range []int{0, 1, 7, 8, 9, wideFrom, wideSize + 1} {
		memory := make([]byte, size+16)
		Mask(memory[:size], rfcKey, 0)
		if !bytes.Equal(memory[size:], make([]byte, 16)) {
			t.Errorf("masking %d bytes wrote after them: % X", size, memory[size:])
		}
	}
}

// TestMaskInPieces cuts a payload in two everywhere: with the right position
// the pieces come out like the whole.
func TestMaskInPieces(t *testing.T) { // req: 6455-5.3-c
	payload := bytes.Repeat([]byte("abcdefg"), 100)
	whole := bytes.Clone(payload)
	Mask(whole, rfcKey, 0)
	for at := range len(payload) {
		cut := bytes.Clone(payload)
		Mask(cut[:at], rfcKey, 0)
		Mask(cut[at:], rfcKey, uint64(at))
		if !bytes.Equal(cut, whole) {
			t.Fatalf("cut at %d, the masked payload differs from the whole one", at)
		}
	}
}

func TestMaskFarIntoAPayload(t *testing.T) {
	const far = 1<<62 + 3 // position 3 of the key, and no overflow on the way
	got := []byte{0, 0}
	Mask(got, rfcKey, far)
	if want := []byte{0x3D, 0x37}; !bytes.Equal(got, want) {
		t.Errorf("at position 2^62+3 the key bytes were % X, want % X", got, want)
	}
}

func TestMaskDoesNotAllocate(t *testing.T) {
	payload := make([]byte, 4096)
	for _, size := range []int{5, 100, 4096} {
		allocs := testing.AllocsPerRun(100, func() { Mask(payload[:size], rfcKey, 1) })
		if allocs != 0 {
			t.Errorf("Mask of %d bytes allocates %v times, want 0", size, allocs)
		}
	}
}
