//go:build !linux

package bufconn

// Without epoll a connection keeps its goroutine.

type lot struct{}

var parkingLot lot

func (c *Conn) canPark() bool { return false }

func (*lot) park(*Conn) bool { return false }

func (*lot) wake(*Conn) {}
