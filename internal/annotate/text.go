package annotate

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// valueBytes is how many bytes from a peer one value quotes. All bytes are in the
// unit anyway, so a header field of 16 KiB would be there twice.
const valueBytes = 1024

// titleBytes is the same for a title, which has to fit on a line.
const titleBytes = 40

// quoted returns data between quotes, escaped where it is not printable, and cut
// where it is long.
func quoted(data []byte) string {
	var short [64]byte // usually long enough, so that there is only one allocation
	return string(appendQuoted(short[:0], data, valueBytes))
}

// appendQuoted appends what quoted returns, with a limit of its own, to dst.
func appendQuoted(dst, data []byte, limit int) []byte {
	rest := 0
	if len(data) > limit {
		shown := border(data, limit)
		rest = len(data) - shown
		data = data[:shown]
	}
	if plain(data) {
		dst = append(dst, '"')
		dst = append(dst, data...)
		dst = append(dst, '"')
	} else {
		dst = strconv.AppendQuote(dst, string(data))
	}
	if rest > 0 {
		dst = append(dst, " ..."...)
	}
	return dst
}

// border returns limit or, if that is inside a code point, where the code point
// begins: half a code point would look like an error of the sender.
func border[text string | []byte](data text, limit int) int {
	for at := limit; at > limit-utf8.UTFMax; at-- {
		if utf8.RuneStart(data[at]) {
			return at
		}
	}
	return limit // this is not text
}

// plain reports whether data can stand between quotes as it is.
func plain(data []byte) bool {
	for _, c := range data {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// printable returns text without quotes, escaped where it is not printable, and cut
// where it is long.
func printable(text string) string {
	rest := ""
	if len(text) > valueBytes {
		text, rest = text[:border(text, valueBytes)], " ..."
	}
	for i := 0; i < len(text); i++ {
		if text[i] < ' ' || text[i] > '~' {
			inside := strconv.Quote(text)
			return strings.ReplaceAll(inside[1:len(inside)-1], `\"`, `"`) + rest
		}
	}
	return text + rest
}

const hexDigits = "0123456789abcdef"

// hexBytes returns at most limit bytes in hexadecimal, separated by spaces.
func hexBytes(data []byte, limit int) string {
	return string(appendHex(nil, data, limit))
}

// appendHex appends what hexBytes returns to dst.
func appendHex(dst, data []byte, limit int) []byte {
	shown := data[:min(len(data), limit)]
	for i, c := range shown {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
	}
	if len(shown) < len(data) {
		dst = append(dst, " ..."...)
	}
	return dst
}

// byteCount returns "1 byte", "2 bytes" and so on.
func byteCount(n int64) string {
	return string(appendCount(nil, n))
}

// appendCount appends what byteCount returns to dst.
func appendCount(dst []byte, n int64) []byte {
	dst = append(strconv.AppendInt(dst, n, 10), " bytes"...)
	if n == 1 {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// isText reports whether data, which may be cut off anywhere, is readable text.
func isText(data []byte) bool {
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 && utf8.FullRune(data) {
			return false
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
		data = data[size:]
	}
	return true
}

// broken joins a rule and its section, as a span shows them.
func broken(rule, section string) string {
	if section == "" {
		return rule
	}
	return rule + " (" + section + ")"
}
