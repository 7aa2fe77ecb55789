package handshake

import "strconv"

// PermessageDeflate is the name of the extension that compresses messages
// (RFC 7692 §7).
const PermessageDeflate = "permessage-deflate"

// The four parameters (RFC 7692 §7.1) in their wire form:
//
//	permessage-deflate; server_no_context_takeover        no value
//	                  ; client_no_context_takeover        no value
//	                  ; server_max_window_bits=10         8 to 15
//	                  ; client_max_window_bits            8 to 15; in an offer it may have no value
const (
	serverNoContextTakeover = "server_no_context_takeover"
	clientNoContextTakeover = "client_no_context_takeover"
	serverMaxWindowBits     = "server_max_window_bits"
	clientMaxWindowBits     = "client_max_window_bits"
)

// A window has 2^8 to 2^15 bytes (RFC 7692 §7.1.2). The default is 2^15.
const (
	minWindowBits = 8
	maxWindowBits = 15
)

// Deflate holds the agreed parameters of compression (RFC 7692 §7.1). The server's
// parameters apply to messages from the server, the client's to messages from the client.
// Without context takeover each message is compressed as if it were the first. Window
// bits are 8 to 15, for 256 bytes to 32 KiB.
type Deflate struct {
	ServerNoContextTakeover bool
	ClientNoContextTakeover bool
	ServerMaxWindowBits     int
	ClientMaxWindowBits     int
}

// AcceptDeflate chooses the first valid offer, in the client's order (RFC 7692 §5): our
// compressor supports all of them. It returns the element for the response, which
// Extensions of a [Policy] should return, and the parameters that it stands for. If ok is
// false, nothing is compressed.
//
// The response repeats server_max_window_bits from the offer. It has each
// no_context_takeover that was offered, and both if takeover is false. (With takeover a
// connection holds about 800 KiB while it is idle: 10,000 connections, which a single
// client can open, hold 8 GiB.) It never has client_max_window_bits: we accept any window
// that a client may use (§7.1.2.2). It does not refer to the request's head.
func AcceptDeflate(offers []Extension, takeover bool) (response Extension, agreed Deflate, ok bool) {
	for _, offer := range offers { // req: 7692-5-b
		if offer.Name != PermessageDeflate { // req: 6455-9.1-f
			continue
		}
		p, err := parseDeflate(offer)
		if err != nil {
			continue // RFC 7692 §7: such an offer is declined, req: 7692-7-a 7692-7-b 7692-7-c 7692-7-d
		}
		p.serverNoTakeover = p.serverNoTakeover || !takeover // req: 7692-7.1.1.1-b
		p.clientNoTakeover = p.clientNoTakeover || !takeover // req: 7692-7.1.1.2-b
		p.clientBits = absent                                // req: 7692-7.1.2.2-c 7692-7.1.2.2-d
		return p.extension(), p.meaning(), true              // req: 7692-5-c
	}
	return Extension{}, Deflate{}, false // req: 7692-5-e
}

// AcceptedDeflate returns the parameters in the extensions of an [Agreement], for a
// server that used [AcceptDeflate]; ok is false if nothing is compressed. A client calls
// [VerifyDeflate], which also considers its offer.
func AcceptedDeflate(accepted []Extension) (agreed Deflate, ok bool) {
	for _, extension := range accepted {
		if extension.Name == PermessageDeflate {
			p, err := parseDeflate(extension)
			return p.meaning(), err == nil
		}
	}
	return Deflate{}, false
}

// CheckDeflate returns a *ClientError if an offer of permessage-deflate, or the answer to
// one, is not valid, else nil. A server does not report the error: it declines the offer.
func CheckDeflate(extension Extension) error {
	_, err := parseDeflate(extension)
	return err
}

// OfferDeflate returns a client's offer that asks for the parameters in want. Each
// no_context_takeover that is set becomes a parameter, and so do window bits below 15,
// with 8 as the lowest value. Window bits of 0 or 15 ask for nothing.
// client_max_window_bits is always offered, without a value if there is none to ask for:
// the compressor supports any answer. The offer of the zero Deflate is
//
//	permessage-deflate; client_max_window_bits
func OfferDeflate(want Deflate) Extension { // req: 7692-5-a
	p := deflateParams{
		serverNoTakeover: want.ServerNoContextTakeover,
		clientNoTakeover: want.ClientNoContextTakeover,
		serverBits:       absent,
		clientBits:       valueless,
	}
	if want.ServerMaxWindowBits != 0 && want.ServerMaxWindowBits < maxWindowBits {
		p.serverBits = max(want.ServerMaxWindowBits, minWindowBits)
	}
	if want.ClientMaxWindowBits != 0 && want.ClientMaxWindowBits < maxWindowBits {
		p.clientBits = max(want.ClientMaxWindowBits, minWindowBits)
	}
	return p.extension()
}

