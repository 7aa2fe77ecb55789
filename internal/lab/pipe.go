package lab

import (
	"errors"
	"net"
	"time"
)

// pipe is one end of a connection that never leaves the process. Like TCP it has a
// stream in each direction, and one may end while the other continues. A [net.Pipe]
// ends in both directions at once, so it could not show a FIN in the middle of a
// frame.
//
//	near ── out ═══════▶ in ── far
//	near ── in ◀═══════ out ── far
type pipe struct {
	in, out net.Conn // only one direction of each is used
}

func newPipe() (near, far *pipe) {
	nearOut, farIn := net.Pipe()
	nearIn, farOut := net.Pipe()
	return &pipe{nearIn, nearOut}, &pipe{farIn, farOut}
}

func (p *pipe) Read(b []byte) (int, error)  { return p.in.Read(b) }
func (p *pipe) Write(b []byte) (int, error) { return p.out.Write(b) }

// CloseWrite ends the stream to the other end, as a FIN does.
func (p *pipe) CloseWrite() error { return p.out.Close() }

func (p *pipe) Close() error { return errors.Join(p.in.Close(), p.out.Close()) }

func (p *pipe) LocalAddr() net.Addr  { return p.out.LocalAddr() }
func (p *pipe) RemoteAddr() net.Addr { return p.out.RemoteAddr() }

func (p *pipe) SetReadDeadline(t time.Time) error  { return p.in.SetReadDeadline(t) }
func (p *pipe) SetWriteDeadline(t time.Time) error { return p.out.SetWriteDeadline(t) }

func (p *pipe) SetDeadline(t time.Time) error {
	return errors.Join(p.in.SetReadDeadline(t), p.out.SetWriteDeadline(t))
}
