package rfc

// Excuse says why a requirement is deliberately not met, or cannot be seen from
// outside, so that no test proves it.
type Excuse struct {
	ID  string
	Why string
}

// excuses is the whole list. Each entry is a decision, open to be reversed: who
// proves such a row takes it out of here.
var excuses = []Excuse{
	{"6455-4.1-b", "Dialing one at a time guards servers against a browser full of pages. " +
		"Here a client is one connection of one process, and a program that dials twice means to."},
	{"6455-5.5.1-j", "Showing the close reason is what this program is for: its users are those who debug."},
	{"9110-10.1.1-f", "417 is a choice. An expectation that nobody knows is ignored, as the RFC allows."},
	{"9112-3.3-b", "An empty authority matches the grammar of Host. It is served: no route here depends on it, " +
		"and no Origin is equal to it."},
	{"9112-6.3-l", "411 is a choice. A body without a Content-Length comes in chunks, and those are read."},
}

// Excuses returns the requirements that are deliberately not met, each with the
// reason. The slice is the caller's.
func Excuses() []Excuse {
	return append([]Excuse(nil), excuses...)
}
