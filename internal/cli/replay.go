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

Plays a kept conversation to our own code, over a socket pair in one process, and
compares what that sends with what it sent then, byte by byte. Without an argument it
lists the kept conversations. FILE is a transcript, as serve and dial write it with
-trace=FILE.

It is a stage for the debugger: the same bytes come each time, no timeout fires however
long you stand at a breakpoint, and nobody else has to be started.

    dlv debug . -- replay digest

The server is the one that serve starts without flags; its clock is the transcript's.
The client is the one of dial, which sends what the client of the transcript sent:
messages, Pings and Close frames, with the same masking keys. What broke a rule it does
not send. What only time or a third party caused does not happen again: a timeout, a
Ping to a silent peer, the server's shutdown, what others said in a chat room.

The exit status is 0 if all is equal, 1 at the first difference, which is named, and
2 if there is nothing that could be replayed.`

// replayOptions is what the arguments of replay say.
type replayOptions struct {
	name     string // of a kept conversation or a file; "" for none
	side     string
	conn     int // 0 for the only one
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
func readConversation(name string) (*wiretap.Recording, error) {
	text, kept := conversations.Read(name)
	if !kept {
		var err error
		if text, err = os.ReadFile(name); err != nil {
			return nil, fmt.Errorf("no kept conversation and no file: %w; barewire replay lists the names", err)
		}
	}
	transcript, err := wiretap.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &transcript, nil
}

// replayServer plays the client's part to the server that serve starts.
func replayServer(transcript *wiretap.Recording, patience time.Duration) error {
	return replay.Server(transcript, defaultServer(), patience)
}

// replayClient plays the server's part to the client of dial.
func replayClient(transcript *wiretap.Recording, patience time.Duration) error {
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

// defaultServer is what serve starts without flags, but for the lab, which
// is no part of a conversation, and for what it logs.
func defaultServer() server.Config {
	config := server.DefaultConfig()
	config.App = new(app.App)
	config.Logger = slog.New(slog.DiscardHandler)
	return config
}

// parseReplay reads the flags and the name.
func parseReplay(args []string, std streams) (o replayOptions, done bool, status int) {
	flags := newFlagSet("replay")
	flags.StringVar(&o.side, "side", "server", "`side` whose code runs, and is compared: server or client")
	flags.IntVar(&o.conn, "conn", 0, "`number` of the connection, where a transcript has several, as in #2")
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
