// Package rfc lists what the RFCs demand of barewire, and where each rule is
// enforced in the code and proved by a test.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	[rfc], beside it all: no byte passes here
//
//	                        wsframe/check.go             the line that enforces it
//	                             │ // req: 6455-5.1-b
//	requirements.tsv             ▼
//	6455-5.1-b  MUST  ... ──▶ trace.tsv ──▶ barewire rfc, the lab
//	                             ▲
//	                             │ // req: 6455-5.1-b
//	                        wsframe/check_test.go        the test that fails without it
//
// # Terms
//
//   - requirement: one rule of one section, a row of requirements.tsv. Its id is made
//     from the RFC, the section and a letter: 6455-5.1-b.
//   - mark: a comment with ids, in the code or in a test.
//   - excuse: why a requirement is deliberately not met.
//   - evidence: the marked places of a requirement, or its excuse.
//
// # Sections
//
// RFC 6455 (WebSocket), RFC 7692 (its compression), RFC 9110 and 9112 (HTTP), and RFC
// 6585 (status 431). The end of requirements.tsv says which sections have no row.
//
// # Marks
//
// A mark stands at the end of the line that enforces a rule, or of the test case that
// proves it, alone or after another comment:
//
//	c.open = !h.Fin // req: 6455-5.4-a 6455-5.4-f
//	default: // the peer vanished, req: 6455-7.1.5-c
//
// On a line of its own, usually the last of a doc comment, it stands for the line of
// code below it:
//
//	// remember moves the window forward by what was inflated.
//	//
//	// req: 7692-7.2.2-d 7692-7.2.2-e
//	func (d *Decompressor) remember(inflated []byte) {
//
// "go generate ./internal/rfc" collects the marks in trace.tsv, which is built into the
// program. The tests fail if a requirement has no mark in the code or none in a test,
// unless it is excused; if a mark names no requirement; and if trace.tsv is stale.
//
// # Reading order
//
// requirement.go, excuse.go, trace.go, find.go; mark_test.go and trace_test.go make the
// table.
package rfc
