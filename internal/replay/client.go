package replay

import (
	"io"
	"net"
	"time"

	"barewire/handshake"
	"barewire/internal/annotate"
	"barewire/internal/wiretap"
	"barewire/internal/wsconn"
)

// Dial is our client. It opens a WebSocket over conn with the given offer and masking keys
// from random, calls opened with the open connection, and serves it. It returns when the
// connection has ended or could not be opened. It sets no timeouts.
type Dial func(conn net.Conn, offer *handshake.Offer, random io.Reader, opened func(*wsconn.Conn))

// Client plays the server of a transcript to our client, makes it send what the client in
// the transcript sent, and compares. Errors and patience are the same as for [Server].
//
// The client in the transcript may be another program, but it must have done only what
// ours can do: open a WebSocket, send messages whole or in fragments, Ping, Close. Our
// client has to send automatic answers, Pongs and Close frames, itself. The nonce and the
// masking keys come from the transcript.
func Client(transcript *wiretap.Transcript, dial Dial, patience time.Duration) error {
	p, err := newPlayer(transcript, annotate.ClientToServer, patience)
	if err != nil {
		return err
	}
	s, err := newScript(transcript)
	if err != nil {
		return err
	}
	a := application{player: p, frames: s.frames, opened: make(chan *wsconn.Conn, 1)}
	p.application = &a
	return p.play(func(conn net.Conn) {
		dial(conn, &s.offer, &sampleRandom{rest: s.keys, next: sampleKey}, func(c *wsconn.Conn) { a.opened <- c })
	})
}

// application is the program that uses our client. It sends what the application in the
// transcript sent.
type application struct {
	player *player
	frames []sentFrame       // still to be sent
	opened chan *wsconn.Conn // receives the connection when it is open
	conn   *wsconn.Conn      // that connection
}

// act sends the messages that begin before end, an offset of the client's bytes. It waits
// until each message has been sent, so that the masking keys are used in the same order.
func (a *application) act(end int) error {
	for len(a.frames) > 0 && a.frames[0].start < end {
		frame := &a.frames[0]
		a.frames = a.frames[1:]
		if !frame.answer {
			if !a.awaitOpen() {
				return nil // nothing will be sent, which will be a difference
			}
			if err := frame.send(a.conn); err != nil {
				return a.player.unsent(err)
			}
		}
		if err := a.player.awaitSent(frame.end); err != nil {
			return err
		}
	}
	return nil
}

// awaitOpen waits until the connection is open, and reports whether it is.
func (a *application) awaitOpen() bool {
	if a.conn == nil {
		select {
		case a.conn = <-a.opened:
		case <-a.player.returned:
		case <-a.player.timeout():
		}
	}
	return a.conn != nil
}
