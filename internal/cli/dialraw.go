package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"time"

	"barewire/internal/wsconn"
	"barewire/internal/wsstream"
)

// rawCloseWait limits how long dial -raw waits, after the end of input, for a silent
// server to close. It is long because a slow reader of standard output delays what the
// server still sends. A server that never closes must not keep the program running
// forever.
const rawCloseWait = time.Hour

// converseRaw connects standard input and output to a stream over conn, which it closes.
// The end of input starts the closing handshake; the end of the stream ends the program.
func (o *dialOptions) converseRaw(conn net.Conn, std streams) int {
	c, err := o.open(conn)
	if err != nil {
		conn.Close()
		return failure(std, err)
	}
	stream := wsstream.New(c)
	defer stream.Close()
	inputFailed := make(chan error, 1)
	go func() {
		_, err := io.Copy(stream, std.in)
		if err != nil && !errors.Is(err, net.ErrClosed) { // Read returns why the stream is closed
			inputFailed <- err
		}
		stream.CloseWrite()
	}()

	_, err = io.Copy(std.out, stream)
	var closed *wsconn.CloseError
	if errors.As(err, &closed) && closed.Clean {
		err = closedByServer(closed)
	}
	select {
	case inputError := <-inputFailed:
		err = errors.Join(err, inputError)
	default:
	}
	if err != nil {
		return failure(std, err)
	}
	return exitOK
}

// closedByServer returns the error for a close code that does not mean success.
func closedByServer(closed *wsconn.CloseError) error {
	return fmt.Errorf("the server closed with %d (%v) %q", closed.Code, closed.Code, closed.Reason)
}

// checkRaw returns an error if a flag contradicts -raw.
func checkRaw(flags *flag.FlagSet) (err error) {
	flags.Visit(func(f *flag.Flag) {
		switch f.Name {
		case "ping":
			err = errors.New("-raw and -ping contradict each other: either side of a stream may be silent for as long as it likes")
		case "linger":
			err = errors.New("-raw and -linger contradict each other: the end of a stream is passed on at once")
		case "binary":
			err = errors.New("-raw and -binary contradict each other: a stream has no lines, and its messages are always binary")
		}
	})
	return err
}
