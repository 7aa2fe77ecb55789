package lab

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/bufconn"
	"barewire/internal/fault"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// command is what a page asks for.
type command struct {
	Do string `json:"do"` // "fetch", "open", "send", "ping", "close" or "break"

	Path     string `json:"path"`     // of fetch and open
	Compress bool   `json:"compress"` // of open: offer permessage-deflate

	Text      string `json:"text"`      // of send and ping
	Binary    bool   `json:"binary"`    // of send: Text is hexadecimal
	Fragments []int  `json:"fragments"` // of send: sizes in octets; what is left goes in one more
	Times     int    `json:"times"`     // of send: how often; 0 means once

	Code   int    `json:"code"`   // of close; 0 means none
	Reason string `json:"reason"` // of close

	Fault string `json:"fault"` // of break: its id
}

// maxTimes bounds how often one command sends its message.
const maxTimes = 2000

var (
	errNotOpen = errors.New("no WebSocket is open: open one first")
	errBusy    = errors.New("a rule is being broken at this moment: wait for its verdict")
)

// do does what a page asks for. The error is for the page's reader.
func (s *session) do(c *command) error {
	switch c.Do {
	case "fetch":
		return s.fetch(c.Path)
	case "open":
		return s.open(c.Path, c.Compress)
	case "break":
		return s.breakRule(c.Fault)
	}
	s.mu.Lock()
	client := s.client
	s.mu.Unlock()
	if client == nil {
		return errNotOpen
	}
	switch c.Do {
	case "send":
		return sendMessages(client, c)
	case "ping":
		return client.Ping([]byte(c.Text))
	case "close":
		code := wsframe.CloseCode(c.Code)
		if c.Code == 0 {
			code = wsframe.NoStatusReceived // which stands for none
		}
		return client.Close(code, c.Reason)
	}
	return fmt.Errorf("%q is no command", c.Do)
}

// connect returns one end of a connection to the server, with the session's tap
// on it.
func (s *session) connect() net.Conn {
	near, far := net.Pipe()
	go s.lab.server.ServeConn(far)
	conn := s.tap.Wrap(near, wsframe.Client)
	conn.SetDeadline(time.Now().Add(patience))
	return conn
}

// fetch sends a GET, and reads to the end of the connection.
func (s *session) fetch(path string) error {
	request, err := httpwire.AppendRequest(nil, "GET", path, httpwire.Fields{
		{Name: "Host", Value: s.host},
		{Name: "User-Agent", Value: "barewire-lab"},
		{Name: "Connection", Value: "close"},
	})
	if err != nil {
		return err
	}
	conn := s.connect()
	defer conn.Close()
	if _, err := conn.Write(request); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, conn)
	return err
}

// open opens a WebSocket, in place of the one that is open.
func (s *session) open(path string, compress bool) error {
	url, err := handshake.ParseURL("ws://" + s.host + path)
	if err != nil {
		return err
	}
	key, err := handshake.NewKey(rand.Reader)
	if err != nil {
		return err
	}
	offer := handshake.Offer{URL: url, Key: key}
	if compress {
		offer.Extensions = []handshake.Extension{handshake.OfferDeflate(handshake.Deflate{})}
	}
	s.mu.Lock()
	before := s.client
	s.mu.Unlock()
	if before != nil {
		before.Close(wsframe.GoingAway, "another one is opened")
	}
	conn := s.connect()
	buf := bufconn.New(conn)
	buf.SetWriteTimeout(patience)
	client, _, err := wsconn.Open(buf, &offer, wsconn.Config{Role: wsframe.Client, CompressMin: 1, CloseWait: patience})
	if err != nil {
		conn.Close()
		return err
	}
	buf.ReadBy(time.Time{})
	s.setClient(client)
	go s.read(client)
	return nil
}

// setClient notes which WebSocket is open, and tells the page.
func (s *session) setClient(client *wsconn.Conn) {
	s.mu.Lock()
	s.client = client
	ended := s.ended
	s.mu.Unlock()
	if ended && client != nil {
		client.Close(wsframe.GoingAway, "the page was closed")
	}
	s.tell(happening{What: "state", Open: client != nil})
}

// read reads messages to the end of the connection: the tap has shown them.
func (s *session) read(client *wsconn.Conn) {
	client.Serve(wsconn.NopHandler{})
	s.mu.Lock()
	last := s.client == client
	s.mu.Unlock()
	if last {
		s.setClient(nil)
	}
}

// sendMessages sends the message of a command, as often as it says.
func sendMessages(client *wsconn.Conn, c *command) error {
	opcode, payload := wsframe.Text, []byte(c.Text)
	if c.Binary {
		opcode = wsframe.Binary
		var err error
		if payload, err = hex.DecodeString(strings.Join(strings.Fields(c.Text), "")); err != nil {
			return errors.New("binary messages are written in hexadecimal, as in 00 ff 10")
		}
	}
	parts := cut(payload, c.Fragments)
	for range min(max(c.Times, 1), maxTimes) {
		err := error(nil)
		if len(parts) > 1 {
			err = client.SendFragments(opcode, parts...)
		} else {
			err = client.Send(opcode, payload)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// cut cuts a payload in parts of the sizes; what is left is one more.
func cut(payload []byte, sizes []int) (parts [][]byte) {
	for _, size := range sizes {
		size = min(max(size, 0), len(payload))
		parts = append(parts, payload[:size])
		payload = payload[size:]
	}
	if len(payload) > 0 || len(parts) == 0 {
		parts = append(parts, payload)
	}
	return parts
}

// report is what came of a fault.
type report struct {
	Fault   string `json:"fault"`
	Title   string `json:"title"`
	Verdict string `json:"verdict"`
	Want    string `json:"want"`
	Got     string `json:"got"`
	Reason  string `json:"reason,omitempty"`
}

// breakRule runs a fault against the server, while the page goes on.
func (s *session) breakRule(id string) error {
	f, found := fault.ByID(id)
	if !found {
		return fmt.Errorf("there is no fault %q", id)
	}
	s.mu.Lock()
	busy := s.running
	s.running = true
	s.mu.Unlock()
	if busy {
		return errBusy
	}
	go s.runFault(f)
	return nil
}

func (s *session) runFault(f *fault.Fault) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	target := fault.Target{Host: s.host, Path: "/echo", PlainStatus: 200, WebSocket: true, Echo: true, Deflate: true}
	result := f.Run(ctx, s.connect(), target)
	s.mu.Lock()
	s.running = false
	s.mu.Unlock()
	s.tell(happening{What: "verdict", Verdict: &report{f.ID, f.Title, string(result.Verdict),
		result.Want, result.Got, result.Reason}})
}
