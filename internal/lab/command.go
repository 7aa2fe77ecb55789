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

// command is what a page asks for: doc.go says what there is.
type command struct {
	Do string `json:"do"`

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

// The bounds of one command. What it sends passes the tap twice when it comes back,
// and each octet becomes some four of JSON.
const (
	maxTimes = 2000
	maxSent  = 1 << 20
)

var (
	errNotOpen  = errors.New("no WebSocket is open: open one first")
	errTooMuch  = fmt.Errorf("that is more than %d octets in all: send fewer messages, or shorter ones", maxSent)
	errNotHex   = errors.New("binary messages are written in hexadecimal, as in 00 ff 10")
	errFragment = errors.New("there are at most 64 fragments")
	errLeft     = errors.New("the page has left")
)

// perform does what a page asks for. The error is for the page's reader.
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
			code = wsframe.NoStatusReceived // which stands for none
		}
		return client.Close(code, c.Reason)
	}
	return fmt.Errorf("%q is no command", c.Do)
}

// target returns a path with the page's id behind it, so that every request of a
// page says whose it is.
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

// fetch sends a GET, and reads to the end of the connection.
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

// open opens a WebSocket, in place of the one that is open.
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

// setClient notes which WebSocket is open, and tells the page.
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

// read reads messages to the end of the connection: the tap has shown them.
func (s *session) read(client *webSocket) {
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
