package wsframe

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// closePayloads is read in both directions: the payload parses to code and
// reason, and they are written as the payload.
var closePayloads = []struct {
	name   string
	hex    string
	code   CloseCode
	reason string
}{
	{"nothing at all", "", NoStatusReceived, ""},                                   // req: 6455-5.5.1-a
	{"a code, high byte first", "03E8", NormalClosure, ""},                         // req: 6455-5.5.1-a
	{"a code and a reason", "03E9 627965", GoingAway, "bye"},                       // req: 6455-5.5.1-a
	{"a reason of one code point in 4 bytes", "0FA0 F09F9A80", 4000, "\U0001F680"}, // req: 6455-5.5.1-a
}

func TestParseClose(t *testing.T) {
	for _, test := range closePayloads {
		code, reason, err := ParseClose(unhex(t, test.hex))
		if code != test.code || reason != test.reason || err != nil {
			t.Errorf("%s: got %d, %q, %v; want %d, %q", test.name, code, reason, err, test.code, test.reason)
		}
	}
}

func TestAppendClose(t *testing.T) {
	for _, test := range closePayloads {
		got, err := AppendClose([]byte("before"), test.code, test.reason)
		want := append([]byte("before"), unhex(t, test.hex)...)
		if !bytes.Equal(got, want) || err != nil {
			t.Errorf("%s: got % X, %v; want % X", test.name, got, err, want)
		}
	}
}

func TestParseCloseRefuses(t *testing.T) {
	tests := []struct {
		name  string
		hex   string
		code  CloseCode // what to answer with
		field string
	}{
		{"one byte is half a code", "03", ProtocolError, "payload"},                        // req: 6455-5.5.1-b
		{"code 0", "0000", ProtocolError, "close code"},                                    // req: 6455-7.4.2-a
		{"code 999", "03E7", ProtocolError, "close code"},                                  // req: 6455-7.4.2-a
		{"code 1004 is reserved", "03EC", ProtocolError, "close code"},                     // req: 6455-7.4.1-b
		{"code 1005 is local", "03ED", ProtocolError, "close code"},                        // req: 6455-7.4.1-b
		{"code 1006 is local", "03EE", ProtocolError, "close code"},                        // req: 6455-7.4.1-b
		{"code 1015 is local", "03F7", ProtocolError, "close code"},                        // req: 6455-7.4.1-b
		{"a bad code is told before a bad reason", "03ED FF", ProtocolError, "close code"}, // req: 6455-7.4.1-b
		{"a reason that is not UTF-8", "03E8 FF", InvalidPayload, "payload"},               // req: 6455-5.5.1-c
		{"a reason with a surrogate", "03E8 EDA080", InvalidPayload, "payload"},            // req: 6455-5.5.1-c
		{"a reason cut off inside a code point", "03E8 F09F9A", InvalidPayload, "payload"}, // req: 6455-5.5.1-c
	}
	for _, test := range tests {
		code, reason, err := ParseClose(unhex(t, test.hex))
		var violation *Error
		if !errors.As(err, &violation) {
			t.Errorf("%s: accepted as %d %q", test.name, code, reason)
			continue
		}
		if violation.Code != test.code || violation.Field != test.field {
			t.Errorf("%s: got %v; want code %d and field %q", test.name, err, test.code, test.field)
		}
		if code != 0 || reason != "" {
			t.Errorf("%s: refused, and yet gives %d %q", test.name, code, reason)
		}
	}
}

// closeRanges says of every code there is whether it may stand in a Close
// frame, either way.
var closeRanges = []struct {
	first, last int
	onWire      bool
}{
	{0, 999, false},      // req: 6455-7.4.2-a
	{1000, 1003, true},   // req: 6455-7.4.2-c
	{1004, 1006, false},  // req: 6455-7.4.1-a 6455-7.4.1-b
	{1007, 1014, true},   // req: 6455-7.4.2-c
	{1015, 1015, false},  // req: 6455-7.4.1-a 6455-7.4.1-b
	{1016, 2999, false},  // req: 6455-7.4.2-b
	{3000, 4999, true},   // req: 6455-7.4.2-c
	{5000, 65535, false}, // req: 6455-7.4.2-d
}

