// Barewire is a web server and a WebSocket server with every layer in the open:
// run it with no argument, and it answers HTTP requests with Hello World! and
// WebSocket messages with the SHA-1 digest of its reply, on one port.
package main

import (
	"os"

	"barewire/internal/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
