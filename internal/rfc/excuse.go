package rfc

// Excuse is the reason why a requirement is deliberately not met, or cannot be observed
// from outside, so that no test can prove it.
type Excuse struct {
	ID  string
	Why string
}

// excuses is the whole list. Each entry is a decision that can be reversed: to meet such
// a requirement, prove it with a test and remove it here.
var excuses = []Excuse{
	{"6455-4.1-b", "Dialing one at a time protects servers against a browser with many pages. " +
		"Here a client is one connection of one process, and a program that dials twice does so on purpose."},
	{"6455-5.5.1-j", "This program shows the close reason on purpose: its users are developers."},
	{"9110-10.1.1-f", "Answering 417 is optional. An unknown expectation is ignored, as the RFC allows."},
	{"9112-3.3-b", "An empty authority matches the grammar of Host. It is served, because no route here depends on it " +
		"and no Origin is equal to it."},
	{"9112-6.3-l", "Answering 411 is optional. A body without a Content-Length is chunked, and chunks are read."},
}