// VerifyDeflate checks the accepted extensions against the offered ones; both lists may
// contain other extensions. used reports whether messages are compressed. agreed holds
// the parameters of the response and the hints of the offer, which bind the client that
// gave them (RFC 7692 §7.1.1.2, §7.1.2.2).
//
// After an error, a [*ClientError], the caller closes the connection. It may send a Close
// frame with 1010 first (§5.1).
func VerifyDeflate(offers, accepted []Extension) (agreed Deflate, used bool, err error) {
	response, count := Extension{}, 0
	for _, extension := range accepted {
		if extension.Name == PermessageDeflate {
			response = extension
			count++
		}
	}
	if count == 0 {
		return Deflate{}, false, nil
	}
	if count > 1 { // both would use the bit RSV1
		return Deflate{}, false, refuseDeflate("the server accepted permessage-deflate twice", "RFC 7692 §5") // req: 7692-5-d
	}
	answer, err := parseDeflate(response) // req: 7692-7-e 7692-7-f 7692-7-g
	if err != nil {
		return Deflate{}, false, err
	}
	if answer.clientBits == valueless { // req: 7692-7.1.2.2-b
		return Deflate{}, false, refuseDeflate("client_max_window_bits has no value in a response", "RFC 7692 §7.1.2.2")
	}
	offer, err := answeredOffer(offers, answer) // req: 7692-7-h
	if err != nil {
		return Deflate{}, false, err
	}
	answer.clientNoTakeover = answer.clientNoTakeover || offer.clientNoTakeover // req: 7692-7.1.1.2-a
	agreed = answer.meaning()
	agreed.ClientMaxWindowBits = min(agreed.ClientMaxWindowBits, offer.meaning().ClientMaxWindowBits)
	return agreed, true, nil
}

// answeredOffer returns the first offer to which answer is a valid answer. If there is
// none, the error is about the last offer.
func answeredOffer(offers []Extension, answer deflateParams) (deflateParams, error) {
	err := refuseDeflate("the server accepted permessage-deflate, which was not offered", "RFC 6455 §4.1")
	for _, extension := range offers {
		if extension.Name != PermessageDeflate {
			continue
		}
		var offer deflateParams
		if offer, err = parseDeflate(extension); err != nil {
			continue // a mistake of ours: no server may accept this offer
		}
		if err = answer.answers(offer); err == nil {
			return offer, nil
		}
	}
	return deflateParams{}, err
}

// Window bits in deflateParams, other than 8 to 15.
const (
	absent    = 0  // there is no such parameter
	valueless = -1 // the parameter has no value: client_max_window_bits in an offer
)

// deflateParams are the parameters of one element permessage-deflate. It distinguishes
// absent window bits from 15, because 15 can be offered too, and then requires an answer.
type deflateParams struct {
	serverNoTakeover, clientNoTakeover bool
	serverBits, clientBits             int
}

// parseDeflate parses the parameters of an offer or of a response. The error, a
// *ClientError, is one of the three of RFC 7692 §7: a parameter is unknown, appears
// twice, or has an invalid value.
func parseDeflate(e Extension) (deflateParams, error) {
	var p deflateParams
	for i, param := range e.Params {
		for _, before := range e.Params[:i] {
			if before.Name == param.Name { // req: 7692-7-c 7692-7-g
				return p, refuseDeflate("permessage-deflate has "+quoted(param.Name)+" twice", "RFC 7692 §7")
			}
		}
		valid := true
		switch param.Name {
		case serverNoContextTakeover:
			p.serverNoTakeover, valid = true, !param.HasValue
		case clientNoContextTakeover:
			p.clientNoTakeover, valid = true, !param.HasValue
		case serverMaxWindowBits:
			p.serverBits, valid = parseWindowBits(param.Value) // req: 7692-7.1.2.1-a
		case clientMaxWindowBits:
			p.clientBits, valid = valueless, true // req: 7692-7.1.2.2-a
			if param.HasValue {
				p.clientBits, valid = parseWindowBits(param.Value)
			}
		default: // req: 7692-7-a 7692-7-e
			return p, refuseDeflate("permessage-deflate has no parameter "+quoted(param.Name), "RFC 7692 §7")
		}
		if !valid { // req: 7692-7-b 7692-7-f
			wrong := Extension{Name: PermessageDeflate, Params: []Param{param}}
			return p, refuseDeflate("a value that is not valid in "+quoted(wrong.String()), "RFC 7692 §7.1")
		}
	}
	return p, nil
}

