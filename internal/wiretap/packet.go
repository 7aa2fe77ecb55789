package wiretap

import (
	"encoding/binary"
	"net/netip"
)

// The flags of TCP (RFC 9293 §3.1).
const (
	flagFIN = 1 << iota
	flagSYN
	flagRST
	flagPSH
	flagACK
)

const (
	ipv4Header = 20 // RFC 791 §3.1, without options
	ipv6Header = 40 // RFC 8200 §3
	tcpHeader  = 20 // RFC 9293 §3.1, without options

	protocolTCP = 6

	// maxSegment is how many bytes of a stream fit into one packet, whose length
	// has 16 bits.
	maxSegment = 1<<16 - 1 - ipv4Header - tcpHeader
)

// segment is one packet.
type segment struct {
	from, to netip.AddrPort // both IPv4, or both IPv6
	seq, ack uint32
	flags    uint8
	ident    uint16
	data     []byte
}

// length returns the length of the whole packet.
func (s *segment) length() int {
	if s.from.Addr().Is4() {
		return ipv4Header + tcpHeader + len(s.data)
	}
	return ipv6Header + tcpHeader + len(s.data)
}

// append appends the packet.
func (s *segment) append(dst []byte) []byte {
	if s.from.Addr().Is4() {
		dst = s.appendIPv4(dst)
	} else {
		dst = s.appendIPv6(dst)
	}
	return s.appendTCP(dst)
}

// appendIPv4 appends the header of RFC 791 §3.1.
func (s *segment) appendIPv4(dst []byte) []byte {
	start := len(dst)
	dst = append(dst, 4<<4|ipv4Header/4, 0) // Version, IHL in words; Type of Service
	dst = binary.BigEndian.AppendUint16(dst, uint16(s.length()))
	dst = binary.BigEndian.AppendUint16(dst, s.ident)
	dst = append(dst, 0x40, 0)               // Flags: don't fragment; Fragment Offset
	dst = append(dst, 64, protocolTCP, 0, 0) // Time to Live; Protocol; Header Checksum
	dst = append(dst, s.from.Addr().AsSlice()...)
	dst = append(dst, s.to.Addr().AsSlice()...)
	binary.BigEndian.PutUint16(dst[start+10:], checksum(0, dst[start:]))
	return dst
}

// appendIPv6 appends the header of RFC 8200 §3.
func (s *segment) appendIPv6(dst []byte) []byte {
	dst = append(dst, 6<<4, 0, 0, 0) // Version; Traffic Class; Flow Label
	dst = binary.BigEndian.AppendUint16(dst, uint16(tcpHeader+len(s.data)))
	dst = append(dst, protocolTCP, 64) // Next Header; Hop Limit
	dst = append(dst, s.from.Addr().AsSlice()...)
	return append(dst, s.to.Addr().AsSlice()...)
}

// appendTCP appends the header of RFC 9293 §3.1, and the data after it.
func (s *segment) appendTCP(dst []byte) []byte {
	start := len(dst)
	dst = binary.BigEndian.AppendUint16(dst, s.from.Port())
	dst = binary.BigEndian.AppendUint16(dst, s.to.Port())
	dst = binary.BigEndian.AppendUint32(dst, s.seq)
	dst = binary.BigEndian.AppendUint32(dst, s.ack)
	dst = append(dst, tcpHeader/4<<4, s.flags) // Data Offset in words
	dst = append(dst, 0xff, 0xff)              // Window: the maximum
	dst = append(dst, 0, 0, 0, 0)              // Checksum; Urgent Pointer
	dst = append(dst, s.data...)
	binary.BigEndian.PutUint16(dst[start+16:], checksum(s.pseudoHeader(), dst[start:]))
	return dst
}

// pseudoHeader returns the sum of the parts of the IP header that TCP's checksum covers:
// addresses, protocol and length (RFC 9293 §3.1, RFC 8200 §8.1).
func (s *segment) pseudoHeader() uint32 {
	sum := uint32(protocolTCP) + uint32(tcpHeader+len(s.data))
	sum = addWords(sum, s.from.Addr().AsSlice())
	return addWords(sum, s.to.Addr().AsSlice())
}

// checksum returns the internet checksum: the complement of the one's complement sum of
// all 16-bit words (RFC 1071 §1). sum is the sum of what comes before data.
func checksum(sum uint32, data []byte) uint16 {
	sum = addWords(sum, data)
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

// addWords adds data to a sum in pairs of bytes; a zero follows an odd last byte. 64 KiB
// are 32,768 words, whose sum fits into 32 bits.
func addWords(sum uint32, data []byte) uint32 {
	for ; len(data) > 1; data = data[2:] {
		sum += uint32(data[0])<<8 | uint32(data[1])
	}
	if len(data) == 1 {
		sum += uint32(data[0]) << 8
	}
	return sum
}
