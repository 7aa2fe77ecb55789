package e2e

import (
	"slices"
	"testing"
)

// compressed is the result of ws_compressed.js and compressed.py.
type compressed struct {
	Extensions     string
	Error          string
	Equal          int // echoes that came back unchanged
	Sent, Received int // bytes on the wire, if the script knows them
	Closed         closeRecord
}

// mixtureSizes are the sizes of the messages: around the length forms, the smallest size
// that is compressed, every window, and the largest message.
var mixtureSizes = func() []int {
	sizes := []int{0, 1, 2, 125, 126, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 4095, 4097,
		10_000, 32767, 32768, 32769, 65535, 65536, 65537, 100_000, 1<<20 - 1, 1 << 20}
	var all []int
	for i := range fewer(200) {
		all = append(all, sizes[(7*i)%len(sizes)])
	}
	return all
}()

func mixtureBytes() (sum int) {
	for _, size := range mixtureSizes {
		sum += size
	}
	return sum
}

// checkCompressed checks that all messages came back, in fewer bytes than uncompressed.
func checkCompressed(t *testing.T, got compressed, extensions string) {
	t.Helper()
	checkExtensions(t, got.Extensions, extensions)
	if got.Error != "" || got.Equal != len(mixtureSizes) {
		t.Errorf("%d of %d messages came back unchanged; %s; the connection ended with %+v",
			got.Equal, len(mixtureSizes), got.Error, got.Closed)
	}
	if got.Received > 0 {
		t.Logf("%d bytes of messages: %d sent, %d received", mixtureBytes(), got.Sent, got.Received)
		if got.Received > mixtureBytes()*7/10 {
			t.Errorf("the echoes of %d bytes took %d, want less than 70 %%: half of them are repetitions", mixtureBytes(), got.Received)
		}
	}
	if got.Closed.Code != 1000 {
		t.Errorf("after close(1000) the client got %+v", got.Closed)
	}
}

// TestNodeCompressed: the npm package ws gets all messages back with every set of
// parameters. It sends all of them before it reads the first.
//
// req: 7692-5-f 7692-7.1.1.1-a 7692-7.1.2.1-b 7692-7.2.2-c 7692-7.2.2-e
func TestNodeCompressed(t *testing.T) {
	t.Parallel()
	node := nodeWithWS(t)
	p := start(t)
	type options = map[string]any
	for _, test := range []struct {
		rule       string
		options    options
		extensions string
	}{
		{"the defaults of ws", nil, "permessage-deflate"},
		{"server without takeover", options{"serverNoContextTakeover": true}, "permessage-deflate; server_no_context_takeover"},
		{"client without takeover", options{"clientNoContextTakeover": true}, "permessage-deflate; client_no_context_takeover"},
		{"server's window of 512 bytes", options{"serverMaxWindowBits": 9}, "permessage-deflate; server_max_window_bits=9"},
		{"client's window of 1 KiB", options{"serverMaxWindowBits": 15, "clientMaxWindowBits": 10}, "permessage-deflate; server_max_window_bits=15"},
		{"a compressor of the client with little memory", options{"zlibDeflateOptions": options{"memLevel": 1}}, "permessage-deflate"},
		{"client's window of 512 bytes", options{"clientMaxWindowBits": 9}, "permessage-deflate"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			got := observed[compressed](t, node, "ws_compressed.js", map[string]any{
				"url": p.ws(), "options": test.options, "sizes": mixtureSizes})
			checkCompressed(t, got, test.extensions)
		})
	}
}

// TestTakeoverConns: a connection above -takeover-conns gets no context takeover, until a
// connection that holds a window has ended.
//
// req: 7692-7.1.1.2-b
func TestTakeoverConns(t *testing.T) {
	t.Parallel()
	node := nodeWithWS(t)
	p := start(t, "-takeover-conns", "1")
	got := observed[[]string](t, node, "ws_takeover.js", map[string]any{"url": p.ws()})
	without := "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
	if want := []string{"permessage-deflate", without, "permessage-deflate"}; !slices.Equal(got, want) {
		t.Errorf("the first connection, the second, and one after the first had ended got\n%q, want\n%q", got, want)
	}
}

// TestPythonCompressed: the Python package websockets gets all messages back with every
// set of parameters. It sends while it reads.
func TestPythonCompressed(t *testing.T) {
	t.Parallel()
	python := pythonWithWebSockets(t)
	p := start(t)
	type options = map[string]any
	for _, test := range []struct {
		rule       string
		options    options
		extensions string
	}{
		{"the defaults of websockets", nil, "permessage-deflate"},
		{"no context takeover on either side", options{"server_no_context_takeover": true, "client_no_context_takeover": true},
			"permessage-deflate; server_no_context_takeover; client_no_context_takeover"},
		{"windows of 512 bytes", options{"server_max_window_bits": 9, "client_max_window_bits": 9},
			"permessage-deflate; server_max_window_bits=9"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			got := observed[compressed](t, python, "compressed.py", map[string]any{
				"url": p.ws(), "options": test.options, "sizes": mixtureSizes})
			checkCompressed(t, got, test.extensions)
		})
	}
}
