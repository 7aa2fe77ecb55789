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

	"barewire/handshake"
	"barewire/internal/app"
	"barewire/internal/replay"
	"barewire/internal/server"
	"barewire/internal/wiretap"
	"barewire/internal/wsconn"
)

const replayUsage = `barewire replay [flags] FILE

Plays a recorded conversation to our own code, in one process and without a socket,
and compares what that sends with what it sent then, octet by octet. FILE is a
transcript, as serve and dial write it with -trace=FILE.

It is a stage for the debugger: the same octets come each time, no time-out fires
however long you stand at a breakpoint, and nobody else has to be started.

    dlv debug . -- replay internal/tour/conversations/digest.txt

The server is the one that serve starts without flags; its clock is the transcript's.
The client is the one of dial, which sends what the recorded one sent: messages, Pings
and Close frames, with the recorded masking keys. What broke a rule it does not send.
What only time or a third party brought about does not happen again: a time-out, a
Ping to a silent peer, the server's shutdown, what others said in a room.

The exit status is 0 if all is equal, 1 at the first difference, which is named, and
2 if there is nothing that could be replayed.`

// replayOptions is what the arguments of replay say.
type replayOptions struct {
	file string
	side string
	conn int // 0 for the only one
}

// replayFile plays a transcript to one side.
func replayFile(args []string, std streams) int {
	o, done, status := parseReplay(args, std)
	if done {
		return status
	}
	recording, err := readRecording(o.file)
	if err != nil {
		return usageError(std, err)
	}
	if o.conn > 0 {
		recording.Events = slices.DeleteFunc(recording.Events, func(event wiretap.Event) bool { return event.Conn != o.conn })
	}
	play := replayServer
	if o.side == "client" {
		play = replayClient
	}
	err = play(recording)
	var difference *replay.Difference
	switch {
	case errors.As(err, &difference):
		return failure(std, fmt.Errorf("%s: %w", o.file, err))
	case err != nil:
		return usageError(std, fmt.Errorf("%s: %w", o.file, err))
	}
	fmt.Fprintf(std.out, "%s: the %s sends the same octets\n", o.file, o.side)
	return exitOK
}

// readRecording reads a transcript.
func readRecording(file string) (*wiretap.Recording, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	recording, err := wiretap.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &recording, nil
}

// replayServer plays the client's part to the server that serve starts.
func replayServer(recording *wiretap.Recording) error {
	return replay.Server(recording, defaultServer())
}

// replayClient plays the server's part to the client of dial.
func replayClient(recording *wiretap.Recording) error {
	return replay.Client(recording, func(conn net.Conn, offer *handshake.Offer, random io.Reader, opened func(*wsconn.Conn)) {
		options := dialOptions{offer: *offer, random: random, maxMessage: dialMaxMessage}
		options.withoutTimeouts()
		c, err := options.open(conn)
		if err != nil {
			return
		}
		opened(c)
		c.Serve(wsconn.NopHandler{})
	})
}

// defaultServer is what serve starts without flags, but for the lab, which
// is no part of a conversation, and for what it logs.
func defaultServer() server.Config {
	config := server.DefaultConfig()
	config.App = new(app.App)
	config.Logger = slog.New(slog.DiscardHandler)
	return config
}

// parseReplay reads the flags and the file name.
func parseReplay(args []string, std streams) (o replayOptions, done bool, status int) {
	flags := newFlagSet("replay")
	flags.StringVar(&o.side, "side", "server", "`side` whose code runs, and is compared: server or client")
	flags.IntVar(&o.conn, "conn", 0, "`number` of the connection, where a transcript has several, as in #2")
	if done, status := parseFlags(flags, args, replayUsage, std); done {
		return o, true, status
	}
	if o.side != "server" && o.side != "client" {
		return o, true, usageError(std, fmt.Errorf("-side %s: want server or client", o.side))
	}
	if flags.NArg() != 1 {
		return o, true, usageError(std, errors.New("replay wants one file, as in barewire replay internal/tour/conversations/digest.txt"))
	}
	o.file = flags.Arg(0)
	return o, false, exitOK
}
