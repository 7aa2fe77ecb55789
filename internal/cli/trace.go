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

// traceOptions is what the flags say about showing the octets that pass.
type traceOptions struct {
	shown bool   // on standard error
	file  string // of the transcript, or ""
	pcap  string // the file, or ""

	deterministic bool // the clock stands still
}

// define adds the flags.
func (o *traceOptions) define(flags *flag.FlagSet) {
	flags.Var((*traceFlag)(o), "trace", "explain every octet on standard error as it passes; with =`FILE`, write a transcript that explain reads")
	flags.StringVar(&o.pcap, "pcap", "", "write what passes, decrypted if it was TLS, to a pcap `file`, for Wireshark")
}

// traceFlag is the value of -trace, which may stand alone or have a file's name.
// It may be given twice, for both.
type traceFlag traceOptions

// IsBoolFlag lets -trace stand alone, which is then Set("true").
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

// tracing is a tap and the files that it writes. A nil one does nothing.
type tracing struct {
	tap   *wiretap.Tap
	files []*os.File
	err   io.Writer
}

// start makes the tap that the flags ask for, or returns nil if they ask for
// nothing. What it shows goes to shown, in colours if standard error is a terminal.
func (o *traceOptions) start(std streams, shown io.Writer) (*tracing, error) {
	if !o.shown && o.file == "" && o.pcap == "" {
		return nil, nil
	}
	t := &tracing{err: shown}
	t.tap = o.newTap(t.report)
	if o.shown {
		style := annotate.Printer{Colour: wantsColour("auto", std.err)}
		t.tap.Add("-trace", wiretap.NewPrinter(shown, style, explained))
	}
	if o.file != "" {
		file, err := t.create(o.file)
		if err != nil {
			return nil, errors.Join(err, t.close())
		}
		t.tap.Add("-trace="+o.file, wiretap.NewTranscript(file, t.tap.Start()))
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

// newTap makes a tap with the clock of -deterministic, or with the usual one.
func (o *traceOptions) newTap(report func(error)) *wiretap.Tap {
	if o.deterministic {
		return wiretap.NewWithClock(replay.Clock, report)
	}
	return wiretap.New(report)
}

// create makes a file that only its owner may read: what passes holds cookies and
// passwords.
func (t *tracing) create(name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		t.files = append(t.files, file)
	}
	return file, err
}

// report says that a sink has failed.
func (t *tracing) report(err error) { complain(t.err, err) }

// wrap puts the tap on a connection.
func (t *tracing) wrap(conn net.Conn, role wsframe.Role) net.Conn {
	if t == nil {
		return conn
	}
	return t.tap.Wrap(conn, role)
}

// wrapServer is wrap as server.Config wants it: nil if there is no tap, so that
// nothing is in the way of an octet.
func (t *tracing) wrapServer() func(net.Conn) net.Conn {
	if t == nil {
		return nil
	}
	return func(conn net.Conn) net.Conn { return t.wrap(conn, wsframe.Server) }
}

// close waits until all that passed is written, and closes the files.
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

// end is close for the end of a command. It returns its exit status, which a
// trace that is not complete makes a failure.
func (t *tracing) end(std streams, status int) int {
	if err := t.close(); err != nil {
		return failure(std, err)
	}
	return status
}
