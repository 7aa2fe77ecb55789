package server

import (
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"barewire/wsframe"
)

// offering is upgradeRequest with an offer of permessage-deflate.
func offering(path, offer string) string {
	return strings.Replace(upgradeRequest(path), "\r\n\r\n", "\r\nSec-WebSocket-Extensions: "+offer+"\r\n\r\n", 1)
}

// TestTakeoverIsCounted: only so many connections are agreed on with takeover,
// and one that ends makes room for another.
func TestTakeoverIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := testConfig()
		config.TakeoverConns = 1
		s := New(config)
		open := func(offer string) (client net.Conn, head string) {
			client = pipeTo(s)
			io.WriteString(client, offering("/echo", offer))
			return client, readUntil(t, client, "\r\n\r\n")
		}
		const both = "server_no_context_takeover; client_no_context_takeover"
		for _, test := range []struct {
			name, offer, answer string
			places              int64 // taken, after the answer
		}{
			{"one that forgets after each message", "permessage-deflate; " + both, "permessage-deflate; " + both, 0},
			{"one that cannot be agreed with", "permessage-deflate; bogus", "", 0},
			{"the first that remembers", "permessage-deflate; server_no_context_takeover", "permessage-deflate; server_no_context_takeover", 1},
			{"one too many", "permessage-deflate", "permessage-deflate; " + both, 1},
		} {
			client, head := open(test.offer)
			defer client.Close()
			_, extensions, _ := strings.Cut(head, "Sec-WebSocket-Extensions: ")
			if extensions, _, _ = strings.Cut(extensions, "\r\n"); extensions != test.answer {
				t.Errorf("%s is answered with %q, want %q", test.name, extensions, test.answer)
			}
			if n := s.takeovers.Load(); n != test.places {
				t.Errorf("after %s, %d places are taken, want %d", test.name, n, test.places)
			}
		}
		s.Close()
		synctest.Wait()
		if n := s.takeovers.Load(); n != 0 {
			t.Errorf("all connections have ended, and %d places are taken", n)
		}
	})
}

// TestFailedHandshakeLeavesNoAgreement: what was agreed on in a handshake that
// then failed is not used by the next one.
func TestFailedHandshakeLeavesNoAgreement(t *testing.T) {
	config := testConfig()
	config.CompressMin = 0
	got := exchangeCut(t, config, offering("/nowhere", "permessage-deflate")+upgradeRequest("/echo")+frame(wsframe.Text, "Hello")+closeFrame)
	if !strings.HasSuffix(got, "\r\n\r\n\x81\x05Hello\x88\x02\x03\xe8") {
		t.Errorf("got %q, want the echo uncompressed", got)
	}
}
