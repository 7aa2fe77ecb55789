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

// Dial is our client. It opens a WebSocket over conn with the offer, and with random for
// its masking keys; passes the open connection to opened; serves it; and returns when it
// has ended, or could not be opened. It sets no timeouts.
type Dial func(conn net.Conn, offer *handshake.Offer, random io.Reader, opened func(*wsconn.Conn))

// Client plays the server of a transcript to our client, lets that send what it sent
// then, and compares. Errors and patience are those of [Server].
//
// The client of the transcript need not have been ours, but it must have done what ours
// can do: open a WebSocket, send messages whole or in fragments, Ping, Close. What it
// answered by itself, Pongs and Close frames, our client has to answer by itself. The
// nonce and the masking keys are those of the transcript.
func Client(transcript *wiretap.Recording, dial Dial, patience time.Duration) error {
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

// application is the program that uses our client. It does what the one of the
// transcript did.
type application struct {
	player *player
	frames []sentFrame       // what is still to be sent
	opened chan *wsconn.Conn // has the connection when that is open
	conn   *wsconn.Conn      // that connection
}

// act sends the messages that begin before end, an offset of the client's bytes. It
// waits each time until all of one has left, so the keys are used in the same order.
func (a *application) act(end int) error {
	for len(a.frames) > 0 && a.frames[0].start < end {
		frame := &a.frames[0]
		a.frames = a.frames[1:]
		if !frame.answer {
			if !a.awaitOpen() {
				return nil // nothing will be sent, and that is a difference
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
