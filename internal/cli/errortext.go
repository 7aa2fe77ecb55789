package cli

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainWords replaces phrases in the errors of Go's packages and of the operating system
// with words for people who know neither.
var plainWords = []struct {
	pattern *regexp.Regexp
	text    string
}{
	{regexp.MustCompile(`listen \w+ (\S+): bind: (?:address already in use|Only one usage of each socket address.*)`),
		"cannot listen on $1: address already in use; -addr 127.0.0.1:0 takes a free port"},
	{regexp.MustCompile(`(?:dial|listen) \w+: lookup (\S+?)(?: on \S+)?: `), "cannot find $1: "},
	{regexp.MustCompile(`(?:dial|listen) \w+: address (\S+): `), "the address $1: "},
	{regexp.MustCompile(`(?:dial|listen) (?:tcp|unix)\d?: `), ""},
	{regexp.MustCompile(`dial (?:tcp|unix)\d? (\S+): (?:connect(?:ex)?: )?`), "cannot connect to $1: "},
	{regexp.MustCompile(`listen (?:tcp|unix)\d? (\S+): (?:bind: )?`), "cannot listen on $1: "},
	{regexp.MustCompile(`\w+ (?:tcp|unix)\d? (?:\S+->)?(\S+): (?:(?:read|write|accept4?|setsockopt|wsarecv|wsasend): )?`),
		"the connection with $1: "},
	{regexp.MustCompile(`write /dev/stdout: `), "cannot write to standard output: "},
	{regexp.MustCompile(`read /dev/stdin: `), "cannot read standard input: "},
	{regexp.MustCompile(`remote error: (?:tls: )?`), "the other side reports: "},
	{regexp.MustCompile(`(?:tls: )?first record does not look like a TLS handshake`),
		"it does not answer in TLS; without TLS the URL begins with ws:// or http://"},
	{regexp.MustCompile(`strconv\.\w+: parsing (".*?"): `), "$1: "},
	{regexp.MustCompile(`\b(?:crypto/\w+|net/\w+|x509|tls|asn1): `), ""},
	{regexp.MustCompile(`flag provided but not defined: `), "there is no flag "},
	{regexp.MustCompile(`invalid boolean value (".*") for (-\S+): parse error`), "$2 $1: want true or false"},
	{regexp.MustCompile(`invalid value (".*") for flag (-\S+): parse error`), "$2 $1: want a whole number"},
	{regexp.MustCompile(`i/o timeout|context deadline exceeded`), "no answer in time"},
	{regexp.MustCompile(`use of closed network connection`), "it is closed"},
	{regexp.MustCompile(`unexpected EOF`), "the connection ended early"},
	{regexp.MustCompile(`: EOF$`), ": the other side closed the connection"},
}

// plain returns the text of an error for a person: on one line, without the names of Go's
// packages and functions, and harmless to a terminal. Every error that is printed or
// logged goes through plain, because many errors quote what a peer sent: certificates,
// reasons and status lines.
func plain(text string) string {
	text = strings.ReplaceAll(text, "\n", "; ") // between joined errors
	for _, words := range plainWords {
		text = words.pattern.ReplaceAllString(text, words.text)
	}
	return harmless(text)
}

// complain prints an error on one line.
func complain(w io.Writer, err error) { fmt.Fprintf(w, "barewire: %s\n", plain(err.Error())) }

// plainAttr applies plain to the errors in the log. It is a ReplaceAttr function for
// slog.HandlerOptions.
func plainAttr(_ []string, a slog.Attr) slog.Attr {
	if err, ok := a.Value.Any().(error); ok {
		a.Value = slog.StringValue(plain(err.Error()))
	}
	return a
}

// harmless returns text in which each byte and character that a terminal may take for a
// command is written as an escape sequence, because a peer may have chosen the text.
// Line feeds and tabs stay.
func harmless(text string) string {
	if !strings.ContainsFunc(text, isCommand) {
		return text
	}
	var spelled strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1: // invalid UTF-8; the byte 9b alone starts a command, as ESC [ does
			fmt.Fprintf(&spelled, "\\x%02x", text[0])
		case isCommand(r):
			fmt.Fprintf(&spelled, "\\u%04x", r)
		default:
			spelled.WriteString(text[:size])
		}
		text = text[size:]
	}
	return spelled.String()
}

// isCommand reports whether a terminal may take r for a command. Invalid UTF-8, which is
// decoded as U+FFFD, counts as one.
func isCommand(r rune) bool {
	return r == utf8.RuneError || !unicode.IsPrint(r) && r != '\n' && r != '\t'
}
