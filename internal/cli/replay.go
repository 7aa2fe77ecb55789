package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"time"

	"barewire/handshake"
	"barewire/internal/app"
	"barewire/internal/replay"
	"barewire/internal/server"
	"barewire/internal/tour/conversations"
	"barewire/internal/wiretap"
	"barewire/internal/wsconn"
)

const replayUsage = `barewire replay [flags] [NAME|FILE]

Plays one side of a kept conversation to barewire's own code, over a socket pair in one
process, and compares what that code sends with the conversation, byte by byte. Without
an argument it lists the kept conversations. FILE is a transcript that serve or dial
wrote with -trace=FILE.

Use it with a debugger: the bytes are the same each time, no timeout fires however long
you stop at a breakpoint, and no other program has to run.

    dlv debug . -- replay digest

The server is the one that serve starts without flags; its clock is the transcript's.
The client is the one of dial. It sends what the client of the transcript sent:
messages, Pings and Close frames, with the same masking keys, but nothing that breaks a
rule. Events that time or a third party caused do not happen again: a timeout, a Ping
to a silent peer, the server's shutdown, messages of other users in the chat room.

The exit status is 0 if all bytes are equal, 1 if there is a difference (the first one
is printed), and 2 if there is nothing to replay.`

// replayOptions holds the arguments of replay.
type replayOptions struct {
	name     string // the name of a kept conversation or a file, or ""
	side     string
	conn     int // the connection's number; 0 for the only one
	debugger debuggerFlag
}

// replayCommand plays a transcript to one side.
func replayCommand(args []string, std streams) int {
	o, done, status := parseReplay(args, std)
	if done {
		return status
	}
	if o.name == "" {
		return listConversations(std)
	}
	transcript, err := readConversation(o.name)
	if err != nil {
		return usageError(std, err)
	}
	if o.conn > 0 {
		transcript.Events = slices.DeleteFunc(transcript.Events, func(event wiretap.Event) bool { return event.Conn != o.conn })
	}
	patience := replay.Patience
	if o.debugger {
		patience = 0
	}
	play := replayServer
	if o.side == "client" {
		play = replayClient
	}
	err = play(transcript, patience)
	var difference *replay.Difference
	switch {
	case errors.As(err, &difference):
		return failure(std, fmt.Errorf("%s: %w", o.name, err))
	case err != nil:
		return usageError(std, fmt.Errorf("%s: %w", o.name, err))
	}
	fmt.Fprintf(std.out, "%s: the %s sends the same bytes\n", o.name, o.side)
	return exitOK
}

// listConversations prints the names of the kept conversations.
func listConversations(std streams) int {
	for _, name := range conversations.Names() {
		text, _ := conversations.Read(name)
		fmt.Fprintf(std.out, "%-24s%s\n", name, conversations.About(text))
	}
	return exitOK
}

// readConversation reads a kept conversation, or the transcript in a file.
func readConversation(name string) (*wiretap.Transcript, error) {
	text, kept := conversations.Read(name)
	if !kept {
		var err error
		if text, err = os.ReadFile(name); err != nil {
			return nil, fmt.Errorf("neither a kept conversation nor a file: %w; barewire replay lists the names", err)
		}
	}
	transcript, err := wiretap.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &transcript, nil
}

// replayServer plays the client's side to the server that serve starts.
func replayServer(transcript *wiretap.Transcript, patience time.Duration) error {
	return replay.Server(transcript, defaultServer(), patience)
}

// replayClient plays the server's side to the client of dial.
func replayClient(transcript *wiretap.Transcript, patience time.Duration) error {
	return replay.Client(transcript, func(conn net.Conn, offer *handshake.Offer, random io.Reader, opened func(*wsconn.Conn)) {
		options := dialOptions{offer: *offer, random: random, maxMessage: dialMaxMessage}
		options.withoutTimeouts()
		c, err := options.open(conn)
		if err != nil {
			return
		}
		opened(c)
		c.Serve(wsconn.NopHandler{})
	}, patience)
}

// defaultServer returns the configuration of serve without flags, except that it has no
// lab, which is not part of a conversation, and no log.
func defaultServer() server.Config {
	config := server.DefaultConfig()
	config.App = new(app.App)
	config.Logger = slog.New(slog.DiscardHandler)
	return config
}

// parseReplay reads the flags and the name.
func parseReplay(args []string, std streams) (o replayOptions, done bool, status int) {
	flags := newFlagSet("replay")
	flags.StringVar(&o.side, "side", "server", "`side` whose code runs and is compared: server or client")
	flags.IntVar(&o.conn, "conn", 0, "`number` of the connection, if the transcript has several: 2 for #2")
	debuggerVar(flags, &o.debugger)
	if done, status := parseFlags(flags, args, replayUsage, std); done {
		return o, true, status
	}
	if o.side != "server" && o.side != "client" {
		return o, true, usageError(std, fmt.Errorf("-side %s: want server or client", o.side))
	}
	if flags.NArg() > 1 {
		return o, true, usageError(std, errors.New("replay wants one name or file, as in barewire replay digest"))
	}
	o.name = flags.Arg(0)
	return o, false, exitOK
}
