package wsstream_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"barewire/handshake"
	"barewire/internal/bufconn"
	"barewire/internal/deflate"
	"barewire/internal/wsconn"
	"barewire/internal/wsstream"
	"barewire/wsframe"
)

// key is the masking key of the examples in RFC 6455 §5.7.
var key = wsframe.Key{0x37, 0xfa, 0x21, 0x3d}

// fromClient returns a masked frame, fromServer an unmasked one.
func fromClient(opcode wsframe.Opcode, payload string) []byte {
	header := wsframe.Header{Fin: true, Opcode: opcode, Masked: true, Key: key}
	return wsframe.AppendFrame(nil, &header, []byte(payload))
}

func fromServer(opcode wsframe.Opcode, payload string) []byte {
	return wsframe.AppendFrame(nil, &wsframe.Header{Fin: true, Opcode: opcode}, []byte(payload))
}

// serverStream returns a Stream in the server's role, and its client's end of the
// connection, on which a test plays the client byte by byte.
func serverStream(config wsconn.Config) (client net.Conn, stream *wsstream.Stream) {
	client, server := net.Pipe()
	return client, wsstream.New(wsconn.New(bufconn.New(server), config))
}

// streamPair returns a client and a server that talk to each other.
func streamPair() (client, server *wsstream.Stream) {
	a, b := net.Pipe()
	return newStream(a, wsframe.Client), newStream(b, wsframe.Server)
}

// expect reads one frame or more from conn and compares.
func expect(t *testing.T, conn io.Reader, want []byte) {
	t.Helper()
	got := make([]byte, len(want))
	if n, err := io.ReadFull(conn, got); err != nil || !bytes.Equal(got, want) {
		t.Errorf("on the wire: % x, %v; want % x", got[:n], err, want)
	}
}

// TestEnds: the result of Read at the end, and our Close frame, for each way in which a peer
// can end a stream.
func TestEnds(t *testing.T) {
	for _, test := range []struct {
		name  string
		frame []byte
		code  wsframe.CloseCode // in the error that Read returns; 0 for io.EOF
		reply []byte
	}{
		{"normal closure", fromClient(wsframe.Close, "\x03\xe8"), 0, fromServer(wsframe.Close, "\x03\xe8")},
		{"going away", fromClient(wsframe.Close, "\x03\xe9"), 0, fromServer(wsframe.Close, "\x03\xe9")},
		{"no code", fromClient(wsframe.Close, ""), 0, fromServer(wsframe.Close, "")},
		{"another code", fromClient(wsframe.Close, "\x03\xf3"), 1011, fromServer(wsframe.Close, "\x03\xf3")},
		{"a text message", fromClient(wsframe.Text, "hi"), 1006, // req: 6455-7.4.1-d
			fromServer(wsframe.Close, "\x03\xebRFC 6455 §7.4.1: this connection carries binary messages only")},
		{"a message that is too big", fromClient(wsframe.Binary, strings.Repeat("x", 101)), 1006,
			fromServer(wsframe.Close, "\x03\xf1RFC 6455 §10.4: a message may have at most 100 bytes here")},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, stream := serverStream(wsconn.Config{MaxMessage: 100})
				// After the frame that ends the stream comes a message that nobody may see.
				go client.Write(bytes.Join([][]byte{fromClient(wsframe.Binary, "abc"), fromClient(wsframe.Binary, ""),
					test.frame, fromClient(wsframe.Binary, "late")}, nil))
				read := make(chan error)
				go func() {
					got, err := io.ReadAll(stream)
					if string(got) != "abc" {
						t.Errorf("read %q, want abc", got)
					}
					read <- err
				}()
				expect(t, client, test.reply)
				client.Close()
				err := <-read
				var closed *wsconn.CloseError
				if isEOF := err == nil; isEOF != (test.code == 0) || !isEOF && (!errors.As(err, &closed) || closed.Code != test.code) {
					t.Errorf("the end is %v, want code %d (0: no error)", err, test.code)
				}
				if _, err := stream.Write([]byte("x")); err != net.ErrClosed {
					t.Errorf("Write after the end returned %v, want net.ErrClosed", err)
				}
				if err := stream.Close(); err != nil {
					t.Error("Close after the peer closed:", err)
				}
			})
		})
	}
}

