package replay

import (
	"errors"
	"strings"
	"testing"
	"time"

	"barewire/internal/annotate"
	"barewire/internal/wiretap"
)

// TestServerClock: two requests that came in different seconds get different dates, however
// soon after each other they are played.
func TestServerClock(t *testing.T) {
	const get = "> GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	answer := func(second string) string {
		return "< HTTP/1.1 200 OK\r\nDate: Tue, 15 Nov 1994 08:12:" + second + " GMT\r\n" +
			"Content-Type: text/plain\r\nContent-Length: 12\r\n\r\nHello World!"
	}
	transcript := talk(get, answer("31"), get, answer("36"))
	for i := len(transcript.Events) - 2; i < len(transcript.Events); i++ {
		event := &transcript.Events[i]
		event.Time = event.Time.Add(5 * time.Second)
	}
	if err := Server(transcript, defaultConfig(), time.Minute); err != nil {
		t.Error(err)
	}
}

// TestServerEqual: what is equal, however the pieces are cut and whenever they were sent.
func TestServerEqual(t *testing.T) {
	for _, test := range []struct {
		rule       string
		transcript *wiretap.Recording
	}{
		{"a conversation from the beginning to the end", echoTalk()},
		{"the clock is the transcript's, and so is the Date",
			later(echoTalk("08:12:31", "08:12:33"), 2*time.Second)},
		{"it does not matter in which pieces our side's bytes were sent then",
			talk("> "+request, "< "+accepted[:10], "< "+accepted[10:], "> "+maskedHello+maskedClose, "< "+hello+closed, "<", ">", "closed")},
		{"a piece of the other side may end anywhere",
			talk("> "+request[:30], "> "+request[30:], "< "+accepted, "> "+maskedHello[:1], "> "+maskedHello[1:8], "> "+maskedHello[8:], "< "+hello)},
		{"two pieces that were answered together are equal to two that are answered alone",
			talk("> "+request, "> "+maskedHello, "> "+maskedHello, "< "+accepted+hello+hello)},
		{"a transcript that was cut off says nothing of what came then",
			talk("> "+request, "< "+accepted[:len(accepted)-7], "> "+maskedHello)},
		{"a client that ends its direction still gets its answer",
			talk("> GET / HTTP/1.0\r\n\r\n", ">", "< HTTP/1.1 200 OK\r\nDate: Tue, 15 Nov 1994 08:12:31 GMT\r\n"+
				"Content-Type: text/plain\r\nConnection: close\r\nContent-Length: 12\r\n\r\nHello World!", "<", "closed")},
		{"a room answers from a goroutine of its own",
			talk("> "+strings.Replace(request, "/echo", "/chat", 1), "< "+accepted, "> "+maskedHello, "< "+hello)},
		{"nothing at all", talk(">", "<", "closed")},
	} {
		t.Run(test.rule, func(t *testing.T) {
			if err := Server(test.transcript, defaultConfig(), time.Minute); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestServerDifferences: the first byte that differs is named, with its field and
// the section.
func TestServerDifferences(t *testing.T) {
	t.Parallel()
	toClient := annotate.ServerToClient
	for _, test := range []struct {
		rule       string
		transcript *wiretap.Recording
		want       Difference
	}{
		{"a digit of the status code", echoTalk("1 101 S", "1 401 S"), Difference{
			Direction: toClient, Offset: 9, Want: '4', Got: '1', Unit: "HTTP/1.1 401 Switching Protocols",
			Field: "status-code", Section: "RFC 9110 §15"}},
		{"a letter of a field's value is the field's", echoTalk("s3pP", "s3pp"), Difference{
			Direction: toClient, Offset: 137, Want: 'p', Got: 'P', Unit: "HTTP/1.1 101 Switching Protocols",
			Field: "Sec-WebSocket-Accept", Section: "RFC 6455 §11.3.3"}},
		{"the bit that differs decides between the fields of a byte: FIN", echoTalk(hello, "\x01\x05Hello"), Difference{
			Direction: toClient, Offset: 166, Want: 0x01, Got: 0x81, Unit: `Text, 5 octets: "Hello"`,
			Field: "FIN", Section: "RFC 6455 §5.4"}},
		{"the bit that differs decides between the fields of a byte: the opcode", echoTalk(hello, "\x82\x05Hello"), Difference{
			Direction: toClient, Offset: 166, Want: 0x82, Got: 0x81, Unit: "Binary, FIN, 5 octets: 48 65 6c 6c 6f",
			Field: "opcode", Section: "RFC 6455 §5.6"}},
		{"the payload", echoTalk(hello, "\x81\x05Hellp"), Difference{
			Direction: toClient, Offset: 172, Want: 'p', Got: 'o', Unit: `Text, FIN, 5 octets: "Hellp"`,
			Field: "text", Section: "RFC 6455 §5.6"}},
		{"the close code", echoTalk(closed, "\x88\x02\x03\xe9"), Difference{
			Direction: toClient, Offset: 176, Want: 0xe9, Got: 0xe8, Unit: "Close, FIN, 2 octets: 1001 going away",
			Field: "close code", Section: "RFC 6455 §7.4"}},
		{"our side sends less, and waits", talk("> "+request, "< "+accepted+hello, "> "+maskedHello), Difference{
			Direction: toClient, Offset: 166, Want: 0x81, Got: -1, Unit: `Text, FIN, 5 octets: "Hello"`,
			Field: "FIN", Section: "RFC 6455 §5.4", Happened: "our side waits for more"}},
		{"our side sends less, and ends", echoTalk(closed, closed+hello), Difference{
			Direction: toClient, Offset: 177, Want: 0x81, Got: -1, Unit: `Text, FIN, 5 octets: "Hello"`,
			Field: "FIN", Section: "RFC 6455 §5.4", Happened: "our side has ended its direction"}},
		{"our side sends more", talk("> "+request, "< "+accepted, "> "+maskedHello, ">", "<", "closed"), Difference{
			Direction: toClient, Offset: 166, Want: -1, Got: 0x81, Unit: `Text, FIN, 5 octets: "Hello"`,
			Field: "FIN", Section: "RFC 6455 §5.4"}},
		{"our side does not end", talk("> "+request, "< "+accepted, "<"), Difference{
			Direction: toClient, Offset: 166, Want: -1, Got: -1, Happened: "our side does not end its direction, and waits for more"}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			t.Parallel() // two of them wait
			err := Server(test.transcript, defaultConfig(), patienceFor(test.want))
			var got *Difference
			if !errors.As(err, &got) || *got != test.want {
				t.Errorf("the difference is\n\t%+v (%v)\nwant\n\t%+v", got, err, test.want)
			}
		})
	}
}

// TestDifferenceText: a difference is one line.
func TestDifferenceText(t *testing.T) {
	for _, test := range []struct {
		difference Difference
		want       string
	}{
		{Difference{Direction: annotate.ServerToClient, Offset: 9, Want: '4', Got: '1', Unit: "HTTP/1.1 401 OK", Field: "status-code", Section: "RFC 9110 §15"},
			"byte 9 of the server differs: want 34 '4', got 31 '1', in status-code of HTTP/1.1 401 OK (RFC 9110 §15)"},
		{Difference{Offset: 7, Want: -1, Got: 0x8a}, "byte 7 of the client differs: want none, got 8a"},
		{Difference{Offset: 7, Want: -1, Got: -1, Happened: "our side waits"}, "byte 7 of the client differs: want none, got none: our side waits"},
	} {
		if got := test.difference.Error(); got != test.want {
			t.Errorf("it says\n\t%s\nwant\n\t%s", got, test.want)
		}
	}
}

// TestUnplayable: a transcript of more or less than one connection is nobody's difference.
func TestUnplayable(t *testing.T) {
	two := talk(">", "closed")
	two.Events = append(two.Events, wiretap.Event{Conn: 2, Kind: wiretap.Opened})
	for _, transcript := range []*wiretap.Recording{two, {}} {
		var unplayable *UnplayableError
		if err := Server(transcript, defaultConfig(), time.Minute); !errors.As(err, &unplayable) {
			t.Errorf("%d events: %v, want an UnplayableError", len(transcript.Events), err)
		}
	}
}
