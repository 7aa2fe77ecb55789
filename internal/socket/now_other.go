//go:build !unix

package socket

import "errors"

// This system does not let us use a descriptor ourselves: every Conn reads and writes
// through its net.Conn, and holds a buffer while it waits.
const usesDescriptors = false

var errWouldWait = errors.ErrUnsupported

func receiveNow(uintptr, []byte) (n int, err error) { return 0, errWouldWait }

func peek(uintptr) error { return nil }

func sendNow(uintptr, []byte, []byte) (n int, err error) { return 0, errWouldWait }
