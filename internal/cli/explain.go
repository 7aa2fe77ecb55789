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

Says what every octet and every bit of captured traffic means: HTTP/1.1, the opening
handshake, WebSocket frames. Reads FILE, or standard input: raw octets, or hexadecimal,
plain or as xxd, hexdump -C, tcpdump and Wireshark print it, or a transcript, as serve
and dial write it with -trace=FILE. For example

    echo '81 85 37 fa 21 3d 7f 9f 4d 51 58' | barewire explain

With -format json, one object on each line for each unit, a head, a chunk or a frame,
say: {number, kind, direction, offset, length, exchange, message, fragment, title,
incomplete, spans, notes, bytes, missing, payload}, and conn if there are several
connections. spans are {offset, length, bit, bits, depth, layer, field, value, meaning,
section, broken}, in wire order; notes are the same without a place. bytes and payload,
unmasked, are hexadecimal. These keys will stay, and what is 0, "" or false may be left
out; title, value and meaning are for people, and may be put in better words.

The exit status is 1 if a rule of the protocols is broken in it, or if it could not be
read; 0 otherwise, also if it ends in the middle of something.`

// maxCapture is the largest input, in octets. It is held in memory, and its
// explanation is a hundred times as long: nobody reads that of more.
const maxCapture = 64 << 20

// explained is how every command annotates what passes: it knows what barewire's own
// messages mean.
var explained = annotate.Options{Explain: app.Explain}

// explainOptions is what the flags of explain say.
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
		return usageError(std, errors.New("-format transcript is for a transcript, and this is none"))
	}
	octets, err := decodeCapture(o.in, text)
	if err == nil && o.in == "auto" && o.as == "auto" && isProse(octets) {
		err = errors.New("this is text, but neither HTTP nor hexadecimal nor a transcript; -in raw or -as takes it as it is")
	}
	if err != nil {
		return failure(std, err)
	}
	direction, frames := o.judge(octets)
	options := explained
	options.Alone, options.Frames = true, frames
	if o.deflate {
		options.Deflate = plainDeflate()
	}

	c := annotate.New(options)
	broken := 0
	for piece := range slices.Chunk(octets, addOctets) {
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

// addOctets is how much is annotated before it is printed. A frame may have two
// octets, and takes a kilobyte when it is explained: 64 MiB of them at once would
// take 40 GiB.
const addOctets = 32 << 10

// plainDeflate is the agreement of an offer and an answer without parameters.
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
		err = fmt.Errorf("the input has more than %d octets", maxCapture)
	}
	if err == nil && len(text) == 0 {
		err = errors.New("the input is empty")
	}
	return text, err
}

// judge says who sent octets, and whether they begin with frames, where the flags
// leave that open.
func (o *explainOptions) judge(octets []byte) (direction annotate.Direction, frames bool) {
	frames = o.as == "frames" || o.as == "auto" && !looksLikeHTTP(octets)
	switch {
	case o.from == "client":
		return annotate.ClientToServer, frames
	case o.from == "server":
		return annotate.ServerToClient, frames
	case frames && len(octets) > 1 && octets[1]&0x80 == 0: // the mask bit, RFC 6455 §5.1
		return annotate.ServerToClient, frames
	case !frames && len(octets) >= 5 && string(octets[:5]) == "HTTP/":
		return annotate.ServerToClient, frames
	}
	return annotate.ClientToServer, frames
}

// looksLikeHTTP tells the start of HTTP, or of what came in its place, from that
// of a frame: three letters, an empty line, or TLS. A frame whose first three
// octets are letters has RSV1 set and the mask bit not, and is longer than 64
// octets.
func looksLikeHTTP(octets []byte) bool {
	start := octets[:min(len(octets), 3)]
	if string(start) == "\x16\x03\x01" || len(start) > 1 && string(start[:2]) == "\r\n" {
		return true
	}
	for _, octet := range start {
		letter := octet | 0x20
		if letter < 'a' || letter > 'z' {
			return false
		}
	}
	return true
}

// isProse reports whether octets are text that has nothing to do with HTTP: a file
// that somebody named by mistake. HTTP begins with a method in upper case or has
// its own name in the first line, and may begin with empty lines.
func isProse(octets []byte) bool {
	for _, octet := range octets {
		if octet < ' ' && octet != '\n' && octet != '\r' && octet != '\t' || octet > '~' {
			return false
		}
	}
	line, _, _ := strings.Cut(strings.TrimLeft(string(octets), "\r\n"), "\n")
	method, _, _ := strings.Cut(line, " ")
	return !strings.Contains(line, "HTTP/") && (method == "" || strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "")
}

// print writes the units in the form that was asked for. conn is the
// number of their connection, or 0 if there is no other one.
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
	printer := annotate.Printer{Color: wantsColour(o.color, std.out)}
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

// numberedUnit is a unit as JSON has it, with the number of its connection where
// there are several.
type numberedUnit struct {
	Conn int `json:"conn,omitempty"`
	*annotate.Unit
}

// wantsColour tells whether to write colours; auto means on a terminal, unless
// its user does not want any (https://no-color.org).
func wantsColour(color string, out io.Writer) bool {
	if color == "auto" {
		return isTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	return color == "always"
}

// countBroken counts the units in which a rule is broken.
func countBroken(units []annotate.Unit) (count int) {
	for i := range units {
		if units[i].Broken() != "" {
			count++
		}
	}
	return count
}

// reportBroken says in how many units a rule is broken.
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
	flags.StringVar(&o.in, "in", "auto", "`form` of the input: raw, hex, transcript, or auto")
	flags.StringVar(&o.from, "from", "auto", "`side` that sent it: client, server, or auto")
	flags.StringVar(&o.as, "as", "auto", "`what` it begins with: http, frames, or auto")
	flags.BoolVar(&o.deflate, "deflate", false, "permessage-deflate was agreed on, without parameters, where no handshake says so")
	flags.StringVar(&o.format, "format", "text", "`form` of the answer: text, json (a unit on each line; with conn, if there are several connections), or transcript (of a transcript: a field in each row, and what it is)")
	flags.StringVar(&o.color, "color", "auto", "`when` to use colours: always, never, or auto (on a terminal)")
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
		return o, true, usageError(std, errors.New("explain wants one file at most, and flags in front of it"))
	}
	o.file = flags.Arg(0)
	return o, false, exitOK
}
