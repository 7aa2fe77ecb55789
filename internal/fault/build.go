package fault

import (
	"strings"

	"barewire/handshake"
	"barewire/wsframe"
)

// sampleKey is the key of the handshakes that are written out; it is the key of the
// example in RFC 6455 §1.3. The 101 is verified against the same key.
const sampleKey = "dGhlIHNhbXBsZSBub25jZQ=="

// sampleOffer returns the offer that a 101 to a written-out handshake is verified
// against. Its key is the one in the request, valid or not.
func sampleOffer(f *Fault, target Target) *handshake.Offer {
	_, after, _ := strings.Cut(f.Wire(target), "Sec-WebSocket-Key: ")
	sent, _, found := strings.Cut(after, "\r\n")
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

// get returns a GET of the page with these additional field lines. The connection
// ends after it.
func get(lines ...string) string {
	return "GET {page} HTTP/1.1\r\nHost: {host}\r\n" + fieldLines(lines) + "Connection: close\r\n\r\n"
}

// post returns a POST of the page; the lines frame its body.
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

// The field lines of a valid opening handshake (RFC 6455 §4.1). The faults leave
// them out or change them one by one.
const (
	lineUpgrade    = "Upgrade: websocket"
	lineConnection = "Connection: Upgrade"
	lineKey        = "Sec-WebSocket-Key: " + sampleKey
	lineVersion    = "Sec-WebSocket-Version: 13"
)

// opening returns a handshake request with these field lines after Host.
func opening(lines ...string) string {
	return "GET {path} HTTP/1.1\r\nHost: {host}\r\n" + fieldLines(lines) + "\r\n"
}

// offering returns a valid handshake request that offers extensions.
func offering(extensions string) string {
	return opening(lineUpgrade, lineConnection, lineKey, lineVersion, "Sec-WebSocket-Extensions: "+extensions)
}

// hello is the compressed form of "Hello" (RFC 7692 §7.2.3.1).
const hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"

// compressed returns a compressed text message in one frame.
func compressed(payload string) string { return frame(fin|rsv1, wsframe.Text, payload) }

// within sets what all faults of one list have in common. A final goodbye waits
// for the answers that the fault expects before the answer to the goodbye.
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
