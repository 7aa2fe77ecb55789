package cli

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/bufconn"
	"barewire/internal/replay"
	"barewire/internal/socket"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

const dialUsage = `barewire dial [flags] URL

A WebSocket client. It sends each line of standard input as a message, and prints each
message that it receives, binary messages in hex. At the end of input it waits until no
message has arrived for the time of -linger, and then does the closing handshake.

With -raw it connects standard input and output to the server, byte for byte: it sends
its input in binary messages, and writes the payload of the messages that it receives
to its output unchanged. At the end of input it starts the closing handshake, and keeps
printing what the server sends until the server closes too. For example, in the
configuration of ssh, for a server that forwards the bytes to port 22:

  ProxyCommand barewire dial -raw wss://example.com/ssh

The exit status is 0 if the connection was closed normally, 1 if it could not be made
or ended in any other way, and 2 if the arguments are wrong.`

// dialMaxMessage is the default limit for a received message, in bytes.
const dialMaxMessage = 16 << 20

// compressMin is the size of the smallest message that is sent compressed, in bytes.
const compressMin = 128

// dialOptions holds the flags and the URL of dial.
type dialOptions struct {
	offer   handshake.Offer
	timeout time.Duration

	writeTimeout time.Duration
	wait         time.Duration // how long to retry if the server does not listen yet
	ping         time.Duration
	linger       time.Duration // after the end of input
	closeWait    time.Duration
	closeTimeout time.Duration
	maxMessage   size
	compress     bool
	binary       bool
	raw          bool // bytes instead of lines and messages
	insecure     bool
	trace        traceOptions

	deterministic bool
	random        io.Reader // where the nonce and the masking keys come from
	debugger      debuggerFlag
}

// dial connects, sends lines as messages and prints the messages that it receives, until
// either side closes the connection.
func dial(args []string, std streams) int {
	options, done, status := parseDial(args, std)
	if done {
		return status
	}
	screen := newScreen(std)
	conn, err := tryFor(options.wait, options.connect)
	if err != nil {
		return failure(std, err)
	}
	tracing, err := options.trace.start(std, screen.beside(std.err))
	if err != nil {
		conn.Close()
		return failure(std, err)
	}
	conn = tracing.wrap(conn, wsframe.Client)
	if options.raw {
		return tracing.end(std, options.converseRaw(conn, std))
	}
	return tracing.end(std, options.converse(conn, std, screen))
}

// converse sends lines and prints messages over conn, which it closes.
func (options *dialOptions) converse(conn net.Conn, std streams, screen *screen) int {
	c, err := options.open(conn) // req: 9112-6.3-m 9112-9.6-b
	if err != nil {
		conn.Close()
		return failure(std, err)
	}
	ended := make(chan error, 1)
	printer := &printer{screen: screen, came: make(chan struct{}, 1)}
	go func() { ended <- c.Serve(printer) }()
	var unsent atomic.Bool
	go func() {
		if sendLines(c, options.binary, std, screen, &unsent) {
			printer.untilQuiet(options.linger)
			c.Close(wsframe.NormalClosure, "")
		}
	}()
	err = <-ended
	screen.end()
	var closed *wsconn.CloseError
	if !errors.As(err, &closed) || !closed.Clean {
		return failure(std, err)
	}
	status := reportClose(closed, std)
	if unsent.Load() {
		return exitFailure
	}
	return status
}

