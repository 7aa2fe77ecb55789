package cli

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// maskedHello is the second example of RFC 6455 §5.7.
const maskedHello = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"

// TestExplainForms: the same frame in every text form of bytes that explain reads.
func TestExplainForms(t *testing.T) {
	const want = `→ Text, FIN, 5 bytes, masked: "Hello"`
	for _, test := range []struct{ form, args, in string }{
		{"raw", "", maskedHello},
		{"raw, said so", "-in raw", maskedHello},
		{"hexadecimal", "", "81 85 37 fa 21 3d 7f 9f 4d 51 58\n"},
		{"without space, in upper case", "-in hex", "818537FA213D7F9F4D5158"},
		{"lines and comments", "", "# from RFC 6455\n8185 # header\n\n37fa213d # key\n\t7f9f4d5158"},
		{"C", "", `\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58`},
		{"Go", "", "0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D,\n0x7F, 0x9F, 0x4D, 0x51, 0x58,\n"},
		{"Wireshark", "", "81:85:37:fa:21:3d:7f:9f:4d:51:58"},
		{"xxd", "", "00000000: 8185 37fa 213d 7f9f 4d51 58              ..7.!=..MQX\n"},
		{"hexdump -C", "", "00000000  81 85 37 fa 21 3d 7f 9f  4d 51 58                 |..7.!=..MQX|\n0000000b\n"},
		{"tshark -x", "", "0000  81 85 37 fa 21 3d 7f 9f                           ..7.!=..\n0008  4d 51 58   MQX\n"},
		{"copied from Wireshark", "", "0000   81 85 37 fa 21 3d 7f 9f 4d 51 58                  ..7.!=..MQX\n"},
		{"tcpdump -X", "", "\t0x0000:  8185 37fa 213d 7f9f  ..7.!=..\n\t0x0008:  4d51 58              MQX\n"},
	} {
		t.Run(test.form, func(t *testing.T) {
			status, out, err := run(test.in, append([]string{"explain"}, strings.Fields(test.args)...)...)
			if status != exitOK || !strings.HasPrefix(out, want) || err != "" {
				t.Errorf("status %d, out %.60q, err %q; want 0, %q and nothing", status, out, err, want)
			}
		})
	}
}

// TestExplainSides: the first bytes decide the sender and the protocol, unless flags set
// them.
func TestExplainSides(t *testing.T) {
	for _, test := range []struct {
		name, args, in, want string
		status               int
	}{
		{"a request", "", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "→ GET / HTTP/1.1", exitOK},
		{"a response", "", "HTTP/1.1 204 No Content\r\n\r\n", "← HTTP/1.1 204 No Content", exitOK},
		{"a frame that is not masked", "", "81 00", "← Text", exitOK},
		{"the same, and the client is said to have sent it", "-from client", "81 00", "→ Text", exitFailure},
		{"a masked one from the server", "-from server", maskedHello, "← Text", exitFailure},
		{"compression that was agreed on", "-deflate", "c1 07 f2 48 cd c9 c9 07 00", "← Text, FIN, 7 bytes, compressed", exitOK},
		{"compression that was not", "", "c1 07 f2 48 cd c9 c9 07 00", "← Text", exitFailure},
		{"a compressed fragment, whose first byte is an A", "-deflate", "41 03 f2 00 11", "← Text, 3 bytes, compressed", exitOK},
		{"frames that look like text", "-as frames -deflate -from server", "ABC", "← Text, 66 bytes", exitOK},
		{"TLS", "", "16 03 01 00 a5", "→ Not a request", exitFailure},
		{"the end is missing", "", "81 05 48", `← Text, FIN, 5 bytes: "H" (incomplete)`, exitOK},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, out, err := run(test.in, append([]string{"explain"}, strings.Fields(test.args)...)...)
			if status != test.status || !strings.HasPrefix(out, test.want) {
				t.Errorf("status %d, out %.80q; want %d, %q", status, out, test.status, test.want)
			}
			if (status == exitFailure) != strings.Contains(err, "broken") {
				t.Errorf("status %d, err %q; want that a rule is broken if one is", status, err)
			}
		})
	}
}

// TestExplainJSON: each unit is one object on its own line, with the keys that package
// annotate documents.
func TestExplainJSON(t *testing.T) {
	_, out, _ := run("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n", "explain", "-format", "json")
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines, want one for each request:\n%s", len(lines), out)
	}
	var unit struct {
		Number          int
		Kind, Direction string
		Offset          int64
		Title, Bytes    string
		Spans           []map[string]any
	}
	if err := json.Unmarshal([]byte(lines[1]), &unit); err != nil {
		t.Fatal(err)
	}
	data, _ := hex.DecodeString(unit.Bytes)
	if unit.Number != 2 || unit.Kind != "request" || unit.Direction != "client_to_server" || unit.Offset != 27 ||
		unit.Title != "GET /2 HTTP/1.1" || !bytes.HasPrefix(data, []byte("GET /2")) || unit.Spans[1]["field"] != "method" {
		t.Errorf("the second line is %s", lines[1])
	}
}

