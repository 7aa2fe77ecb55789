package lab

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestPageLimits: the numbers in the package's comment are those of the code.
func TestPageLimits(t *testing.T) {
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(strings.ReplaceAll(string(source), "//", " ")), " ")
	for _, want := range []string{
		fmt.Sprintf("At most %d pages", maxPages),
		fmt.Sprintf("%d,%03d messages", maxTimes/1000, maxTimes%1000),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the comment does not say %q", want)
		}
	}
}
