package httpwire

// Response is a response, received or to be sent.
type Response struct {
	// Head is the head as it was received, with its folded lines unfolded in
	// place. Not used in a response to be sent.
	Head string
	// Minor is the second digit of the version received. What is sent always
	// says HTTP/1.1 (RFC 9110 §6.2).
	Minor int
	// Status is the status code, of three digits.
	Status int
	// Reason is the reason phrase. On sending, "" stands for the registered
	// one; see [StatusText].
	Reason string
	// Fields are the header fields. Date, Content-Length and Transfer-Encoding
	// are not among those of a response to be sent: [AppendResponse] knows them
	// better.
	Fields Fields
	// Content is what is sent behind the head. [ParseResponse] leaves it nil.
	Content []byte
	// Body says how the body behind a received head is delimited. Not used on
	// sending.
	Body Body
}

// Class returns the first digit of the status code, from which a client knows
// enough: a code that is not known means what the x00 of its class means
// (RFC 9110 §15). Codes outside 100 to 599 count as 5.
func (r *Response) Class() int {
	if r.Status < 100 || r.Status > 599 {
		return 5
	}
	return r.Status / 100
}

// Interim reports whether the response is one of the 1xx that come before the
// final one, and that a client passes over (RFC 9110 §15.2). 101 is none of
// them: behind it the protocol is another.
func (r *Response) Interim() bool {
	return r.Class() == 1 && r.Status != 101
}
