package wiretap

import (
	"encoding/binary"
	"io"
	"net/netip"
	"time"

	"barewire/internal/annotate"
	"barewire/wsframe"
)

// Capture is a Sink that writes a pcap file, for Wireshark and similar programs.
// NewCapture creates one.
//
// A tap sees bytes, not packets, so Capture makes the packets up: IP and TCP as they
// could have carried the bytes, with correct sequence numbers and checksums, no packet
// lost, and each packet acknowledged at once. For a TLS connection the file has the
// decrypted bytes.
//
// A simplification: if our side closes before the peer has ended its direction, the
// peer's FIN is made up too.
type Capture struct {
	out     io.Writer
	begun   bool
	conns   map[int]*captured
	packets []byte
}

// captured is a connection in a capture.
type captured struct {
	role  wsframe.Role // of our side
	sides [2]side      // indexed by the annotate.Direction in which they send
	ended [2]bool      // indexed the same way
	ident [2]uint16    // the next Identification of IPv4, indexed the same way
}

// side is one end of a TCP connection.
type side struct {
	addr netip.AddrPort
	next uint32 // the sequence number of the next byte it sends
}

// NewCapture returns a capture that writes to out. The caller closes out after Tap.Close.
func NewCapture(out io.Writer) *Capture {
	return &Capture{out: out, conns: make(map[int]*captured)}
}

// linkTypeRaw means that packets begin with the IP header, version 4 or 6: there is no
// Ethernet header.
const linkTypeRaw = 101

// appendFileHeader appends the header of the file. The first field shows a reader the
// byte order, and its value means that times are in microseconds.
func appendFileHeader(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, 0xa1b2c3d4)
	dst = binary.BigEndian.AppendUint16(dst, 2) // the version: 2.4
	dst = binary.BigEndian.AppendUint16(dst, 4)
	dst = binary.BigEndian.AppendUint32(dst, 0)     // time zone: UTC
	dst = binary.BigEndian.AppendUint32(dst, 0)     // accuracy of time: always 0 in practice
	dst = binary.BigEndian.AppendUint32(dst, 1<<16) // packets up to this length are not cut
	return binary.BigEndian.AppendUint32(dst, linkTypeRaw)
}

// Record writes the packets of the events in one Write, so there is nothing to flush.
// It returns the error of out.
func (c *Capture) Record(events []Event) error {
	c.packets = c.packets[:0]
	if !c.begun {
		c.packets = appendFileHeader(c.packets)
		c.begun = true
	}
	for i := range events {
		c.event(&events[i])
	}
	_, err := c.out.Write(c.packets)
	return err
}

// event appends the packets of one event.
func (c *Capture) event(event *Event) {
	conn := c.conns[event.Conn]
	if conn == nil && event.Kind != Opened {
		return // it was opened before the capture was added
	}
	direction := event.Direction
	switch event.Kind {
	case Opened:
		c.conns[event.Conn] = c.open(event)
	case Bytes:
		for data := event.Bytes; len(data) > 0; {
			n := min(len(data), maxSegment)
			c.packet(conn, direction, event.Time, flagPSH|flagACK, data[:n])
			data = data[n:]
		}
		c.packet(conn, opposite(direction), event.Time, flagACK, nil)
	case Ended:
		c.end(conn, direction, event.Time)
	case Closed:
		c.end(conn, outward(conn.role), event.Time)
		c.end(conn, inward(conn.role), event.Time)
		delete(c.conns, event.Conn)
	case Reset:
		c.packet(conn, inward(conn.role), event.Time, flagRST|flagACK, nil)
		delete(c.conns, event.Conn)
	}
}

// open appends the three packets that open a connection (RFC 9293 §3.5).
func (c *Capture) open(event *Event) *captured {
	conn := &captured{role: event.Peers.Role}
	client, server := endpoints(event)
	conn.sides[annotate.ClientToServer].addr = client
	conn.sides[annotate.ServerToClient].addr = server
	c.packet(conn, annotate.ClientToServer, event.Time, flagSYN, nil)
	c.packet(conn, annotate.ServerToClient, event.Time, flagSYN|flagACK, nil)
	c.packet(conn, annotate.ClientToServer, event.Time, flagACK, nil)
	return conn
}

// end appends the FIN of a direction and its acknowledgment, unless they were appended
// before.
func (c *Capture) end(conn *captured, direction annotate.Direction, at time.Time) {
	if conn.ended[direction] {
		return
	}
	conn.ended[direction] = true
	c.packet(conn, direction, at, flagFIN|flagACK, nil)
	c.packet(conn, opposite(direction), at, flagACK, nil)
}

// packet appends one packet. It advances the sequence number by the length of data; SYN
// and FIN count as one byte each (RFC 9293 §3.4).
func (c *Capture) packet(conn *captured, direction annotate.Direction, at time.Time, flags uint8, data []byte) {
	from, to := &conn.sides[direction], &conn.sides[opposite(direction)]
	s := segment{from: from.addr, to: to.addr, seq: from.next, flags: flags, data: data}
	if flags&flagACK != 0 {
		s.ack = to.next
	}
	s.ident = conn.ident[direction]
	conn.ident[direction]++
	from.next += uint32(len(data))
	if flags&(flagSYN|flagFIN) != 0 {
		from.next++
	}
	length := uint32(s.length())
	c.packets = binary.BigEndian.AppendUint32(c.packets, uint32(at.Unix()))
	c.packets = binary.BigEndian.AppendUint32(c.packets, uint32(at.Nanosecond()/1000))
	c.packets = binary.BigEndian.AppendUint32(c.packets, length) // in the file
	c.packets = binary.BigEndian.AppendUint32(c.packets, length) // on the wire
	c.packets = s.append(c.packets)
}

// endpoints returns the addresses of a connection. If they are missing or of different
// versions, as those of a pipe are, it returns two addresses that are reserved for
// examples (RFC 5737), with a port that depends on the connection.
func endpoints(event *Event) (client, server netip.AddrPort) {
	client, err1 := parseAddr(event.Peers.Client())
	server, err2 := parseAddr(event.Peers.Server())
	if err1 == nil && err2 == nil && client.Addr().Is4() == server.Addr().Is4() {
		return client, server
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, 1}), uint16(1024+event.Conn%64000)),
		netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, 2}), 80)
}

// parseAddr parses an address as a packet needs it: without a zone, and as IPv4 if an
// IPv6 socket shows it as an IPv4-mapped address.
func parseAddr(text string) (netip.AddrPort, error) {
	parsed, err := netip.ParseAddrPort(text)
	return netip.AddrPortFrom(parsed.Addr().Unmap().WithZone(""), parsed.Port()), err
}
