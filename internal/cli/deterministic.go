package cli

import (
	"flag"
	"fmt"
	"net"
)

// deterministicVar defines -deterministic, which makes a conversation consist of the same
// bytes each time. See replay.Clock and replay.NewRandom for what it fixes, and why it is
// never for real use. What a timeout causes, such as a Ping to a silent peer, still
// depends on the system clock.
func deterministicVar(flags *flag.FlagSet, value *bool) {
	flags.BoolVar(value, "deterministic", false,
		"send the same bytes each time: the clock stands still, and the nonce and the masking keys are the RFC's examples; for loopback addresses only, and never for real use")
}

// checkLoopback returns an error if -deterministic is used with an address that is not on
// this machine: predictable masking keys protect nobody (RFC 6455 §10.3). It does not look
// up names; localhost is always this machine (RFC 6761 §6.3).
func checkLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err == nil && (host == "localhost" || net.ParseIP(host).IsLoopback()) {
		return nil
	}
	return fmt.Errorf("-deterministic is for a loopback address, such as 127.0.0.1:8080, and %s is not one: the masking keys would be predictable (RFC 6455 §10.3)", address)
}
