package load

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long a server may be silent before the race is aborted.
const patience = 5 * time.Second

// connsPerSource is the number of connections from one loopback address. Then the next
// address is used, because a single one has too few ports.
const connsPerSource = 8000

// dial connects from one of several loopback addresses. The socket is blocking.
func dial(addr netip.AddrPort, nth int) (fd int, err error) {
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, os.NewSyscallError("socket", err)
	}
	defer func() {
		if err != nil {
			unix.Close(fd)
		}
	}()
	limit := unix.NsecToTimeval(int64(patience))
	source := unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, byte(1 + nth/connsPerSource)}}
	err = errors.Join(
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1),
		unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &limit),
		unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1),
		// Close with a reset, so that no port stays in TIME_WAIT.
		unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}),
		unix.Bind(fd, &source))
	if err != nil {
		return -1, err
	}
	if err := unix.Connect(fd, &unix.SockaddrInet4{Addr: addr.Addr().As4(), Port: int(addr.Port())}); err != nil {
		return -1, os.NewSyscallError("connect", err)
	}
	return fd, nil
}

// handshakeKey is the key of the example in RFC 6455 §1.3.
const handshakeKey = "dGhlIHNhbXBsZSBub25jZQ=="

var handshakeAccept = func() []byte {
	sum := sha1.Sum([]byte(handshakeKey + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return []byte("\r\nsec-websocket-accept: " + base64.StdEncoding.EncodeToString(sum[:]) + "\r\n")
}()

// handshakeRequest returns a handshake as a browser sends it, without cookies.
func (s Scenario) handshakeRequest() []byte {
	offer := ""
	if s.Deflate {
		offer = "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n"
	}
	return []byte("GET " + s.Path + " HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + handshakeKey + "\r\n" + offer + "\r\n")
}

// upgrade does the opening handshake on a blocking socket.
func upgrade(fd int, s Scenario, request, buf []byte) error {
	if err := writeAll(fd, request); err != nil {
		return err
	}
	held := 0
	for {
		n, err := unix.Read(fd, buf[held:])
		if err == unix.EINTR {
			continue
		}
		if err != nil || n == 0 {
			return fmt.Errorf("handshake: the connection ended after %q (%v)", buf[:held], err)
		}
		held += n
		head, rest, found := bytes.Cut(buf[:held], []byte("\r\n\r\n"))
		if !found {
			continue
		}
		return checkHandshake(s, head, rest)
	}
}

func checkHandshake(s Scenario, head, rest []byte) error {
	// The accept value is case-sensitive, the names of the fields are not.
	at := bytes.LastIndex(handshakeAccept, []byte(": ")) + 2
	lower := bytes.ToLower(append(head, "\r\n"...))
	name := bytes.Index(lower, handshakeAccept[:at])
	switch {
	case !bytes.HasPrefix(head, []byte("HTTP/1.1 101 ")), len(rest) > 0:
		return fmt.Errorf("handshake: got %q and %d more bytes", head, len(rest))
	case name < 0 || !bytes.HasPrefix(head[name+at:len(head)+2], handshakeAccept[at:]):
		return fmt.Errorf("handshake: wrong accept value: %q", head)
	case s.Deflate != bytes.Contains(lower, []byte("permessage-deflate")):
		return fmt.Errorf("handshake: compression differs from the offer: %q", head)
	}
	return nil
}

// writeAll writes to a blocking socket.
func writeAll(fd int, p []byte) error {
	for len(p) > 0 {
		n, err := unix.Write(fd, p)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return os.NewSyscallError("write", err)
		}
		p = p[n:]
	}
	return nil
}
