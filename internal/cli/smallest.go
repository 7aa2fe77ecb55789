package cli

import (
	"fmt"
	"net"

	"barewire/internal/smallest"
)

const smallestUsage = `barewire smallest [flags]

The article's two programs in their smallest form: one file of 150 lines to read, run
and change, internal/smallest/smallest.go. It answers HTTP requests with Hello World!
and WebSocket messages with the SHA-1 digest of the reply to them. On /echo it sends the
message back, which shows barewire probe what arrived.

It has no timeouts, and no limit on connections: do not run it on an open network.

The exit status is 1 if it could not listen, and 2 if the arguments are wrong.`

// serveSmallest runs the smallest server until the process is ended.
func serveSmallest(args []string, std streams) int {
	flags := newFlagSet("smallest")
	addr := flags.String("addr", "127.0.0.1:8080", "`address` to listen on")
	if done, status := parseFlags(flags, args, smallestUsage, std); done {
		return status
	}
	if flags.NArg() > 0 {
		return usageError(std, fmt.Errorf("smallest takes no argument %q", flags.Arg(0)))
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return failure(std, err)
	}
	fmt.Fprintf(std.out, "barewire smallest listens on %s\n\n", listener.Addr())
	for _, line := range [][2]string{
		{"http", "/      Hello World!"},
		{"ws", "/        the SHA-1 digest of Hello, for every message"},
		{"ws", "/echo    every message comes back"},
	} {
		fmt.Fprintf(std.out, "  %s://%s%s\n", line[0], listener.Addr(), line[1])
	}
	if _, err := fmt.Fprint(std.out, "\nCtrl-C ends it.\n"); err != nil { // output returns its first error
		listener.Close()
		return failure(std, err)
	}
	return failure(std, smallest.Serve(listener))
}