// TestTextWhileWritingIsStuck: a Read learns of a text message at once, although
// our Close frame cannot leave; after it the peer can send what it likes.
func TestTextWhileWritingIsStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, stream := serverStream(wsconn.Config{})
		stream.Write([]byte("nobody reads this"))
		client.Write(fromClient(wsframe.Text, "hi"))
		var closed *wsconn.CloseError
		if _, err := stream.Read(make([]byte, 1)); !errors.As(err, &closed) {
			t.Errorf("Read returned %v, want a *wsconn.CloseError", err)
		}
		client.Write(fromClient(wsframe.Text, "ho"))
		stream.Close()
	})
}

// TestLongPause: a peer that is silent for an hour is not dead, and neither is one
// that reads nothing for an hour.
func TestLongPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := streamPair()
		want := bytes.Repeat([]byte("0123456789abcdef"), 10_000)
		for _, pair := range [][2]*wsstream.Stream{{client, server}, {server, client}} {
			from, to := pair[0], pair[1]
			go from.Write(want)
			time.Sleep(time.Hour)
			got := make([]byte, len(want))
			if n, err := io.ReadFull(to, got); err != nil || !bytes.Equal(got, want) {
				t.Errorf("after an hour %d of %d bytes came, %v", n, len(want), err)
			}
			time.Sleep(time.Hour)
		}
		go client.Close()
		if n, err := server.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("at the end Read returned %d, %v; want io.EOF", n, err)
		}
		server.Close()
	})
}

// TestCloseWrite: our Close frame follows what was written. Read goes on until the
// peer's, also when the program reads slowly.
func TestCloseWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, stream := serverStream(wsconn.Config{CloseWait: time.Hour})
		if _, err := stream.Write([]byte("last words")); err != nil {
			t.Fatal(err)
		}
		if err := stream.CloseWrite(); err != nil {
			t.Error(err)
		}
		if _, err := stream.Write([]byte("x")); err != net.ErrClosed {
			t.Errorf("Write after CloseWrite returned %v, want net.ErrClosed", err)
		}
		expect(t, client, append(fromServer(wsframe.Binary, "last words"), fromServer(wsframe.Close, "\x03\xe8")...))
		go func() {
			client.Write(fromClient(wsframe.Binary, "an answer, "))
			client.Write(fromClient(wsframe.Binary, "and another"))
			client.Write(fromClient(wsframe.Close, "\x03\xe8"))
		}()
		time.Sleep(time.Minute)
		got, err := io.ReadAll(stream)
		if string(got) != "an answer, and another" || err != nil {
			t.Errorf("after CloseWrite came %q, %v", got, err)
		}
		stream.Close()
	})
}

// TestCloseDelivers: what was written before Close arrives, however the peer reads.
func TestCloseDelivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := streamPair()
		want := strings.Repeat("x", 100_000)
		go func() {
			io.WriteString(client, want)
			client.Close()
		}()
		got, err := io.ReadAll(server)
		if err != nil || string(got) != want {
			t.Errorf("%d of %d bytes came, %v", len(got), len(want), err)
		}
		server.Close()
	})
}

// TestCloseWaitsASecond for a peer that does not do its part of the closing
// handshake. It wakes a Read and a Write that wait at once.
func TestCloseWaitsASecond(t *testing.T) {
	for _, test := range []struct {
		name string
		peer func(net.Conn)
		wait time.Duration
	}{
		{"reads nothing", func(net.Conn) {}, time.Second},
		{"does not answer", func(client net.Conn) { io.Copy(io.Discard, client) }, time.Second},
		{"sends without end", func(client net.Conn) {
			for err := error(nil); err == nil; time.Sleep(time.Millisecond) {
				_, err = client.Write(fromClient(wsframe.Binary, "more"))
			}
		}, time.Second},
		{"is gone", func(client net.Conn) { client.Close() }, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, stream := serverStream(wsconn.Config{})
				var peer, program sync.WaitGroup
				peer.Go(func() { test.peer(client) })
				program.Go(func() { io.Copy(io.Discard, stream) })
				program.Go(func() { stream.Write(make([]byte, 1<<20)) })
				synctest.Wait()
				start := time.Now()
				go stream.Close()
				program.Wait()
				if waited := time.Since(start); waited != 0 {
					t.Errorf("Close woke Read and Write after %v", waited)
				}
				stream.Close() // waits as the first one does
				if waited := time.Since(start); waited != test.wait {
					t.Errorf("Close took %v, want %v", waited, test.wait)
				}
				if _, err := stream.Read(make([]byte, 1)); err != net.ErrClosed {
					t.Errorf("Read after Close returned %v, want net.ErrClosed", err)
				}
				client.Close()
				peer.Wait()
			})
		})
	}
}

