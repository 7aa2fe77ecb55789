package replay

import (
	"strings"
	"time"

	"barewire/internal/annotate"
	"barewire/internal/app"
	"barewire/internal/server"
	"barewire/internal/wiretap"
	"barewire/wsframe"
)

// The bytes of the RFC's own conversation (RFC 6455 §1.3, §5.7), on the path /echo
// of a server whose clock stands at Instant.
const (
	request = "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nUser-Agent: barewire\r\n\r\n"
	accepted = "HTTP/1.1 101 Switching Protocols\r\nDate: Tue, 15 Nov 1994 08:12:31 GMT\r\n" +
		"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

	maskedHello = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"
	hello       = "\x81\x05Hello"
	maskedClose = "\x88\x82\x37\xfa\x21\x3e\x34\x12" // 1000, with the next key
	closed      = "\x88\x02\x03\xe8"
)

// talk makes a transcript of one connection: "> " and "< " begin the
// pieces of the client and the server, and alone for the end of a direction;
// "closed" is the end.
func talk(events ...string) *wiretap.Recording {
	transcript := &wiretap.Recording{Start: Instant}
	add := func(event wiretap.Event) {
		event.Conn, event.Time = 1, Instant
		transcript.Events = append(transcript.Events, event)
	}
	add(wiretap.Event{Kind: wiretap.Opened, Peers: wiretap.Peers{Role: wsframe.Server, Local: "pipe", Remote: "pipe"}})
	for _, text := range events {
		direction := annotate.ClientToServer
		if text[0] == '<' {
			direction = annotate.ServerToClient
		}
		switch {
		case text == "closed":
			add(wiretap.Event{Kind: wiretap.Closed})
		case len(text) == 1:
			add(wiretap.Event{Kind: wiretap.Ended, Direction: direction})
		default:
			add(wiretap.Event{Kind: wiretap.Octets, Direction: direction, Octets: []byte(text[2:])})
		}
	}
	return transcript
}

// echoTalk is the whole conversation, with other bytes instead of some.
func echoTalk(replacements ...string) *wiretap.Recording {
	events := []string{"> " + request, "< " + accepted, "> " + maskedHello, "< " + hello, "> " + maskedClose, "< " + closed, "<", ">", "closed"}
	replacer := strings.NewReplacer(replacements...)
	for i := range events {
		events[i] = replacer.Replace(events[i])
	}
	return talk(events...)
}

// defaultConfig is that of a server of what barewire serves.
func defaultConfig() server.Config {
	config := server.DefaultConfig()
	config.App = new(app.App)
	return config
}

// patienceFor returns how long a test waits for our side: it need not be long where that
// is to wait for more itself.
func patienceFor(want Difference) time.Duration {
	if strings.Contains(want.Happened, "waits for more") {
		return time.Second
	}
	return time.Minute
}

// later returns the transcript with all its times later.
func later(transcript *wiretap.Recording, by time.Duration) *wiretap.Recording {
	for i := range transcript.Events {
		transcript.Events[i].Time = transcript.Events[i].Time.Add(by)
	}
	return transcript
}
