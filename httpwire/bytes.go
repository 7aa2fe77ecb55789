package httpwire

// class is a set of bytes that the grammar names. A byte may be in several.
type class uint8

const (
	tchar      class = 1 << iota // the bytes of a token, RFC 9110 §5.6.2
	fieldByte                    // the bytes of a field value, RFC 9110 §5.5
	unreserved                   // never percent-encoded in a URI, RFC 3986 §2.3
	targetByte                   // accepted in a request-target, RFC 9112 §3.2
	hostByte                     // unreserved / sub-delims, RFC 3986 §2.2 and §2.3
	digit                        // DIGIT
	hexDigit                     // HEXDIG of either case
	schemeByte                   // the bytes of a URI scheme, RFC 3986 §3.1
)

// classes holds the classes of each byte.
var classes = classify()

func classify() (table [256]class) {
	const (
		digits  = "0123456789"
		letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		marks   = "-._~"        // with letters and digits: unreserved
		delims  = "!$&'()*+,;=" // sub-delims

		// RFC 3986 requires percent-encoding for these, but browsers send them as
		// they are, mostly in queries. They do not separate anything, so they are
		// accepted. All other bytes outside the grammar (controls, SP, '"', '#',
		// '<', '>', and 80 to FF) are refused.
		unencoded = "[]\\^`{|}"
	)
	add := func(c class, members string) {
		for _, member := range []byte(members) {
			table[member] |= c
		}
	}
	add(tchar, digits+letters+"!#$%&'*+-.^_`|~")
	add(unreserved, digits+letters+marks)
	add(targetByte, digits+letters+marks+delims+"%:@/?"+unencoded)
	add(hostByte, digits+letters+marks+delims)
	add(digit, digits)
	add(hexDigit, digits+"ABCDEFabcdef")
	add(schemeByte, digits+letters+"+-.")

	// field-vchar = VCHAR / obs-text (80 to FF, opaque), with SP and HTAB
	// between them. Not included: CR, LF and NUL, which must not be in a message,
	// and the other controls, which a recipient may refuse (RFC 9110 §5.5).
	add(fieldByte, "\t ")
	for c := 0x21; c <= 0xFF; c++ { // req: 9110-5.5-d
		if c != 0x7F {
			table[c] |= fieldByte
		}
	}
	return table
}

// span returns how many bytes at the start of s are in c.
func span(s string, c class) int {
	i := 0
	// Four bytes at a time, as long as all are in c: most of a request is field values.
	for ; i+4 <= len(s); i += 4 {
		four := s[i : i+4]
		if classes[four[0]]&classes[four[1]]&classes[four[2]]&classes[four[3]]&c == 0 {
			break
		}
	}
	for i < len(s) && classes[s[i]]&c != 0 {
		i++
	}
	return i
}

// IsToken reports whether s is a token (RFC 9110 §5.6.2): one or more of the
// letters, digits and the marks !#$%&'*+-.^_`|~.
func IsToken(s string) bool {
	return s != "" && span(s, tchar) == len(s)
}

// IsUnreserved reports whether c may stand for itself anywhere in a URI (RFC 3986
// §2.3): a letter, a digit or one of -._~.
func IsUnreserved(c byte) bool {
	return classes[c]&unreserved != 0
}

// EqualFold reports whether a and b are equal if the case of ASCII letters is
// ignored, as RFC 9110 compares field names and most tokens. strings.EqualFold is not
// suitable: for it the Kelvin sign (E2 84 AA in UTF-8) equals k.
func EqualFold(a, b string) bool { // req: 9110-5.1-a
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// trimOWS removes SP and HTAB from both ends. It keeps VT, FF, NEL and the no-break
// space, which are whitespace to some programs and part of the value to others.
func trimOWS(s string) string { // req: 9110-5.5-a
	for s != "" && isOWS(s[0]) {
		s = s[1:]
	}
	for s != "" && isOWS(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func isOWS(c byte) bool {
	return c == ' ' || c == '\t'
}