// parseWindowBits reads a decimal from 8 to 15 without leading zeros (§7.1.2).
// The empty text of a parameter without a value is not valid.
//
// req: 7692-7.1.2.1-a 7692-7.1.2.2-a 7692-7.1.2.2-b
func parseWindowBits(value string) (bits int, valid bool) {
	switch value {
	case "8", "9":
		return int(value[0] - '0'), true
	case "10", "11", "12", "13", "14", "15":
		return 10 + int(value[1]-'0'), true
	}
	return absent, false
}

// answers returns nil if p is a valid response to an offer: it grants everything that the
// offer asks of the server, and asks nothing of the client that the offer did not allow.
// Other parameters that a server may add unasked (§7.1.1) work with any client.
//
// req: 7692-7-h 7692-7.1.1.1-b 7692-7.1.2.1-e
func (p deflateParams) answers(offer deflateParams) error {
	switch {
	case offer.serverNoTakeover && !p.serverNoTakeover:
		return refuseDeflate("the response lacks server_no_context_takeover, which was offered", "RFC 7692 §7.1.1.1")
	case offer.serverBits != absent && p.serverBits == absent: // req: 7692-7.1.2.1-c
		return refuseDeflate("the response lacks server_max_window_bits, which was offered", "RFC 7692 §7.1.2.1")
	case offer.serverBits != absent && p.serverBits > offer.serverBits:
		return refuseDeflate("server_max_window_bits is "+strconv.Itoa(p.serverBits)+ // req: 7692-7.1.2.1-c
			" in the response, above the "+strconv.Itoa(offer.serverBits)+" offered", "RFC 7692 §7.1.2.1")
	case offer.clientBits == absent && p.clientBits != absent: // req: 7692-7.1.2.2-c
		return refuseDeflate("the response has client_max_window_bits, which was not offered", "RFC 7692 §7.1.2.2")
	}
	return nil
}

// extension returns the element with the parameters, in the order of §7.1.
//
// req: 7692-5-a 7692-5-c
func (p deflateParams) extension() Extension {
	e := Extension{Name: PermessageDeflate}
	if p.serverNoTakeover { // req: 7692-7.1.1.1-a
		e.Params = append(e.Params, Param{Name: serverNoContextTakeover})
	}
	if p.clientNoTakeover {
		e.Params = append(e.Params, Param{Name: clientNoContextTakeover})
	}
	if p.serverBits != absent {
		e.Params = append(e.Params, Param{serverMaxWindowBits, strconv.Itoa(p.serverBits), true}) // req: 7692-7.1.2.1-b
	}
	if p.clientBits == valueless {
		e.Params = append(e.Params, Param{Name: clientMaxWindowBits})
	} else if p.clientBits != absent {
		e.Params = append(e.Params, Param{clientMaxWindowBits, strconv.Itoa(p.clientBits), true})
	}
	return e
}

// meaning returns the parameters with their defaults: a window has 15 bits unless a
// parameter limits it.
func (p deflateParams) meaning() Deflate {
	d := Deflate{
		ServerNoContextTakeover: p.serverNoTakeover,
		ClientNoContextTakeover: p.clientNoTakeover,
		ServerMaxWindowBits:     maxWindowBits, // req: 7692-7.2.2-d
		ClientMaxWindowBits:     maxWindowBits, // req: 7692-7.2.2-e
	}
	if p.serverBits > 0 {
		d.ServerMaxWindowBits = p.serverBits
	}
	if p.clientBits > 0 {
		d.ClientMaxWindowBits = p.clientBits
	}
	return d
}

// refuseDeflate returns the error about the parameters of permessage-deflate.
func refuseDeflate(rule, section string) error {
	return refuseClient(nil, fieldExtensions, rule, section)
}
