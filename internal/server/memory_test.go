package server

import (
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"barewire/httpwire"
	"barewire/internal/bufconn"
	"barewire/internal/deflate"
	"barewire/wsframe"
)

// largePage is an App whose page is large.
type largePage struct{ testApp }

func (largePage) Page(*httpwire.Request) (*httpwire.Response, *httpwire.Error) {
	return &httpwire.Response{Status: 200, Content: make([]byte, 300_000)}, nil
}

// compressed returns a masked compressed frame.
func compressed(payload string) string {
	header := wsframe.Header{Fin: true, RSV1: true, Opcode: wsframe.Binary, Masked: true, Key: wsframe.Key{1, 2, 3, 4}}
	squeezed := deflate.NewCompressor(15, false).AppendMessage(nil, []byte(payload))
	return string(wsframe.AppendFrame(nil, &header, squeezed))
}

// TestMemoryIsBounded: a crowd, each of which keeps the limits of one connection, never
// holds more than the budget of all; a client that wants little is served meanwhile; and
// everything is given back.
//
// req: 6455-10.4-a 9110-15.6.4-a
func TestMemoryIsBounded(t *testing.T) {
	noise := new(strings.Builder) // that cannot be compressed
	for state := uint32(1); noise.Len() < 600_000; state = state*1664525 + 1013904223 {
		noise.WriteByte(byte(state >> 24))
	}
	get := "GET / HTTP/1.1\r\nHost: x\r\n"
	deflating := offering("/echo", "permessage-deflate")
	for _, attack := range []struct {
		name, in string
		refused  string // what those get for whom nothing is left; "" if nobody is refused
	}{
		{"half a message", upgradeRequest("/echo") + frame(wsframe.Binary, noise.String())[:500_000], "\x03\xf5RFC 6455 §10.4: there is no memory"},
		{"half a message in fragments", upgradeRequest("/echo") + strings.Replace(frame(wsframe.Binary, noise.String()), "\x82", "\x02", 1), "\x03\xf5RFC 6455 §10.4: there is no memory"},
		{"echoes that are not read", upgradeRequest("/echo") + strings.Repeat(frame(wsframe.Binary, noise.String()), 3), "\x03\xf5RFC 6455 §10.4: there is no memory"},
		{"compressed echoes that are not read", deflating + strings.Repeat(compressed(noise.String()), 3), "\x03\xf5RFC 6455 §10.4: there is no memory"},
		{"small frames that inflate to much", deflating + strings.Repeat(compressed(repeat('x', 1<<20)), 3), ""},
		{"small echoes that are not read", upgradeRequest("/echo") + strings.Repeat(frame(wsframe.Binary, noise.String()[:10_000]), 20), ""},
		{"half a head", get + "A: " + noise.String()[:0] + repeat('x', 500_000), "HTTP/1.1 503 "},
		{"pages that are not read", strings.Repeat(get+"\r\n", 100), "HTTP/1.1 503 "},
	} {
		synctest.Test(t, func(t *testing.T) {
			const crowd, limit = 100, 8 << 20
			config := testConfig()
			config.App = largePage{}
			config.MaxHead = 1 << 20
			config.Memory = bufconn.NewBudget(limit)
			s := New(config)
			var clients []net.Conn
			refused := 0
			for range crowd {
				client := pipeTo(s)
				clients = append(clients, client)
				go io.WriteString(client, attack.in)
				client.SetReadDeadline(time.Now().Add(time.Millisecond)) // a peer that reads nothing else
				if strings.HasPrefix(attack.in, "GET /echo") {
					readUntil(t, client, "\r\n\r\n")
				}
				synctest.Wait()
				if used := config.Memory.Used(); used > limit {
					t.Fatalf("%s: %d bytes are in use after %d clients", attack.name, used, len(clients))
				}
			}
			small := pipeTo(s)
			go io.WriteString(small, upgradeRequest("/echo")+frame(wsframe.Text, "Hello"))
			readUntil(t, small, "\x81\x05Hello")

			for _, client := range clients {
				if attack.refused == "" || refused > 0 {
					client.Close()
					continue
				}
				client.SetReadDeadline(time.Now().Add(time.Millisecond))
				if got, _ := io.ReadAll(client); strings.Contains(string(got), attack.refused) {
					refused++
				}
				client.Close()
			}
			if attack.refused != "" && refused == 0 {
				t.Errorf("%s: nobody was refused with %q", attack.name, attack.refused)
			}
			small.Close()
			s.Close()
			synctest.Wait()
			if used := config.Memory.Used(); used != 0 {
				t.Errorf("%s: %d bytes are in use after all have gone", attack.name, used)
			}
		})
	}
}
