package digest

import (
	"crypto/sha1"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestPage checks the numbers on the package page: the digest of "Hello" in five words,
// its length in bits, and the sizes of SHA-1.
func TestPage(t *testing.T) {
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(strings.ReplaceAll(string(source), "//", " ")), " ")
	reply := ProcessMessage(nil)
	sum := Sum(reply)
	words := fmt.Sprintf("%x %x %x %x %x", sum[0:4], sum[4:8], sum[8:12], sum[12:16], sum[16:20])
	bits := 8 * len(reply)
	for _, want := range []string{
		"dig.h holds " + words, fmt.Sprintf("in bits, %d (%x in hex)", bits, bits),
		fmt.Sprintf("──> %q ──> Sum ──> %d bytes", reply, sha1.Size), fmt.Sprintf("block: %d bytes", sha1.BlockSize),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not contain %q", want)
		}
	}
}
