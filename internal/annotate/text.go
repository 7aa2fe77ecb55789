package annotate

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// valueOctets is how much of what a peer sent one value quotes. The octets
// themselves are in the unit; a header field of 16 KiB would be there twice.
const valueOctets = 1024

// titleOctets is the same for a title, which has to fit on a line.
const titleOctets = 40

// quoted returns octets between quotes, with all that is not printable spelled
// out, and cut where it gets long.
func quoted(octets []byte) string {
	var short [64]byte // enough for most, so that there is one allocation
	return string(appendQuoted(short[:0], octets, valueOctets))
}

// appendQuoted is quoted, with a bound of its own, for those who put a text
// together.
func appendQuoted(dst, octets []byte, limit int) []byte {
	rest := 0
	if len(octets) > limit {
		shown := border(octets, limit)
		rest = len(octets) - shown
		octets = octets[:shown]
	}
	if plain(octets) {
		dst = append(dst, '"')
		dst = append(dst, octets...)
		dst = append(dst, '"')
	} else {
		dst = strconv.AppendQuote(dst, string(octets))
	}
	if rest > 0 {
		dst = append(dst, " ..."...)
	}
	return dst
}

// border returns limit or, if that is within a code point, where that one begins:
// half of it would look like a fault.
func border[text string | []byte](octets text, limit int) int {
	for at := limit; at > limit-utf8.UTFMax; at-- {
		if utf8.RuneStart(octets[at]) {
			return at
		}
	}
	return limit // that is no text
}

// plain reports whether octets can stand between quotes as they are.
func plain(octets []byte) bool {
	for _, octet := range octets {
		if octet < ' ' || octet > '~' || octet == '"' || octet == '\\' {
			return false
		}
	}
	return true
}

// printable returns text without quotes around it: what is not printable is
// spelled out, and what is long is cut.
func printable(text string) string {
	rest := ""
	if len(text) > valueOctets {
		text, rest = text[:border(text, valueOctets)], " ..."
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

// hexOctets returns the first octets in hexadecimal, with a space between two.
func hexOctets(octets []byte, limit int) string {
	return string(appendHex(nil, octets, limit))
}

// appendHex is hexOctets, for those who put a text together.
func appendHex(dst, octets []byte, limit int) []byte {
	shown := octets[:min(len(octets), limit)]
	for i, octet := range shown {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, hexDigits[octet>>4], hexDigits[octet&15])
	}
	if len(shown) < len(octets) {
		dst = append(dst, " ..."...)
	}
	return dst
}

// octetCount returns "1 octet", "2 octets" and so on.
func octetCount(n int64) string {
	return string(appendCount(nil, n))
}

// appendCount is octetCount, for those who put a text together.
func appendCount(dst []byte, n int64) []byte {
	dst = append(strconv.AppendInt(dst, n, 10), " octets"...)
	if n == 1 {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// isText reports whether octets, which may be cut off anywhere, read as text.
func isText(octets []byte) bool {
	for len(octets) > 0 {
		r, size := utf8.DecodeRune(octets)
		if r == utf8.RuneError && size == 1 && utf8.FullRune(octets) {
			return false
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
		octets = octets[size:]
	}
	return true
}

// broken puts a rule and its section together, as a span shows them.
func broken(rule, section string) string {
	if section == "" {
		return rule
	}
	return rule + " (" + section + ")"
}
