//go:build !plan9

package fault

import (
	"errors"
	"syscall"
)

// wsaeconnreset is the error number of a reset on Windows. Package syscall names it
// only there; no error on Unix has this number.
const wsaeconnreset = syscall.Errno(10054)

// isReset reports whether err means that the peer has reset the connection.
func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, wsaeconnreset)
}
