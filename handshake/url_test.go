package handshake

import (
	"fmt"
	"strings"
	"testing"
)

func ExampleParseURL() {
	u, err := ParseURL("wss://example.com:8443/chat?room=1")
	fmt.Println(u.Secure, u.Host, u.Address, u.ServerName, u.Resource, err)
	// Output: true example.com:8443 example.com:8443 example.com /chat?room=1 <nil>
}

func TestParseURL(t *testing.T) {
	tests := []struct {
		name, text                          string
		host, address, serverName, resource string
	}{
		// req: 6455-3-a 6455-4.1-g
		{"ws is port 80", "ws://h/p", "h", "h:80", "h", "/p"},
		{"wss is port 443", "wss://h/p", "h", "h:443", "h", "/p"},
		{"a port of its own", "ws://h:8080/p", "h:8080", "h:8080", "h", "/p"},
		{"the default port, said", "ws://h:80/p", "h", "h:80", "h", "/p"},
		{"the default port of the other scheme", "ws://h:443/p", "h:443", "h:443", "h", "/p"},
		{"an empty port is none", "wss://h:/p", "h", "h:443", "h", "/p"},
		{"the last port", "ws://h:65535/", "h:65535", "h:65535", "h", "/"},
		{"zeros before the port", "ws://h:0080/", "h", "h:80", "h", "/"},
		// req: 6455-3-b
		{"WSS in capitals", "WSS://h/", "h", "h:443", "h", "/"},
		{"Ws in both", "Ws://h/", "h", "h:80", "h", "/"},
		// req: 6455-3-c 9112-3.2.1-a
		{"no path is /", "ws://h", "h", "h:80", "h", "/"},
		{"no path but a query", "ws://h?q", "h", "h:80", "h", "/?q"},
		{"an empty query is none", "ws://h/p?", "h", "h:80", "h", "/p"},
		{"a query", "ws://h/p?a=b&c", "h", "h:80", "h", "/p?a=b&c"},
		{"only the first ? ends the path", "ws://h/p?a?b/c", "h", "h:80", "h", "/p?a?b/c"},
		{"an empty segment stays", "ws://h//p/", "h", "h:80", "h", "//p/"},
		// req: 6455-3-d
		{"a # that is data", "ws://h/%23?%23", "h", "h:80", "h", "/%23?%23"},
		// req: 6455-11.1.1-a
		{"beyond ASCII", "ws://h/\u00fc?\u20ac", "h", "h:80", "h", "/%C3%BC?%E2%82%AC"},
		{"what is encoded stays as it is", "ws://h/%c3%bc%2F", "h", "h:80", "h", "/%c3%bc%2F"},
		{"both at once", "ws://h/\u00fc%2f", "h", "h:80", "h", "/%C3%BC%2f"},
		{"a space", "ws://h/a b?c d", "h", "h:80", "h", "/a%20b?c%20d"},
		{"every mark that a path may hold", "ws://h/-._~!$&'()*+,;=:@", "h", "h:80", "h", "/-._~!$&'()*+,;=:@"},
		{"marks that no URI holds", "ws://h/\"<>[\\]^`{|}", "h", "h:80", "h", "/%22%3C%3E%5B%5C%5D%5E%60%7B%7C%7D"},
		{"brackets in a path and a query", "ws://h/[a]?[b]", "h", "h:80", "h", "/%5Ba%5D?%5Bb%5D"},
		// req: 9110-4.2.4-a 9112-3.2-b
		{"userinfo goes nowhere", "ws://u:p@h:81/", "h:81", "h:81", "h", "/"},
		{"an @ in the password", "ws://u:p@q@h/", "h", "h:80", "h", "/"},

		{"an IPv4 address", "ws://127.0.0.1:8080/", "127.0.0.1:8080", "127.0.0.1:8080", "127.0.0.1", "/"},
		{"an IPv6 address", "ws://[::1]/", "[::1]", "[::1]:80", "::1", "/"},
		{"with a port", "wss://[2001:db8::1]:8443/", "[2001:db8::1]:8443", "[2001:db8::1]:8443", "2001:db8::1", "/"},
		{"a zone is for the dialler alone", "ws://[fe80::1%25eth0]:81/", "[fe80::1]:81", "[fe80::1%eth0]:81", "fe80::1", "/"},
		{"an internationalised name in its ASCII form", "ws://xn--bcher-kva.example/", "xn--bcher-kva.example",
			"xn--bcher-kva.example:80", "xn--bcher-kva.example", "/"},
	}
	for _, test := range tests {
		u, err := ParseURL(test.text)
		if err != nil {
			t.Errorf("%s: ParseURL(%q) fails: %v", test.name, test.text, err)
			continue
		}
		want := URL{test.text[2] != ':', test.host, test.address, test.serverName, test.resource, u.User}
		if u != want {
			t.Errorf("%s: ParseURL(%q) =\n%+v, want\n%+v", test.name, test.text, u, want)
		}
	}
}

