package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"barewire/handshake"
	"barewire/internal/annotate"
	"barewire/internal/app"
	"barewire/internal/wiretap"
)

const explainUsage = `barewire explain [flags] [FILE]

Explains every byte and every bit of captured traffic: HTTP/1.1, the opening handshake,
WebSocket frames. It reads FILE or standard input, which may contain raw bytes,
hexadecimal digits (plain, or as xxd, hexdump -C, tcpdump and Wireshark print them), or
a transcript that serve or dial wrote with -trace=FILE. For example:

    echo '81 85 37 fa 21 3d 7f 9f 4d 51 58' | barewire explain

With -format json, it prints one object per line for each unit, such as a head, a chunk
or a frame: {number, kind, direction, offset, length, exchange, message, fragment, title,
incomplete, spans, notes, bytes, missing, payload}, and conn if there are several
connections. spans are {offset, length, bit, bits, depth, layer, field, value, meaning,
section, broken}, in wire order; notes are the same without a position. bytes and payload
(unmasked) are hexadecimal. These keys are stable; a value of 0, "" or false may be
omitted. title, value and meaning are text for people, and their wording may change.

The exit status is 1 if the input breaks a rule of the protocols or could not be read,
and 0 otherwise, even if the input ends in the middle of a unit.`

// maxCapture is the size of the largest input, in bytes. The input is held in memory, and
// its explanation is a hundred times as long: nobody would read more than that.
const maxCapture = 64 << 20

// explained are the options with which every command annotates traffic. They include the
// meaning of barewire's own messages.
var explained = annotate.Options{Explain: app.Explain}

// explainOptions holds the flags of explain.
type explainOptions struct {
	file    string // "" for standard input
	in      string
	from    string
	as      string
	format  string
	color   string
	deflate bool
}

// explain annotates captured bytes.
func explain(args []string, std streams) int {
	o, done, status := parseExplain(args, std)
	if done {
		return status
	}
	text, err := o.read(std)
	if err != nil {
		return failure(std, err)
	}
	if o.in == "transcript" || o.in == "auto" && wiretap.IsTranscript(text) {
		return o.explainTranscript(text, std)
	}
	if o.format == "transcript" {
		return usageError(std, errors.New("-format transcript is for a transcript, and the input is not one"))
	}
	data, err := decodeCapture(o.in, text)
	if err == nil && o.in == "auto" && o.as == "auto" && isProse(data) {
		err = errors.New("this is text, but neither HTTP nor hexadecimal nor a transcript; use -in raw or -as to explain it as raw bytes")
	}
	if err != nil {
		return failure(std, err)
	}
	direction, frames := o.judge(data)
	options := explained
	options.Alone, options.Frames = true, frames
	if o.deflate {
		options.Deflate = plainDeflate()
	}

	c := annotate.New(options)
	broken := 0
	for piece := range slices.Chunk(data, pieceSize) {
		units := c.Add(direction, piece)
		broken += countBroken(units)
		if err := o.print(std, 0, units); err != nil {
			return failure(std, err)
		}
	}
	units := c.Finish()
	if err := o.print(std, 0, units); err != nil {
		return failure(std, err)
	}
	return reportBroken(std, broken+countBroken(units))
}

// pieceSize is how many bytes are annotated before the result is printed. A frame may have
// two bytes, and its explanation takes a kilobyte: 64 MiB of such frames at once would
// take 40 GiB.
const pieceSize = 32 << 10

// plainDeflate returns what an offer and an answer without parameters agree on.
func plainDeflate() *handshake.Deflate {
	agreed, _ := handshake.AcceptedDeflate([]handshake.Extension{{Name: handshake.PermessageDeflate}})
	return &agreed
}

// read returns the whole input.
func (o *explainOptions) read(std streams) ([]byte, error) {
	in := std.in
	if o.file != "" && o.file != "-" {
		file, err := os.Open(o.file)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, maxCapture+1))
	if err == nil && len(text) > maxCapture {
		err = fmt.Errorf("the input has more than %d bytes", maxCapture)
	}
	if err == nil && len(text) == 0 {
		err = errors.New("the input is empty")
	}
	return text, err
}

// judge returns who sent data, and whether it begins with frames. The flags decide; where
// they are auto, the first bytes of data do.
func (o *explainOptions) judge(data []byte) (direction annotate.Direction, frames bool) {
	frames = o.as == "frames" || o.as == "auto" && !looksLikeHTTP(data)
	switch {
	case o.from == "client":
		return annotate.ClientToServer, frames
	case o.from == "server":
		return annotate.ServerToClient, frames
	case frames && len(data) > 1 && data[1]&0x80 == 0: // the mask bit, RFC 6455 §5.1
		return annotate.ServerToClient, frames
	case !frames && len(data) >= 5 && string(data[:5]) == "HTTP/":
		return annotate.ServerToClient, frames
	}
	return annotate.ClientToServer, frames
}

