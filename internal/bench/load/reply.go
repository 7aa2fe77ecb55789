package load

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// checker checks what a server sends on one connection.
type checker interface {
	// feed takes the next bytes, cut anywhere, and returns how many answers they complete.
	// It fails at the first wrong byte.
	feed(p []byte) (answers int, err error)
}

// checker returns a new checker for the answers of the scenario.
func (s Scenario) checker() checker {
	if !s.WebSocket() {
		return new(httpChecker)
	}
	return &frameChecker{want: s.Message, opcode: s.opcode(), deflate: s.Deflate}
}

// httpChecker checks the answers to GET /.
type httpChecker struct {
	part  []byte // an incomplete answer
	known []byte // a checked answer; later ones are equal until the Date changes
}

func (c *httpChecker) feed(p []byte) (answers int, err error) {
	if len(c.part) > 0 {
		c.part = append(c.part, p...)
		p = c.part
	}
	for len(p) > 0 {
		size := len(c.known)
		if size == 0 || !bytes.HasPrefix(p, c.known) {
			if size, err = checkAnswer(p); err != nil {
				return answers, err
			}
			if size == 0 {
				break
			}
			c.known = append(c.known[:0], p[:size]...)
		}
		answers++
		p = p[size:]
	}
	c.part = append(c.part[:0], p...)
	return answers, nil
}

// checkAnswer checks the first answer in p and returns its length, or 0 while it is
// incomplete.
func checkAnswer(p []byte) (int, error) {
	const body = "Hello World!"
	head, rest, found := bytes.Cut(p, []byte("\r\n\r\n"))
	if !found || len(rest) < len(body) {
		return 0, nil
	}
	fields := string(bytes.ToLower(head)) + "\r\n"
	if !strings.HasPrefix(fields, "http/1.1 200 ok\r\n") || !strings.Contains(fields, "\r\ncontent-length: 12\r\n") ||
		!strings.Contains(fields, "\r\ncontent-type: text/plain") || !bytes.HasPrefix(rest, []byte(body)) {
		return 0, fmt.Errorf("wrong answer %q %q", head, rest[:len(body)])
	}
	return len(head) + len("\r\n\r\n") + len(body), nil
}

// frameChecker checks messages that must all be the same, in any number of frames. It
// ignores Pings.
type frameChecker struct {
	want    []byte
	opcode  byte
	deflate bool

	head    []byte // of the frame that is being read
	left    int    // bytes of its payload that are still to come
	control bool   // the frame is a control frame
	fin     bool
	begun   bool // the first frame of the message has come
	at      int  // bytes of the message so far

	message []byte // the compressed message so far
	known   []byte // a compressed message that was inflated and is correct
}

func (c *frameChecker) feed(p []byte) (answers int, err error) {
	for len(p) > 0 {
		if c.left == 0 {
			n, complete := c.header(p)
			p = p[n:]
			if !complete {
				return answers, nil
			}
			if err := c.begin(); err != nil {
				return answers, err
			}
		}
		n := min(len(p), c.left)
		if err := c.payload(p[:n]); err != nil {
			return answers, err
		}
		p, c.left = p[n:], c.left-n
		if c.left > 0 {
			return answers, nil
		}
		c.head = c.head[:0]
		if c.fin && !c.control {
			if err := c.end(); err != nil {
				return answers, err
			}
			answers++
		}
	}
	return answers, nil
}

// header reads a frame's header from p, and reports whether it is complete.
func (c *frameChecker) header(p []byte) (taken int, complete bool) {
	for {
		size := 2
		if len(c.head) >= 2 {
			switch c.head[1] & 127 {
			case 126:
				size = 4
			case 127:
				size = 10
			}
		}
		if len(c.head) >= size {
			return taken, true
		}
		n := min(size-len(c.head), len(p)-taken)
		if n == 0 {
			return taken, false
		}
		c.head = append(c.head, p[taken:taken+n]...)
		taken += n
	}
}

// begin checks a complete header.
func (c *frameChecker) begin() error {
	opcode := c.head[0] & 15
	c.fin, c.control = c.head[0]&0x80 != 0, opcode >= 8
	c.left = int(c.head[1] & 127)
	switch c.left {
	case 126:
		c.left = int(binary.BigEndian.Uint16(c.head[2:]))
	case 127:
		c.left = int(binary.BigEndian.Uint64(c.head[2:]))
	}
	if c.control {
		if opcode == opClose {
			return fmt.Errorf("a Close frame, % x", c.head)
		}
		return nil
	}
	want := c.opcode
	if c.deflate {
		want |= 0x40
	}
	if c.begun {
		want = 0
	}
	if c.head[0]&0x7f != want || c.head[1]&0x80 != 0 || c.left < 0 {
		return fmt.Errorf("a frame begins % x, want opcode %#x", c.head, want)
	}
	c.begun = true
	return nil
}

// payload checks a piece of the payload.
func (c *frameChecker) payload(p []byte) error {
	switch {
	case c.control:
		return nil
	case c.deflate:
		c.message = append(c.message, p...)
		return nil
	case len(p) > len(c.want)-c.at:
		return fmt.Errorf("message has more than the %d bytes that were sent", len(c.want))
	case !bytes.Equal(p, c.want[c.at:c.at+len(p)]):
		return fmt.Errorf("message differs from what was sent after byte %d", c.at)
	}
	c.at += len(p)
	return nil
}

// end checks what only a complete message shows.
func (c *frameChecker) end() error {
	c.begun = false
	if c.deflate {
		if c.known == nil || !bytes.Equal(c.message, c.known) {
			if err := inflatesTo(c.message, c.want); err != nil {
				return err
			}
			c.known = bytes.Clone(c.message)
		}
		c.message = c.message[:0]
		return nil
	}
	if c.at != len(c.want) {
		return fmt.Errorf("message has %d bytes, want %d", c.at, len(c.want))
	}
	c.at = 0
	return nil
}
