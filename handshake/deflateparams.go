package handshake

import "strconv"

// Window bits in deflateParams, beside 8 to 15.
const (
	absent    = 0  // the parameter is not there
	valueless = -1 // it is there without a value: client_max_window_bits in an offer
)

// deflateParams are the parameters of one element permessage-deflate, as they
// stand there. Whether window bits are absent matters: 15 can be offered too,
// and has to be answered then.
type deflateParams struct {
	serverNoTakeover, clientNoTakeover bool
	serverBits, clientBits             int
}

// parseDeflate reads the parameters of an offer or of a response. The error, an
// *httpwire.Error without a status, is one of the three of RFC 7692 §7: a
// parameter that is none of the four, is there twice, or has a value that it
// must not have.
func parseDeflate(e Extension) (deflateParams, error) {
	var p deflateParams
	for i, param := range e.Params {
		for _, before := range e.Params[:i] {
			if before.Name == param.Name {
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
			p.serverBits, valid = parseWindowBits(param.Value)
		case clientMaxWindowBits:
			p.clientBits, valid = valueless, true
			if param.HasValue {
				p.clientBits, valid = parseWindowBits(param.Value)
			}
		default:
			return p, refuseDeflate("permessage-deflate has no parameter "+quoted(param.Name), "RFC 7692 §7")
		}
		if !valid {
			wrong := Extension{Name: PermessageDeflate, Params: []Param{param}}
			return p, refuseDeflate("a value that is not valid in "+quoted(wrong.String()), "RFC 7692 §7.1")
		}
	}
	return p, nil
}

// parseWindowBits reads a decimal from 8 to 15 without leading zeros (§7.1.2).
// No value is the empty text, and none of these.
func parseWindowBits(value string) (bits int, valid bool) {
	switch value {
	case "8", "9":
		return int(value[0] - '0'), true
	case "10", "11", "12", "13", "14", "15":
		return 10 + int(value[1]-'0'), true
	}
	return absent, false
}

// answers reports, as an error or none, whether p may be the response to an
// offer: what the offer asks of the server is granted, and nothing is asked of
// the client that it did not say it could do. What else the server may state
// unasked (§7.1.1), any client can go along with.
func (p deflateParams) answers(offer deflateParams) error {
	switch {
	case offer.serverNoTakeover && !p.serverNoTakeover:
		return refuseDeflate("the response lacks server_no_context_takeover, which was offered", "RFC 7692 §7.1.1.1")
	case offer.serverBits != absent && p.serverBits == absent:
		return refuseDeflate("the response lacks server_max_window_bits, which was offered", "RFC 7692 §7.1.2.1")
	case offer.serverBits != absent && p.serverBits > offer.serverBits:
		return refuseDeflate("server_max_window_bits is "+strconv.Itoa(p.serverBits)+
			" in the response, above the "+strconv.Itoa(offer.serverBits)+" offered", "RFC 7692 §7.1.2.1")
	case offer.clientBits == absent && p.clientBits != absent:
		return refuseDeflate("the response has client_max_window_bits, which was not offered", "RFC 7692 §7.1.2.2")
	}
	return nil
}

// extension returns the element with the parameters, in the order of §7.1.
func (p deflateParams) extension() Extension {
	e := Extension{Name: PermessageDeflate}
	if p.serverNoTakeover {
		e.Params = append(e.Params, Param{Name: serverNoContextTakeover})
	}
	if p.clientNoTakeover {
		e.Params = append(e.Params, Param{Name: clientNoContextTakeover})
	}
	if p.serverBits != absent {
		e.Params = append(e.Params, windowParam(serverMaxWindowBits, p.serverBits))
	}
	if p.clientBits != absent {
		e.Params = append(e.Params, windowParam(clientMaxWindowBits, p.clientBits))
	}
	return e
}

func windowParam(name string, bits int) Param {
	if bits == valueless {
		return Param{Name: name}
	}
	return Param{Name: name, Value: strconv.Itoa(bits), HasValue: true}
}

// meaning returns what the parameters stand for: a window about which nothing
// is said has 15 bits.
func (p deflateParams) meaning() Deflate {
	d := Deflate{
		ServerNoContextTakeover: p.serverNoTakeover,
		ClientNoContextTakeover: p.clientNoTakeover,
		ServerMaxWindowBits:     maxWindowBits,
		ClientMaxWindowBits:     maxWindowBits,
	}
	if p.serverBits > 0 {
		d.ServerMaxWindowBits = p.serverBits
	}
	if p.clientBits > 0 {
		d.ClientMaxWindowBits = p.clientBits
	}
	return d
}

// refuseDeflate makes the error of a client whom the response's parameters do
// not suit.
func refuseDeflate(rule, section string) error {
	return refuseSilently(nil, fieldExtensions, rule, section)
}
