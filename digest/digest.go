package digest

import "crypto/sha1"

// Out is the article's out: the sender to this connection's client.
type Out interface {
	// ReplyBinary sends payload as one Binary message. It must not keep payload after
	// it returns: the next reply overwrites it.
	ReplyBinary(payload []byte) error
}

// Server is the article's Server: the handler of one connection. It must not
// be shared by two connections, and its methods are called one after the other.
type Server struct {
	// Out is set before the first call.
	Out Out

	// sum is the last digest. A local variable would be allocated on the heap for each
	// message: its slice goes to an interface, and the compiler cannot see what keeps it.
	sum [sha1.Size]byte
}

// OnOpen is called when the opening handshake is done. There is nothing to do:
// in this application the client speaks first.
func (s *Server) OnOpen() {}

// OnMessage answers a message, text or binary, with the digest of the reply to it,
// as a Binary message. It returns the error of Out. It keeps nothing of message and
// does not allocate.
func (s *Server) OnMessage(message []byte) error {
	reply := ProcessMessage(message)
	s.sum = Sum(reply)
	// tour 3.7: the article's program: a reply, its SHA-1 digest, and out
	return s.Out.ReplyBinary(s.sum[:])
}

// ProcessMessage is the article's process_message: it answers "Hello" to any
// message. A program of your own begins here.
func ProcessMessage(message []byte) string {
	return "Hello"
}

// Sum returns the SHA-1 digest of reply, computed each time. A reply of more than
// 32 bytes costs one allocation, for its copy as a slice.
func Sum(reply string) [sha1.Size]byte {
	return sha1.Sum([]byte(reply))
}
