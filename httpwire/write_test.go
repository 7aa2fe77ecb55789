package httpwire

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const aDate = "Sun, 06 Nov 1994 08:49:37 GMT"

func TestAppendResponse(t *testing.T) {
	text := Fields{{Name: "Content-Type", Value: "text/plain"}}
	content := []byte("Hello World!")
	for _, test := range []struct {
		rule     string
		response Response
		date     string
		method   string
		want     string
	}{
		{ // req: 9112-6.3-k 9110-8.6-c 9110-6.2-a
			"the article's answer",
			Response{Status: 200, Fields: text, Content: content}, aDate, "GET",
			"HTTP/1.1 200 OK\r\nDate: " + aDate + "\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nHello World!",
		},
		{ // req: 9110-8.6-a 9110-9.3.2-a
			"to HEAD: the same, without content",
			Response{Status: 200, Fields: text, Content: content}, aDate, "HEAD",
			"HTTP/1.1 200 OK\r\nDate: " + aDate + "\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\n",
		},
		{
			"no content is content of no bytes",
			Response{Status: 404}, "", "GET",
			"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
		},
		{ // req: 9112-4-a
			"a status without reason has its SP all the same",
			Response{Status: 299}, "", "GET",
			"HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n",
		},
		{
			"a reason of one's own",
			Response{Status: 200, Reason: "Why not"}, "", "GET",
			"HTTP/1.1 200 Why not\r\nContent-Length: 0\r\n\r\n",
		},
		{ // req: 9110-6.2-a 9112-6.1-d
			"to HTTP/1.0: still HTTP/1.1, and never a transfer coding",
			Response{Minor: 0, Status: 200, Content: content}, "", "GET",
			"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nHello World!",
		},
		{ // req: 9110-8.6-b 9110-6.4.1-a 9112-6.1-b
			"101 ends at the empty line",
			Response{Status: 101, Fields: Fields{{Name: "Upgrade", Value: "websocket"}}, Content: content}, "", "GET",
			"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
		},
		{ // req: 9110-8.6-b 9110-6.4.1-a 9112-6.1-b
			"100 ends at the empty line",
			Response{Status: 100, Content: content}, "", "GET",
			"HTTP/1.1 100 Continue\r\n\r\n",
		},
		{ // req: 9110-8.6-b 9110-6.4.1-a 9112-6.1-b
			"204 ends at the empty line",
			Response{Status: 204, Content: content}, aDate, "GET",
			"HTTP/1.1 204 No Content\r\nDate: " + aDate + "\r\n\r\n",
		},
		{
			"304 has no content",
			Response{Status: 304, Content: content}, "", "GET",
			"HTTP/1.1 304 Not Modified\r\n\r\n",
		},
		{
			"205 has content of no bytes",
			Response{Status: 205, Content: content}, "", "GET",
			"HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n",
		},
		{
			"a list may be sent in several lines",
			Response{Status: 426, Fields: Fields{{Name: "Connection", Value: "Upgrade"}, {Name: "connection", Value: "close"}}}, "", "GET",
			"HTTP/1.1 426 Upgrade Required\r\nConnection: Upgrade\r\nconnection: close\r\nContent-Length: 0\r\n\r\n",
		},
	} {
		t.Run(test.rule, func(t *testing.T) {
			got, err := AppendResponse([]byte("before "), &test.response, test.date, test.method)
			if err != nil || string(got) != "before "+test.want {
				t.Errorf("err = %v, got\n%q\nwant\n%q", err, got, "before "+test.want)
			}
		})
	}
}

// req: 9110-2.2-a
func TestResponseSplitting(t *testing.T) {
	field := func(name, value string) Response {
		return Response{Status: 200, Fields: Fields{{Name: name, Value: value}}}
	}
	for _, test := range []struct {
		rule     string
		response Response
		date     string
	}{
		{"CR LF in a value", field("X", "a\r\nSet-Cookie: b"), ""},
		{"CR in a value", field("X", "a\rb"), ""},
		{"LF in a value", field("X", "a\nb"), ""},
		{"NUL in a value", field("X", "a\x00b"), ""},
		{"a folded value", field("X", "a\r\n b"), ""},
		{"a byte above 7F in a value", field("X", "\xFF"), ""},
		{"DEL in a value", field("X", "\x7F"), ""},
		{"SP in front of a value", field("X", " a"), ""},
		{"HTAB after a value", field("X", "a\t"), ""},
		{"no name", field("", "a"), ""},
		{"CR LF in a name", field("X: a\r\nY", "b"), ""},
		{"a colon in a name", field("X:", "b"), ""},
		{"SP in a name", field("X Y", "b"), ""},
		{"CR LF in a reason", Response{Status: 200, Reason: "OK\r\nX: a"}, ""},
		{"NUL in a reason", Response{Status: 200, Reason: "\x00"}, ""},
		{"a byte above 7F in a reason", Response{Status: 200, Reason: "d\xE9j\xE0"}, ""},
		{"SP in front of a reason", Response{Status: 200, Reason: " OK"}, ""},
		{"CR LF in a date", Response{Status: 200}, aDate + "\r\nX: a"},
		{"a status of two digits", Response{Status: 99}, ""},
		{"a status of no class", Response{Status: 600}, ""},
		{"an empty list element", field("Connection", "close,,foo"), ""},
		{"a comma at the end of a list", field("Allow", "GET, "), ""},
		{"a comma right at the end of a list", field("Allow", "GET,"), ""},
		{"a comma at the start of a list", field("Upgrade", ",websocket"), ""},
		// req: 9112-6.2-a 9112-6.1-d
		{"a length given by hand", field("content-length", "5"), ""},
		{"a transfer coding given by hand", field("Transfer-Encoding", "chunked"), ""},
		{"a date given by hand", field("Date", aDate), aDate},
		// req: 9110-5.3-a
		{"a field twice that is not a list", Response{Status: 200, Fields: Fields{
			{Name: "Content-Type", Value: "text/plain"}, {Name: "content-type", Value: "text/html"}}}, ""},
	} {
		t.Run(test.rule, func(t *testing.T) {
			got, err := AppendResponse([]byte("before"), &test.response, test.date, "GET")
			if err == nil {
				t.Fatalf("this was sent: %q", got)
			}
			if string(got) != "before" {
				t.Errorf("an error leaves dst alone, but it became %q", got)
			}
			checkError(t, err.(*Error), 500)
		})
	}
}

