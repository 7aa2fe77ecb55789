package wsconn

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"barewire/wsframe"
)

// These tests read the drawings in this package's comments, and hold them to what
// the code does.

// page returns the text of the package's comment, with single blanks.
func page(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(string(source), "//", " ")), " ")
}

// TestPageStates goes each way of the picture, and looks at where it leads.
func TestPageStates(t *testing.T) {
	closing := fromClient(true, wsframe.Close, "\x03\xe8")
	for _, test := range []struct {
		way    string // as it is drawn
		pieces [][]byte
		clean  bool
		code   wsframe.CloseCode
	}{
		{"the peer's Close comes, and ours answers it", [][]byte{closing}, true, wsframe.NormalClosure},
		{"a rule is broken, and our Close says which", [][]byte{fromServer(true, wsframe.Text, "no mask")}, false, wsframe.AbnormalClosure},
		{"TCP ends, or the peer is silent for too long", nil, false, wsframe.AbnormalClosure},
	} {
		end := "clean"
		if !test.clean {
			end = fmt.Sprint(int(test.code))
		}
		drawn := strings.Contains(strings.ReplaceAll(page(t), "─", ""), test.way+" ▶ closed, "+end)
		_, _, closed := converse(Config{}, test.pieces...)
		if !drawn || closed.Clean != test.clean || closed.Code != test.code {
			t.Errorf("%s: drawn with the end %q: %v; it ends with %v, clean: %v", test.way, end, drawn, closed, closed.Clean)
		}
	}

	c := newServerConn(&script{pieces: [][]byte{fromClient(true, wsframe.Text, "late"), closing}})
	if err := c.Close(wsframe.NormalClosure, ""); err != nil {
		t.Fatal(err)
	}
	message, err := c.ReadMessage()
	if err != nil || string(message.Payload) != "late" || c.Send(wsframe.Text, nil) != ErrClosed {
		t.Errorf("closing: the message %q, %v; and sending must fail", message.Payload, err)
	}
	if _, err := c.ReadMessage(); err == nil || !err.(*CloseError).Clean {
		t.Errorf("our Close and the peer's have passed, and the end is %v", err)
	}
}

// TestPageLimits: the numbers on the page are those of the code.
func TestPageLimits(t *testing.T) {
	c := Config{}.withDefaults()
	for _, want := range []string{
		fmt.Sprintf("a message has at most %d MiB and %d,%03d fragments", c.MaxMessage>>20, c.MaxFragments/1000, c.MaxFragments%1000),
		fmt.Sprintf("the peer has %d seconds", c.CloseWait/time.Second),
		fmt.Sprintf("holds %d KiB of replies", maxUnsent>>10),
		fmt.Sprintf("and %d MiB of a room's messages", maxQueue>>20),
	} {
		if !strings.Contains(page(t), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
