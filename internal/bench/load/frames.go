package load

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
)

const (
	opText   = 1
	opBinary = 2
	opClose  = 8
)

// maskKey masks every frame. Servers cannot know that it is always the same.
var maskKey = [4]byte{0x37, 0xfa, 0x21, 0x3d}

// opcode is the opcode of the scenario's messages.
func (s Scenario) opcode() byte {
	if s.Text {
		return opText
	}
	return opBinary
}

// maskedMessage returns the frames of one message.
func maskedMessage(s Scenario) ([]byte, error) {
	payload, first := s.Message, s.opcode()
	if s.Deflate {
		var err error
		if payload, err = deflate(payload); err != nil {
			return nil, err
		}
		first |= 0x40
	}
	if s.Fragments == 0 {
		return appendMasked(nil, 0x80|first, payload), nil
	}
	var frames []byte
	size := len(payload) / s.Fragments
	for i := range s.Fragments {
		part := payload[i*size:]
		if i < s.Fragments-1 {
			frames = appendMasked(frames, first, part[:size])
		} else {
			frames = appendMasked(frames, 0x80|first, part)
		}
		first = 0
	}
	return frames, nil
}

// appendMasked appends a frame as a client sends it.
func appendMasked(b []byte, first byte, payload []byte) []byte {
	switch n := len(payload); {
	case n < 126:
		b = append(b, first, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, first, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, first, 0x80|127), uint64(n))
	}
	b = append(b, maskKey[:]...)
	for i, c := range payload {
		b = append(b, c^maskKey[i&3])
	}
	return b
}

// syncTail ends every flushed DEFLATE block; RFC 7692 removes it from messages.
var syncTail = []byte{0, 0, 0xff, 0xff}

func deflate(p []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(p); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), syncTail), nil
}

// inflatesTo checks that a compressed payload inflates to what was sent.
func inflatesTo(compressed, want []byte) error {
	in := bytes.NewReader(append(bytes.Clone(compressed), append(syncTail, 1, 0, 0, 0xff, 0xff)...))
	var out bytes.Buffer
	if _, err := out.ReadFrom(flate.NewReader(in)); err != nil {
		return err
	}
	if !bytes.Equal(out.Bytes(), want) {
		return fmt.Errorf("inflated to %d bytes, which differ from what was sent", out.Len())
	}
	return nil
}
