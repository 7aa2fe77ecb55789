package wsconn

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/bufconn"
	"barewire/wsframe"
)

// maxInterim is how many 1xx responses a client skips before the final one (RFC 9110
// §15.2). Without it a server could send them forever.
const maxInterim = 16

// Open does the client's part of the opening handshake (RFC 6455 §4.1) over buf: it
// sends the request, reads the response, checks it, and returns the open connection. The
// caller limits the wait with buf.SetReadDeadline, and closes buf if Open fails. The error
// describes what the server did wrong.
func Open(buf *bufconn.Conn, offer *handshake.Offer, config Config) (*Conn, handshake.Agreement, error) {
	request, err := offer.AppendRequest(nil)
	if err != nil {
		return nil, handshake.Agreement{}, err
	}
	out := buf.BeginWrite(len(request))
	buf.EndWrite(append(out, request...))

	response, err := readResponse(buf) // req: 6455-4.1-n 9112-9.2-a
	if err != nil {
		return nil, handshake.Agreement{}, err
	}
	agreement, err := offer.Verify(response)
	if err != nil {
		return nil, agreement, withExplanation(err, buf, response) // req: 9112-6.3-m 9112-9.2-a 9112-9.6-b
	}
	agreed, used, err := handshake.VerifyDeflate(offer.Extensions, agreement.Extensions)
	if err != nil {
		// RFC 7692 §5.1: for the server the connection is open, so we send a Close with the reason.
		// req: 6455-7.4.1-f 7692-5.1-a
		return nil, agreement, errors.Join(err, New(buf, config).Close(wsframe.MandatoryExtension, err.Error()))
	}
	if used {
		config.Deflate = &agreed // req: 6455-9.1-e
	}
	return New(buf, config), agreement, nil
}

// maxExplanation is the largest content of a refusal that a client reads, in bytes.
const maxExplanation = 1 << 10

// withExplanation adds the first line of the response's content to err: most servers
// explain a refusal there. It does nothing if the content is long or not plain text.
func withExplanation(err error, buf *bufconn.Conn, response *httpwire.Response) error {
	length := int(response.Body.Length)
	if response.Body.Framing != httpwire.ByLength || length > maxExplanation {
		return err
	}
	for len(buf.Buffered()) < length {
		if buf.Fill() != nil {
			return err
		}
	}
	line, _, _ := strings.Cut(string(buf.Buffered()[:length]), "\n")
	if line = strings.TrimSpace(line); line == "" || strings.ContainsFunc(line, isNotPrintable) {
		return err
	}
	return fmt.Errorf("%w: %s", err, line)
}

// isNotPrintable reports whether r could change a terminal's state. Invalid UTF-8 is decoded
// as U+FFFD, and counts too.
func isNotPrintable(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }

// readResponse reads the head of the final response. 101 counts as final.
func readResponse(buf *bufconn.Conn) (*httpwire.Response, error) { // req: 6455-4.1-u
	limits := httpwire.DefaultLimits()
	for range maxInterim {
		response := new(httpwire.Response)
		n, err := httpwire.ParseResponse(response, buf.Buffered(), "GET", &limits)
		for n == 0 && err == nil {
			switch err := buf.Fill(); {
			case err == io.EOF: // req: 9112-8-b
				return nil, fmt.Errorf("the server closed the connection before its response was complete: %w", io.ErrUnexpectedEOF)
			case bufconn.IsTimeout(err):
				return nil, fmt.Errorf("the server did not answer the opening handshake in time: %w", err)
			case err != nil:
				return nil, err
			}
			n, err = httpwire.ParseResponse(response, buf.Buffered(), "GET", &limits)
		}
		if err != nil {
			return nil, err
		}
		buf.Discard(n)
		if !response.Interim() { // req: 9110-15.2-b
			return response, nil
		}
	}
	return nil, fmt.Errorf("the server sent more than %d interim responses (RFC 9110 §15.2)", maxInterim)
}
