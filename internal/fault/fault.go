package fault

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Fault is one entry of the catalogue: a conversation that breaks a rule, or
// that is legal and often handled as if it did.
type Fault struct {
	ID       string // stable and short, such as "frame-unmasked"
	Title    string // what the client does, in a few words
	Category Category
	Teaches  string // why the rule is there, in a sentence or two
	Section  string // where the rule stands, as in "RFC 6455 §5.1"
	Level    Level  // what a server breaks that falls short
	Legal    bool   // no violation: the server must go along
	Needs    Needs  // what a server must offer for the fault to mean anything

	Steps []Step
	Want  Expectation

	// Method is that of the first request, without which nobody can tell where
	// the response ends; "" means GET.
	Method string

	// Patience bounds the wait for what comes back where silence is the right
	// answer; 0 means Target.Wait.
	Patience time.Duration
}

// Category is the part of the protocols that a fault is about.
type Category string

// The categories, in the order of the catalogue.
const (
	HTTPParsing   Category = "http"
	Smuggling     Category = "smuggling"
	HTTPBody      Category = "body"
	Handshake     Category = "handshake"
	Framing       Category = "frames"
	Masking       Category = "masking"
	Fragmentation Category = "fragments"
	Text          Category = "utf8"
	Closing       Category = "closing"
	Compression   Category = "compression"
	Resources     Category = "resources"
)

// Categories returns all categories, in the order of the catalogue.
func Categories() []Category {
	return []Category{HTTPParsing, Smuggling, HTTPBody, Handshake, Framing, Masking,
		Fragmentation, Text, Closing, Compression, Resources}
}

// Level says how binding a rule is (RFC 2119). What merely does not match the
// grammar of HTTP SHOULD get a 400 (RFC 9112 §2.2); a MUST is where the RFC says
// so of that very thing.
type Level string

// The levels, from the most binding to the least.
const (
	Must    Level = "MUST"
	Should  Level = "SHOULD"
	May     Level = "MAY"
	Quality Level = "quality" // no RFC asks for it, a good server does it
)

// Needs is what a server must offer for a fault to mean anything.
type Needs uint8

// What a fault may need; they may be joined with |.
const (
	NeedHTTP      Needs = 1 << iota // a plain GET gets an answer
	NeedWebSocket                   // the path upgrades
	NeedEcho                        // messages come back as they went
	NeedDeflate                     // permessage-deflate is accepted
)

// lacking returns in a few words what the target lacks, or "".
func (n Needs) lacking(target Target) string {
	switch {
	case n&NeedHTTP != 0 && target.PlainStatus == 0:
		return "a plain GET is not answered"
	case n&NeedHTTP != 0 && target.PlainStatus == 400:
		return "a plain GET gets 400, so that a refusal proves nothing"
	case n&(NeedWebSocket|NeedEcho|NeedDeflate) != 0 && !target.WebSocket:
		return "the path does not upgrade to WebSocket"
	case n&NeedEcho != 0 && !target.Echo:
		return "the path does not echo"
	case n&NeedDeflate != 0 && !target.Deflate:
		return "permessage-deflate is not agreed on"
	}
	return ""
}

// Lacking returns in a few words what the target lacks for the fault to mean
// anything, or "": a connection that Run would only close need not be opened.
func (f *Fault) Lacking(target Target) string { return f.Needs.lacking(target) }

// catalogue makes the list when it is first asked for: most runs of the program
// never do.
var catalogue = sync.OnceValue(func() []Fault {
	return slices.Concat(
		fieldFaults(), octetFaults(), streamFaults(), requestLineFaults(), versionFaults(),
		lengthFaults(), codingFaults(), unreadFaults(),
		chunkFaults(), soundBodyFaults(),
		requestFaults(), policyFaults(), soundHandshakeFaults(),
		reservedFaults(), frameLengthFaults(), controlFaults(), messageFaults(),
		maskingFaults(),
		fragmentFaults(), fragmentedFaults(),
		textFaults(),
		closingFaults(), closeCodeFaults(),
		negotiationFaults(), compressionFaults(), inflateFaults(),
		httpResources(), frameResources(), bombFaults(),
	)
})

// All returns the catalogue, ordered by category. It is shared: nobody may
// change it.
func All() []Fault { return catalogue() }

// ByID returns the fault with the id.
func ByID(id string) (*Fault, bool) {
	all := catalogue()
	i := slices.IndexFunc(all, func(f Fault) bool { return f.ID == id })
	if i < 0 {
		return nil, false
	}
	return &all[i], true
}

// Select returns the faults with one of the names, which are ids or categories,
// in the order of the catalogue; all of them if there is no name. unknown is the
// first name that is neither, or "".
func Select(names []string) (selected []*Fault, unknown string) {
	for _, name := range names {
		_, isID := ByID(name)
		if !isID && !slices.Contains(Categories(), Category(name)) {
			return nil, name
		}
	}
	all := catalogue()
	for i := range all {
		f := &all[i]
		if len(names) == 0 || slices.Contains(names, f.ID) || slices.Contains(names, string(f.Category)) {
			selected = append(selected, f)
		}
	}
	return selected, ""
}

// MaxSent bounds what one fault sends, in octets: the catalogue is shown to
// servers that others run.
const MaxSent = 256 << 10

// Wire returns the octets of all steps one behind the other as they leave, with
// the placeholders filled in for target; what [Open] sends is left out, as its
// key is new each time.
func (f *Fault) Wire(target Target) string {
	var wire strings.Builder
	for _, step := range f.Steps {
		wire.WriteString(target.fill(step.Octets))
	}
	return wire.String()
}
