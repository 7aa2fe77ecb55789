package httpwire

import "time"

// AppendDate appends t as an IMF-fixdate, the only form of a time that HTTP/1.1
// sends (RFC 9110 §5.6.7), as in "Sun, 06 Nov 1994 08:49:37 GMT". It always has
// 29 octets.
func AppendDate(dst []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(dst, "Mon, 02 Jan 2006 15:04:05 GMT")
}