// connect makes the TCP connection and, for wss, does the TLS handshake over it, which
// includes the check of the certificate. All of that must be complete before the first
// byte of the opening handshake is sent (RFC 6455 §4.1).
func (o *dialOptions) connect() (net.Conn, error) {
	ctx := context.Background()
	if o.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.timeout)
		defer cancel()
	}
	url := &o.offer.URL
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", url.Address)
	if err != nil {
		return nil, err
	}
	conn = socket.New(conn, o.writeTimeout)
	if !url.Secure {
		return conn, nil
	}
	secure := tls.Client(conn, &tls.Config{
		ServerName:         url.ServerName, // req: 6455-4.1-d
		MinVersion:         tls.VersionTLS12,
		NextProtos:         []string{"http/1.1"},
		InsecureSkipVerify: o.insecure,
	})
	if err := secure.HandshakeContext(ctx); err != nil { // req: 6455-4.1-c
		conn.Close()
		err = fmt.Errorf("TLS with %s: %w", url.Address, err)
		if errors.As(err, new(*tls.CertificateVerificationError)) {
			err = fmt.Errorf("%w; -insecure skips this check", err)
		}
		return nil, err
	}
	return secure, nil
}

// open does the opening handshake. With -raw the options describe the connection that a
// wsstream.Stream needs: one that waits for its peer forever.
func (o *dialOptions) open(conn net.Conn) (*wsconn.Conn, error) {
	buf := bufconn.New(conn)
	if o.timeout > 0 {
		buf.SetReadDeadline(time.Now().Add(o.timeout))
	}
	c, _, err := wsconn.Open(buf, &o.offer, wsconn.Config{
		Role:        wsframe.Client,
		CompressMin: compressMin,
		MaxMessage:  int(o.maxMessage),
		KeepAlive:   o.ping,
		CloseWait:   o.closeWait,
		Random:      o.random,

		CloseTimeout: o.closeTimeout,
	})
	return c, err
}

// sendLines sends each line of standard input as a message, and sets unsent if a line
// could not be read or sent. It returns true at the end of the input, and false if the
// connection was closed first.
func sendLines(c *wsconn.Conn, binary bool, std streams, screen *screen, unsent *atomic.Bool) bool {
	opcode := wsframe.Text
	if binary {
		opcode = wsframe.Binary
	}
	lines := bufio.NewReader(std.in)
	for {
		screen.prompt()
		line, err := lines.ReadBytes('\n')
		line = trimLineEnd(line)
		if len(line) > 0 || err == nil {
			failed := c.Send(opcode, line)
			if errors.Is(failed, wsconn.ErrClosed) {
				return false // the reading side reports the reason
			}
			if failed != nil {
				unsent.Store(true)
				complain(std.err, fmt.Errorf("a line was not sent: %w", failed))
			}
		}
		if err != nil {
			if err != io.EOF {
				unsent.Store(true)
				complain(std.err, err)
			}
			return true
		}
	}
}

// trimLineEnd removes LF or CR LF. It keeps a CR at the end of a last line that has no LF.
func trimLineEnd(line []byte) []byte {
	line, ended := bytes.CutSuffix(line, []byte("\n"))
	if ended {
		line = bytes.TrimSuffix(line, []byte("\r"))
	}
	return line
}

// reportClose prints how the server closed the connection, unless it closed normally, and
// returns the exit status.
func reportClose(closed *wsconn.CloseError, std streams) int {
	switch closed.Code {
	case wsframe.NormalClosure, wsframe.NoStatusReceived:
		return exitOK
	case wsframe.GoingAway:
		complain(std.err, closedByServer(closed))
		return exitOK
	}
	return failure(std, closedByServer(closed))
}

