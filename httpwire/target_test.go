package httpwire

import "testing"

// The four forms of a target, and the parts they are parsed into. Host is
// always "field" here.
func TestTargetForms(t *testing.T) {
	for _, test := range []struct {
		method, target string
		want           Request
	}{
		{"GET", "/", Request{Form: OriginForm, Authority: "field", Path: "/"}},
		{"GET", "/where?q=now", Request{Form: OriginForm, Authority: "field", Path: "/where", Query: "q=now"}},
		{"GET", "/a?b?c", Request{Form: OriginForm, Authority: "field", Path: "/a", Query: "b?c"}},
		{"GET", "/a?", Request{Form: OriginForm, Authority: "field", Path: "/a"}},
		{"GET", "/%41%2f", Request{Form: OriginForm, Authority: "field", Path: "/%41%2f"}},
		// What browsers leave unencoded.
		{"GET", "/a|b?c={d}^[e]`\\", Request{Form: OriginForm, Authority: "field", Path: "/a|b", Query: "c={d}^[e]`\\"}},
		{"GET", "/sale?off=20%&all=%", Request{Form: OriginForm, Authority: "field", Path: "/sale", Query: "off=20%&all=%"}},
		// req: 9112-3.2.1-c
		{"GET", "//host/x", Request{Form: OriginForm, Authority: "field", Path: "//host/x"}},
		{"GET", "/http://host/", Request{Form: OriginForm, Authority: "field", Path: "/http://host/"}},
		// req: 9112-3.2.2-a 9112-3.2.2-b
		{"GET", "http://example.com/a?b", Request{Form: AbsoluteForm, Scheme: "http", Authority: "example.com", Path: "/a", Query: "b"}},
		{"GET", "HTTPS://example.com:8443", Request{Form: AbsoluteForm, Scheme: "https", Authority: "example.com:8443", Path: "/"}},
		{"GET", "http://example.com?b", Request{Form: AbsoluteForm, Scheme: "http", Authority: "example.com", Path: "/", Query: "b"}},
		{"GET", "http://[::1]:80/", Request{Form: AbsoluteForm, Scheme: "http", Authority: "[::1]:80", Path: "/"}},
		{"OPTIONS", "*", Request{Form: AsteriskForm, Authority: "field", Path: "*"}},
		{"CONNECT", "example.com:80", Request{Form: AuthorityForm, Authority: "example.com:80"}},
		{"CONNECT", "[2001:db8::1]:65535", Request{Form: AuthorityForm, Authority: "[2001:db8::1]:65535"}},
	} {
		r := mustReadRequest(t, test.method+" "+test.target+" HTTP/1.1\r\nHost: field\r\n\r\n")
		if r.Target != test.target || r.Form != test.want.Form || r.Scheme != test.want.Scheme ||
			r.Authority != test.want.Authority || r.Path != test.want.Path || r.Query != test.want.Query {
			t.Errorf("%s %s is read in form %d: scheme %q, authority %q, path %q, query %q",
				test.method, test.target, r.Form, r.Scheme, r.Authority, r.Path, r.Query)
		}
	}
}

func TestTargetRefused(t *testing.T) {
	for _, test := range []struct{ rule, method, target string }{
		// req: 9112-3.2.1-b
		{"a relative path", "GET", "a"},
		{"a relative path with dots", "GET", "../x"},
		{"a query without path", "GET", "?q"},
		{"an authority, without CONNECT", "GET", "example.com:80"}, // req: 9110-7.1-a
		{"a URI without authority", "GET", "mailto:x"},
		{"a scheme that starts with a digit", "GET", "1http://a/"},
		{"a scheme with a byte that none has", "GET", "ht~tp://a/"},
		{"a URI without scheme", "GET", "://a/"},
		// req: 9110-7.1-a
		{"the asterisk with GET", "GET", "*"},
		{"the asterisk with CONNECT", "CONNECT", "*"},
		{"the asterisk and more", "OPTIONS", "**"},
		{"a path with CONNECT", "CONNECT", "/"},
		{"a URI with CONNECT", "CONNECT", "http://example.com:80/"},
		// req: 9110-4.2.1-a
		{"http without host", "GET", "http:///x"},
		{"https without host", "GET", "https://:443/x"},
		{"http and nothing", "GET", "http://"},
		{"a host that is none", "GET", "http://[::1/x"},
		// req: 9110-4.2.4-b
		{"a user name", "GET", "http://bank.example@evil.example/"},
		{"an empty user name", "GET", "http://@example.com/"},
		// req: 9110-9.3.6-a
		{"CONNECT without port", "CONNECT", "example.com"},
		{"CONNECT with an empty port", "CONNECT", "example.com:"},
		{"CONNECT with port 0", "CONNECT", "example.com:0"},
		{"CONNECT with port 65536", "CONNECT", "example.com:65536"},
		{"CONNECT with a word as port", "CONNECT", "example.com:http"},
		{"CONNECT without host", "CONNECT", ":80"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			refused(t, test.method+" "+test.target+" HTTP/1.1\r\nHost: field\r\n\r\n", nil, 400)
		})
	}
}

