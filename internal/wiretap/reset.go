//go:build !plan9

package wiretap

import (
	"errors"
	"syscall"
)

// wsaeconnreset is the number of a reset on Windows. Package syscall names it only
// there; on Unix no error has this number.
const wsaeconnreset = syscall.Errno(10054)

// isReset reports whether err means that the peer has reset the connection.
func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, wsaeconnreset)
}
