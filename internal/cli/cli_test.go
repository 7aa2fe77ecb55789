package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// run runs barewire with arguments and standard input, and returns its output.
func run(stdin string, args ...string) (status int, out, err string) {
	var outBuffer, errBuffer bytes.Buffer
	status = Run(args, strings.NewReader(stdin), &outBuffer, &errBuffer)
	return status, outBuffer.String(), errBuffer.String()
}

// TestUsage: wrong arguments cause one line on standard error and exit status 2.
func TestUsage(t *testing.T) {
	for _, test := range []struct {
		args string
		want string // part of the line
	}{
		{"frobnicate", `unknown command "frobnicate"`},
		{"serve extra", `takes no argument "extra"`},
		{"-nonsense", "-nonsense"},
		{"-max-message lots", "want a size such as 512, 16KiB or 1MiB"},
		{"-max-message 0", "want a size"},
		{"-ping -5s", "want a duration"},
		{"-max-header 1KiB", "at least 9KiB"},
		{"-max-conns 0", "at least 1"},
		{"-origin example.com", `"example.com" is not an origin`},
		{"-addr=", "want host:port"}, // an unset variable
		{"-addr 127.0.0.1:", "want host:port"},
		{"-addr unix:", "or unix:/path"},
		{"-subprotocol a,b(c)", `"b(c)" is not a token`},
		{"-tls-cert a.pem", "need each other"},
		{"-tls-self-signed -tls-cert a.pem -tls-key b.pem", "use one of them"},
		{"version extra", `no argument "extra"`},
		{"help nonsense", `unknown command "nonsense"`},
		{"dial", "wants one URL"},
		{"dial ws://a ws://b", "wants one URL"},
		{"dial http://a/", "scheme"},
		{"dial ws://a/#b", "fragment"},
		{"dial -header nonsense ws://a/", "want 'Name: value'"},
		{"dial -subprotocol a,a ws://a/", "subprotocol"},
		{"dial -raw -ping 10s ws://a/", "-raw and -ping contradict"},
		{"dial -raw -binary ws://a/", "-raw and -binary contradict"},
		{"-deterministic -addr 0.0.0.0:8080", "-deterministic is for a loopback address"},
		{"-deterministic -addr :8080", "loopback"},
		{"-deterministic -addr example.com:80", "loopback"},
		{"dial -deterministic ws://192.0.2.1/", "-deterministic is for a loopback address"},
		{"dial -deterministic ws://localhost.example.com/", "loopback"},
		{"replay a b", "wants one name or file"},
		{"replay -side both a", "want server or client"},
		{"replay /nowhere.txt", "neither a kept conversation nor a file: open /nowhere.txt"},
		{"replay cli_test.go", "cli_test.go: line 1: want"},
		{"replay -side client hello", "our client opens WebSockets"},
		{"explain -format transcript cli_test.go", "the input is not one"},
		{"smallest extra", `takes no argument "extra"`},
		{"rfc 6455-5.1-z", `no requirement "6455-5.1-z"`},
		{"rfc RFC 2616", `no requirement "RFC 2616"; barewire rfc lists the sections`},
	} {
		status, out, err := run("", strings.Fields(test.args)...)
		if status != exitUsage || out != "" || strings.Count(err, "\n") != 1 || !strings.Contains(err, test.want) {
			t.Errorf("barewire %s: status %d, out %q, err %q; want status 2 and one line with %q",
				test.args, status, out, err, test.want)
		}
	}
}

// TestFailure: a command that fails prints one line on standard error and has exit status 1.
func TestFailure(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"-addr 256.0.0.1:0", "256.0.0.1"},
		{"smallest -addr 256.0.0.1:0", "256.0.0.1"},
		{"-tls-cert /nowhere.pem -tls-key /nowhere.key", "/nowhere.pem"},
		{"dial ws://127.0.0.1:1/", "refused"},
	} {
		status, out, err := run("", strings.Fields(test.args)...)
		if status != exitFailure || out != "" || strings.Count(err, "\n") != 1 || !strings.Contains(err, test.want) {
			t.Errorf("barewire %s: status %d, out %q, err %q; want status 1 and one line with %q",
				test.args, status, out, err, test.want)
		}
	}
}

