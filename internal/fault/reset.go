//go:build !plan9

package fault

import (
	"errors"
	"syscall"
)

// wsaeconnreset is the number that Windows has for a reset. Package syscall names
// it there only; on Unix no error has this number.
const wsaeconnreset = syscall.Errno(10054)

// isReset reports whether err means that the peer has reset the connection.
func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, wsaeconnreset)
}
