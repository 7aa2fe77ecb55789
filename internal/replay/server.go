package replay

import (
	"barewire/internal/annotate"
	"barewire/internal/server"
	"barewire/internal/wiretap"
)

// Server plays the client of a recording to a server with the given
// configuration, and compares what that sends. The error is a *Difference, or an
// *UnplayableError, or nil if all is equal.
//
// The server's clock is the recording's, and it has no time-outs. A recording that
// has only the client's octets, and not the end of the connection, is equal to
// whatever the server says: with a tap in config.Wrap, that is how to record one.
func Server(recording *wiretap.Recording, config server.Config) error {
	p, err := newPlayer(recording, annotate.ServerToClient)
	if err != nil {
		return err
	}
	config.Clock = p.Now
	config.Debugger = true
	s := server.New(config)
	return p.play(s.ServeConn)
}
