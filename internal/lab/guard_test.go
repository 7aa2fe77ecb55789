package lab

import (
	"crypto/tls"
	"net"
	"testing"

	"barewire/internal/annotate"
	"barewire/internal/app"
	"barewire/internal/server"
)

// TestHosts: the lab answers only under the address that it listens on. An attacker
// could point any other name here, and read the answers from a page of that name.
func TestHosts(t *testing.T) {
	every := &net.TCPAddr{IP: net.IPv4zero, Port: 8080}
	tests := []struct {
		rule    string
		addr    *net.TCPAddr
		secure  bool
		origins []string
		served  []string
		refused []string
	}{
		{"on 127.0.0.1", loopback, false, nil,
			[]string{"127.0.0.1:8080", "localhost:8080", "LocalHost:8080"},
			[]string{"127.0.0.1", "localhost", "127.0.0.1:8081", "127.0.0.2:8080", "[::1]:8080", "192.168.1.7:8080",
				"evil.example", "evil.example:8080", "127.0.0.1.evil.example:8080", "localhost.evil.example:8080", "2130706433:8080"}},
		{"on ::1", &net.TCPAddr{IP: net.IPv6loopback, Port: 8080}, false, nil,
			[]string{"[::1]:8080", "localhost:8080"},
			[]string{"127.0.0.1:8080", "[::1]", "[::2]:8080"}},
		{"on the default port", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}, false, nil,
			[]string{"127.0.0.1", "localhost", "127.0.0.1:80"},
			[]string{"127.0.0.1:443", "evil.example"}},
		{"on the default port of https", &net.TCPAddr{IP: net.IPv6loopback, Port: 443}, true, nil,
			[]string{"[::1]", "localhost", "[::1]:443"},
			[]string{"[::1]:80", "evil.example"}},
		{"forced, on an address that other machines reach", &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 8080}, false, nil,
			[]string{"192.0.2.7:8080"},
			[]string{"localhost:8080", "127.0.0.1:8080", "192.0.2.8:8080", "evil.example:8080"}},
		{"forced, on every address of this machine", every, false, nil,
			[]string{"127.0.0.1:8080", "localhost:8080"},
			[]string{"0.0.0.0:8080", "192.0.2.7:8080", "evil.example:8080", "127.0.0.1:80"}},
		{"forced, under a name from -origin", every, false, []string{"https://lab.example", "*"},
			[]string{"lab.example", "127.0.0.1:8080"},
			[]string{"lab.example:8080", "evil.example", "*"}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			config := server.DefaultConfig()
			config.Origins = test.origins
			if test.secure {
				config.TLS = new(tls.Config)
			}
			l := New(config, test.addr, annotate.Options{})
			defer l.Close()
			for _, host := range test.served {
				if _, err := l.Page(request(t, "/lab", host)); err != nil {
					t.Errorf("Host %s got %v, want the page", host, err)
				}
			}
			for _, host := range test.refused {
				for _, path := range []string{"/lab", "/lab/main.js", "/lab/rules.json"} {
					if _, err := l.Page(request(t, path, host)); err == nil || err.Status != 421 {
						t.Errorf("%s for Host %s got %v, want 421", path, host, err)
					}
				}
				if _, err := l.Upgrade(request(t, "/lab/feed", host, "Origin: http://"+host)); err == nil || err.Status != 421 {
					t.Errorf("a feed for Host %s got %v, want 421", host, err)
				}
			}
		})
	}
}

// TestFeedOrigins: only the lab's own page may open the feed.
func TestFeedOrigins(t *testing.T) {
	config := server.DefaultConfig()
	config.App = new(app.App)
	config.Origins = []string{"*", "https://lab.example", "http://friend.example"}
	l := New(config, loopback, annotate.Options{})
	defer l.Close()
	for _, test := range []struct {
		host, origin string
		status       int
	}{
		{"127.0.0.1:8080", "Origin: http://127.0.0.1:8080", 0},
		{"localhost:8080", "Origin: http://localhost:8080", 0},
		{"lab.example", "Origin: https://lab.example", 0},
		{"127.0.0.1:8080", "Origin: http://localhost:8080", 403}, // another page of this server
		{"127.0.0.1:8080", "Origin: http://friend.example", 403}, // which may open /echo, but not the feed
		{"127.0.0.1:8080", "Origin: https://lab.example", 403},
		{"127.0.0.1:8080", "Origin: http://127.0.0.1:8081", 403},
		{"127.0.0.1:8080", "Origin: https://127.0.0.1:8080", 403},
		{"127.0.0.1:8080", "Origin: http://evil.example", 403},
		{"127.0.0.1:8080", "Origin: null", 403},
		{"127.0.0.1:8080", "X-No: origin", 403}, // not a browser: it may use the server directly
	} {
		handler, err := l.Upgrade(request(t, "/lab/feed", test.host, test.origin))
		if test.status == 0 && (handler == nil || err != nil) {
			t.Errorf("%s at %s got %v, want a feed", test.origin, test.host, err)
		}
		if test.status > 0 && (handler != nil || err == nil || err.Status != test.status) {
			t.Errorf("%s at %s got %v, %v; want %d", test.origin, test.host, handler, err, test.status)
		}
	}
	if handler, err := l.Upgrade(request(t, "/echo", "evil.example")); handler == nil || err != nil {
		t.Errorf("/echo got %v, %v; want the handler of the next App", handler, err)
	}
}
