package wiretap

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"barewire/internal/annotate"
	"barewire/wsframe"
)

// began is when the transcripts of these tests begin.
var began = time.Date(2026, 11, 23, 8, 13, 0, 0, time.UTC)

// talk is two interleaved connections with every kind of event: a request whose lines
// begin new rows, a frame, an end, a close, a reset.
func talk() []Event {
	at := func(micros int) time.Time { return began.Add(time.Duration(micros) * time.Microsecond) }
	return []Event{
		{Conn: 1, Time: at(0), Kind: Opened, Peers: Peers{wsframe.Server, "127.0.0.1:8080", "127.0.0.1:40000"}},
		{Conn: 1, Time: at(310), Kind: Bytes, Direction: annotate.ClientToServer, Bytes: []byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n")},
		{Conn: 2, Time: at(311), Kind: Opened, Peers: Peers{wsframe.Client, "[::1]:40001", "[::1]:9000"}},
		{Conn: 2, Time: at(400), Kind: Bytes, Direction: annotate.ClientToServer, Bytes: []byte("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58")},
		{Conn: 1, Time: at(500), Kind: Bytes, Direction: annotate.ServerToClient, Bytes: []byte("HTTP/1.1 204 No Content\r\n\r\n")},
		{Conn: 1, Time: at(501), Kind: Ended, Direction: annotate.ClientToServer},
		{Conn: 1, Time: at(1_200_000), Kind: Closed},
		{Conn: 2, Time: at(1_200_001), Kind: Reset, Err: "connection reset \"by peer\""},
	}
}

const talkTranscript = `barewire transcript 1
start 2026-11-23T08:13:00.000000Z

0.000000 #1 opened server "127.0.0.1:8080" "127.0.0.1:40000"
0.000310 #1 > 27
  47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|
  48 6f 73 74 3a 20 61 0d 0a                       |Host: a..|
  0d 0a                                            |..|
0.000311 #2 opened client "[::1]:40001" "[::1]:9000"
0.000400 #2 > 11
  81 85 37 fa 21 3d 7f 9f 4d 51 58                 |..7.!=..MQX|
0.000500 #1 < 27
  48 54 54 50 2f 31 2e 31 20 32 30 34 20 4e 6f 20  |HTTP/1.1 204 No |
  43 6f 6e 74 65 6e 74 0d 0a                       |Content..|
  0d 0a                                            |..|
0.000501 #1 > ended
1.200000 #1 closed ""
1.200001 #2 reset "connection reset \"by peer\""
`

// TestTranscript checks that the format is the one in the package comment, and that Parse
// returns the same events.
func TestTranscript(t *testing.T) {
	var out bytes.Buffer
	if err := NewTranscriptWriter(&out, began).Record(talk()); err != nil {
		t.Fatal(err)
	}
	if out.String() != talkTranscript {
		t.Errorf("the transcript is\n%s\nwant\n%s", out.String(), talkTranscript)
	}
	transcript, err := Parse(&out)
	if err != nil || !transcript.Start.Equal(began) || !reflect.DeepEqual(transcript.Events, talk()) {
		t.Errorf("Parse: %v, %+v\nwant the events that were written:\n%+v", err, transcript, talk())
	}
}

// TestParseByHand checks that a transcript edited by hand need not have the same layout.
func TestParseByHand(t *testing.T) {
	edited := strings.NewReplacer(
		"  |Host: a..|", "", // the text of a row
		"\n  0d 0a     ", "\n\n// a comment\n  0d 0a     ",
		"ended\n", "ended\r\n", // an editor on Windows
	).Replace(talkTranscript)
	transcript, err := Parse(strings.NewReader(edited))
	if err != nil || !reflect.DeepEqual(transcript.Events, talk()) {
		t.Errorf("error %v, events %+v; want those of the original transcript", err, transcript.Events)
	}
}

// TestParseRefused checks that an error names the line and the problem.
func TestParseRefused(t *testing.T) {
	const head = "barewire transcript 1\nstart 2026-11-23T08:13:00.000000Z\n"
	const open = head + `0.000000 #1 opened server "a" "b"` + "\n"
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "line 1: the header is missing"},
		{"another format", "# a comment\n", "line 1: want"},
		{"no start", "barewire transcript 1\n0.000000 #1 closed \"\"\n", "line 2: want start"},
		{"an invalid time", head + "0.1 #1 closed \"\"\n", "line 3: \"0.1\": want seconds"},
		{"time goes back", open + "0.000002 #1 > ended\n0.000001 #1 < ended\n", "line 5: time goes back"},
		{"no number", head + "0.000000 1 closed \"\"\n", "line 3: \"1\": want the number"},
		{"an unknown event", open + "0.000000 #1 burst\n", "line 4: \"burst\": want opened"},
		{"an unknown role", head + "0.000000 #1 opened proxy \"a\" \"b\"\n", "line 3: \"proxy\": want server or client"},
		{"an address missing", head + "0.000000 #1 opened server \"a\"\n", "line 3: want two addresses"},
		{"no quotes", open + "0.000000 #1 closed\n", "line 4: want closed and a text"},
		{"opened twice", open + `0.000000 #1 opened server "a" "b"`, "line 4: connection #1 is opened twice"},
		{"not opened", open + "0.000000 #2 > ended\n", "line 4: connection #2 has not been opened"},
		{"after the end", open + "0.000000 #1 > ended\n0.000000 #1 > 1\n", "line 5: this direction has already ended"},
		{"after the close", open + "0.000000 #1 closed \"\"\n0.000000 #1 > 1\n", "line 5: connection #1 is already closed"},
		{"an empty piece", open + "0.000000 #1 > 0\n", "line 4: \"0\": want a number of bytes"},
		{"bytes missing", open + "0.000000 #1 > 3\n  41 42\n0.000000 #1 closed \"\"\n", "line 6: the piece above has too few bytes: 1 more"},
		{"a file cut off", open + "0.000000 #1 > 3\n  41 42\n", "line 6: the piece above has too few bytes"},
		{"too many bytes", open + "0.000000 #1 > 1\n  41 42\n", "line 5: the piece above has too many bytes"},
		{"bytes without a piece", open + "  41\n", "line 4: the piece above has too many bytes"},
		{"not hexadecimal", open + "0.000000 #1 > 1\n  4g\n", "line 5: want two spaces"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Parse(strings.NewReader(test.text)); err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("error %v, want one that begins with %q", err, test.want)
			}
		})
	}
}

