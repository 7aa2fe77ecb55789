package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/app"
	"barewire/internal/bufconn"
	"barewire/internal/lab"
	"barewire/internal/replay"
	"barewire/internal/server"
)

const serveUsage = `barewire [serve] [flags]

One port serves both of the article's programs: HTTP requests get Hello World!,
WebSocket messages get the SHA-1 digest of the reply to them.

A time of 0 means no limit.

The most memory that one connection holds, and what limits it:

  read buffer, write buffer, message  16, 32 and 16 KiB; for more see -max-memory
  read buffer                         128 KiB, or the size of a head: -max-header
  write buffer                        128 KiB and one answer: -write-timeout
  message                             twice -max-message: each 64 KiB in -idle-timeout
  compression in both directions      0.8 MiB: -takeover-conns
  TLS                                 64 KiB
  a page of the lab                   32 MiB of captured traffic: -max-memory

All connections together hold at most 64 KiB for each of -max-conns (128 KiB with TLS),
-max-memory, 0.8 MiB for each of -takeover-conns, 16 MiB for the chat room, and three
times -max-message and 1 MiB for each processor. Garbage that Go has not yet collected
can take as much again.

The exit status is 0 if a signal ended the server and all connections ended in time, 1
if it could not listen or some connections did not end, and 2 if the arguments are wrong.`

// serveOptions holds the flags of serve.
type serveOptions struct {
	addr   string
	drain  time.Duration
	tls    tlsOptions
	trace  traceOptions
	lab    labFlag
	config server.Config

	deterministic bool
}

// serve runs the server until a signal ends it.
func serve(args []string, std streams) int {
	options, done, status := parseServe(args, std)
	if done {
		return status
	}
	var err error
	if options.config.TLS, err = options.tls.load(options.addr); err != nil {
		return failure(std, err)
	}
	ignoreBrokenPipe() // the server goes on if the reader of its log ends
	listener, err := options.listen()
	if err != nil {
		return failure(std, err)
	}
	tracing, err := options.trace.start(std, std.err)
	if err != nil {
		listener.Close()
		return failure(std, err)
	}
	options.config.Wrap = tracing.wrapServer()
	lines := newBackgroundWriter(std.err)
	defer lines.end()
	std.err = lines
	return tracing.end(std, options.run(listener, std))
}

// run serves until a signal arrives.
func (options *serveOptions) run(listener net.Listener, std streams) int {
	// The first signal drains the connections, the second one closes them at once.
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	options.config.Logger = slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{ReplaceAttr: plainAttr}))
	options.config.App = new(app.App)
	withLab := options.lab.on(listener.Addr())
	if withLab {
		page := lab.New(options.config, listener.Addr(), explained)
		defer page.Close()
		options.config.App = page
	}
	ballast := make([]byte, ballastSize)
	defer runtime.KeepAlive(ballast)
	s := server.New(options.config)
	if err := printBanner(std, withZone(listener.Addr(), options.addr), options.config.TLS, withLab); err != nil {
		listener.Close()
		return failure(std, err) // without the banner the user may not know the port
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(listener) }()

	select {
	case err := <-served:
		return failure(std, err)
	case sig := <-signals:
		fmt.Fprintf(std.err, "%v: draining for up to %v; a second signal closes all connections at once\n", sig, options.drain)
	}
	return drain(s, options.drain, signals, std)
}

// ballastSize is the size of an allocation that the server never uses, in bytes.
//
// Go collects garbage when the heap has doubled since the last collection. The heap of
// the server is one or two megabytes, and each request allocates a head, so collections
// would be frequent. The ballast counts as heap and makes them rare. Nothing is ever
// written to it, so the kernel does not have to provide the memory.
const ballastSize = 8 << 20

// unixPrefix begins an address that is the path of a Unix socket.
const unixPrefix = "unix:"

// listen listens on the address.
func (o *serveOptions) listen() (net.Listener, error) {
	var config net.ListenConfig
	if o.config.IdleTimeout > 0 && o.config.Ping > 0 {
		config.KeepAlive = -1 // our own timeouts detect a peer that is gone; this saves four system calls per connection
	}
	if path, found := strings.CutPrefix(o.addr, unixPrefix); found {
		return config.Listen(context.Background(), "unix", path) // its Close removes the socket
	}
	return config.Listen(context.Background(), "tcp", o.addr)
}

