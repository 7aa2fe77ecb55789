package lab_test

import (
	"encoding/json"
	"fmt"
	"net"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/annotate"
	"barewire/internal/app"
	"barewire/internal/bufconn"
	"barewire/internal/lab"
	"barewire/internal/server"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// address is where the server listens; the lab answers only there.
var address = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}

// Use the feed without a browser: commands go in as JSON, and the traffic between our
// client and our server comes back, unit by unit. A browser shows no masks to a page,
// and does not let it choose how a message is fragmented.
func ExampleLab_Upgrade() {
	config := server.DefaultConfig()
	config.App = new(app.App)
	page := lab.New(config, address, annotate.Options{})
	defer page.Close()
	config.App = page

	near, far := net.Pipe()
	defer near.Close()
	go server.New(config).ServeConn(far)
	url, _ := handshake.ParseURL("ws://127.0.0.1:8080/lab/feed")
	offer := handshake.Offer{URL: url, Key: "dGhlIHNhbXBsZSBub25jZQ==", Origin: "http://127.0.0.1:8080"}
	feed, _, err := wsconn.Open(bufconn.New(near), &offer, wsconn.Config{Role: wsframe.Client})
	if err != nil {
		fmt.Println(err)
		return
	}

	go func() { // in a goroutine, because a pipe has no buffer
		feed.Send(wsframe.Text, []byte(`{"do":"open","path":"/echo"}`))
		feed.Send(wsframe.Text, []byte(`{"do":"send","text":"Hello","fragments":[3]}`))
	}()
	for frames := 0; frames < 3; {
		message, err := feed.ReadMessage()
		if err != nil {
			fmt.Println(err)
			return
		}
		var told []struct {
			What string
			Unit struct{ Direction, Kind, Title string }
		}
		json.Unmarshal(message.Payload, &told)
		for _, h := range told {
			if h.What == "unit" && h.Unit.Kind == "frame" {
				fmt.Println(h.Unit.Direction, "-", h.Unit.Title)
				frames++
			}
		}
	}
	// Output:
	// client_to_server - Text, 3 bytes, masked: "Hel"
	// client_to_server - Continuation, FIN, 2 bytes, masked: "lo"
	// server_to_client - Text, FIN, 5 bytes: "Hello"
}

// The page may load only what this server serves. Under a name that an attacker could
// have pointed here, it is not served at all.
func ExampleLab_Page() {
	page := lab.New(server.DefaultConfig(), address, annotate.Options{})
	defer page.Close()
	for _, host := range []string{"127.0.0.1:8080", "evil.example"} {
		request := httpwire.Request{Method: "GET", Path: "/lab", Authority: host}
		response, err := page.Page(&request)
		if err != nil {
			fmt.Println(err.Status, err.Field)
			continue
		}
		policy, _ := response.Fields.Get("Content-Security-Policy")
		fmt.Printf("%d %.40q\n", response.Status, policy)
	}
	// Output:
	// 200 "default-src 'none'; script-src 'self'; s"
	// 421 Host
}
