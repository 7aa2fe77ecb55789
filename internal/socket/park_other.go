//go:build !linux

package socket

import "time"

type parking struct{}

// Park does nothing and reports false: without epoll a connection keeps its goroutine.
func (c *Conn) Park(deadline time.Time, resume func()) bool { return false }

// Wake has nothing to resume.
func (c *Conn) Wake() {}