// drain shuts the server down gracefully, or at once if a second signal arrives.
func drain(s *server.Server, limit time.Duration, signals <-chan os.Signal, std streams) int {
	ctx := context.Background()
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Shutdown(ctx) }()
	select {
	case err := <-ended:
		if errors.Is(err, context.DeadlineExceeded) {
			return failure(std, fmt.Errorf("some connections had not ended after %v; -drain gives them more time", limit))
		}
	case <-signals:
		s.Close()
		return failure(std, errors.New("a second signal closed all connections at once"))
	}
	count := &s.Counters
	fmt.Fprintf(std.err, "served %d requests and %d WebSockets on %d connections\n",
		count.Requests.Load(), count.Upgrades.Load(), count.Accepted.Load())
	return exitOK
}

// parseServe reads the flags.
func parseServe(args []string, std streams) (options serveOptions, done bool, status int) {
	c := server.DefaultConfig()
	flags := newFlagSet("serve")
	addr := flags.String("addr", "127.0.0.1:8080", "`address` to listen on: host:port, or unix:/path for a Unix socket")
	origins := new(list)
	flags.Var(origins, "origin", "`origins`, separated by commas, whose pages may open a WebSocket in addition to the server's own; * for any")
	subprotocols := new(list)
	flags.Var(subprotocols, "subprotocol", "`names` of the supported subprotocols, separated by commas, the best one first; the server chooses one that the client offers")
	maxMessage, maxHead, maxBody, maxMemory := size(c.MaxMessage), size(c.MaxHead), size(c.MaxBody), size(256<<20)
	flags.Var(&maxMessage, "max-message", "maximum `size` of a WebSocket message; a larger one gets 1009")
	flags.Var(&maxHead, "max-header", "maximum `size` of a request's head; a larger one gets 431 or 414")
	flags.Var(&maxBody, "max-body", "maximum `size` of a request's body; a larger one gets 413")
	flags.Var(&maxMemory, "max-memory", "maximum `size` of the memory that all connections together hold beyond 16 KiB per buffer; a connection that needs more gets 503 or 1013")
	flags.IntVar(&c.MaxConns, "max-conns", c.MaxConns, "maximum `number` of connections; the next one gets 503")
	flags.BoolVar(&c.Compress, "compress", c.Compress, "agree on permessage-deflate with clients that offer it")
	minimum := size(c.CompressMin)
	flags.Var(&minimum, "compress-min", "minimum `size` of a message that is sent compressed")
	flags.IntVar(&c.TakeoverConns, "takeover-conns", c.TakeoverConns, "maximum `number` of connections with context takeover: both sides keep earlier messages to compress better, at most a megabyte per connection")
	durationVar(flags, &c.HeaderTimeout, "header-timeout", "maximum `time` for a request's head")
	durationVar(flags, &c.IdleTimeout, "idle-timeout", "maximum `time` between two requests, for a request's body, and for each 64 KiB of a WebSocket message")
	durationVar(flags, &c.WriteTimeout, "write-timeout", "maximum `time` in which a peer accepts none of the sent bytes; systems accept them in steps of up to 100 KB, so 10s is enough for a peer that reads 10 KB per second")
	durationVar(flags, &c.Ping, "ping", "`time` without a byte from a WebSocket peer after which the server sends a Ping; if the peer is silent for the same time again, the server closes the connection")
	durationVar(flags, &c.CloseTimeout, "close-timeout", "maximum `time` for closing a connection whose peer still sends, or still reads what was sent before; a silent peer gets 2s")
	options.drain = 10 * time.Second
	durationVar(flags, &options.drain, "drain", "maximum `time` to wait for connections to end after SIGINT or SIGTERM")
	flags.StringVar(&options.tls.cert, "tls-cert", "", "`file` with the certificate chain, in PEM: serve https and wss")
	flags.StringVar(&options.tls.key, "tls-key", "", "`file` with the certificate's key, in PEM")
	flags.BoolVar(&options.tls.selfSigned, "tls-self-signed", false, "serve https and wss with a new self-signed certificate, and print its fingerprint")
	debugger := new(debuggerFlag)
	debuggerVar(flags, debugger)

	deterministicVar(flags, &options.deterministic)
	options.trace.define(flags)
	flags.Var(&options.lab, "lab", "serve the page /lab, which shows all traffic (default: only on a loopback address)")

	if done, status := parseFlags(flags, args, serveUsage, std); done {
		return options, true, status
	}
	if flags.NArg() > 0 {
		return options, true, usageError(std, fmt.Errorf("serve takes no argument %q", flags.Arg(0)))
	}
	c.MaxMessage, c.MaxHead, c.MaxBody = int(maxMessage), int(maxHead), int64(maxBody)
	c.Memory = bufconn.NewBudget(int64(maxMemory))
	c.CompressMin, c.Origins, c.Subprotocols, c.Debugger = int(minimum), *origins, *subprotocols, bool(*debugger)
	options.addr, options.config = *addr, c
	if options.deterministic {
		options.config.Clock, options.trace.deterministic = replay.Clock, true
	}
	if err := checkServe(options); err != nil {
		return options, true, usageError(std, err)
	}
	return options, false, exitOK
}