func TestHostField(t *testing.T) {
	for _, test := range []struct {
		rule, version, fields string
		status                int // 0: taken
	}{
		{"one Host", "1.1", "Host: a\r\n", 0},
		{"none in HTTP/1.0", "1.0", "", 0},
		{"none in HTTP/1.1", "1.1", "", 400},                                 // req: 9112-3.2-c
		{"none in HTTP/1.2", "1.2", "", 400},                                 // req: 9112-3.2-c
		{"two that differ", "1.1", "Host: a\r\nHost: b\r\n", 400},            // req: 9112-3.2-d
		{"two that are equal", "1.1", "Host: a\r\nX: y\r\nhost: a\r\n", 400}, // req: 9112-3.2-d
		{"two in HTTP/1.0", "1.0", "Host: a\r\nHost: a\r\n", 400},            // req: 9112-3.2-d
		{"a bad one in HTTP/1.0", "1.0", "Host: a b\r\n", 400},               // req: 9112-3.2-e
	} {
		stream := "GET / HTTP/" + test.version + "\r\n" + test.fields + "\r\n"
		if test.status == 0 {
			mustReadRequest(t, stream)
			continue
		}
		if e := refused(t, stream, nil, test.status); e.Field != "Host" {
			t.Errorf("%s: the error is about %q, want Host", test.rule, e.Field)
		}
	}
	// A bad Host is an error even where its value would be ignored.
	refused(t, "GET http://a/ HTTP/1.1\r\nHost: b/c\r\n\r\n", nil, 400)
	refused(t, "GET http://a/ HTTP/1.1\r\n\r\n", nil, 400)
}

// req: 9112-3.2-e
func TestSplitAuthority(t *testing.T) {
	for _, test := range []struct {
		value      string
		ok         bool
		host, port string
	}{
		{"example.com", true, "example.com", ""},
		{"example.com:8080", true, "example.com", "8080"},
		{"example.com:", true, "example.com", ""}, // port = *DIGIT
		{"127.0.0.1:80", true, "127.0.0.1", "80"},
		{"[::1]", true, "[::1]", ""},
		{"[2001:db8::7]:80", true, "[2001:db8::7]", "80"},
		{"[::ffff:192.0.2.1]", true, "[::ffff:192.0.2.1]", ""},
		{"[v1.a:b]", true, "[v1.a:b]", ""}, // IPvFuture
		{"", true, "", ""},
		{":80", true, "", "80"},
		{"a,b", true, "a,b", ""}, // a reg-name may contain sub-delims
		{"a%2Fb", true, "a%2Fb", ""},
		{"a_b.example", true, "a_b.example", ""},

		{"a b", false, "", ""},
		{"u@a", false, "", ""},
		{"a:xx", false, "", ""},
		{"a:+80", false, "", ""},
		{"a:80:80", false, "", ""},
		{"a/b", false, "", ""},
		{"a?b", false, "", ""},
		{"a#b", false, "", ""},
		{"a\\b", false, "", ""},
		{"a%2", false, "", ""},
		{"a%zz", false, "", ""},
		{"a\xFF", false, "", ""},
		{"[::1", false, "", ""},
		{"::1", false, "", ""},
		{"[::1]x", false, "", ""},
		{"[]", false, "", ""},
		{"]", false, "", ""},
		{"[1.2.3.4]", false, "", ""},
		{"[fe80::1%25eth0]", false, "", ""}, // a zone means nothing to another machine
		{"[v.a]", false, "", ""},
		{"[v1.]", false, "", ""},
		{"[v1a]", false, "", ""},
		{"[v1.a/]", false, "", ""},
	} {
		host, port, ok := SplitAuthority(test.value)
		if ok != test.ok || host != test.host || port != test.port {
			t.Errorf("SplitAuthority(%q) = %q, %q, %v, want %q, %q, %v",
				test.value, host, port, ok, test.host, test.port, test.ok)
		}
		p := parseRequest("GET / HTTP/1.1\r\nHost: "+test.value+"\r\n\r\n", nil)
		if (p.err == nil) != test.ok {
			t.Errorf("Host: %s gives error %v, but it is host[:port]: %v", test.value, p.err, test.ok)
		}
	}
}
