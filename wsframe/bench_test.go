package wsframe

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// sizes are payload sizes worth measuring: a key stroke, small messages, both
// sides of the border between the two forms of Mask, a page, a large message.
var sizes = []int{5, 32, 125, 1023, 1024, 4096, 64 << 10}

func BenchmarkMask(b *testing.B) {
	forms := []struct {
		name string
		mask func([]byte, Key, uint64)
	}{{"fast", Mask}, {"plain", maskPlain}}
	for _, form := range forms {
		for _, size := range sizes {
			b.Run(fmt.Sprintf("%s/%d", form.name, size), func(b *testing.B) {
				payload := make([]byte, size)
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					form.mask(payload, Key{0x37, 0xFA, 0x21, 0x3D}, 1)
				}
			})
		}
	}
}

func BenchmarkUTF8(b *testing.B) {
	texts := []struct{ name, text string }{
		{"ascii", strings.Repeat("The quick brown fox jumps over it. ", 2000)},
		{"mixed", strings.Repeat("Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich; ", 1200)},
		{"greek", strings.Repeat("Ξεσκεπάζω τὴν ψυχοφθόρα βδελυγμία. ", 1000)},
		{"emoji", strings.Repeat("😀🎉🚀✨", 4500)},
	}
	forms := []struct {
		name  string
		valid func([]byte) bool
	}{
		{"Check", func(p []byte) bool {
			var v UTF8Validator
			_, ok := v.Check(p)
			return ok && v.Complete()
		}},
		{"utf8.Valid", utf8.Valid},
	}
	for _, text := range texts {
		for _, form := range forms {
			b.Run(text.name+"/"+form.name, func(b *testing.B) {
				payload := []byte(text.text)
				b.SetBytes(int64(len(payload)))
				b.ReportAllocs()
				for b.Loop() {
					if !form.valid(payload) {
						b.Fatal("valid text was refused")
					}
				}
			})
		}
	}
}

func BenchmarkHeader(b *testing.B) {
	wire := AppendHeader(nil, &Header{Fin: true, Opcode: Binary, Masked: true, Length: 300})
	b.Run("ParseHeader", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var h Header
			if n := ParseHeader(&h, wire); n == 0 {
				b.Fatal("a whole header was not parsed")
			}
		}
	})
	b.Run("ParseHeader+Check", func(b *testing.B) {
		checker := Checker{Role: Server}
		b.ReportAllocs()
		for b.Loop() {
			var h Header
			n := ParseHeader(&h, wire)
			if err := checker.Check(&h); n == 0 || err != nil {
				b.Fatal("a good header was refused")
			}
		}
	})
	b.Run("AppendHeader", func(b *testing.B) {
		buf := make([]byte, 0, MaxHeaderSize)
		h := Header{Fin: true, Opcode: Binary, Length: 300}
		b.ReportAllocs()
		for b.Loop() {
			buf = AppendHeader(buf[:0], &h)
		}
	})
}