// looksLikeHTTP reports whether data begins with HTTP, or with what a peer may send
// instead of it, and not with a frame: three letters, an empty line, or TLS. Only a frame
// with RSV1 set, the mask bit not set, and more than 64 bytes can begin with three letters.
func looksLikeHTTP(data []byte) bool {
	start := data[:min(len(data), 3)]
	if string(start) == "\x16\x03\x01" || len(start) > 1 && string(start[:2]) == "\r\n" {
		return true
	}
	for _, b := range start {
		letter := b | 0x20
		if letter < 'a' || letter > 'z' {
			return false
		}
	}
	return true
}

// isProse reports whether data is text that is not HTTP: a file that somebody named by
// mistake. HTTP may begin with empty lines; the first line after them begins with a method
// in upper case or contains "HTTP/".
func isProse(data []byte) bool {
	for _, b := range data {
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' || b > '~' {
			return false
		}
	}
	line, _, _ := strings.Cut(strings.TrimLeft(string(data), "\r\n"), "\n")
	method, _, _ := strings.Cut(line, " ")
	return !strings.Contains(line, "HTTP/") && (method == "" || strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "")
}

// print writes the units in the format of the -format flag. conn is the number of their
// connection, or 0 if there is only one.
func (o *explainOptions) print(std streams, conn int, units []annotate.Unit) error {
	out := bufio.NewWriterSize(std.out, 64<<10)
	if o.format == "json" {
		lines := json.NewEncoder(out)
		lines.SetEscapeHTML(false)
		for i := range units {
			if err := lines.Encode(numberedUnit{conn, &units[i]}); err != nil {
				return err
			}
		}
		return out.Flush()
	}
	printer := annotate.Printer{Color: wantsColor(o.color, std.out)}
	if conn > 0 {
		printer.Label = fmt.Sprintf("#%d", conn)
	}
	var text []byte
	for i := range units {
		text = printer.AppendUnit(text[:0], &units[i])
		if _, err := out.Write(text); err != nil {
			return err
		}
	}
	return out.Flush()
}

// numberedUnit is a unit in JSON, with the number of its connection if there are several.
type numberedUnit struct {
	Conn int `json:"conn,omitempty"`
	*annotate.Unit
}

// wantsColor reports whether to write colors. auto means on a terminal, unless its user
// does not want any (https://no-color.org).
func wantsColor(color string, out io.Writer) bool {
	if color == "auto" {
		return isTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	return color == "always"
}

// countBroken counts the units that break a rule.
func countBroken(units []annotate.Unit) (count int) {
	for i := range units {
		if units[i].Broken() != "" {
			count++
		}
	}
	return count
}

// reportBroken prints how many units break a rule, and returns the exit status.
func reportBroken(std streams, count int) int {
	switch count {
	case 0:
		return exitOK
	case 1:
		return failure(std, errors.New("a rule is broken"))
	}
	return failure(std, fmt.Errorf("rules are broken in %d places", count))
}

// parseExplain reads the flags and the file name.
func parseExplain(args []string, std streams) (o explainOptions, done bool, status int) {
	flags := newFlagSet("explain")
	flags.StringVar(&o.in, "in", "auto", "`format` of the input: raw, hex, transcript, or auto")
	flags.StringVar(&o.from, "from", "auto", "`side` that sent the input: client, server, or auto")
	flags.StringVar(&o.as, "as", "auto", "`protocol` with which the input begins: http, frames, or auto")
	flags.BoolVar(&o.deflate, "deflate", false, "assume that permessage-deflate without parameters was agreed on, if the input has no handshake")
	flags.StringVar(&o.format, "format", "text", "`format` of the output: text, json (one unit per line, with conn if there are several connections), or transcript (for a transcript: one field per row, with its explanation)")
	flags.StringVar(&o.color, "color", "auto", "`when` to use colors: always, never, or auto (on a terminal)")
	if done, status := parseFlags(flags, args, explainUsage, std); done {
		return o, true, status
	}
	for _, choice := range []struct {
		flag, value string
		words       []string
	}{
		{"in", o.in, []string{"auto", "raw", "hex", "transcript"}},
		{"from", o.from, []string{"auto", "client", "server"}},
		{"as", o.as, []string{"auto", "http", "frames"}},
		{"format", o.format, []string{"text", "json", "transcript"}},
		{"color", o.color, []string{"auto", "always", "never"}},
	} {
		if !slices.Contains(choice.words, choice.value) {
			return o, true, usageError(std, fmt.Errorf("-%s %s: want one of %s", choice.flag, choice.value,
				strings.Join(choice.words, ", ")))
		}
	}
	if flags.NArg() > 1 {
		return o, true, usageError(std, errors.New("explain wants at most one file, with the flags before it"))
	}
	o.file = flags.Arg(0)
	return o, false, exitOK
}