// TestTimeoutIsExact: a Write that times out returns how many bytes the peer gets.
func TestTimeoutIsExact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := streamPair()
		client.SetWriteDeadline(time.Now().Add(time.Second))
		n, err := client.Write(make([]byte, 1<<20))
		if err != os.ErrDeadlineExceeded {
			t.Errorf("Write returned %v, want os.ErrDeadlineExceeded", err)
		}
		go client.Close()
		got, err := io.ReadAll(server)
		if len(got) != n || err != nil {
			t.Errorf("Write returned %d, and the peer read %d bytes, %v", n, len(got), err)
		}
		server.Close()
	})
}

// TestNothing: an empty Read or Write does not wait, and sends nothing.
func TestNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, stream := serverStream(wsconn.Config{})
		if n, err := stream.Read(nil); n != 0 || err != nil {
			t.Errorf("Read(nil) returned %d, %v", n, err)
		}
		if n, err := stream.Write(nil); n != 0 || err != nil {
			t.Errorf("Write(nil) returned %d, %v", n, err)
		}
		go stream.Close()
		expect(t, client, fromServer(wsframe.Close, "\x03\xe8"))
		client.Close()
		stream.Close()
	})
}

// TestAnswersPings although the program reads with a deadline and its write
// deadline has passed.
func TestAnswersPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, stream := serverStream(wsconn.Config{})
		stream.SetWriteDeadline(time.Now().Add(-time.Second))
		stream.SetReadDeadline(time.Now().Add(time.Second))
		go stream.Read(make([]byte, 1))
		client.Write(fromClient(wsframe.Ping, "still there?"))
		expect(t, client, fromServer(wsframe.Pong, "still there?"))
		client.Close()
		stream.Close()
	})
}

// TestCloseAfterPongs: the Close frame is sent even if Pongs before it could not be sent
// because nobody read them.
//
// req: 6455-7.1.2-a
func TestCloseAfterPongs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, stream := serverStream(wsconn.Config{})
		client.Write(bytes.Repeat(fromClient(wsframe.Ping, "p"), 10))
		synctest.Wait()
		go stream.Close()
		synctest.Wait()
		got, err := io.ReadAll(client)
		want := append(bytes.Repeat(fromServer(wsframe.Pong, "p"), 10), fromServer(wsframe.Close, "\x03\xe8")...)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("the peer read % x, %v; want ten Pongs and a Close frame", got, err)
		}
		stream.Close()
	})
}

// TestCompression: a Stream accepts messages that its peer has compressed.
func TestCompression(t *testing.T) {
	want := strings.Repeat("bytes ", 5000)
	agreed := &handshake.Deflate{ServerMaxWindowBits: deflate.MaxWindowBits, ClientMaxWindowBits: deflate.MaxWindowBits}
	synctest.Test(t, func(t *testing.T) {
		a, b := net.Pipe()
		client := wsstream.New(wsconn.New(bufconn.New(a), wsconn.Config{Role: wsframe.Client, Deflate: agreed}))
		server := wsstream.New(wsconn.New(bufconn.New(b), wsconn.Config{Deflate: agreed}))
		go func() {
			io.WriteString(client, want)
			client.Close()
		}()
		got, err := io.ReadAll(server)
		if err != nil || string(got) != want {
			t.Errorf("%d of %d bytes came, %v", len(got), len(want), err)
		}
		server.Close()
	})
}
