package server

import (
	"barewire/handshake"
)

// acceptExtensions chooses among the extensions that a client offers: the
// first permessage-deflate that can be done. It is the hook of handshake.Accept.
func (c *connection) acceptExtensions(offers []handshake.Extension) []handshake.Extension {
	c.reserveTakeover()
	response, agreed, ok := handshake.AcceptDeflate(offers, handshake.DeflatePolicy{NoTakeover: !c.takeover})
	if !ok {
		c.releaseTakeover()
		return nil
	}
	if agreed.ServerNoContextTakeover {
		c.releaseTakeover() // our compressor will forget after each message anyway
	}
	c.deflate = &agreed
	return []handshake.Extension{response}
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
