package lab_test

import (
	"encoding/json"
	"fmt"
	"net"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/bufconn"
	"barewire/internal/lab"
	"barewire/internal/server"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// The feed, without a browser: a command goes in as JSON, and what passed between
// our client and our server comes back, unit by unit.
func ExampleLab_Handler() {
	config := server.DefaultConfig()
	page := lab.New(config)
	defer page.Close()
	config.Page, config.Handler = page.Page, page.Handler

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

	feed.Send(wsframe.Text, []byte(`{"do":"fetch","path":"/"}`))
	for units := 0; units < 3; {
		message, err := feed.ReadMessage()
		if err != nil {
			fmt.Println(err)
			return
		}
		var told []struct {
			What string
			Unit struct{ Direction, Title string }
		}
		json.Unmarshal(message.Payload, &told)
		for _, h := range told {
			if h.What == "unit" {
				fmt.Println(h.Unit.Direction, "-", h.Unit.Title)
				units++
			}
		}
	}
	// Output:
	// client_to_server - GET / HTTP/1.1
	// server_to_client - HTTP/1.1 200 OK
	// server_to_client - Body, 12 octets: "Hello World!"
}

// The page itself: it may load what this server serves, and nothing else. Under a
// name that somebody else could have pointed here it is not served at all.
func ExampleLab_Page() {
	page := lab.New(server.DefaultConfig())
	defer page.Close()
	for _, host := range []string{"127.0.0.1:8080", "evil.example"} {
		request := httpwire.Request{Method: "GET", Path: "/lab", Authority: host}
		response := page.Page(&request)
		policy, _ := response.Fields.Get("Content-Security-Policy")
		fmt.Printf("%s: %d %.40q\n", host, response.Status, policy)
	}
	// Output:
	// 127.0.0.1:8080: 200 "default-src 'none'; script-src 'self'; s"
	// evil.example: 421 ""
}
