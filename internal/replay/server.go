package replay

import (
	"net"

	"barewire/internal/annotate"
	"barewire/internal/server"
	"barewire/internal/wiretap"
)

// Server plays the client of a recording to a server with the given
// configuration, and compares what that sends. The error is a *Difference, or an
// *UnplayableError, or nil if all is equal.
//
// The server's clock is the recording's, and it has no time-outs.
func Server(recording *wiretap.Recording, config server.Config) error {
	p, err := newPlayer(recording, annotate.ServerToClient)
	if err != nil {
		return err
	}
	config.Clock = p.Now
	config.Debugger = true
	s := server.New(config)
	return p.play(func(conn net.Conn) { s.ServeConn(conn) })
}

// Record plays pieces of a client to a server with the given configuration, and
// then the end of that direction. It waits each time until the server has done
// what there is to do. A tap in config.Wrap records the conversation.
func Record(config server.Config, pieces [][]byte) {
	p := newPipe()
	returned := make(chan struct{})
	config.Debugger = true
	go func() {
		server.New(config).ServeConn(p)
		p.Close()
		close(returned)
	}()
	for _, piece := range pieces {
		p.deliver(piece)
	}
	p.end()
	<-returned
}
