// Package rfc lists what the RFCs require of barewire, and where the code enforces each
// rule and a test proves it.
//
// # Where it stands
//
//	socket ─ bufconn ─ httpwire ─ handshake ─101─ wsframe ─ deflate ─ wsconn ─ digest
//	[rfc] stands beside them: no byte passes through it
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
//   - requirement: one rule of one section, a row of requirements.tsv. Its id consists of
//     the RFC, the section and a letter: 6455-5.1-b.
//   - mark: a comment with ids, in the code or in a test.
//   - excuse: the reason why a requirement is deliberately not met.
//   - evidence: the marked places of a requirement, or its excuse.
//
// # Sections
//
// RFC 6455 (WebSocket), RFC 7692 (its compression), RFC 9110 and 9112 (HTTP), and RFC
// 6585 (status 431). The end of requirements.tsv lists the sections without a row.
//
// # Marks
//
// A mark is at the end of the line that enforces a rule, or of the test case that proves
// it. It is a comment of its own, or follows another comment:
//
//	c.open = !h.Fin // req: 6455-5.4-a 6455-5.4-f
//	default: // the peer vanished, req: 6455-7.1.5-c
//
// A mark on a line of its own, usually the last line of a doc comment, belongs to the
// next line of code:
//
//	// remember moves the window forward by the inflated bytes.
//	//
//	// req: 7692-7.2.2-d 7692-7.2.2-e
//	func (d *Decompressor) remember(inflated []byte) {
//
// "go generate ./internal/rfc" collects the marks in trace.tsv, which is built into the
// program. The tests fail if a requirement has no mark in the code or in a test and no
// excuse, if a mark names an unknown requirement, or if trace.tsv is out of date.
//
// # Reading order
//
// requirement.go, excuse.go, trace.go, find.go; mark_test.go and trace_test.go build the
// table.
package rfc
