// Package rfc holds what the RFCs demand of barewire, one row a rule, and says
// where each rule is met and where it is proved.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	[rfc], beside it all: no byte passes here
//
//	RFC 6455 §5.1    requirements.tsv    enforced.tsv           req: 6455-5.1-b
//	(a MUST)      →  6455-5.1-b       →  wsframe/check.go    ←  wsframe/check_test.go
//	                 the rule            the line of code       the test that fails without it
//
// # Terms
//
//   - row, or requirement: one rule of one section, with its id, as 6455-5.1-b.
//   - mark: "req:" and ids, in a comment of a test.
//   - quote: a piece of the line of code that enforces a row.
//   - proof: a test that bears the mark of a row.
//   - excuse: why a row is deliberately not met.
//
// # Sections
//
// The rules stand in requirements.tsv, a table of text with a tab between the
// columns; the lines at its end that begin with # say how to read it and which
// sections have no row. They are drawn from RFC 6455 (WebSocket), RFC 7692
// (its compression), RFC 9110 and 9112 (HTTP) and RFC 6585 (status 431).
//
// # How it holds together
//
// A test proves a row by naming it in a comment, on the case or the function
// that would fail if the rule were broken:
//
//	{"RSV2", "A1 80 00000000"}, // req: 6455-5.2-b
//
// Proofs collects these marks from the tests of the whole repository. The code
// bears no such marks: enforced.tsv quotes, for each row, a piece of the line
// that enforces it, which no other line of that file has. Rows that are
// deliberately not met stand in one list, each with its reason: Excuses.
//
// From the marks and the quotes "go generate ./internal/rfc" makes trace.tsv,
// which is built into the program, so that "barewire rfc" answers without any
// source: NewTrace reads it. It has files and the names of functions, but no
// line numbers, which every edit would move. Where there is source, Trace.Locate
// counts the lines.
//
// The tests of this package hold it all together. A mark or a quote of a row
// that does not exist fails, and so does a quote that its file no longer has, a
// row that nothing enforces or nothing proves and nothing excuses, and a
// trace.tsv that was not made anew.
//
// # Reading order
//
// requirement.go (a row), excuse.go, proof.go (the marks), enforced.go and place.go
// (the quotes), trace.go (both), generate.go, find.go (what a person may ask for).
package rfc
