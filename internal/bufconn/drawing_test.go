package bufconn

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestPageLimits: the numbers in the package's comment are those of the code.
func TestPageLimits(t *testing.T) {
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(strings.ReplaceAll(string(source), "//", " ")), " ")
	if want := fmt.Sprintf("%d KiB to %d KiB", MinBuffer>>10, MaxRead>>10); !strings.Contains(text, want) {
		t.Errorf("the comment does not say that a read buffer is taken in %s", want)
	}
	if parkAfter != time.Second/2 || !strings.Contains(text, "silent for half a second") {
		t.Errorf("a connection is parked after %v, and the comment has to say so", parkAfter)
	}
}