func TestParseURLHandsOverTheUserinfo(t *testing.T) {
	u, err := ParseURL("ws://me%40home:se%3Acret@h/")
	if err != nil || u.User == nil {
		t.Fatalf("User %v, error %v", u.User, err)
	}
	if password, _ := u.User.Password(); u.User.Username() != "me@home" || password != "se:cret" {
		t.Errorf("got user %q and password %q, want them decoded", u.User.Username(), password)
	}
	if u, err = ParseURL("ws://me@h/"); err != nil || u.User.Username() != "me" {
		t.Errorf("a user without password: %v, error %v", u.User, err)
	}
}

// req: 6455-4.1-a
func TestParseURLRefuses(t *testing.T) {
	tests := []struct{ name, text, says string }{
		{"another scheme", "http://h/", "ws://host:port/path"},
		{"one that begins with ws", "wsx://h/", "ws://host:port/path"},
		{"no scheme", "h:8080/p", "ws://host:port/path"},
		{"no slashes", "ws:h", "the host is missing"},
		{"nothing", "", "ws://host:port/path"},
		{"no host", "ws:///p", "the host is missing"},
		{"no host but a port", "ws://:80/", "the host is missing"},
		{"no host but a user", "ws://u@/", "the host is missing"},
		{"port 0", "ws://h:0/", "1 to 65535"},
		{"port 65536", "ws://h:65536/", "1 to 65535"},
		{"a port of many digits", "ws://h:99999999999999999999/", "1 to 65535"},
		{"a port that is no number", "ws://h:http/", "port"},
		{"a negative port", "ws://h:-1/", "port"},
		{"two ports", "ws://h:1:2/", "h:1"},
		{"an IPv6 address without brackets", "ws://::1/", ":"},
		{"one with a port, without brackets", "ws://1::2:80/", ":"},
		{"a bracket that is not closed", "ws://[::1/", "missing ']'"},
		{"an IPv4 address in brackets", "ws://[127.0.0.1]/", "RFC 3986"},
		{"nothing in brackets", "ws://[]/", "RFC 3986"},
		{"an empty zone", "ws://[fe80::1%25]/", "RFC 3986"},
		{"a zone without its %25", "ws://[fe80::1%eth0]/", "%et"},
		{"a zone that is no name", "ws://[fe80::1%25a%20b]/", "IPv6"},
		{"a space in the host", "ws://a b/", "host name"},
		{"a line end in the host", "ws://h\r\nA: b/", "control character"},
		{"an attempt to add a field", "ws://h/ HTTP/1.1\r\nA: b", "control character"},
		{"a host with a mark that only a URI has", "ws://h!/", "not allowed in a host name"},
		{"a backslash, which browsers take for a slash", "ws://h\\.evil.example/", "host name"},
		// req: 6455-11.1.1-a
		{"a host beyond ASCII", "ws://b\u00fccher.example/", "xn--"},
		{"what is not UTF-8", "ws://h/\xff", "UTF-8"},
		{"a % without digits", "ws://h/100%", "%"},
		{"a % without digits in the query", "ws://h/?100%zz", "%25"},
		// req: 6455-3-d
		{"a fragment", "ws://h/p#f", "%23"},
		{"an empty fragment", "ws://h/p#", "%23"},
		{"a fragment and no path", "ws://h#f", "%23"},
		{"a user name wrongly encoded", "ws://%zz@h/", "%zz"},
		{"a password wrongly encoded", "ws://u:%zz@h/", "%zz"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u, err := ParseURL(test.text)
			wantClientError(t, err, test.says)
			if u != (URL{}) {
				t.Errorf("an error, and still a URL: %+v", u)
			}
		})
	}
}

// For any accepted text, the request is valid HTTP, and parsing it again gives the same
// resource.
func FuzzURL(f *testing.F) {
	for _, seed := range []string{
		"ws://server.example.com/chat", "wss://u:p@[fe80::1%25eth0]:8443/\u00fc?a b", "WS://h?", "ws://h:0/",
		"ws://h/%2", "http://h/", "ws://h\\@e/", "ws://h#",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := ParseURL(text)
		if err != nil {
			wantClientError(t, err, "RFC ")
			return
		}
		_, query, found := strings.Cut(u.Resource, "?")
		if !strings.HasPrefix(u.Resource, "/") || found && query == "" {
			t.Fatalf("%q has the resource %q", text, u.Resource)
		}
		for _, c := range []byte(u.Host + u.Resource + u.Address + u.ServerName) {
			if c <= ' ' || c > '~' || c == '#' {
				t.Fatalf("%q puts the byte %#02x on the wire: %+v", text, c, u)
			}
		}
		scheme := "ws://"
		if u.Secure {
			scheme = "wss://"
		}
		again, err := ParseURL(scheme + u.Host + u.Resource)
		if err != nil || again.Host != u.Host || again.Resource != u.Resource || again.ServerName != u.ServerName {
			t.Fatalf("%q is %+v; written again it is %+v, error %v", text, u, again, err)
		}
	})
}
