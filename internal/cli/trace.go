package cli

import (
	"errors"
	"flag"
	"io"
	"net"
	"os"

	"barewire/internal/annotate"
	"barewire/internal/replay"
	"barewire/internal/wiretap"
	"barewire/wsframe"
)

// traceOptions holds the flags for showing and saving the bytes on the wire.
type traceOptions struct {
	shown bool   // on standard error
	file  string // the name of the transcript, or ""
	pcap  string // the name of the pcap file, or ""

	deterministic bool // the clock stands still
}

// define adds the flags.
func (o *traceOptions) define(flags *flag.FlagSet) {
	flags.Var((*traceFlag)(o), "trace", "explain every byte on standard error as it is sent or received; with =`FILE`, write a transcript that explain reads")
	flags.StringVar(&o.pcap, "pcap", "", "write all traffic to a pcap `file` for Wireshark, with TLS already decrypted")
}

// traceFlag is the value of -trace, with or without the name of a file. The flag may be
// given twice, once in each form.
type traceFlag traceOptions

// IsBoolFlag permits -trace without a value; package flag then calls Set("true").
func (f *traceFlag) IsBoolFlag() bool { return true }

func (f *traceFlag) Set(text string) error {
	switch text {
	case "true":
		f.shown = true
	case "false":
		f.shown, f.file = false, ""
	case "":
		return errors.New("want -trace alone, or -trace=FILE")
	default:
		f.file = text
	}
	return nil
}

func (f *traceFlag) String() string { return "" }

// tracing is a tap and the files that it writes. A nil *tracing does nothing.
type tracing struct {
	tap   *wiretap.Tap
	files []*os.File
	err   io.Writer
}

// start creates the tap that the flags ask for, or returns nil if they ask for none. The
// output of -trace goes to shown, in colors if standard error is a terminal.
func (o *traceOptions) start(std streams, shown io.Writer) (*tracing, error) {
	if !o.shown && o.file == "" && o.pcap == "" {
		return nil, nil
	}
	t := &tracing{err: shown}
	t.tap = o.newTap(t.report)
	if o.shown {
		style := annotate.Printer{Color: wantsColor("auto", std.err)}
		t.tap.Add("-trace", wiretap.NewPrinter(shown, style, explained))
	}
	if o.file != "" {
		file, err := t.create(o.file)
		if err != nil {
			return nil, errors.Join(err, t.close())
		}
		t.tap.Add("-trace="+o.file, wiretap.NewTranscriptWriter(file, t.tap.Start()))
	}
	if o.pcap != "" {
		file, err := t.create(o.pcap)
		if err != nil {
			return nil, errors.Join(err, t.close())
		}
		t.tap.Add("-pcap "+o.pcap, wiretap.NewCapture(file))
	}
	return t, nil
}

// newTap creates a tap with the clock of -deterministic or the system clock.
func (o *traceOptions) newTap(report func(error)) *wiretap.Tap {
	if o.deterministic {
		return wiretap.NewWithClock(replay.Clock, report)
	}
	return wiretap.New(report)
}

// create creates a file that only its owner may read, because traffic contains cookies
// and passwords.
func (t *tracing) create(name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		t.files = append(t.files, file)
	}
	return file, err
}

// report prints the error of a sink.
func (t *tracing) report(err error) { complain(t.err, err) }

// wrap returns conn with the tap around it.
func (t *tracing) wrap(conn net.Conn, role wsframe.Role) net.Conn {
	if t == nil {
		return conn
	}
	return t.tap.Wrap(conn, role)
}

// wrapServer returns wrap for server.Config, or nil if there is no tap: then the server
// uses its connections directly.
func (t *tracing) wrapServer() func(net.Conn) net.Conn {
	if t == nil {
		return nil
	}
	return func(conn net.Conn) net.Conn { return t.wrap(conn, wsframe.Server) }
}

// close waits until all traffic is written, and closes the files.
func (t *tracing) close() error {
	if t == nil {
		return nil
	}
	err := t.tap.Close()
	for _, file := range t.files {
		err = errors.Join(err, file.Close())
	}
	return err
}

// end calls close at the end of a command and returns the command's exit status, which is
// a failure if the trace is not complete.
func (t *tracing) end(std streams, status int) int {
	if err := t.close(); err != nil {
		return failure(std, err)
	}
	return status
}
