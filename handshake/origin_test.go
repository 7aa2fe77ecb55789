package handshake

import (
	"strings"
	"testing"
)

// The origin policy: which Origin is accepted for which host.
//
// req: 6455-10.2-a 6455-4.2.2-b
func TestOriginPolicy(t *testing.T) {
	tests := []struct {
		name, host, origin string
		policy             Policy
		in                 bool
	}{
		{"the server's own page", "localhost:8080", "http://localhost:8080", Policy{}, true},
		{"its own page over TLS", "example.com", "https://example.com", Policy{Scheme: "https"}, true},
		{"the default port of http, said and unsaid", "h", "http://h:80", Policy{}, true},
		{"unsaid and said", "h:80", "http://h", Policy{Scheme: "http"}, true},
		{"the default port of https", "h", "https://h:443", Policy{Scheme: "https"}, true},
		{"an empty port is the default one", "h:", "http://h", Policy{}, true},
		{"scheme and host in another letter case", "Example.COM", "HTTP://example.com", Policy{}, true},
		{"an IPv6 address", "[::1]:8080", "http://[::1]:8080", Policy{}, true},

		{"another scheme: a page over http must not act for one over https", "h", "http://h", Policy{Scheme: "https"}, false},
		{"another port: 443 is not the default of http", "h", "http://h:443", Policy{}, false},
		{"another host", "h", "http://evil.example", Policy{}, false},
		{"a host that begins with the own one", "example.com", "http://example.com.evil.example", Policy{}, false},
		{"a host that ends with the own one", "example.com", "http://evilexample.com", Policy{}, false},
		{"a subdomain", "example.com", "http://www.example.com", Policy{}, false},
		{"the own host as userinfo", "example.com", "http://example.com@evil.example", Policy{}, false},
		{"null, the origin of files and sandboxed frames", "h", "null", Policy{}, false},
		{"an empty Origin is not an absent one", "h", "", Policy{}, false},
		{"a path after the host", "h", "http://h/", Policy{}, false},
		{"a list of origins", "h", "http://h http://evil.example", Policy{}, false},
		{"the Kelvin sign, which in Unicode is a capital k", "k", "http://\u212a", Policy{}, false},
		{"the literal star", "h", "*", Policy{}, false},

		{"an allowed origin", "h", "https://example.com", Policy{Origins: []string{"http://a", "https://example.com:443"}}, true},
		{"not on the list", "h", "https://example.org", Policy{Origins: []string{"https://example.com"}}, false},
		{"null when it is allowed", "h", "null", Policy{Origins: []string{"null"}}, true},
		{"a browser's extension", "h", "moz-extension://1234-abcd", Policy{Origins: []string{"moz-extension://1234-abcd"}}, true},
		{"any", "h", "http://evil.example", Policy{Origins: []string{"*"}}, true},
		{"any, and be it nonsense", "h", "?", Policy{Origins: []string{"*"}}, true},
		{"an empty entry allows nothing", "h", "", Policy{Origins: []string{""}}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			head := edit(t, rfcRequest, "Host: server.example.com", "Host: "+test.host)
			head = edit(t, head, "Origin: http://example.com", "Origin: "+test.origin)
			_, err := Accept(parseRequest(t, head), &test.policy)
			if test.in && err != nil {
				t.Errorf("%v; want the Origin %q let in", err, test.origin)
			}
			if !test.in {
				wantRefusal(t, err, 403, "RFC 6455 §10.2")
			}
		})
	}
}

// A 403 tells the operator what to do about it, as long as doing it is safe:
// the origin is a stranger's text that somebody may paste into a shell.
func TestForeignOriginNamesTheFlag(t *testing.T) {
	tests := []struct {
		name, origin string
		advice       string // "" for none
	}{
		{"a site", "https://example.com", "-origin https://example.com"},
		{"null", "null", "-origin null"},
		{"a program made of web pages", "file://", "-origin file://"},
		{"the star would let in everybody", "*", ""},
		{"what a shell would run", "http://$(reboot)", ""},
		{"a line end, escaped", "http://h\u00a0\u0085", ""},
		{"16 KiB of it", "http://" + strings.Repeat("a", 9000), ""},
	}
	for _, test := range tests {
		rule := foreignOrigin(test.origin, "http://localhost:8080")
		if test.advice == "" && strings.Contains(rule, "-origin") ||
			!strings.HasSuffix(rule, test.advice) || len(rule) > 400 {
			t.Errorf("%s: the rule should advise %q, and be short: %s", test.name, test.advice, rule)
		}
	}
}

func TestValidOrigin(t *testing.T) {
	for _, text := range []string{"*", "null", "http://h", "https://example.com:8443", "http://[::1]:80", "HTTP://H", "file://"} {
		if !ValidOrigin(text) {
			t.Errorf("ValidOrigin(%q) = false, but an Origin can look like this", text)
		}
	}
	for _, text := range []string{"", "example.com", "http://", "http://:80", "http://h/", "http://h/path", "http://h?",
		"http://h:x", "http://[::1", "http://::1", "http://a b", "http://u@h", "://h", "a:b://h", "http://[]", "http://*.example.com"} {
		if ValidOrigin(text) {
			t.Errorf("ValidOrigin(%q) = true, but no browser sends this, so it could never match", text)
		}
	}
}