// TestTranscriptBeforeStart checks that events before the start are an error.
func TestTranscriptBeforeStart(t *testing.T) {
	if NewTranscriptWriter(new(bytes.Buffer), began.Add(1e9)).Record(talk()) == nil {
		t.Error("no error for an event before the start")
	}
}

// FuzzParse checks that what Parse accepts can be written and read back unchanged.
func FuzzParse(f *testing.F) {
	f.Add([]byte(talkTranscript))
	f.Fuzz(func(t *testing.T, text []byte) {
		transcript, err := Parse(bytes.NewReader(text))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := NewTranscriptWriter(&out, transcript.Start).Record(transcript.Events); err != nil {
			t.Fatal(err)
		}
		again, err := Parse(&out)
		if err != nil || !reflect.DeepEqual(again, transcript) {
			t.Fatalf("Parse(%q) = %+v; written and parsed again (%v), it is %+v", text, transcript, err, again)
		}
	})
}

// ExampleTranscriptWriter writes events as a transcript.
func ExampleTranscriptWriter() {
	transcript := NewTranscriptWriter(os.Stdout, began)
	err := errors.Join(transcript.Record(talk()[:1]), transcript.Record(talk()[6:7]))
	if err != nil {
		panic(err)
	}
	// Output:
	// barewire transcript 1
	// start 2026-11-23T08:13:00.000000Z
	//
	// 0.000000 #1 opened server "127.0.0.1:8080" "127.0.0.1:40000"
	// 1.200000 #1 closed ""
}
