package fault

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Fault is one entry of the catalogue: a conversation that breaks a rule, or one
// that is legal but that many servers get wrong.
type Fault struct {
	ID       string // stable and short, such as "frame-unmasked"
	Title    string // what the client does, in a few words
	Category Category
	Teaches  string // why the rule exists, in a sentence or two
	Section  string // where the rule is written, as in "RFC 6455 §5.1"
	Level    Level  // how binding the rule is that a failing server breaks
	Legal    bool   // the client breaks no rule: the server must cooperate
	Needs    Needs  // what a server must offer for the fault to make sense

	Steps []Step
	Want  Expectation

	// Method is the method of the first request; "" means GET. Without it the end
	// of the response cannot be found.
	Method string

	// Patience limits the wait for an answer where silence is the right one; 0
	// means Target.Wait.
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

// Level is how binding a rule is (RFC 2119). A server SHOULD answer 400 to what
// does not match the grammar of HTTP (RFC 9112 §2.2); the level is MUST only where
// the RFC demands the refusal of that specific thing.
type Level string

// The levels, from the most binding to the least.
const (
	Must    Level = "MUST"
	Should  Level = "SHOULD"
	May     Level = "MAY"
	Quality Level = "quality" // no RFC asks for it, but a good server does it
)

// Needs is what a server must offer for a fault to make sense.
type Needs uint8

// What a fault may need; they may be joined with |.
const (
	NeedHTTP      Needs = 1 << iota // a plain GET gets an answer
	NeedWebSocket                   // the path upgrades
	NeedEcho                        // messages come back as they were sent
	NeedDeflate                     // permessage-deflate is accepted
)

// lacking returns what the target lacks, in a few words, or "".
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

// Lacking returns what the target lacks for the fault to make sense, in a few
// words, or "". A caller that checks it first need not open a connection that Run
// would only close.
func (f *Fault) Lacking(target Target) string { return f.Needs.lacking(target) }

// catalogue builds the list on first use, because most runs of the program never
// need it.
var catalogue = sync.OnceValue(func() []Fault {
	return slices.Concat(
		fieldFaults(), byteFaults(), streamFaults(), requestLineFaults(), versionFaults(),
		lengthFaults(), codingFaults(), unreadFaults(),
		chunkFaults(), validBodyFaults(),
		requestFaults(), policyFaults(), validHandshakeFaults(),
		reservedFaults(), frameLengthFaults(), controlFaults(), messageFaults(),
		maskingFaults(),
		fragmentFaults(), fragmentedFaults(),
		textFaults(),
		closingFaults(), closeCodeFaults(),
		negotiationFaults(), compressionFaults(), inflateFaults(),
		httpResources(), frameResources(), bombFaults(),
	)
})

// All returns the catalogue, ordered by category. The slice is shared and must not
// be changed.
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

// Select returns the faults that names selects, in the order of the catalogue. A
// name is an id or a category; without names, all faults are selected. unknown is
// the first name that is neither, or "".
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

// MaxSent limits the bytes that one fault sends, because the catalogue is also run
// against other people's servers.
const MaxSent = 256 << 10

// Wire returns the bytes of all steps in the order they are sent, with the
// placeholders filled in for target. It leaves out what [Open] sends, because its
// key is new each time.
func (f *Fault) Wire(target Target) string {
	var wire strings.Builder
	for _, step := range f.Steps {
		wire.WriteString(target.fill(step.Bytes))
	}
	return wire.String()
}
