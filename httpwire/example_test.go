package httpwire_test

import (
	"fmt"

	"barewire/httpwire"
)

// A request arrives in two pieces: the parser asks for more, and then returns the size
// of the head.
func ExampleParseRequest() {
	wire := "GET /hello?name=you HTTP/1.1\r\nHost: localhost:8080\r\n\r\n"

	var request httpwire.Request
	n, err := httpwire.ParseRequest(&request, []byte(wire[:20]), nil)
	fmt.Println(n, err)

	// tour 0.1: a whole request, which is only text so far (RFC 9112 §2.1)
	n, err = httpwire.ParseRequest(&request, []byte(wire), nil)
	fmt.Println(n, err)
	fmt.Println(request.Method, request.Authority, request.Path, request.Query)
	// Output:
	// 0 <nil>
	// 54 <nil>
	// GET localhost:8080 /hello name=you
}

// A request that can be read in two ways is answered with the rule it breaks.
func ExampleError() {
	wire := "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\n"

	var request httpwire.Request
	_, err := httpwire.ParseRequest(&request, []byte(wire), nil)
	fmt.Println(err)
	fmt.Print(string(err.(*httpwire.Error).Response().Content))
	// Output:
	// 400 Bad Request: Content-Length: the field appears more than once (RFC 9112 §6.3, byte 45)
	// 400 Bad Request: Content-Length: the field appears more than once (RFC 9112 §6.3)
}

// Content is returned chunk by chunk, without the framing between the chunks.
func ExampleChunkedDecoder() {
	wire := []byte("5\r\nHello\r\n7;why=not\r\n World!\r\n0\r\nDigest: none\r\n\r\n")

	var decoder httpwire.ChunkedDecoder
	for {
		data, n, done, err := decoder.Next(wire)
		fmt.Printf("%q, %d bytes used, done %v, err %v\n", data, n, done, err)
		if done || err != nil || n == 0 {
			break
		}
		wire = wire[n:]
	}
	fmt.Println(decoder.Trailer.Get("digest"))
	// Output:
	// "Hello", 8 bytes used, done false, err <nil>
	// " World!", 20 bytes used, done false, err <nil>
	// "", 21 bytes used, done true, err <nil>
	// none true
}

func ExampleAppendResponse() {
	response := &httpwire.Response{
		Status:  200,
		Fields:  httpwire.Fields{{Name: "Content-Type", Value: "text/plain"}},
		Content: []byte("Hello World!"),
	}
	wire, err := httpwire.AppendResponse(nil, response, "", "GET")
	fmt.Printf("%q %v\n", wire, err)
	// Output:
	// "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nHello World!" <nil>
}

func ExampleParseResponse() {
	wire := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05Hello"

	var response httpwire.Response
	n, err := httpwire.ParseResponse(&response, []byte(wire), "GET", nil)
	fmt.Println(response.Status, response.Reason, response.Body.Framing == httpwire.NoBody, err)
	fmt.Printf("% X\n", wire[n:]) // the first frame came along
	// Output:
	// 101 Switching Protocols true <nil>
	// 81 05 48 65 6C 6C 6F
}
