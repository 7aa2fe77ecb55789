package replay

import (
	"fmt"

	"barewire/internal/annotate"
	"barewire/internal/wiretap"
)

// Difference is the first byte that our side sends otherwise than the transcript has it.
type Difference struct {
	Direction annotate.Direction // our side's
	Offset    int64              // bytes of the direction before it
	Want, Got int                // the byte, or -1 for none
	Happened  string             // what our side does, if it sends none

	// What the byte belongs to; "" if nothing is known of it.
	Unit    string // such as `Text, FIN, 5 octets: "Hello"`
	Field   string // such as "payload length"
	Section string // such as "RFC 6455 §5.2"
}

// Error returns one line, such as
//
//	byte 9 of the server differs: want 31 '1', got 34 '4', in status-code of HTTP/1.1 101 Switching Protocols (RFC 9110 §15)
func (d *Difference) Error() string {
	sender := "the server"
	if d.Direction == annotate.ClientToServer {
		sender = "the client"
	}
	text := fmt.Sprintf("byte %d of %s differs: want %s, got %s", d.Offset, sender, byteText(d.Want), byteText(d.Got))
	if d.Field != "" {
		text += fmt.Sprintf(", in %s of %s", d.Field, d.Unit)
	}
	if d.Section != "" {
		text += " (" + d.Section + ")"
	}
	if d.Happened != "" {
		text += ": " + d.Happened
	}
	return text
}

// byteText writes a byte in hexadecimal and, if it is printable, as text.
func byteText(value int) string {
	switch {
	case value < 0:
		return "none"
	case value > ' ' && value <= '~':
		return fmt.Sprintf("%02x %q", value, rune(value))
	}
	return fmt.Sprintf("%02x", value)
}

// difference describes what differs at an offset of our side's bytes. got is the
// byte that was sent there, or -1.
func (p *player) difference(offset, got int) *Difference {
	d := &Difference{Direction: p.ours, Offset: int64(offset), Want: -1, Got: got}
	if offset < len(p.kept) {
		d.Want = int(p.kept[offset])
	}
	sent, all := p.output()
	switch {
	case got >= 0:
	case all:
		d.Happened = "our side has ended its direction"
	default:
		d.Happened = "our side waits for more"
	}
	units := p.explain(sent[min(len(sent), len(p.kept)):])
	for i := range units {
		u := &units[i]
		if u.Direction == p.ours && u.Offset <= d.Offset && d.Offset < u.Offset+u.Length {
			d.locate(u)
		}
	}
	return d
}

// explain returns the units of the transcript, with what our side has
// sent beyond it.
func (p *player) explain(beyond []byte) (units []annotate.Unit) {
	conversation := annotate.New(annotate.Options{})
	for i := range p.transcript.Events {
		event := &p.transcript.Events[i]
		switch {
		case event.Kind == wiretap.Octets:
			units = append(units, conversation.Add(event.Direction, event.Octets)...)
		case event.Kind == wiretap.Ended && event.Direction != p.ours:
			units = append(units, conversation.End(event.Direction)...)
		}
	}
	units = append(units, conversation.Add(p.ours, beyond)...)
	return append(units, conversation.Finish()...)
}

// locate names the field that the byte belongs to. Where several share its
// bits, that is the one whose bits differ.
func (d *Difference) locate(u *annotate.Unit) {
	d.Unit = u.Title
	for i := range u.Spans {
		span := &u.Spans[i]
		at := d.Offset - u.Offset - span.Offset
		if at < 0 || at >= span.Length {
			continue
		}
		if u.Leaf(i) && (span.Bits == 0 || d.Want < 0 || d.Got < 0 || byte(d.Want^d.Got)&bits(span) != 0) {
			d.name(u, i)
			return
		}
	}
}

// name takes the names from the span at index. The parts of a header field are
// named after it: what a "field-value" is depends on whose it is.
func (d *Difference) name(u *annotate.Unit, index int) {
	span := &u.Spans[index]
	d.Field, d.Section = span.Field, span.Section
	if span.Field != "field-name" && span.Field != "field-value" {
		return
	}
	for i := index; i >= 0; i-- {
		if whole := &u.Spans[i]; whole.Depth < span.Depth {
			d.Field, d.Section = whole.Field, whole.Section
			return
		}
	}
}

// bits returns the bits of a byte that a span has.
func bits(span *annotate.Span) byte { return ^byte(0) << (8 - span.Bits) >> span.Bit }
