package httpwire

import "strconv"

// BodyDecoder takes the body of a message apart, whatever its framing, and
// bounds its content.
type BodyDecoder struct {
	body    Body
	maxBody int64 // bound of the content, negative for none
	taken   int64 // octets of content seen, of bodies that are not chunked
	chunks  ChunkedDecoder
}

// NewBodyDecoder returns a decoder for the body behind a head. Content of more
// than maxBody octets is an error; a negative maxBody allows any length. A nil
// limits means the defaults.
//
// Without maxBody, a handler that collects what comes lets one request of 10 GB
// take 10 GB.
func NewBodyDecoder(body Body, maxBody int64, limits *Limits) BodyDecoder {
	return BodyDecoder{
		body:    body,
		maxBody: maxBody,
		chunks:  ChunkedDecoder{Limits: limits.orDefault(), bounded: maxBody >= 0, maxBody: maxBody},
	}
}

// Next decodes what it can from the front of b, by the rules of
// [ChunkedDecoder.Next], which says what the results mean. The last piece of a
// body by length comes together with done. A body until close is never done:
// the end of the connection ends it.
//
// A body over the limit fails with 413 as soon as its length is known: a
// Content-Length at the first call, which may be made with an empty b, and
// chunks at the size line that passes the limit.
func (d *BodyDecoder) Next(b []byte) (data []byte, n int, done bool, err error) {
	switch d.body.Framing {
	case ByLength:
		if d.over(d.body.Length) {
			return nil, 0, false, refuseContent("Content-Length", 0, d.maxBody)
		}
		if left := d.body.Length - d.taken; int64(len(b)) > left {
			b = b[:left]
		}
		d.taken += int64(len(b))
		return b, len(b), d.taken == d.body.Length, nil

	case Chunked:
		return d.chunks.Next(b)

	case UntilClose:
		d.taken += int64(len(b))
		if d.over(d.taken) {
			return nil, 0, false, refuseContent("content", int(d.maxBody), d.maxBody)
		}
		return b, len(b), false, nil
	}
	return nil, 0, true, nil
}

// Trailer returns the trailer fields of a chunked body, once Next has reported
// done.
func (d *BodyDecoder) Trailer() Fields {
	return d.chunks.Trailer
}

func (d *BodyDecoder) over(length int64) bool {
	return d.maxBody >= 0 && length > d.maxBody
}

// refuseContent refuses a body over its limit.
func refuseContent(field string, offset int, maxBody int64) *Error {
	return refuse(413, offset, field,
		"the body has more than "+strconv.FormatInt(maxBody, 10)+" octets", "RFC 9110 §15.5.14")
}
