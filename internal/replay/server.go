package replay

import (
	"time"

	"barewire/internal/annotate"
	"barewire/internal/server"
	"barewire/internal/wiretap"
)

// Server plays the client of a transcript to a server with the given configuration, and
// compares the bytes that the server sends. It returns a *Difference, an *UnplayableError,
// or nil if all bytes are equal. A server that sends nothing for patience counts as waiting
// for more; patience 0 means forever, for use with a debugger.
//
// The server's clock comes from the transcript, and the server has no timeouts.
func Server(transcript *wiretap.Transcript, config server.Config, patience time.Duration) error {
	p, err := newPlayer(transcript, annotate.ServerToClient, patience)
	if err != nil {
		return err
	}
	config.Clock = p.Now
	config.Debugger = true
	s := server.New(config)
	return p.play(s.ServeConn)
}