// TestExplainJSONKeys: the help names every key in the output, so that users need not
// read the source.
func TestExplainJSONKeys(t *testing.T) {
	_, help, _ := run("", "help", "explain")
	paths, err := filepath.Glob("../annotate/testdata/*.jsonl")
	if err != nil || len(paths) == 0 {
		t.Fatal("no units to look at:", err)
	}
	words := regexp.MustCompile(`[a-z]+`).FindAllString(help, -1)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range regexp.MustCompile(`"([a-z]+)":`).FindAllSubmatch(text, -1) {
			if !slices.Contains(words, string(key[1])) {
				t.Errorf("%s has the key %q, which the help does not name", path, key[1])
			}
		}
	}
}

// TestExplainFile: explain reads a file, and prints colors if -color says so.
func TestExplainFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "frame.bin")
	if err := os.WriteFile(path, []byte(maskedHello), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, err := run("", "explain", "-color", "always", path)
	if status != exitOK || !strings.HasPrefix(out, "\x1b[1;36m→ Text") {
		t.Errorf("status %d, out %.40q, err %q; want the frame in color", status, out, err)
	}
}

// TestExplainMistakes: one clear line, and the right status.
func TestExplainMistakes(t *testing.T) {
	for _, test := range []struct {
		args, in string
		status   int
		err      string
	}{
		{"-in hex", "81 8", exitFailure, `line 1: "8" is not hexadecimal`},
		{"-in hex", "81\n# nothing\nxyz", exitFailure, `line 3: "xyz" is not hexadecimal`},
		{"-in hex", "# nothing", exitFailure, "no bytes"},
		{"-in hex", "0000000g: 81  .", exitFailure, "not an offset"},
		{"-in hex", "00000000  81  |.|\n*\nfffffffff", exitFailure, "more than"},
		{"", "", exitFailure, "the input is empty"},
		{"", "this is nonsense\n", exitFailure, "neither HTTP nor hexadecimal nor a transcript"},
		{"", "0000000 8581 fa37\n", exitFailure, "neither HTTP nor hexadecimal"},
		{"", "   \n", exitFailure, "neither HTTP nor hexadecimal"},
		{"", "barewire transcript 2\n", exitFailure, `line 1: want "barewire transcript 1"`},
		{"no-such-file", "", exitFailure, "open no-such-file: "}, // followed by the system's error
		{"-in pcap", "", exitUsage, "want one of auto, raw, hex"},
		{"-from me", "", exitUsage, "want one of"},
		{"a b", "", exitUsage, "one file"},
		{"-x", "", exitUsage, "-x"},
	} {
		status, out, err := run(test.in, append([]string{"explain"}, strings.Fields(test.args)...)...)
		if status != test.status || out != "" || !strings.Contains(err, test.err) || strings.Count(err, "\n") != 1 {
			t.Errorf("explain %s of %q: status %d, out %q, err %q; want %d, nothing, one line with %q",
				test.args, test.in, status, out, err, test.status, test.err)
		}
	}
}

// TestDecodeDump: hexdump -C omits lines that equal the previous line, and the text column
// of xxd may contain any character, even a #.
func TestDecodeDump(t *testing.T) {
	zeros := "00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00"
	data, err := decodeHex([]byte("00000000  " + zeros + "  |................|\n*\n00000040  41 42  |AB|\n00000042\n"))
	if want := append(make([]byte, 64), "AB"...); err != nil || !bytes.Equal(data, want) {
		t.Errorf("hexdump -C: % x, error %v; want 64 zeros and AB", data, err)
	}
	data, err = decodeHex([]byte("00000000: 2323 7c41                                ##|A\n"))
	if err != nil || string(data) != "##|A" {
		t.Errorf("xxd: %q, error %v; want ##|A", data, err)
	}
}

// FuzzDecodeHex: decoded bytes stay the same when they are encoded as plain digits and
// decoded again.
func FuzzDecodeHex(f *testing.F) {
	for _, text := range []string{"81 85", "0x81,0x85 # a", "00000000: 8185 37fa  ..7.\n", "00000000  81 85  |..|\n*\n00000006\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if bytes.Contains(text, []byte("*")) && len(text) > 200 {
			t.Skip("a * may stand for megabytes")
		}
		data, err := decodeHex(text)
		if err != nil {
			return
		}
		again, err := decodeHex([]byte(hex.EncodeToString(data)))
		if err != nil || !bytes.Equal(again, data) {
			t.Errorf("%q is % x; encoded and decoded again % x, error %v", text, data, again, err)
		}
	})
}

// TestDecodeForms: decodeHex reads each form of hexadecimal text.
func TestDecodeForms(t *testing.T) {
	for _, text := range []string{"81 85 37fa213d", "0x81, 0x85", `\x81\x85`, "00000000: 8185 37fa  ..7.",
		"00000000  81 85 37  |..7|", "0000  81 85 37  ..7", "0x0000:  8185 37fa  ..7."} {
		if data, err := decodeHex([]byte(text + "\n")); err != nil || !bytes.HasPrefix(data, []byte{0x81, 0x85}) {
			t.Errorf("%q is read as % x (%v), want 81 85", text, data, err)
		}
	}
}
