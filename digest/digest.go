package digest

import "crypto/sha1"

// Out is the article's out: the sender to this connection's client.
type Out interface {
	// ReplyBinary sends payload as one Binary message. It must not keep payload after
	// it returns: the next reply overwrites it.
	ReplyBinary(payload []byte) error
}

// Server is the article's Server: the handler of one connection. Two connections must
// not share one. Its methods must not run concurrently.
type Server struct {
	// Out is set before the first call.
	Out Out

	// sum is the last digest. A local variable would be allocated on the heap for each
	// message: its slice is passed to an interface method, which could keep it.
	sum [sha1.Size]byte
}

// OnOpen is called when the opening handshake is complete. It does nothing: in this
// application the client sends the first message.
func (s *Server) OnOpen() {}

// OnMessage replies to a message, text or binary, with the digest of "Hello" in a Binary
// message. It returns the error of Out. It does not keep message and does not allocate.
func (s *Server) OnMessage(message []byte) error {
	reply := ProcessMessage(message)
	s.sum = Sum(reply)
	// tour 3.7: the article's program: a reply, its SHA-1 digest, and out
	return s.Out.ReplyBinary(s.sum[:])
}

// ProcessMessage is the article's process_message: it returns "Hello" for any
// message. To write a program of your own, start here.
func ProcessMessage(message []byte) string {
	return "Hello"
}

// Sum returns the SHA-1 digest of reply. It computes the digest every time. A reply of
// more than 32 bytes costs one allocation, for its copy as a slice.
func Sum(reply string) [sha1.Size]byte {
	return sha1.Sum([]byte(reply))
}
