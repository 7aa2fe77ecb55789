package load

import (
	"cmp"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// openAndClose makes each worker connect, do the opening handshake and the closing
// handshake, and wait for the server to close the connection, as RFC 6455 §7.1.1 asks of
// a client.
func openAndClose(addr netip.AddrPort, s Scenario, w Window, meter Meter) (Result, error) {
	var done atomic.Int64
	run := func(until time.Time) error {
		errs := make([]error, s.Conns)
		var workers sync.WaitGroup
		for i := range s.Conns {
			workers.Go(func() {
				for buf := make([]byte, 4<<10); errs[i] == nil && time.Now().Before(until); {
					if errs[i] = openClose(addr, s, buf); errs[i] == nil {
						done.Add(1)
					}
				}
			})
		}
		workers.Wait()
		return cmp.Or(errs...) // they are usually the same
	}
	return measure(w, meter, run, func() int { return int(done.Load()) })
}

var closeFrame = appendMasked(nil, 0x80|opClose, []byte{1000 >> 8, 1000 & 255})

func openClose(addr netip.AddrPort, s Scenario, buf []byte) error {
	fd, err := dial(addr, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if err := upgrade(fd, s, s.handshakeRequest(), buf); err != nil {
		return err
	}
	if err := writeAll(fd, closeFrame); err != nil {
		return err
	}
	held := 0
	for {
		n, err := unix.Read(fd, buf[held:])
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return os.NewSyscallError("read after Close", err)
		case n == 0:
			return checkClose(buf[:held])
		}
		held += n
	}
}

// checkClose checks everything between the handshakes and the end.
func checkClose(p []byte) error {
	if len(p) < 2 || p[0] != 0x80|opClose || int(p[1]) != len(p)-2 {
		return fmt.Errorf("the answer to the Close is % x", p)
	}
	return nil
}
