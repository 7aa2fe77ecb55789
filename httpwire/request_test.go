package httpwire

import (
	"reflect"
	"strings"
	"testing"
)

// The request of RFC 9112 §2.1, with each part in its field.
func TestRequestParts(t *testing.T) {
	stream := "GET /hello.txt?lang=en HTTP/1.1\r\n" +
		"User-Agent: curl/7.64.1\r\n" +
		"Host: www.example.com\r\n" +
		"Accept-Language: en, mi\r\n" +
		"\r\n"
	got := mustReadRequest(t, stream+"GET /next HTTP/1.1\r\n")
	want := &Request{
		Head:      stream,
		Method:    "GET",
		Target:    "/hello.txt?lang=en",
		Form:      OriginForm,
		Authority: "www.example.com",
		Path:      "/hello.txt",
		Query:     "lang=en",
		Minor:     1,
		Fields: Fields{
			{"User-Agent", "curl/7.64.1", 33},
			{"Host", "www.example.com", 58},
			{"Accept-Language", "en, mi", 81},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	for _, field := range got.Fields {
		if !strings.HasPrefix(got.Head[field.Offset:], field.Name+":") {
			t.Errorf("offset %d is not where the line of %s starts", field.Offset, field.Name)
		}
	}
}

func TestRequestTaken(t *testing.T) {
	for _, test := range []struct {
		rule   string
		stream string
		check  func(r *Request) bool
	}{
		{ // req: 9112-2.2-d
			"empty lines in front are skipped",
			"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
			func(r *Request) bool { return r.Method == "GET" && strings.HasPrefix(r.Head, "GET") },
		},
		{ // req: 9110-6.2-b
			"HTTP/1.9 is served as HTTP/1.1",
			"GET / HTTP/1.9\r\nHost: a\r\n\r\n",
			func(r *Request) bool { return r.Minor == 9 && !r.WantsClose() },
		},
		{
			"HTTP/1.0 may leave Host out",
			"GET / HTTP/1.0\r\n\r\n",
			func(r *Request) bool { return r.Minor == 0 && r.Authority == "" && r.WantsClose() },
		},
		{ // req: 9112-3.1-a
			"methods are case-sensitive, and an unknown method is still a method",
			"get / HTTP/1.1\r\nHost: a\r\n\r\n",
			func(r *Request) bool { return r.Method == "get" && !KnownMethod(r.Method) && KnownMethod("GET") },
		},
		{ // req: 9110-5.1-a
			"field names have no letter case",
			"GET / HTTP/1.1\r\nhOST: a\r\n\r\n",
			func(r *Request) bool { return r.Authority == "a" },
		},
		{ // req: 9110-5.1-b
			"unknown fields are kept and have no effect, wherever they are",
			"GET / HTTP/1.1\r\nX-Shoe-Size: 43\r\nHost: a\r\nZ!#$%&'*+.^_`|~: 1\r\n\r\n",
			func(r *Request) bool { return r.Authority == "a" && len(r.Fields) == 3 },
		},
		{ // req: 9110-5.5-a
			"SP and HTAB around a value are not part of it, but those inside are",
			"GET / HTTP/1.1\r\nHost: \t a\t\r\nX:a \t b\r\nEmpty: \r\n\r\n",
			func(r *Request) bool {
				x, _ := r.Fields.Get("x")
				empty, found := r.Fields.Get("empty")
				return r.Authority == "a" && x == "a \t b" && empty == "" && found
			},
		},
		{ // req: 9110-5.5-a
			"the no-break space and NEL are not whitespace",
			"GET / HTTP/1.1\r\nHost: a\r\nX: \xA0b\x85\r\n\r\n",
			func(r *Request) bool { x, _ := r.Fields.Get("X"); return x == "\xA0b\x85" },
		},
		{ // req: 9112-2.2-a 9110-5.5-d
			"bytes 80 to FF in a value are opaque, whether UTF-8 or not",
			"GET / HTTP/1.1\r\nHost: a\r\nX: \xC3\xBC \xFF\x80\xE2\x80\xA8:\xC0\x8A\r\nY: 1\r\n\r\n",
			func(r *Request) bool {
				x, _ := r.Fields.Get("X")
				return x == "\xC3\xBC \xFF\x80\xE2\x80\xA8:\xC0\x8A" && len(r.Fields) == 3
			},
		},
		{
			"a request line of its own is a head",
			"OPTIONS * HTTP/1.0\r\n\r\n",
			func(r *Request) bool { return r.Path == "*" && len(r.Fields) == 0 },
		},
	} {
		t.Run(test.rule, func(t *testing.T) {
			if r := mustReadRequest(t, test.stream); !test.check(r) {
				t.Errorf("%q was read as %+v", test.stream, r)
			}
		})
	}
}

// The next byte after a head is never touched: n is where the next request
// starts.
func TestPipelinedRequests(t *testing.T) {
	first := "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n"
	second := "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
	stream := []byte(first + "hi" + second + "GET /c")

	var r Request
	n, err := ParseRequest(&r, stream, nil)
	if n != len(first) || err != nil || r.Path != "/a" || r.Body.Length != 2 {
		t.Fatalf("first request: n = %d, err = %v, %+v", n, err, r)
	}
	stream = stream[n+2:]
	n, err = ParseRequest(&r, stream, nil)
	if n != len(second) || err != nil || r.Path != "/b" || r.Body.Framing != NoBody || len(r.Fields) != 1 {
		t.Fatalf("second request: n = %d, err = %v, %+v", n, err, r)
	}
	n, err = ParseRequest(&r, stream[n:], nil)
	if n != 0 || err != nil {
		t.Fatalf("third request is not complete: n = %d, err = %v", n, err)
	}
}

// The buffer can be reused as soon as ParseRequest returns.
func TestRequestKeepsNoBuffer(t *testing.T) {
	b := []byte("GET /path HTTP/1.1\r\nHost: a\r\n\r\n")
	var r Request
	if _, err := ParseRequest(&r, b, nil); err != nil {
		t.Fatal(err)
	}
	clear(b)
	if r.Path != "/path" || r.Authority != "a" {
		t.Errorf("the request changed with the buffer it was read from: %+v", r)
	}
}

func TestRequestPersistence(t *testing.T) {
	for _, test := range []struct {
		version, field string
		want           bool
	}{
		{"HTTP/1.1", "", false},
		{"HTTP/1.1", "Connection: close", true},
		{"HTTP/1.1", "Connection: keep-alive", false},
		{"HTTP/1.1", "Connection: foo, CLOSE", true}, // req: 9110-7.6.1-a
		{"HTTP/1.1", "Connection: foo\r\nConnection: ,,close", true},
		{"HTTP/1.1", "Connection: closed", false},
		{"HTTP/1.1", "Connection: \"x, close", true}, // a quote means nothing here
		{"HTTP/1.1", "Connection: keep-alive, close", true},
		{"HTTP/1.0", "", true},
		{"HTTP/1.0", "Connection: Keep-Alive", false},
		{"HTTP/1.0", "Connection: Keep-Alive, close", true},
	} {
		r := mustReadRequest(t, "GET / "+test.version+"\r\nHost: a\r\n"+
			strings.TrimPrefix(test.field+"\r\n", "\r\n")+"\r\n")
		if got := r.WantsClose(); got != test.want {
			t.Errorf("%s with %q: Close() = %v, want %v", test.version, test.field, got, test.want)
		}
	}
}

func TestExpectsContinue(t *testing.T) {
	for _, test := range []struct {
		name, stream string
		want         bool
	}{
		{"a body by length", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n", true},
		{"a chunked body", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n", true},
		{"no body to wait with", "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", false},
		{"a body of no bytes", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n", false},
		{"HTTP/1.0 knows no 100", "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", false},
		{"nothing expected", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", false},
	} {
		if got := mustReadRequest(t, test.stream).ExpectsContinue(); got != test.want {
			t.Errorf("%s: ExpectsContinue() = %v, want %v", test.name, got, test.want)
		}
	}
}

// One allocation for each request: the string of its head.
func TestRequestAllocations(t *testing.T) {
	for _, head := range []string{shortHead, browserHead} {
		var r Request
		b := []byte(head)
		got := testing.AllocsPerRun(100, func() {
			if n, err := ParseRequest(&r, b, nil); n != len(b) || err != nil {
				t.Fatal(n, err)
			}
			if r.WantsClose() || r.ExpectsContinue() {
				t.Fatal("the request does not close and expects nothing")
			}
		})
		if got != 1 {
			t.Errorf("%v allocations for a head of %d bytes, want 1", got, len(b))
		}
	}
}

const shortHead = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"

const browserHead = "GET /lab?view=bytes HTTP/1.1\r\n" +
	"Host: localhost:8080\r\n" +
	"Connection: keep-alive\r\n" +
	"Cache-Control: max-age=0\r\n" +
	"Upgrade-Insecure-Requests: 1\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n" +
	"Sec-Fetch-Site: none\r\n" +
	"Sec-Fetch-Mode: navigate\r\n" +
	"Accept-Encoding: gzip, deflate, br\r\n" +
	"Accept-Language: en-US,en;q=0.9\r\n\r\n"

func BenchmarkParseRequest(b *testing.B) {
	for _, bench := range []struct{ name, head string }{{"short", shortHead}, {"browser", browserHead}} {
		b.Run(bench.name, func(b *testing.B) {
			var r Request
			head := []byte(bench.head)
			b.SetBytes(int64(len(head)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ParseRequest(&r, head, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
