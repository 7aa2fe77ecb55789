package replay

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"barewire/internal/annotate"
)

// TestRandomDrawing: the octets over NewRandom are the first ones that it gives.
func TestRandomDrawing(t *testing.T) {
	source, err := os.ReadFile("deterministic.go")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^//\t((?:[0-9a-f]{2} )+)  `).FindAllStringSubmatch(string(source), -1)
	random := NewRandom()
	for _, row := range rows {
		octets := make([]byte, len(strings.Fields(row[1])))
		io.ReadFull(random, octets)
		if got := fmt.Sprintf("% x ", octets); got != row[1] {
			t.Errorf("%sis drawn, and %sis given", row[1], got)
		}
	}
	if len(rows) != 4 {
		t.Errorf("%d rows are drawn, want 4", len(rows))
	}
}

// TestDifferenceDrawing: the line over Error is what it says of such a difference.
func TestDifferenceDrawing(t *testing.T) {
	source, err := os.ReadFile("difference.go")
	if err != nil {
		t.Fatal(err)
	}
	d := &Difference{Direction: annotate.ServerToClient, Offset: 9, Want: '1', Got: '4',
		Field: "status-code", Unit: "HTTP/1.1 101 Switching Protocols", Section: "RFC 9110 §15"}
	if !strings.Contains(string(source), "\n//\t"+d.Error()+"\n") {
		t.Errorf("the comment of Difference.Error does not show %q", d)
	}
}
