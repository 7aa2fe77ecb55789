package cli

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// decodeCapture returns the octets that an input stands for: its own if it is raw,
// those that it spells out if it is hexadecimal. With auto it is hexadecimal if it
// can be.
func decodeCapture(form string, text []byte) ([]byte, error) {
	if form == "raw" {
		return text, nil
	}
	octets, err := decodeHex(text)
	if err == nil && len(octets) == 0 {
		err = errors.New("no octets in the input")
	}
	if err != nil && form == "auto" {
		return text, nil
	}
	return octets, err
}

// decodeHex reads hexadecimal text, in any of these forms:
//
//	81 85 37fa213d             digits, with or without white space, commas and colons
//	0x81, 0x85   \x81\x85      marked ones
//	00000000: 8185 37fa  ..7.  xxd
//	00000000  81 85 37  |..7|  hexdump -C, where * stands for lines like the one before
//	0000  81 85 37  ..7        Wireshark and tshark -x
//	0x0000:  8185 37fa  ..7.   tcpdump -x and -X
//
// What follows a # is a comment, except in a dump.
func decodeHex(text []byte) ([]byte, error) {
	d := hexDecoder{}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if err := d.line(strings.TrimSpace(string(line))); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return d.octets, nil
}

// hexDecoder puts the lines of a hexadecimal text together.
type hexDecoder struct {
	octets   []byte
	last     []byte // those of the last line of a dump
	repeated bool   // a line with nothing but * came behind it
	dump     bool   // a line of a dump has come
}

// line reads one line.
func (d *hexDecoder) line(line string) error {
	if offset, digits, ok := cutXXD(line); ok {
		return d.dumpLine(offset, digits)
	}
	if offset, digits, ok := cutHexdump(line, d.dump); ok {
		return d.dumpLine(offset, digits)
	}
	if digits, ok := cutPacketDump(line, len(d.octets)); ok {
		line = digits
	}
	if d.dump && line == "*" {
		d.repeated = true
		return nil
	}
	line, _, _ = strings.Cut(line, "#")
	octets, err := decodeDigits(line)
	d.octets = append(d.octets, octets...)
	return err
}

// cutXXD takes a line of xxd apart: offset, colon, digits, two spaces, the text.
func cutXXD(line string) (offset, digits string, ok bool) {
	offset, rest, found := strings.Cut(line, ": ")
	if !found || len(offset) < 8 {
		return "", "", false
	}
	digits, _, _ = strings.Cut(rest, "  ")
	return offset, digits, true
}

// cutHexdump takes a line of hexdump -C apart: offset, two spaces, digits, the
// text between bars. The last line of a dump has an offset and nothing else.
func cutHexdump(line string, dump bool) (offset, digits string, ok bool) {
	offset, rest, found := strings.Cut(line, "  ")
	if len(offset) < 8 || strings.ContainsAny(offset, " ,:#\\") {
		return "", "", false
	}
	digits, _, bar := strings.Cut(rest, "|")
	return offset, digits, found && bar || dump && !found
}

// cutPacketDump takes a line apart whose offset has four digits or a few more: two
// spaces or more, digits, two spaces or more, the text. The offset must be at, the
// number of octets so far, or else the line is digits that look like that.
func cutPacketDump(line string, at int) (digits string, ok bool) {
	offset, rest, found := strings.Cut(line, "  ")
	offset = strings.TrimSuffix(strings.TrimPrefix(offset, "0x"), ":")
	value, err := strconv.ParseUint(offset, 16, 31)
	if !found || err != nil || int(value) != at || len(offset) < 4 {
		return "", false
	}
	digits, _, _ = strings.Cut(strings.TrimLeft(rest, " "), "  ")
	return digits, true
}

// dumpLine adds a line of a dump, and in front of it the lines that a * stands for.
func (d *hexDecoder) dumpLine(offset, digits string) error {
	at, err := strconv.ParseUint(offset, 16, 63)
	if err != nil {
		return fmt.Errorf("%q is no offset in hexadecimal", offset)
	}
	if d.repeated && at > maxCapture {
		return fmt.Errorf("the dump has more than %d octets", maxCapture)
	}
	for d.repeated && len(d.last) > 0 && uint64(len(d.octets)) < at {
		d.octets = append(d.octets, d.last...)
	}
	d.dump, d.repeated = true, false
	octets, err := decodeDigits(digits)
	d.octets = append(d.octets, octets...)
	d.last = octets
	return err
}

// decodeDigits reads digits, with whatever is usual between them.
func decodeDigits(text string) ([]byte, error) {
	text = strings.NewReplacer(`\x`, " ", "0x", " ", "0X", " ", ",", " ", ":", " ").Replace(text)
	var octets []byte
	for _, word := range strings.Fields(text) {
		decoded, err := hex.DecodeString(word)
		if err != nil {
			return nil, fmt.Errorf("%.20q is not octets in hexadecimal", word)
		}
		octets = append(octets, decoded...)
	}
	return octets, nil
}
