// Package rfc holds what the RFCs demand of barewire, one row a rule, and finds
// out where each rule is proved.
//
// The rows stand in requirements.tsv, a table of text with a tab between the
// columns; the lines at its end that begin with # say how to read it and which
// sections have no row. They are drawn from RFC 6455 (WebSocket), RFC 7692
// (its compression), RFC 9110 and 9112 (HTTP) and RFC 6585 (status 431).
//
// A test proves a row by naming it in a comment, on the case or the function
// that would fail if the rule were broken:
//
//	{"RSV2", "A1 80 00000000"}, // req: 6455-5.2-b
//
// Proofs collects these marks from the tests of the whole repository. Rows that
// are deliberately not met stand in one list, each with its reason: Excuses.
// The test of this package holds it all together: a mark of a row that does not
// exist fails, and so does a row that nothing proves and nothing excuses.
package rfc
