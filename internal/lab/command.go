package lab

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/bufconn"
	"barewire/internal/socket"
	"barewire/internal/wiretap"
	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// command is what a page asks for; doc.go lists the commands.
type command struct {
	Do string `json:"do"`

	Path     string `json:"path"`     // of fetch and open
	Compress bool   `json:"compress"` // of open: offer permessage-deflate

	Text      string `json:"text"`      // of send and ping
	Binary    bool   `json:"binary"`    // of send: Text is hexadecimal
	Fragments []int  `json:"fragments"` // of send: sizes in bytes; the rest goes in one more
	Times     int    `json:"times"`     // of send: how often; 0 means once

	Code   int    `json:"code"`   // of close; 0 means none
	Reason string `json:"reason"` // of close

	Fault string `json:"fault"` // of break: the id of the fault
}

// The limits of one command. Everything that it sends passes the tap again when it
// comes back, and each byte becomes about four bytes of JSON.
const (
	maxTimes = 2000
	maxSent  = 1 << 20
)

var (
	errNotOpen  = errors.New("no WebSocket is open: open one first")
	errTooMuch  = fmt.Errorf("the messages have more than %d bytes in total: send fewer, or shorter ones", maxSent)
	errNotHex   = errors.New("the message is not in hexadecimal: write binary messages as in 00 ff 10")
	errFragment = errors.New("the message has too many fragments: send at most 64")
	errLeft     = errors.New("the page has left")
)

// perform does what a page asks for. The error is shown on the page.
func (s *session) perform(c *command) error {
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
		return sendMessages(client.Conn, c)
	case "ping":
		return client.Ping([]byte(c.Text))
	case "close":
		code := wsframe.CloseCode(c.Code)
		if c.Code == 0 {
			code = wsframe.NoStatusReceived // which means none
		}
		return client.Close(code, c.Reason)
	}
	return fmt.Errorf("unknown command %q", c.Do)
}

// target returns path with the page's id added, so that every request names the page
// that it belongs to.
func (s *session) target(path string) string {
	if strings.Contains(path, "?") {
		return path + "&page=" + s.id
	}
	return path + "?page=" + s.id
}

// connect returns a connection to the server with the page's tap on it.
func (s *session) connect() (*wiretap.Conn, *bufconn.Conn, error) {
	conn := s.lab.connect(s.id)
	if conn == nil {
		return nil, nil, errLeft
	}
	buf := bufconn.New(socket.New(conn, s.lab.patience))
	if s.lab.patience > 0 {
		buf.SetReadDeadline(time.Now().Add(s.lab.patience))
	}
	return conn, buf, nil
}

// fetch sends a GET, and reads until the connection ends.
func (s *session) fetch(path string) error {
	request, err := httpwire.AppendRequest(nil, "GET", s.target(path), httpwire.Fields{
		{Name: "Host", Value: s.host},
		{Name: "User-Agent", Value: "barewire-lab"},
		{Name: "Connection", Value: "close"},
	})
	if err != nil {
		return err
	}
	_, buf, err := s.connect()
	if err != nil {
		return err
	}
	defer buf.Close(bufconn.AtOnce, 0)
	buf.EndWrite(append(buf.BeginWrite(len(request)), request...)) // sent when we wait for the answer
	_, err = io.Copy(io.Discard, buf)
	return err
}

// open opens a WebSocket, and closes the one that is open.
func (s *session) open(path string, compress bool) error {
	url, err := handshake.ParseURL("ws://" + s.host + s.target(path))
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
	conn, buf, err := s.connect()
	if err != nil {
		return err
	}
	client, agreement, err := wsconn.Open(buf, &offer, wsconn.Config{Role: wsframe.Client, CompressMin: 1, CloseWait: s.lab.closeWait()})
	if err != nil {
		buf.Close(bufconn.AtOnce, 0)
		return err
	}
	opened := &webSocket{client, state{Open: true, Conn: conn.Number(), Path: path, Compressed: len(agreement.Extensions) > 0}}
	s.setClient(opened)
	go s.read(opened)
	return nil
}

// setClient sets the open WebSocket, and tells the page.
func (s *session) setClient(client *webSocket) {
	s.mu.Lock()
	s.client = client
	s.mu.Unlock()
	if client == nil {
		s.push(happening{What: "state", State: new(state)})
		return
	}
	s.push(happening{What: "state", State: &client.state})
}

// read reads messages until the connection ends. The tap shows them to the page.
func (s *session) read(client *webSocket) {
	client.Serve(wsconn.NopHandler{})
	s.mu.Lock()
	last := s.client == client
	s.mu.Unlock()
	if last {
		s.setClient(nil)
	}
}

// sendMessages sends the message of a command as often as the command asks.
func sendMessages(client *wsconn.Conn, c *command) error {
	opcode, payload := wsframe.Text, []byte(c.Text)
	if c.Binary {
		opcode = wsframe.Binary
		var err error
		if payload, err = hex.DecodeString(strings.Join(strings.Fields(c.Text), "")); err != nil {
			return errNotHex
		}
	}
	times := min(max(c.Times, 1), maxTimes)
	if len(c.Fragments) > 64 {
		return errFragment
	}
	if times*len(payload) > maxSent {
		return errTooMuch
	}
	parts := cut(payload, c.Fragments)
	for range times {
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

// cut cuts a payload into parts of these sizes. The rest is one more part.
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
