//go:build !unix

package socket

import "errors"

// On this system a Conn cannot use a descriptor: it reads and writes through its net.Conn,
// and holds a buffer while it waits.
const usesDescriptors = false

var errWouldWait = errors.ErrUnsupported

func receiveNow(uintptr, []byte) (n int, err error) { return 0, errWouldWait }

func peek(uintptr) error { return nil }

func sendNow(uintptr, []byte, []byte) (n int, err error) { return 0, errWouldWait }
