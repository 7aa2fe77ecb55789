package replay

import (
	"encoding/binary"
	"io"
	"sync"
	"time"
)

// Instant is the constant time of -deterministic: the Date of RFC 9110 §6.6.1, "Tue, 15
// Nov 1994 08:12:31 GMT".
var Instant = time.Date(1994, time.November, 15, 8, 12, 31, 0, time.UTC)

// Clock is the clock of -deterministic: it always returns Instant.
func Clock() time.Time { return Instant }

// sampleNonce is the nonce of RFC 6455 §1.3, whose Sec-WebSocket-Key is
// "dGhlIHNhbXBsZSBub25jZQ==".
const sampleNonce = "the sample nonce"

// sampleKey is the masking key of RFC 6455 §5.7.
const sampleKey = 0x37fa213d

// NewRandom returns the random numbers of -deterministic for one client connection. They
// begin with those in the RFC's examples, so that a reader recognizes them:
//
//	74 68 65 20 73 61 6d 70 6c 65 20 6e 6f 6e 63 65   the nonce "the sample nonce"
//	37 fa 21 3d                                       the masking key of the first frame
//	37 fa 21 3e                                       of the second frame
//	37 fa 21 3f                                       and so on: each is one more
//
// It must not be used in production, because these keys can be predicted. Masking exists
// because a script that could predict the bytes on the wire could choose its messages so
// that a proxy takes them for HTTP requests and responses, and caches the wrong response
// for everyone (RFC 6455 §10.3).
//
// The reader may be used by several goroutines.
func NewRandom() io.Reader { return &sampleRandom{rest: []byte(sampleNonce), next: sampleKey} }

type sampleRandom struct {
	mu   sync.Mutex
	rest []byte // unread bytes of the nonce or of a masking key
	next uint32 // the next masking key
}

// Read fills p. It never fails.
func (r *sampleRandom) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for n := 0; n < len(p); {
		if len(r.rest) == 0 {
			r.rest = binary.BigEndian.AppendUint32(nil, r.next)
			r.next++
		}
		taken := copy(p[n:], r.rest)
		r.rest = r.rest[taken:]
		n += taken
	}
	return len(p), nil
}
