package cli

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// decodeCapture returns the bytes of an input: text itself if it is raw, the decoded bytes
// if it is hexadecimal. auto means hexadecimal if text can be decoded, and raw otherwise.
func decodeCapture(form string, text []byte) ([]byte, error) {
	if form == "raw" {
		return text, nil
	}
	data, err := decodeHex(text)
	if err == nil && len(data) == 0 {
		err = errors.New("no bytes in the input")
	}
	if err != nil && form == "auto" {
		return text, nil
	}
	return data, err
}

// decodeHex reads hexadecimal text, in any of these forms:
//
//	81 85 37fa213d             digits, with or without white space, commas and colons
//	0x81, 0x85   \x81\x85      digits with a prefix
//	00000000: 8185 37fa  ..7.  xxd
//	00000000  81 85 37  |..7|  hexdump -C, where * stands for copies of the line before
//	0000  81 85 37  ..7        Wireshark and tshark -x
//	0x0000:  8185 37fa  ..7.   tcpdump -x and -X
//
// A # begins a comment, except in a dump.
func decodeHex(text []byte) ([]byte, error) {
	d := hexDecoder{}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if err := d.line(strings.TrimSpace(string(line))); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return d.data, nil
}

// hexDecoder joins the bytes of the lines of a hexadecimal text.
type hexDecoder struct {
	data     []byte
	last     []byte // the bytes of the last line of a dump
	repeated bool   // the line after it is only a *
	dump     bool   // there was a line of a dump
}

// line reads one line.
func (d *hexDecoder) line(line string) error {
	if offset, digits, ok := cutXXD(line); ok {
		return d.dumpLine(offset, digits)
	}
	if offset, digits, ok := cutHexdump(line, d.dump); ok {
		return d.dumpLine(offset, digits)
	}
	if digits, ok := cutPacketDump(line, len(d.data)); ok {
		line = digits
	}
	if d.dump && line == "*" {
		d.repeated = true
		return nil
	}
	line, _, _ = strings.Cut(line, "#")
	data, err := decodeDigits(line)
	d.data = append(d.data, data...)
	return err
}

// cutXXD splits a line of xxd: offset, colon, digits, two spaces, the text.
func cutXXD(line string) (offset, digits string, ok bool) {
	offset, rest, found := strings.Cut(line, ": ")
	if !found || len(offset) < 8 {
		return "", "", false
	}
	digits, _, _ = strings.Cut(rest, "  ")
	return offset, digits, true
}

// cutHexdump splits a line of hexdump -C: offset, two spaces, digits, the text between
// bars. The last line of a dump has only an offset.
func cutHexdump(line string, dump bool) (offset, digits string, ok bool) {
	offset, rest, found := strings.Cut(line, "  ")
	if len(offset) < 8 || strings.ContainsAny(offset, " ,:#\\") {
		return "", "", false
	}
	digits, _, bar := strings.Cut(rest, "|")
	return offset, digits, found && bar || dump && !found
}

// cutPacketDump splits a line of Wireshark or tcpdump: an offset of four or more digits,
// two or more spaces, digits, two or more spaces, the text. The offset must equal at, the
// number of bytes so far; otherwise the line is plain digits that look like an offset.
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

// dumpLine adds a line of a dump, after the lines that a * before it stands for.
func (d *hexDecoder) dumpLine(offset, digits string) error {
	at, err := strconv.ParseUint(offset, 16, 63)
	if err != nil {
		return fmt.Errorf("%q is not an offset in hexadecimal", offset)
	}
	if d.repeated && at > maxCapture {
		return fmt.Errorf("the dump has more than %d bytes", maxCapture)
	}
	for d.repeated && len(d.last) > 0 && uint64(len(d.data)) < at {
		d.data = append(d.data, d.last...)
	}
	d.dump, d.repeated = true, false
	data, err := decodeDigits(digits)
	d.data = append(d.data, data...)
	d.last = data
	return err
}

// decodeDigits reads digits, with prefixes and separators between them.
func decodeDigits(text string) ([]byte, error) {
	text = strings.NewReplacer(`\x`, " ", "0x", " ", "0X", " ", ",", " ", ":", " ").Replace(text)
	var data []byte
	for _, word := range strings.Fields(text) {
		decoded, err := hex.DecodeString(word)
		if err != nil {
			return nil, fmt.Errorf("%.20q is not hexadecimal", word)
		}
		data = append(data, decoded...)
	}
	return data, nil
}
