package cli

import (
	"bytes"
	"flag"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"barewire/internal/app"
	"barewire/internal/server"
)

// traced returns the options that a command reads from -trace and -pcap.
func traced(t *testing.T, arguments ...string) (o traceOptions) {
	t.Helper()
	flags := flag.NewFlagSet("test", flag.ContinueOnError)
	o.define(flags)
	if err := flags.Parse(arguments); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestTraceFlags: -trace alone, with a file, and both. Without flags there is no tap, and
// connections are not wrapped.
func TestTraceFlags(t *testing.T) {
	for _, test := range []struct {
		arguments []string
		want      traceOptions
	}{
		{nil, traceOptions{}},
		{[]string{"-trace"}, traceOptions{shown: true}},
		{[]string{"-trace=a.txt"}, traceOptions{file: "a.txt"}},
		{[]string{"-trace", "-trace=a.txt", "-pcap", "a.pcap"}, traceOptions{shown: true, file: "a.txt", pcap: "a.pcap"}},
		{[]string{"-trace", "-trace=false"}, traceOptions{}},
	} {
		if got := traced(t, test.arguments...); got != test.want {
			t.Errorf("%q are parsed as %+v, want %+v", test.arguments, got, test.want)
		}
	}
	none := traced(t)
	tracing, err := none.start(streams{}, nil)
	if err != nil || tracing != nil || tracing.wrapServer() != nil || tracing.close() != nil {
		t.Errorf("without a flag there is a tap: %+v, %v", tracing, err)
	}
}

// TestTrace: the traffic between a server and a client is printed, written to a transcript
// and explained again, and arrives unchanged.
func TestTrace(t *testing.T) {
	folder := t.TempDir()
	transcript, pcap := filepath.Join(folder, "t.txt"), filepath.Join(folder, "t.pcap")
	var shown bytes.Buffer
	o := traced(t, "-trace", "-trace="+transcript, "-pcap", pcap)
	tracing, err := o.start(streams{err: &shown}, &shown)
	if err != nil {
		t.Fatal(err)
	}
	config := server.DefaultConfig()
	config.App = new(app.App)
	config.Wrap = tracing.wrapServer()
	client, conn := net.Pipe()
	ended := make(chan struct{})
	go func() {
		server.New(config).ServeConn(conn)
		close(ended)
	}()
	io.WriteString(client, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	answer, _ := io.ReadAll(client)
	client.Close()
	<-ended
	if !bytes.HasSuffix(answer, []byte("Hello World!")) {
		t.Errorf("through the tap the answer is %q", answer)
	}
	if status := tracing.end(streams{err: &shown}, exitOK); status != exitOK {
		t.Errorf("end: status %d, %s", status, shown.String())
	}
	for _, want := range []string{"• #1 opened: client", "→ #1  GET / HTTP/1.1", "← #1  HTTP/1.1 200 OK", "• #1 closed after"} {
		if !strings.Contains(shown.String(), want) {
			t.Errorf("%q is missing in what -trace shows:\n%s", want, shown.String())
		}
	}
	status, out, errs := run("", "explain", transcript)
	if status != exitOK || !strings.HasPrefix(out, "→ GET / HTTP/1.1") || !strings.Contains(out, "\n← HTTP/1.1 200 OK") {
		t.Errorf("explain: status %d, %q, %q", status, out, errs)
	}
	if packets, err := os.ReadFile(pcap); err != nil || !bytes.Contains(packets, answer) {
		t.Errorf("the answer is not in the pcap file (%v)", err)
	}
}

// TestTraceFile: a file that cannot be created is an error before the command starts.
func TestTraceFile(t *testing.T) {
	o := traced(t, "-pcap", filepath.Join(t.TempDir(), "no", "folder"))
	if _, err := o.start(streams{}, nil); err == nil {
		t.Error("no error for a file in a folder that does not exist")
	}
}

// TestExplainTranscripts: each unit is printed with the number of its connection if there
// are several.
func TestExplainTranscripts(t *testing.T) {
	const one = "barewire transcript 1\nstart 2026-11-23T08:13:00.000000Z\n0.000000 #1 opened server \"a\" \"b\"\n" +
		"0.000000 #1 > 2\n  81 80\n0.000000 #1 > 4\n  00 00 00 00\n0.000001 #1 closed \"\"\n"
	const two = one + "0.000001 #2 opened server \"a\" \"b\"\n0.000001 #2 < 2\n  81 00\n"
	for _, test := range []struct {
		name, in, args, want string
		status               int
	}{
		{"one connection", one, "-as frames", "→ Text, FIN, 0 bytes, masked", exitOK},
		{"two connections, one of them open at the end", two, "-as frames", "→ #1  Text, FIN, 0 bytes, masked", exitOK},
		{"JSON", one, "-as frames -format json", `{"number":1,"kind":"frame"`, exitOK},
		{"JSON of two", two, "-as frames -format json", `{"conn":1,"number":1,"kind":"frame"`, exitOK},
		{"a transcript that is none", "GET", "-in transcript", "", exitFailure},
	} {
		status, out, err := run(test.in, append([]string{"explain"}, strings.Fields(test.args)...)...)
		if status != test.status || !strings.HasPrefix(out, test.want) {
			t.Errorf("%s: status %d, out %q, err %q; want %d, %q", test.name, status, out, err, test.status, test.want)
		}
	}
}
