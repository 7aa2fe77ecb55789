package replay

import (
	"time"

	"barewire/internal/annotate"
	"barewire/internal/server"
	"barewire/internal/wiretap"
)

// Server plays the client of a transcript to a server with the given configuration, and
// compares what that sends. The error is a *Difference, or an *UnplayableError, or nil if
// all is equal. A server that sends nothing for as long as patience waits for more itself;
// 0 is forever, as under a debugger.
//
// The server's clock is the transcript's, and it has no timeouts.
func Server(transcript *wiretap.Recording, config server.Config, patience time.Duration) error {
	p, err := newPlayer(transcript, annotate.ServerToClient, patience)
	if err != nil {
		return err
	}
	config.Clock = p.Now
	config.Debugger = true
	s := server.New(config)
	return p.play(s.ServeConn)
}
