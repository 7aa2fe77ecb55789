package server

import (
	"barewire/handshake"
)

// acceptExtensions chooses among the extensions that a client offers: the first
// permessage-deflate that can be done. deflate is what is then agreed on, or nil.
func (c *connection) acceptExtensions(offers []handshake.Extension) (accepted []handshake.Extension, deflate *handshake.Deflate) {
	c.reserveTakeover()
	response, agreed, ok := handshake.AcceptDeflate(offers, c.takeover)
	if !ok {
		c.releaseTakeover()
		return nil, nil
	}
	if agreed.ServerNoContextTakeover && agreed.ClientNoContextTakeover {
		c.releaseTakeover() // neither side remembers anything
	}
	return []handshake.Extension{response}, &agreed
}

// reserveTakeover takes one of the TakeoverConns, if one is left.
func (c *connection) reserveTakeover() {
	c.takeover = c.server.takeovers.Add(1) <= int64(c.server.config.TakeoverConns)
	if !c.takeover {
		c.server.takeovers.Add(-1)
	}
}

// releaseTakeover gives it back, if this connection holds one.
func (c *connection) releaseTakeover() {
	if c.takeover {
		c.takeover = false
		c.server.takeovers.Add(-1)
	}
}
