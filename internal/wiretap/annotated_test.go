package wiretap

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"barewire/internal/annotate"
	"barewire/wsframe"
)

// brokenTalk is a request in two pieces, followed by a request that breaks a rule.
func brokenTalk() *Transcript {
	return &Transcript{Start: began, Events: []Event{
		{Conn: 1, Time: began, Kind: Opened, Peers: Peers{wsframe.Server, "a", "b"}},
		{Conn: 1, Time: began, Kind: Bytes, Direction: annotate.ClientToServer, Bytes: []byte("GET / HTT")},
		{Conn: 1, Time: began.Add(time.Microsecond), Kind: Bytes, Direction: annotate.ClientToServer,
			Bytes: []byte("P/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\nHost")},
		{Conn: 1, Time: began.Add(2 * time.Microsecond), Kind: Closed},
	}}
}

const brokenTranscript = `barewire transcript 1
start 2026-11-23T08:13:00.000000Z

// A rule is broken.
//
// In the second line.

0.000000 #1 opened server "a" "b"

0.000000 #1 > 9
// GET / HTTP/1.1
  47 45 54 20 2f 20 48 54 54                       |GET / HTT|         request line

0.000001 #1 > 37
  50 2f 31 2e 31 0d 0a                             |P/1.1..|
  48 6f 73 74 3a 20 61 0d 0a                       |Host: a..|         Host: the server that is meant: many may share an address (RFC 9110 §7.2)
  0d 0a                                            |..|                the empty line: the head ends here (RFC 9112 §2.1)
// GET / HTTP/1.1\n
  47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31        |GET / HTTP/1.1|    sound so far GET / HTTP/1.1
  0a                                               |.|                 broken \n  !! line end: a line must end in CR LF, not in LF alone (typing by hand? nc -C sends CR LF) (RFC 9112 §2.2)
// Bytes that cannot be explained, 4 bytes
  48 6f 73 74                                      |Host|              bytes "Host"
0.000002 #1 closed ""
`

// TestAnnotated checks that rows end where fields end and describe them, that a unit
// continues in the next piece, and that Parse returns the same events.
func TestAnnotated(t *testing.T) {
	text := string(AppendAnnotated(nil, brokenTalk(), annotate.Options{}, "A rule is broken.\n\nIn the second line."))
	if text != brokenTranscript {
		t.Errorf("the transcript is\n%s\nwant\n%s", text, brokenTranscript)
	}
	for _, transcript := range []*Transcript{brokenTalk(), {Start: began, Events: talk()}} {
		again, err := Parse(strings.NewReader(string(AppendAnnotated(nil, transcript, annotate.Options{}, "two\nlines"))))
		if err != nil || !reflect.DeepEqual(again, *transcript) {
			t.Errorf("Parse returns %+v (%v)\nwant %+v", again, err, *transcript)
		}
	}
}
