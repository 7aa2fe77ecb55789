package servers

import (
	"net"

	"github.com/panjf2000/gnet/v2"
	"github.com/panjf2000/gnet/v2/pkg/logging"
)

// serveGnet is the limit for event loops: one goroutine per core instead of one per
// connection.
func serveGnet(l net.Listener) error {
	// gnet opens its own listener.
	addr := l.Addr().String()
	l.Close()
	return gnet.Run(new(gnetServer), "tcp://"+addr, gnet.WithMulticore(true), gnet.WithReuseAddr(true),
		gnet.WithTCPNoDelay(gnet.TCPNoDelay), gnet.WithReadBufferCap(64<<10), gnet.WithLogLevel(logging.FatalLevel))
}

type gnetServer struct {
	gnet.BuiltinEventEngine
	chat room[gnet.Conn]
}

// gnetConn is the state of a connection. part holds an incomplete frame.
type gnetConn struct {
	wire
	out, part []byte
	need      int
	joined    bool
}

func (s *gnetServer) OnOpen(c gnet.Conn) ([]byte, gnet.Action) {
	c.SetContext(new(gnetConn))
	return nil, gnet.None
}

func (s *gnetServer) OnClose(c gnet.Conn, _ error) gnet.Action {
	if c.Context().(*gnetConn).joined {
		s.chat.leave(c)
	}
	return gnet.None
}

func (s *gnetServer) OnTraffic(c gnet.Conn) gnet.Action {
	state := c.Context().(*gnetConn)
	buf, err := c.Next(-1)
	if err != nil {
		return gnet.Close
	}
	if len(state.part) > 0 {
		state.part = append(state.part, buf...)
		buf = state.part
		if len(buf) < state.need {
			return gnet.None
		}
	}
	consumed, answers, need, err := state.answer(buf, state.out[:0])
	if err != nil {
		return gnet.Close
	}
	switch {
	case state.joined && len(answers) > 0 && !isClose(answers):
		s.toAll(c, answers)
	case len(answers) > 0:
		c.Write(answers)
	}
	if state.chat && !state.joined {
		state.joined = true
		s.chat.join(c)
	}
	state.keep(buf[consumed:], need)
	if isClose(answers) {
		return gnet.Close
	}
	return gnet.None
}

// toAll sends through the event loops of the members.
func (s *gnetServer) toAll(from gnet.Conn, answers []byte) {
	shared := append([]byte(nil), answers...)
	s.chat.each(func(c gnet.Conn) {
		if c != from {
			c.AsyncWrite(shared, nil)
		}
	})
	from.Write(shared) // if it fails, it calls OnClose, which needs the room's lock
}

// keep keeps an incomplete frame, with no more memory than it needs.
func (s *gnetConn) keep(rest []byte, need int) {
	s.need = need
	switch {
	case len(rest) == 0 && cap(s.part) > 64<<10 && s.need == 0:
		s.part = s.part[:0] // the next frame is probably as large
	case len(rest) == 0:
		s.part = nil
	case cap(s.part) < need:
		s.part = append(make([]byte, 0, need+64<<10), rest...)
	default:
		s.part = append(s.part[:0], rest...)
	}
}
