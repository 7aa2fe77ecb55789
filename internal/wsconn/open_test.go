package wsconn

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"barewire/handshake"
	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// exampleOffer is the request of RFC 6455 §1.3, and exampleAnswer a correct response.
func exampleOffer(t *testing.T) *handshake.Offer {
	url, err := handshake.ParseURL("ws://server.example.com/chat")
	if err != nil {
		t.Fatal(err)
	}
	return &handshake.Offer{URL: url, Key: "dGhlIHNhbXBsZSBub25jZQ=="}
}

const exampleAnswer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

// TestOpen is a client's handshake, with frames right after the 101, cut everywhere.
//
// req: 6455-4.1-n 6455-4.1-v 9110-15.2-b
func TestOpen(t *testing.T) {
	interim := "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
	in := join([]byte(interim+exampleAnswer), fromServer(true, wsframe.Text, "early"), wire("88 00"))
	cuts(t, in, func(t *testing.T, pieces ...[]byte) {
		transport := &script{pieces: pieces}
		buf := bufconn.New(transport)
		c, _, err := Open(buf, exampleOffer(t), Config{Role: wsframe.Client})
		if err != nil {
			t.Fatal(err)
		}
		request := transport.wrote.String()
		if !strings.HasPrefix(request, "GET /chat HTTP/1.1\r\nHost: server.example.com\r\n") || !strings.HasSuffix(request, "\r\n\r\n") {
			t.Fatalf("before the answer the client sent %q, want its request and nothing more", request)
		}
		message, err := c.ReadMessage()
		if err != nil || string(message.Payload) != "early" {
			t.Fatalf("the frame after the 101 came as %q, %v", message.Payload, err)
		}
		if _, err := c.ReadMessage(); err == nil || !err.(*CloseError).Clean {
			t.Fatalf("the end came as %v, want a clean closing handshake", err)
		}
	})
}

// TestOpenFails: the faults of a server before the connection is open.
func TestOpenFails(t *testing.T) {
	tests := []struct {
		name, answer string
		want         string // part of the error
	}{
		{"no answer at all", "", "closed the connection"},
		{"half a head", exampleAnswer[:40], "closed the connection"}, // req: 9112-8-b
		{"no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", "RFC 9112"},
		{"a refusal that explains itself", "HTTP/1.1 403 Forbidden\r\nContent-Length: 12\r\n\r\nnot you\nsorry", "403 Forbidden, not 101 Switching Protocols (RFC 6455 §4.1): not you"},
		{"a refusal in control codes", "HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\n\r\n\x1b[2J", "§4.1)"},
		{"another status", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n" + exampleAnswer, "404"}, // req: 9112-6.3-m 9112-9.2-a 9112-9.6-b
		{"a wrong Sec-WebSocket-Accept", strings.Replace(exampleAnswer, "s3p", "S3p", 1), "§4.1"},
		{"interim responses forever", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 100), "interim"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			transport := &script{pieces: [][]byte{[]byte(test.answer)}}
			if test.answer == "" {
				transport.pieces = nil
			}
			_, _, err := Open(bufconn.New(transport), exampleOffer(t), Config{Role: wsframe.Client})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Open returned %v, want an error with %q", err, test.want)
			}
			if requests := strings.Count(transport.wrote.String(), "GET "); requests != 1 {
				t.Errorf("the client sent %d requests, want one", requests)
			}
		})
	}
}

// TestOpenWithoutAgreement: a server that accepts compression with parameters that were
// not offered gets a Close with 1010.
//
// req: 7692-5.1-a
func TestOpenWithoutAgreement(t *testing.T) {
	offer := exampleOffer(t)
	offer.Extensions = []handshake.Extension{handshake.OfferDeflate(handshake.Deflate{})}
	answer := strings.Replace(exampleAnswer, "\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate; bogus\r\n\r\n", 1)
	transport := &script{pieces: [][]byte{[]byte(answer)}}
	random := bytes.NewReader(make([]byte, 4)) // a key of zeros masks nothing
	_, _, err := Open(bufconn.New(transport), offer, Config{Role: wsframe.Client, Random: random})
	if err == nil || !strings.Contains(err.Error(), "bogus") {
		t.Errorf("Open returned %v, want an error that names the parameter", err)
	}
	_, sent, _ := strings.Cut(transport.wrote.String(), "\r\n\r\n")
	if !strings.HasPrefix(sent[6:], "\x03\xf2") || !strings.Contains(sent, "bogus") {
		t.Errorf("after its request the client sent %q, want a Close with 1010", sent)
	}
}

// TestClientLetsServerCloseFirst: after both Close frames the client waits for
// the server's FIN, so that TIME_WAIT stays with the server, but not forever.
//
// req: 6455-5.5.1-i
func TestClientLetsServerCloseFirst(t *testing.T) {
	for _, test := range []struct {
		name         string
		serverCloses time.Duration
		ends         time.Duration
	}{
		{"the server closes", 300 * time.Millisecond, 300 * time.Millisecond},
		{"the server does not", time.Hour, serverFIN},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, server := net.Pipe()
				var serving sync.WaitGroup
				defer serving.Wait()
				serving.Go(func() {
					server.Write(wire("88 00"))
					io.ReadFull(server, make([]byte, 6)) // the client's Close
					time.Sleep(test.serverCloses)
					server.Close()
				})
				start := time.Now()
				_, err := New(bufconn.New(client), Config{Role: wsframe.Client}).ReadMessage()
				if !err.(*CloseError).Clean || time.Since(start) != test.ends {
					t.Errorf("ended with %v after %v, want a clean end after %v", err, time.Since(start), test.ends)
				}
			})
		})
	}
}

// TestServerClosesInStages: the Close frame with the reason reaches a client that is still
// sending.
//
// req: 6455-7.1.1-a 6455-5.5.1-h
func TestServerClosesInStages(t *testing.T) {
	client, server := socketPair(t, "tcp")
	go New(bufconn.New(server), Config{MaxMessage: 1000}).ReadMessage()
	go func() {
		client.Write(fromClient(true, wsframe.Binary, strings.Repeat("x", 2_000_000)))
		client.(*net.TCPConn).CloseWrite()
	}()
	got, err := io.ReadAll(client)
	if want := failure(1009, "RFC 6455 §10.4: a message may have at most 1000 bytes here"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the client read %q, %v; want the Close frame and the end", got, err)
	}
}

// TestRefusalBeforeAReset: a server that refuses and resets the connection, before it has
// read our request, still delivers its refusal.
func TestRefusalBeforeAReset(t *testing.T) {
	client, server := socketPair(t, "tcp")
	io.WriteString(server, "HTTP/1.1 403 Forbidden\r\nContent-Length: 8\r\n\r\nnot here")
	server.(*net.TCPConn).SetLinger(0)
	server.Close()
	for err := error(nil); err == nil; { // until the reset has arrived
		_, err = client.Write([]byte("\r\n"))
	}
	_, _, err := Open(bufconn.New(client), exampleOffer(t), Config{Role: wsframe.Client})
	if err == nil || !strings.Contains(err.Error(), "403") || !strings.Contains(err.Error(), "not here") {
		t.Errorf("Open returned %v, want the refusal", err)
	}
}