func TestCloseCodeRanges(t *testing.T) {
	for _, r := range closeRanges {
		for i := r.first; i <= r.last; i++ {
			code := CloseCode(i)
			if code.ValidOnWire() != r.onWire {
				t.Fatalf("%d: ValidOnWire %v; %d-%d want %v", code, code.ValidOnWire(), r.first, r.last, r.onWire)
			}
			got, _, err := ParseClose([]byte{byte(i >> 8), byte(i)})
			if (err == nil) != r.onWire || r.onWire && got != code {
				t.Fatalf("ParseClose of %d gives %d, %v; want it accepted: %v", code, got, err, r.onWire)
			}
			payload, err := AppendClose(nil, code, "")
			if code != NoStatusReceived && (err == nil) != r.onWire {
				t.Fatalf("AppendClose of %d gives % X, %v; want it accepted: %v", code, payload, err, r.onWire)
			}
			if !r.onWire && len(payload) > 0 {
				t.Fatalf("AppendClose put %d, which must not be sent, into a payload: % X", code, payload)
			}
		}
	}
}

// An empty payload is how "no code" is said; 1005 itself is never written, nor
// is a reason without a code.
func TestAppendCloseWithoutCode(t *testing.T) { // req: 6455-7.4.1-a 6455-5.5.1-a
	payload, err := AppendClose(nil, NoStatusReceived, "left out")
	if len(payload) != 0 || err != nil {
		t.Errorf("NoStatusReceived gives % X, %v; want an empty payload", payload, err)
	}
}

func TestAppendCloseRefusalLeavesDst(t *testing.T) { // req: 6455-7.4.1-a
	got, err := AppendClose([]byte("before"), AbnormalClosure, "lost")
	if string(got) != "before" || err == nil {
		t.Errorf("AppendClose of 1006 gives %q, %v; want dst as it was, and an error", got, err)
	}
}

func TestAppendCloseCutsTheReason(t *testing.T) { // req: 6455-5.5-a
	tests := []struct {
		name   string
		reason string
		want   string
	}{
		{"123 bytes fit", strings.Repeat("a", 123), strings.Repeat("a", 123)},
		{"the 124th is cut off", strings.Repeat("a", 124), strings.Repeat("a", 123)},
		{"2 bytes that just fit", strings.Repeat("a", 121) + "ä", strings.Repeat("a", 121) + "ä"},
		{"2 bytes across the limit are dropped together", strings.Repeat("a", 122) + "ä", strings.Repeat("a", 122)},
		{"4 bytes across the limit are dropped together", strings.Repeat("a", 120) + "🚀", strings.Repeat("a", 120)},
		{"what is not UTF-8 is replaced", "a\xFFb", "a\uFFFDb"},
		{"replaced first, then cut", strings.Repeat("a", 121) + "\xFF", strings.Repeat("a", 121)},
	}
	for _, test := range tests {
		payload, err := AppendClose(nil, NormalClosure, test.reason)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if got := string(payload[2:]); got != test.want {
			t.Errorf("%s: the reason is %q (%d bytes), want %q", test.name, got, len(got), test.want)
		}
		if len(payload) > MaxControlPayload || !utf8.Valid(payload[2:]) {
			t.Errorf("%s: % X does not fit a Close frame", test.name, payload)
		}
	}
}

func TestCloseCodeNames(t *testing.T) {
	tests := []struct {
		code CloseCode
		want string
	}{
		{999, "unused code"},
		{NormalClosure, "normal closure"},
		{ProtocolError, "protocol error"},
		{1004, "reserved"},
		{TLSHandshake, "TLS handshake"},
		{1016, "unassigned code"},
		{3000, "registered code"},
		{4999, "private code"},
		{5000, "undefined code"},
	}
	for _, test := range tests {
		if got := test.code.String(); got != test.want {
			t.Errorf("%d is called %q, want %q", test.code, got, test.want)
		}
	}
	for code := NormalClosure; code <= TLSHandshake; code++ {
		if code.String() == "" {
			t.Errorf("%d has no name in the table", code)
		}
	}
}
