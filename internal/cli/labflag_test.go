package cli

import (
	"net"
	"slices"
	"strings"
	"testing"
)

// TestSubprotocolFlag: the flag reaches the server's configuration.
func TestSubprotocolFlag(t *testing.T) {
	options, _, _ := parseServe([]string{"-subprotocol", "mqtt, chat"}, streams{})
	if !slices.Equal(options.config.Subprotocols, []string{"mqtt", "chat"}) {
		t.Errorf("the subprotocols are %q", options.config.Subprotocols)
	}
}

// TestLabFlag: without the flag, the lab is served only on loopback addresses.
func TestLabFlag(t *testing.T) {
	tests := []struct {
		args string
		addr string
		on   bool
	}{
		{"", "127.0.0.1:8080", true},
		{"", "127.8.9.10:8080", true},
		{"", "[::1]:8080", true},
		{"", "0.0.0.0:8080", false},
		{"", "[::]:8080", false},
		{"", "192.0.2.7:8080", false},
		{"-lab", "192.0.2.7:8080", true},
		{"-lab=true", "0.0.0.0:8080", true},
		{"-lab=false", "127.0.0.1:8080", false},
	}
	for _, test := range tests {
		options, done, _ := parseServe(strings.Fields(test.args), streams{})
		if done {
			t.Fatalf("%q was not accepted", test.args)
		}
		addr, err := net.ResolveTCPAddr("tcp", test.addr)
		if err != nil {
			t.Fatal(err)
		}
		if got := options.lab.on(addr); got != test.on {
			t.Errorf("%q on %s: lab served: %v, want %v", test.args, test.addr, got, test.on)
		}
	}
}
