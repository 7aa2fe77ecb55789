package replay_test

import (
	"fmt"
	"strings"

	"barewire/internal/app"
	"barewire/internal/replay"
	"barewire/internal/server"
	"barewire/internal/wiretap"
)

// ExampleServer plays a request whose answer has a 2 in the transcript where the server
// writes 1.
func ExampleServer() {
	transcript, err := wiretap.Parse(strings.NewReader(`barewire transcript 1
start 1994-11-15T08:12:31.000000Z

0.000000 #1 opened server "pipe" "pipe"
0.000000 #1 > 27
  47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|
  48 6f 73 74 3a 20 61 0d 0a                       |Host: a..|
  0d 0a                                            |..|
0.000000 #1 < 10
  48 54 54 50 2f 31 2e 32 20 32                    |HTTP/1.2 2|
`))
	if err != nil {
		panic(err)
	}
	config := server.DefaultConfig()
	config.App = new(app.App)
	fmt.Println(replay.Server(&transcript, config, replay.Patience))
	// Output: byte 7 of the server differs: want 32 '2', got 31 '1', in HTTP-version of HTTP/1.2 200 OK (RFC 9112 §2.3)
}