func TestAppendRequest(t *testing.T) {
	host := Field{Name: "Host", Value: "server.example.com"}
	got, err := AppendRequest(nil, "GET", "/chat?a=b", Fields{host, {Name: "Upgrade", Value: "websocket"}})
	want := "GET /chat?a=b HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n\r\n"
	if err != nil || string(got) != want {
		t.Errorf("err = %v, got\n%q\nwant\n%q", err, got, want)
	}

	// req: 9110-2.2-a 9110-5.3-a 9112-6.2-a
	for _, test := range []struct {
		rule, method, target string
		fields               Fields
	}{
		{"no method", "", "/", Fields{host}},
		{"SP in the method", "GET /x", "/", Fields{host}},
		{"no target", "GET", "", Fields{host}},
		{"SP in the target", "GET", "/a b", Fields{host}},
		{"CR LF in the target", "GET", "/ HTTP/1.1\r\nX: a", Fields{host}},
		{"a byte above 7F in the target", "GET", "/\xFF", Fields{host}},
		{"a fragment in the target", "GET", "/a#b", Fields{host}},
		{"a target without /", "GET", "a", Fields{host}},
		{"no Host", "GET", "/", nil},
		{"two Hosts", "GET", "/", Fields{host, host}},
		{"a Host that is none", "GET", "/", Fields{{Name: "Host", Value: "a/b"}}},
		{"CR LF in a value", "GET", "/", Fields{host, {Name: "X", Value: "a\r\nb"}}},
		{"a length given by hand", "GET", "/", Fields{host, {Name: "Content-Length", Value: "5"}}},
	} {
		got, err := AppendRequest([]byte("before"), test.method, test.target, test.fields)
		if err == nil || string(got) != "before" {
			t.Errorf("%s: err = %v, dst is %q", test.rule, err, got)
		}
	}
}

// The standard library's client and server understand the messages that we write.
func TestWrittenIsReadByOthers(t *testing.T) {
	wire, err := AppendResponse(nil, &Response{Status: 405, Fields: Fields{{Name: "Allow", Value: "GET, HEAD"}}, Content: []byte("no\n")}, aDate, "GET")
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(wire)), nil)
	if err != nil {
		t.Fatal(err)
	}
	content, _ := io.ReadAll(response.Body)
	if response.StatusCode != 405 || response.Header.Get("Allow") != "GET, HEAD" || string(content) != "no\n" {
		t.Errorf("net/http reads our response as %+v", response)
	}

	wire, err = AppendRequest(nil, "GET", "/a?b", Fields{{Name: "Host", Value: "example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(wire)))
	if err != nil || request.URL.Path != "/a" || request.Host != "example.com" {
		t.Errorf("net/http reads our request as %+v, err %v", request, err)
	}
}

// req: 9110-5.6.7-a
func TestAppendDate(t *testing.T) {
	for _, test := range []struct {
		when time.Time
		want string
	}{
		{time.Date(1994, 11, 6, 8, 49, 37, 0, time.UTC), aDate}, // the RFC's example
		{time.Date(1994, 11, 6, 10, 49, 37, 999, time.FixedZone("two hours east", 7200)), aDate},
		{time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC), "Tue, 29 Feb 2000 00:00:00 GMT"},
	} {
		if got := string(AppendDate([]byte("Date: "), test.when)); got != "Date: "+test.want {
			t.Errorf("AppendDate gives %q, want %q", got, "Date: "+test.want)
		}
	}
}

func TestAppendResponseAllocations(t *testing.T) {
	response := &Response{Status: 200, Content: []byte("Hello World!"), Fields: Fields{
		{Name: "Content-Type", Value: "text/plain"}, {Name: "Connection", Value: "keep-alive"}}}
	buffer := make([]byte, 0, 512)
	got := testing.AllocsPerRun(100, func() {
		if _, err := AppendResponse(buffer, response, aDate, "GET"); err != nil {
			t.Fatal(err)
		}
	})
	if got != 0 {
		t.Errorf("%v allocations for a response into a buffer with room, want none", got)
	}
}

func TestStatusText(t *testing.T) {
	for status := -1; status < 1000; status++ {
		want := http.StatusText(status)
		switch status {
		case 413: // RFC 9110 gave three statuses other names; net/http has the old ones
			want = "Content Too Large"
		case 414:
			want = "URI Too Long"
		case 416:
			want = "Range Not Satisfiable"
		case 418: // not registered: a joke
			want = ""
		case 422:
			want = "Unprocessable Content"
		}
		if got := StatusText(status); got != want {
			t.Errorf("StatusText(%d) = %q, want %q", status, got, want)
		}
	}
	for _, method := range strings.Fields("GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH") {
		if !KnownMethod(method) || KnownMethod(strings.ToLower(method)) {
			t.Errorf("%s is a known method, and %s is none", method, strings.ToLower(method))
		}
	}
}
