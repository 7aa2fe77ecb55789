//go:build !unix

package replay

import "net"

// pair returns the two ends of a connection: a TCP connection to ourselves, where there
// are no Unix socket pairs.
func pair() (ours, theirs net.Conn, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	defer listener.Close()
	if theirs, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		return nil, nil, err
	}
	ours, err = listener.Accept()
	return ours, theirs, err
}
