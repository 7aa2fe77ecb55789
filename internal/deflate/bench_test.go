package deflate

import (
	"bytes"
	"fmt"
	"testing"
)

// settings are what is likely to be agreed on, and the most expensive of the rest.
var settings = []struct {
	bits     int
	takeover bool
}{{15, true}, {15, false}, {10, true}, {8, true}}

// BenchmarkCompress: small messages that resemble each other, and a large one.
func BenchmarkCompress(b *testing.B) {
	large := bytes.Join(conversation(1200, 11), nil)
	for _, setting := range settings {
		name := fmt.Sprintf("w=%d,takeover=%v", setting.bits, setting.takeover)
		for kind, messages := range map[string][][]byte{"small": positions, "large": {large}} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				c := NewCompressor(setting.bits, setting.takeover)
				var payload []byte
				size, sent, i := 0, 0, 0
				b.ReportAllocs()
				for b.Loop() {
					message := messages[i%len(messages)]
					i++
					payload = c.AppendMessage(payload[:0], message)
					size += len(message)
					sent += len(payload)
				}
				b.SetBytes(int64(size / i))
				b.ReportMetric(100*float64(sent)/float64(size), "%size")
			})
		}
	}
}

// BenchmarkDecompress: what BenchmarkCompress makes, over and over. The first message
// of each kind does not refer to any before it, so that it may follow any.
func BenchmarkDecompress(b *testing.B) {
	large := bytes.Join(conversation(1200, 11), nil)
	for _, takeover := range []bool{true, false} {
		for kind, message := range map[string][]byte{"small": position(0), "large": large} {
			b.Run(fmt.Sprintf("takeover=%v/%s", takeover, kind), func(b *testing.B) {
				payload := NewCompressor(15, false).AppendMessage(nil, message)
				d := NewDecompressor(15, takeover)
				var got []byte
				b.SetBytes(int64(len(message)))
				b.ReportAllocs()
				for b.Loop() {
					var err error
					if got, err = d.AppendMessage(got[:0], payload, len(message)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
