package cli

import (
	"errors"
	"net"
	"strconv"
)

// labFlag is the value of -lab: true, false, or not set.
type labFlag struct {
	isSet, value bool
}

// IsBoolFlag permits -lab without a value; package flag then calls Set("true").
func (f *labFlag) IsBoolFlag() bool { return true }

func (f *labFlag) Set(text string) (err error) {
	f.isSet = true
	if f.value, err = strconv.ParseBool(text); err != nil {
		return errors.New("want true or false")
	}
	return nil
}

func (f *labFlag) String() string { return "" }

// on reports whether to serve the lab at an address. Without the flag, the lab is served
// only on loopback addresses, that is, to users of this machine.
func (f *labFlag) on(addr net.Addr) bool {
	if f.isSet {
		return f.value
	}
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
