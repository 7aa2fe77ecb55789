package cli

import (
	"flag"
	"fmt"
	"net"
)

// deterministicVar defines -deterministic, which makes a conversation the same to
// the octet each time: see replay.Clock and replay.NewRandom for what it fixes, and
// why it is never for real use. What a time-out brings about, such as a Ping to a
// peer that is silent, still depends on time.
func deterministicVar(flags *flag.FlagSet, value *bool) {
	flags.BoolVar(value, "deterministic", false,
		"the same octets each time: the clock stands still, nonce and masking keys are the RFC's examples; for loopback addresses only, and never for real use")
}

// checkLoopback refuses an address that others could be behind, for -deterministic:
// masking keys that can be told in advance protect nobody (RFC 6455 §10.3). A name
// is not looked up; localhost is this machine (RFC 6761 §6.3).
func checkLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err == nil && (host == "localhost" || net.ParseIP(host).IsLoopback()) {
		return nil
	}
	return fmt.Errorf("-deterministic is for a loopback address, such as 127.0.0.1:8080, and %s is none: its masking keys can be told in advance (RFC 6455 §10.3)", address)
}
