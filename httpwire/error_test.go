package httpwire

import "testing"

func TestErrorText(t *testing.T) {
	e := refuse(400, 27, "Host", "the value is not host[:port]", "RFC 9112 §3.2")
	if got, want := e.Error(), "400 Bad Request: Host: the value is not host[:port] (RFC 9112 §3.2, byte 27)"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	e.Status = 0 // as in a response that was received
	if got, want := e.Error(), "Host: the value is not host[:port] (RFC 9112 §3.2, byte 27)"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestErrorResponse(t *testing.T) {
	for _, test := range []struct {
		rule string
		e    Error
		want string
	}{
		{
			"an error of the parser closes", // req: 9112-6.3-k
			*refuse(431, 0, "header", "more than 100 fields", "RFC 6585 §5"),
			"HTTP/1.1 431 Request Header Fields Too Large\r\n" +
				"Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: 81\r\n\r\n" +
				"431 Request Header Fields Too Large: header: more than 100 fields (RFC 6585 §5)\n",
		},
		{
			"an error after which the connection can go on",
			Error{Status: 405, Rule: "only GET here", Section: "RFC 9110 §15.5.6", Fields: Fields{{Name: "Allow", Value: "GET"}}},
			"HTTP/1.1 405 Method Not Allowed\r\n" +
				"Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nAllow: GET\r\nContent-Length: 58\r\n\r\n" +
				"405 Method Not Allowed: only GET here (RFC 9110 §15.5.6)\n",
		},
		{
			"no section, and fields that close already",
			Error{Status: 503, Rule: "too many connections", Close: true, Fields: Fields{{Name: "Connection", Value: "Close"}}},
			"HTTP/1.1 503 Service Unavailable\r\n" +
				"Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nConnection: Close\r\nContent-Length: 46\r\n\r\n" +
				"503 Service Unavailable: too many connections\n",
		},
		{
			"an error without status is our own",
			Error{Rule: "something broke"},
			"HTTP/1.1 500 Internal Server Error\r\n" +
				"Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 43\r\n\r\n" +
				"500 Internal Server Error: something broke\n",
		},
	} {
		got, err := AppendResponse(nil, test.e.Response(), "", "GET")
		if err != nil {
			t.Fatalf("%s: %v", test.rule, err)
		}
		if string(got) != test.want {
			t.Errorf("%s:\ngot  %q\nwant %q", test.rule, got, test.want)
		}
		// req: 9110-9.3.2-a
		if got, _ := AppendResponse(nil, test.e.Response(), "", "HEAD"); string(got[len(got)-4:]) != "\r\n\r\n" {
			t.Errorf("%s: the answer to HEAD has content: %q", test.rule, got)
		}
	}
}
