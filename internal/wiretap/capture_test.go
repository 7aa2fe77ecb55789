package wiretap

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"barewire/internal/annotate"
	"barewire/wsframe"
)

// tshark runs tshark on a capture of events, with every port as HTTP, and returns its
// lines of fields. Wireshark does not share our code, so it is an independent check of
// the frames.
func tshark(t *testing.T, events []Event, port, filter string, fields ...string) []string {
	t.Helper()
	program, err := exec.LookPath("tshark")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("tshark is not installed; with CI=true it must be")
	} else if err != nil {
		t.Skip("tshark is not installed")
	}
	var out bytes.Buffer
	if err := NewCapture(&out).Record(events); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "test.pcap")
	if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	arguments := []string{"-r", name, "-d", "tcp.port==" + port + ",http", "-Y", filter, "-T", "fields", "-E", "separator=;",
		"-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"}
	for _, field := range fields {
		arguments = append(arguments, "-e", field)
	}
	output, err := exec.Command(program, arguments...).Output()
	if err != nil {
		t.Fatalf("tshark %q: %v", arguments, err)
	}
	return strings.Split(strings.TrimSuffix(string(output), "\n"), "\n")
}

// piece returns an event with bytes on connection 1.
func piece(direction annotate.Direction, data []byte) Event {
	return Event{Conn: 1, Time: began, Kind: Bytes, Direction: direction, Bytes: data}
}

// opened returns an event that opens connection 1, whose server has port 18080.
func opened(host string) Event {
	return Event{Conn: 1, Time: began, Kind: Opened, Peers: Peers{wsframe.Server, host + ":18080", host + ":40000"}}
}

// upgraded is the opening handshake of RFC 6455 §1.3.
func upgraded() []Event {
	return []Event{
		opened("127.0.0.1"),
		piece(annotate.ClientToServer, []byte("GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")),
		piece(annotate.ServerToClient, []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")),
	}
}

// TestWiresharkFrames checks that Wireshark reads the same fields from a frame that
// wsframe wrote, for every form of the length and any number of packets.
func TestWiresharkFrames(t *testing.T) {
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	frames := []struct {
		header  wsframe.Header
		payload string
	}{
		{wsframe.Header{Fin: true, Opcode: wsframe.Text, Masked: true, Key: key}, "Hello"},
		{wsframe.Header{Fin: true, Opcode: wsframe.Text}, "Hello"},
		{wsframe.Header{Opcode: wsframe.Text}, "Hel"},
		{wsframe.Header{Fin: true, Opcode: wsframe.Continuation}, "lo"},
		{wsframe.Header{Fin: true, Opcode: wsframe.Ping, Masked: true, Key: key}, "ping"},
		{wsframe.Header{Fin: true, Opcode: wsframe.Pong}, "ping"},
		{wsframe.Header{Fin: true, Opcode: wsframe.Binary}, ""},
		{wsframe.Header{Fin: true, Opcode: wsframe.Binary}, strings.Repeat("x", 126)},
		{wsframe.Header{Fin: true, Opcode: wsframe.Binary, Masked: true, Key: key}, strings.Repeat("x", 200_000)},
		{wsframe.Header{Fin: true, Opcode: wsframe.Close, Masked: true, Key: key}, "\x03\xe8bye"},
	}
	events, want := upgraded(), []string{}
	for _, f := range frames {
		direction := annotate.ServerToClient
		if f.header.Masked {
			direction = annotate.ClientToServer
		}
		events = append(events, piece(direction, wsframe.AppendFrame(nil, &f.header, []byte(f.payload))))
		want = append(want, wiresharkLine(f.header, f.payload))
	}
	got := tshark(t, events, "18080", "websocket", "websocket.fin", "websocket.opcode", "websocket.mask",
		"websocket.payload_length", "websocket.payload_length_ext_16", "websocket.payload_length_ext_64",
		"websocket.masking_key", "websocket.payload.close.status_code", "websocket.payload.close.reason")
	if len(got) != len(want) {
		t.Fatalf("tshark sees %d frames, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("frame %d: tshark sees %q, want %q", i, got[i], want[i])
		}
	}
}

// wiresharkLine is what tshark should print for a frame.
func wiresharkLine(h wsframe.Header, payload string) string {
	flag := map[bool]string{true: "1", false: "0"}
	short, long16, long64 := fmt.Sprint(len(payload)), "", ""
	switch {
	case len(payload) > 0xffff:
		short, long64 = "127", short
	case len(payload) > 125:
		short, long16 = "126", short
	}
	key, code, reason := "", "", ""
	if h.Masked {
		key = hex.EncodeToString(h.Key[:])
	}
	if h.Opcode == wsframe.Close {
		code, reason = fmt.Sprint(int(payload[0])<<8|int(payload[1])), payload[2:]
	}
	return strings.Join([]string{flag[h.Fin], fmt.Sprint(int(h.Opcode)), flag[h.Masked], short, long16, long64, key, code, reason}, ";")
}

// TestWiresharkPackets checks that Wireshark finds no wrong checksum and nothing odd in
// the sequence numbers, from SYN to FIN or RST, with IPv4 and IPv6.
func TestWiresharkPackets(t *testing.T) {
	var events []Event
	var want []string
	for _, host := range []string{"127.0.0.1", "[::1]", "pipe"} {
		for _, last := range []Kind{Closed, Reset} {
			conn := []Event{
				opened(host),
				piece(annotate.ClientToServer, []byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n")),
				piece(annotate.ServerToClient, bytes.Repeat([]byte("odd"), 50_001)),
				{Conn: 1, Time: began.Add(time.Second), Kind: Ended, Direction: annotate.ServerToClient},
				{Conn: 1, Time: began.Add(time.Second), Kind: last},
			}
			number := len(events)/len(conn) + 1
			for i := range conn {
				conn[i].Conn = number
			}
			conn[0].Peers.Remote = fmt.Sprintf("%s:%d", host, 40000+number)
			events = append(events, conn...)
			end := "0x0011" // FIN ACK
			if last == Reset {
				end = "0x0014" // RST ACK
			}
			want = append(want, "0x0002", "0x0012", "0x0011", end) // SYN, SYN ACK, FIN ACK
		}
	}
	if odd := tshark(t, events, "18080", "tcp.checksum.status != 1 || ip.checksum.status == 0 || tcp.analysis.flags", "frame.number"); odd[0] != "" {
		t.Errorf("packets %q have a wrong checksum or number", odd)
	}
	flags := tshark(t, events, "18080", "tcp.flags.syn == 1 || tcp.flags.fin == 1 || tcp.flags.reset == 1", "tcp.flags")
	if !slices.Equal(flags, want) {
		t.Errorf("flags of TCP %q, want %q", flags, want)
	}
}

// TestWiresharkHTTP checks that Wireshark sees our request and response.
func TestWiresharkHTTP(t *testing.T) {
	got := tshark(t, upgraded(), "18080", "http", "http.request.method", "http.request.uri", "http.response.code")
	if want := []string{"GET;/chat;", ";;101"}; strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("tshark sees %q, want %q", got, want)
	}
}