// TestHelp: help lists the commands, and the flags of each with their defaults.
func TestHelp(t *testing.T) {
	for _, test := range []struct {
		args  string
		wants []string
	}{
		{"help", []string{"barewire serve", "barewire dial"}},
		{"-help", []string{"barewire serve"}},
		{"help help", []string{"barewire serve"}},
		{"-h -h", []string{"barewire serve"}},
		{"version", []string{"barewire ", ", go1.", ", commit "}},
		{"help serve", []string{"-addr", `"127.0.0.1:8080"`, "-max-message", "1MiB", "-idle-timeout", "2m)"}},
		{"serve -h", []string{"-debugger"}},
		{"help smallest", []string{"internal/smallest/smallest.go", "-addr", `"127.0.0.1:8080"`}},
		{"help dial", []string{"-origin", "-insecure", "-subprotocol", "-deterministic"}},
		{"help replay", []string{"Use it with a debugger", "dlv debug . -- replay digest", "-side"}},
	} {
		status, out, err := run("", strings.Fields(test.args)...)
		if status != exitOK || err != "" {
			t.Errorf("barewire %s: status %d, err %q", test.args, status, err)
		}
		for _, want := range test.wants {
			if !strings.Contains(out, want) {
				t.Errorf("barewire %s does not print %q:\n%s", test.args, want, out)
			}
		}
	}
}

// TestScreen: on a terminal a message replaces the prompt's line, and cannot send commands
// to the terminal; otherwise only the message is printed.
func TestScreen(t *testing.T) {
	for _, test := range []struct {
		terminal bool
		message  wsconn.Message
		want     string
	}{
		{false, wsconn.Message{Opcode: wsframe.Text, Payload: []byte("a\x1b[2J\tb")}, "a\x1b[2J\tb\n"},
		{false, wsconn.Message{Opcode: wsframe.Binary, Payload: []byte("\x00\xff")}, "00ff\n"},
		{true, wsconn.Message{Opcode: wsframe.Text, Payload: []byte("a\x1b[2J\tb\u009b")}, "> \r\x1b[K< a\\u001b[2J\tb\\u009b\n> \n"},
	} {
		var out bytes.Buffer
		s := &screen{out: &out, shown: test.terminal, terminal: test.terminal}
		s.prompt()
		s.message(test.message)
		s.end()
		if out.String() != test.want {
			t.Errorf("%q on a terminal (%v) is printed as %q, want %q", test.message.Payload, test.terminal, out.String(), test.want)
		}
	}
}

// TestValues: sizes and durations are printed as they are typed.
func TestValues(t *testing.T) {
	for typed, want := range map[string]int64{"1": 1, "512B": 512, "16KiB": 16 << 10, "1MiB": 1 << 20, "2GiB": 2 << 30} {
		var s size
		if err := s.Set(typed); err != nil || int64(s) != want {
			t.Errorf("size %q is %d, %v; want %d", typed, s, err, want)
		}
		if again := new(size); again.Set(s.String()) != nil || *again != s {
			t.Errorf("size %q is printed as %q, which has another value", typed, s.String())
		}
	}
	for _, typed := range []string{"", "MiB", "-1", "1.5MiB", "1MB", "99999999999GiB"} {
		if s := new(size); s.Set(typed) == nil {
			t.Errorf("size %q was accepted as %d", typed, *s)
		}
	}
	for typed, printed := range map[string]string{"500ms": "500ms", "120s": "2m", "90s": "1m30s", "0": "0s"} {
		var d duration
		if err := d.Set(typed); err != nil || d.String() != printed {
			t.Errorf("duration %q is printed as %q, %v; want %q", typed, d.String(), err, printed)
		}
	}
	if d := new(duration); d.Set("soon") == nil || time.Duration(*d) != 0 {
		t.Error("\"soon\" was accepted as a duration")
	}
}
