package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"net"
	"strings"
	"time"

	"barewire/handshake"
	"barewire/internal/fault"
)

const probeUsage = `barewire probe [flags] URL

Breaks the rules of HTTP/1.1 and WebSocket, one at a time, against any server (ws://,
wss://, http:// or https://), and prints the expected reaction beside the one it got.
Each fault uses its own connection. The connections are opened one after another, and
each sends at most 256 KiB. The tests of limits are small: a head of 64 KiB, a thousand
fields, fifty Pings, a header that announces 2^62 bytes and is followed by one byte, and
3 MiB of zeros compressed to 3 KB. Probe only your own servers, or servers that you were
asked to probe: the operator may see all this as an attack.

First it finds out whether the path upgrades, echoes and compresses. A fault that needs
something the server does not have is "not applicable". The other verdicts are "pass";
"tolerated", if the reaction is weaker than it could be but breaks no MUST; "fail", with
the level of the rule; and "not run", if the connection or the handshake failed.

The exit status is 0 if the server breaks no MUST, 1 if it breaks one or if not all
faults could be run, and 2 if the arguments are wrong or the server answers neither a
plain GET nor an opening handshake.

With -json, it prints one object: url, target {page, plainStatus, webSocket, echo, deflate},
results [{id, title, category, section, level, legal, teaches, verdict, expected,
got, reason, milliseconds}], summary {pass, tolerated, fail, mustBroken,
notApplicable, notRun}. With -list -json, an array of {id, title, category, section,
level, legal, teaches, expected, steps [{do, hex, note, pieces}]}.`

// probeOptions holds the flags and the URL of probe.
type probeOptions struct {
	dial    dialOptions // the URL, the timeout and the options of TLS
	url     string
	limit   time.Duration
	only    list
	faults  []*fault.Fault
	list    bool
	json    bool
	verbose bool
}

// probe runs the catalogue against a server.
func probe(args []string, std streams) int {
	options, done, status := parseProbe(args, std)
	if done {
		return status
	}
	if options.list {
		return listFaults(options, std)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if options.limit > 0 {
		ctx, cancel = context.WithTimeout(context.Background(), options.limit)
	}
	defer cancel()
	dial := func(context.Context) (net.Conn, error) { return options.dial.connect() }
	url := options.dial.offer.URL
	target := fault.Target{Host: url.Host, Path: url.Resource, Wait: options.dial.timeout}
	target, err := fault.Discover(ctx, dial, target)
	if err != nil {
		return failure(std, err)
	}
	if !target.WebSocket && (target.PlainStatus == 0 || target.PlainStatus == 400) {
		return usageError(std, options.unusable())
	}
	report := newProbeReport(options, target, std)
	for _, f := range options.faults {
		report.add(runFault(ctx, f, dial, target))
	}
	return report.end()
}

// unusable returns why no fault of the catalogue applies: how the server answers an
// opening handshake, and whether it wants TLS.
func (o *probeOptions) unusable() error {
	conn, err := o.dial.connect()
	if err == nil {
		_, err = o.dial.open(conn)
		conn.Close()
	}
	if err == nil {
		err = errors.New("its answers change")
	}
	if o.dial.offer.URL.Secure {
		return fmt.Errorf("the server cannot be probed: %w", err)
	}
	o.dial.offer.URL.Secure, o.dial.insecure = true, true
	if conn, noTLS := o.dial.connect(); noTLS == nil {
		conn.Close()
		return fmt.Errorf("the server wants TLS; use a URL with wss:// or https://: %w", err)
	}
	return fmt.Errorf("the server cannot be probed: %w", err)
}

// runFault runs one fault on its own connection.
func runFault(ctx context.Context, f *fault.Fault, dial fault.Dial, target fault.Target) fault.Result {
	if reason := f.Lacking(target); reason != "" {
		return fault.Result{Fault: f, Verdict: fault.NotApplicable, Want: f.Want.String(), Reason: reason}
	}
	err := ctx.Err()
	if err == nil {
		var conn net.Conn
		if conn, err = dial(ctx); err == nil {
			return f.Run(ctx, conn, target)
		}
	}
	reason := err.Error()
	if errors.Is(err, context.DeadlineExceeded) {
		reason = "the time of -limit was over"
	}
	return fault.Result{Fault: f, Verdict: fault.NotRun, Want: f.Want.String(), Reason: reason}
}

// parseProbe reads the flags and the URL.
func parseProbe(args []string, std streams) (o probeOptions, done bool, status int) {
	flags := newFlagSet("probe")
	o.dial.timeout, o.limit = fault.DefaultWait, 5*time.Minute
	durationVar(flags, &o.dial.timeout, "timeout", "maximum `time` for connecting, and for each fault; at least 10ms")
	durationVar(flags, &o.limit, "limit", "maximum `time` for all faults together; the faults that are left are not run; 0 means no limit")
	flags.Var(&o.only, "only", "`names` of faults or categories, separated by commas: run only these")
	flags.BoolVar(&o.list, "list", false, "print the catalogue of faults and what each of them teaches; needs no URL")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.BoolVar(&o.verbose, "v", false, "print below each fault without a pass what it teaches, and why the reaction is wrong")
	flags.BoolVar(&o.dial.insecure, "insecure", false, "do not check the server's certificate, which may then be self-signed")
	if done, status := parseFlags(flags, args, probeUsage, std); done {
		return o, true, status
	}
	if err := o.complete(flags); err != nil {
		return o, true, usageError(std, err)
	}
	return o, false, exitOK
}

// complete checks the flags and parses the URL.
func (o *probeOptions) complete(flags *flag.FlagSet) error {
	var unknown string
	if o.faults, unknown = fault.Select(o.only); unknown != "" {
		return fmt.Errorf("-only %q is neither a fault nor a category; barewire probe -list prints all names", unknown)
	}
	if o.list && flags.NArg() == 0 {
		return nil
	}
	if flags.NArg() != 1 || o.list {
		return errors.New("probe wants one URL, as in barewire probe ws://127.0.0.1:8080/echo")
	}
	if o.dial.timeout < 10*time.Millisecond {
		return errors.New("-timeout must be at least 10ms")
	}
	o.url = flags.Arg(0)
	var err error
	if o.dial.offer.URL, err = handshake.ParseURL(webSocketScheme(o.url)); err == nil {
		o.dial.offer.Key, err = handshake.NewKey(rand.Reader)
	}
	return err
}

// webSocketScheme replaces http with ws and https with wss: they name the same server.
func webSocketScheme(url string) string {
	if scheme, rest, found := strings.Cut(url, "://"); found {
		switch strings.ToLower(scheme) {
		case "http":
			return "ws://" + rest
		case "https":
			return "wss://" + rest
		}
	}
	return url
}
