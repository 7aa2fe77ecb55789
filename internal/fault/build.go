package fault

import (
	"strings"

	"barewire/handshake"
	"barewire/wsframe"
)

// sampleKey is the key of the handshakes that are written out, that of the
// RFC's example (RFC 6455 §1.3): it has to be the same in the catalogue and
// where the 101 is verified.
const sampleKey = "dGhlIHNhbXBsZSBub25jZQ=="

// sampleOffer is what a 101 to a handshake that is written out is held against:
// the key is the one that stands in it, sound or not.
func sampleOffer(f *Fault, target Target) *handshake.Offer {
	_, behind, _ := strings.Cut(f.Wire(target), "Sec-WebSocket-Key: ")
	sent, _, found := strings.Cut(behind, "\r\n")
	if !found {
		sent = sampleKey
	}
	return &handshake.Offer{
		URL:          handshake.URL{Host: target.Host, Resource: orRoot(target.Path)},
		Key:          sent,
		Subprotocols: []string{"chat", "superchat"},
		Extensions:   []handshake.Extension{{Name: handshake.PermessageDeflate}},
	}
}

// get returns a GET of the page with these further field lines; the connection
// ends after it.
func get(lines ...string) string {
	return "GET {page} HTTP/1.1\r\nHost: {host}\r\n" + fieldLines(lines) + "Connection: close\r\n\r\n"
}

// post returns a POST of the page whose body's framing the lines say.
func post(body string, lines ...string) string {
	return "POST {page} HTTP/1.1\r\nHost: {host}\r\n" + fieldLines(lines) + "\r\n" + body
}

// fieldLines ends each line with CRLF.
func fieldLines(lines []string) string {
	var text strings.Builder
	for _, line := range lines {
		text.WriteString(line + "\r\n")
	}
	return text.String()
}

// The lines of a sound opening handshake (RFC 6455 §4.1), to be left out and
// altered one by one.
const (
	lineUpgrade    = "Upgrade: websocket"
	lineConnection = "Connection: Upgrade"
	lineKey        = "Sec-WebSocket-Key: " + sampleKey
	lineVersion    = "Sec-WebSocket-Version: 13"
)

// opening returns a handshake request with these field lines behind Host.
func opening(lines ...string) string {
	return "GET {path} HTTP/1.1\r\nHost: {host}\r\n" + fieldLines(lines) + "\r\n"
}

// offering returns a sound handshake request that offers extensions.
func offering(extensions string) string {
	return opening(lineUpgrade, lineConnection, lineKey, lineVersion, "Sec-WebSocket-Extensions: "+extensions)
}

// hello is the compressed form of "Hello" (RFC 7692 §7.2.3.1).
const hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"

// compressed returns a compressed text message in one frame.
func compressed(payload string) string { return frame(fin|rsv1, wsframe.Text, payload) }

// within completes faults with what all those of one list have in common. A
// goodbye at the end waits for the answers that stand before its own.
func within(category Category, needs Needs, faults []Fault) []Fault {
	for i := range faults {
		faults[i].Category = category
		faults[i].Needs |= needs
		steps := faults[i].Steps
		if last := len(steps) - 1; steps[last] == goodbye() {
			steps[last] = goodbyeAfter(len(faults[i].Want.Pass[0]) - 2)
		}
	}
	return faults
}