// parseDial reads the flags and the URL.
func parseDial(args []string, std streams) (o dialOptions, done bool, status int) {
	flags := newFlagSet("dial")
	subprotocols, headers := new(list), new(headerList)
	flags.StringVar(&o.offer.Origin, "origin", "", "`origin` to send, as a browser does for its page")
	flags.Var(subprotocols, "subprotocol", "`names` to offer, separated by commas, the best one first")
	flags.Var(headers, "header", "additional `field` of the request, as 'Name: value'; may be repeated")
	flags.BoolVar(&o.compress, "compress", true, "offer permessage-deflate")
	flags.BoolVar(&o.binary, "binary", false, "send each line as a binary message")
	flags.BoolVar(&o.raw, "raw", false, "send standard input as bytes in binary messages, and print received bytes unchanged, without lines or hex")
	flags.BoolVar(&o.insecure, "insecure", false, "do not check the server's certificate, which may then be self-signed")
	o.timeout, o.ping, o.maxMessage = 10*time.Second, 30*time.Second, dialMaxMessage
	durationVar(flags, &o.timeout, "timeout", "maximum `time` for connecting, for the opening handshake and, without -raw, for each write")
	debuggerVar(flags, &o.debugger)
	durationVar(flags, &o.wait, "wait", "how long to retry if the server cannot be reached, as a `time`; client and server can then be started together")
	durationVar(flags, &o.ping, "ping", "`time` without a byte from the server after which dial sends a Ping; if it is silent for the same time again, dial closes the connection")
	o.linger = 500 * time.Millisecond
	durationVar(flags, &o.linger, "linger", "`time` to wait for answers after the end of input, restarted by each message; every run takes this time, so use 0 for a server that answers everything before it closes, and more for a slow one")
	durationVar(flags, &o.closeTimeout, "close-timeout", "maximum `time` for the closing handshake with a server that goes on sending; a silent server gets 5s (default: no limit)")
	flags.Var(&o.maxMessage, "max-message", "maximum `size` of a received message")
	deterministicVar(flags, &o.deterministic)
	o.trace.define(flags)
	if done, status := parseFlags(flags, args, dialUsage, std); done {
		return o, true, status
	}
	if flags.NArg() != 1 {
		return o, true, usageError(std, errors.New("dial wants one URL, as in barewire dial ws://127.0.0.1:8080/"))
	}
	o.writeTimeout = o.timeout
	if o.raw {
		if err := checkRaw(flags); err != nil {
			return o, true, usageError(std, err)
		}
		o.writeTimeout, o.ping, o.closeWait = 0, 0, rawCloseWait
	}
	if o.debugger {
		o.withoutTimeouts()
	}
	o.random = rand.Reader
	if o.deterministic {
		o.random, o.trace.deterministic = replay.NewRandom(), true
	}
	o.offer.Subprotocols, o.offer.Fields = *subprotocols, httpwire.Fields(*headers)
	if err := o.aim(flags.Arg(0)); err != nil {
		return o, true, usageError(std, err)
	}
	return o, false, exitOK
}

// withoutTimeouts removes all limits on time, for a person who stops at a breakpoint on
// either side.
func (o *dialOptions) withoutTimeouts() {
	o.timeout, o.writeTimeout, o.ping, o.closeWait, o.closeTimeout = 0, 0, 0, -1, 0
}

// aim completes the offer for a URL. Each connection gets a new key.
func (o *dialOptions) aim(text string) (err error) {
	if o.offer.URL, err = handshake.ParseURL(text); err != nil {
		return err
	}
	if o.deterministic {
		if err := checkLoopback(o.offer.URL.Address); err != nil {
			return err
		}
	}
	if user := o.offer.URL.User; user != nil {
		password, _ := user.Password()
		secret := base64.StdEncoding.EncodeToString([]byte(user.Username() + ":" + password))
		o.offer.Fields = append(o.offer.Fields, httpwire.Field{Name: "Authorization", Value: "Basic " + secret})
	}
	if o.offer.Key, err = handshake.NewKey(o.random); err != nil { // req: 6455-4.1-k
		return err
	}
	if o.compress {
		o.offer.Extensions = []handshake.Extension{handshake.OfferDeflate(handshake.Deflate{})}
	}
	_, err = o.offer.AppendRequest(nil) // reports invalid names before a connection is made
	return err
}

// headerList is the value of -header.
type headerList httpwire.Fields

func (h *headerList) Set(text string) error {
	name, value, found := strings.Cut(text, ":")
	if !found || name == "" {
		return errors.New("want 'Name: value'")
	}
	*h = append(*h, httpwire.Field{Name: name, Value: strings.TrimSpace(value)})
	return nil
}

func (h *headerList) String() string { return "" }

var _ flag.Value = (*headerList)(nil)
