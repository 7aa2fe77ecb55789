package replay

import (
	"encoding/binary"
	"io"
	"sync"
	"time"
)

// Instant is where the clock of -deterministic stands: the Date of RFC 9110
// §6.6.1, "Tue, 15 Nov 1994 08:12:31 GMT".
var Instant = time.Date(1994, time.November, 15, 8, 12, 31, 0, time.UTC)

// Clock tells the time of -deterministic: always Instant.
func Clock() time.Time { return Instant }

// sampleNonce is the nonce of RFC 6455 §1.3, whose Sec-WebSocket-Key is
// "dGhlIHNhbXBsZSBub25jZQ==".
const sampleNonce = "the sample nonce"

// sampleKey is the masking key of RFC 6455 §5.7.
const sampleKey = 0x37fa213d

// NewRandom returns the randomness of -deterministic for one client connection.
// It begins with what the RFC's own examples have, so that a reader knows the
// bytes:
//
//	74 68 65 20 73 61 6d 70 6c 65 20 6e 6f 6e 63 65   the nonce "the sample nonce"
//	37 fa 21 3d                                       the masking key of the first frame
//	37 fa 21 3e                                       of the second frame
//	37 fa 21 3f                                       and so on: each is one more
//
// It is never for real use. Masking keys are there because a script that could
// tell them in advance could choose its messages such that a proxy on the way
// takes the bytes for HTTP requests and answers, and remembers the wrong
// answer for everybody (RFC 6455 §10.3). These can be told in advance.
//
// It may be read by several goroutines.
func NewRandom() io.Reader { return &sampleRandom{rest: []byte(sampleNonce), next: sampleKey} }

type sampleRandom struct {
	mu   sync.Mutex
	rest []byte // of what was begun
	next uint32 // the masking key after it
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
