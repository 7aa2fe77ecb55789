package handshake

// PermessageDeflate is the name of the extension that compresses messages
// (RFC 7692 §7).
const PermessageDeflate = "permessage-deflate"

// The four parameters (RFC 7692 §7.1), as they stand on the wire:
//
//	permessage-deflate; server_no_context_takeover        no value
//	                  ; client_no_context_takeover        no value
//	                  ; server_max_window_bits=10         8 to 15
//	                  ; client_max_window_bits            8 to 15; in an offer, or no value
const (
	serverNoContextTakeover = "server_no_context_takeover"
	clientNoContextTakeover = "client_no_context_takeover"
	serverMaxWindowBits     = "server_max_window_bits"
	clientMaxWindowBits     = "client_max_window_bits"
)

// A window has 2^8 to 2^15 octets (RFC 7692 §7.1.2). Who says nothing means
// 2^15.
const (
	minWindowBits = 8
	maxWindowBits = 15
)

// Deflate is how messages are compressed, in each direction (RFC 7692 §7.1):
// the server's counts for what the server sends, the client's for what the
// client sends. No context takeover means that a message is compressed as if it
// were the first. Window bits are 8 to 15, for 256 octets to 32 KiB.
type Deflate struct {
	ServerNoContextTakeover bool
	ClientNoContextTakeover bool
	ServerMaxWindowBits     int
	ClientMaxWindowBits     int
}

// DeflatePolicy is what a server makes of offers. The zero policy accepts any
// that is sound, as it stands, and asks for nothing more.
type DeflatePolicy struct {
	// NoTakeover demands that neither side take a window over, offered or not
	// (RFC 7692 §7.1.1). With takeover a connection holds some 800 KiB while it
	// is idle: 10,000 of them, which a single client can open, hold 8 GiB.
	NoTakeover bool

	// MinWindowBits declines offers that want our window smaller than this; 0
	// and 8 decline none. Our compressor is slow there: at 8 bits it clears its
	// tables for every 256 octets, 80 ms for a message of 1 MiB, and such a
	// message of zeros is 1 KB on its way in. At 10 bits it is 20 ms.
	MinWindowBits int
}

// AcceptDeflate chooses the first of the client's offers that is sound and that
// the server can meet, in the client's order (RFC 7692 §5). It returns the
// element for the response and what it means; without ok there is none to
// accept, the response names no compression and the connection runs
// uncompressed. A [Policy] uses it as
//
//	Extensions: func(offers []Extension) []Extension {
//		response, _, ok := AcceptDeflate(offers, want)
//		if !ok {
//			return nil
//		}
//		return []Extension{response}
//	}
//
// The response keeps nothing of the request's head in memory.
//
// The response states server_max_window_bits as it was offered, and both
// no_context_takeover as they were offered or as want demands them. It never
// states client_max_window_bits: we hold any window a client may use
// (§7.1.2.2).
func AcceptDeflate(offers []Extension, want DeflatePolicy) (response Extension, agreed Deflate, ok bool) {
	for _, offer := range offers {
		if offer.Name != PermessageDeflate {
			continue
		}
		p, err := parseDeflate(offer)
		if err != nil {
			continue // RFC 7692 §7: such an offer is declined
		}
		if p.serverBits != absent && p.serverBits < want.MinWindowBits {
			continue
		}
		p.serverNoTakeover = p.serverNoTakeover || want.NoTakeover
		p.clientNoTakeover = p.clientNoTakeover || want.NoTakeover
		p.clientBits = absent
		return p.extension(), p.meaning(), true
	}
	return Extension{}, Deflate{}, false
}

// AcceptedDeflate returns what the response of an [Agreement] means to the
// server that made it with [AcceptDeflate]; not ok is an uncompressed
// connection. A client asks [VerifyDeflate], which knows what it offered.
func AcceptedDeflate(accepted []Extension) (agreed Deflate, ok bool) {
	for _, extension := range accepted {
		if extension.Name == PermessageDeflate {
			p, err := parseDeflate(extension)
			return p.meaning(), err == nil
		}
	}
	return Deflate{}, false
}

// CheckDeflate returns what is wrong with an offer of permessage-deflate, or with an
// answer to one: an *httpwire.Error, or nil. A server does not tell, it declines.
func CheckDeflate(extension Extension) error {
	_, err := parseDeflate(extension)
	return err
}

// OfferDeflate returns the offer of a client that wishes for want. Each wish
// for no_context_takeover becomes its parameter, and window bits below 15
// become a value; 0 and 15 wish for nothing, others are brought into 8 to 15.
// client_max_window_bits is always offered, without a value if there is no
// wish: the compressor can meet whatever the server answers. So the offer of
// the zero Deflate is
//
//	permessage-deflate; client_max_window_bits
func OfferDeflate(want Deflate) Extension {
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

// VerifyDeflate checks what the server accepted against what the client
// offered; both lists may name other extensions. Without an error, used tells
// whether messages are compressed, and agreed how: what the response states,
// and beside it the hints of the offer, which bind the client who gave them
// (RFC 7692 §7.1.1.2, §7.1.2.2).
//
// With an error the connection has failed, and the caller closes it. It is an
// [*httpwire.Error] without a status. If a frame is sent before that, it is a
// Close with 1010 (§5.1).
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
	if count > 1 { // both would use RSV1
		return Deflate{}, false, refuseDeflate("the server accepted permessage-deflate twice", "RFC 7692 §5")
	}
	answer, err := parseDeflate(response)
	if err != nil {
		return Deflate{}, false, err
	}
	if answer.clientBits == valueless {
		return Deflate{}, false, refuseDeflate("client_max_window_bits has no value in a response", "RFC 7692 §7.1.2.2")
	}
	offer, err := answeredOffer(offers, answer)
	if err != nil {
		return Deflate{}, false, err
	}
	answer.clientNoTakeover = answer.clientNoTakeover || offer.clientNoTakeover
	agreed = answer.meaning()
	agreed.ClientMaxWindowBits = min(agreed.ClientMaxWindowBits, offer.meaning().ClientMaxWindowBits)
	return agreed, true, nil
}

// answeredOffer returns the first offer that the server may have answered so.
// If there is none, the error is about the last one that was looked at.
func answeredOffer(offers []Extension, answer deflateParams) (deflateParams, error) {
	err := refuseDeflate("the server accepted permessage-deflate, which was not offered", "RFC 6455 §4.1")
	for _, extension := range offers {
		if extension.Name != PermessageDeflate {
			continue
		}
		var offer deflateParams
		if offer, err = parseDeflate(extension); err != nil {
			continue // our own mistake: no server may accept it
		}
		if err = answer.answers(offer); err == nil {
			return offer, nil
		}
	}
	return deflateParams{}, err
}