// durationVar defines a flag for a duration. Its default is the current value.
func durationVar(flags *flag.FlagSet, value *time.Duration, name, usage string) {
	flags.Var((*duration)(value), name, usage)
}

// minHead is the minimum of -max-header: a request line of 8000 bytes must fit (RFC 9112 §3).
const minHead = 9 << 10 // req: 9112-3-d

// checkServe checks the flags after all of them are known.
func checkServe(options serveOptions) error {
	if options.config.MaxHead < minHead {
		return errors.New("-max-header must be at least 9KiB: a request line of 8000 bytes must fit (RFC 9112 §3)")
	}
	if options.addr == "" || strings.HasSuffix(options.addr, ":") { // from an unset variable; net.Listen would take any port, on all interfaces
		return fmt.Errorf("-addr %q is incomplete: want host:port, as in 127.0.0.1:8080, or unix:/path", options.addr)
	}
	if options.config.MaxConns < 1 {
		return errors.New("-max-conns must be at least 1")
	}
	if err := options.tls.check(); err != nil {
		return err
	}
	if options.deterministic {
		if err := checkLoopback(options.addr); err != nil {
			return err
		}
	}
	for _, origin := range options.config.Origins {
		if !handshake.ValidOrigin(origin) {
			return fmt.Errorf("-origin %q is not an origin: want scheme://host[:port], as in https://example.com, or *", origin)
		}
	}
	for _, name := range options.config.Subprotocols {
		if !httpwire.IsToken(name) {
			return fmt.Errorf("-subprotocol %q is not a token: want letters, digits, and signs such as . and -", name)
		}
	}
	return nil
}

// withZone returns addr with the zone of the requested address. The kernel does not return
// the zone, and without it nobody can connect to a link-local address.
func withZone(addr net.Addr, asked string) net.Addr {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return addr
	}
	zoned := *tcp
	host, _, _ := net.SplitHostPort(asked)
	_, zoned.Zone, _ = strings.Cut(host, "%")
	return &zoned
}

// printBanner prints what the server offers, and at which URLs.
func printBanner(std streams, addr net.Addr, secure *tls.Config, withLab bool) error {
	host, http, ws, curl := addr.String(), "http", "ws", "curl"
	switch addr := addr.(type) {
	case *net.UnixAddr:
		host, curl = "localhost", "curl --unix-socket "+addr.Name
	case *net.TCPAddr:
		if addr.IP.IsUnspecified() {
			host = net.JoinHostPort("localhost", strconv.Itoa(addr.Port))
		}
		host = strings.Replace(host, "%", "%25", 1) // a zone in a URL, RFC 6874 §2
	}
	if secure != nil {
		http, ws, curl = "https", "wss", curl+" -k"
	}
	fmt.Fprintf(std.out, "barewire listens on %v\n\n", addr)
	for _, line := range [][2]string{
		{http + "://" + host + "/", "Hello World!                " + curl + " -i " + http + "://" + host + "/"},
		{ws + "://" + host + "/", "the SHA-1 digest of Hello, for every message"},
		{ws + "://" + host + "/echo", "every message comes back"},
		{ws + "://" + host + "/chat", "every text message goes to everyone connected"},
	} {
		fmt.Fprintf(std.out, "  %-30s %s\n", line[0], line[1])
	}
	if withLab {
		fmt.Fprintf(std.out, "  %-30s %s\n", http+"://"+host+lab.Path, "in a browser: see every bit that passes")
	}
	if secure != nil {
		fmt.Fprintf(std.out, "\ncertificate, SHA-256: %s\n", fingerprint(secure))
	}
	_, err := fmt.Fprint(std.out, "\nCtrl-C drains and ends.\n")
	return err // output returns its first error
}
