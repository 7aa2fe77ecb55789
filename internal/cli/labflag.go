package cli

import (
	"errors"
	"net"
	"strconv"
)

// labFlag is the value of -lab: on, off, or not given.
type labFlag struct {
	isSet, value bool
}

// IsBoolFlag lets -lab stand alone, which is then Set("true").
func (f *labFlag) IsBoolFlag() bool { return true }

func (f *labFlag) Set(text string) (err error) {
	f.isSet = true
	if f.value, err = strconv.ParseBool(text); err != nil {
		return errors.New("want true or false")
	}
	return nil
}

func (f *labFlag) String() string { return "" }

// on tells whether to serve the lab at an address. Where nobody has said so, it is
// for those alone who sit at this machine.
func (f *labFlag) on(addr net.Addr) bool {
	if f.isSet {
		return f.value
	}
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
