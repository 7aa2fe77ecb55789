package rfc

// notBuiltYet lists the requirements that belong to parts of barewire that are
// not built yet, by part; ids are separated by white space. It can only shrink:
// TestEveryRequirementIsProved fails when a row in it is proved already.
var notBuiltYet = []struct {
	part string
	ids  string
}{
	{"compression: what is sent and received (deflate, wsconn)", `
		7692-5-f 7692-6.1-a 7692-6.1-b 7692-6.1-e 7692-6.2-a 7692-6.2-b
		7692-7.2.1-a 7692-7.2.1-b 7692-7.2.1-c 7692-7.2.1-d
		7692-7.2.1-e 7692-7.2.1-f 7692-7.2.1-g 7692-7.2.1-h
		7692-7.2.2-a 7692-7.2.2-b 7692-7.2.2-c 7692-7.2.2-d 7692-7.2.2-e 7692-7.2.2-f
		7692-7.2.3.2-a 7692-7.2.3.6-a`},
	{"compression: the agreement on it (handshake)", `
		7692-5-a 7692-5-b 7692-5-c 7692-5-d 7692-5-e 7692-5.1-a
		7692-7-a 7692-7-b 7692-7-c 7692-7-d 7692-7-e 7692-7-f 7692-7-g 7692-7-h
		7692-7.1.1.1-a 7692-7.1.1.1-b 7692-7.1.1.2-a 7692-7.1.1.2-b
		7692-7.1.2.1-a 7692-7.1.2.1-b 7692-7.1.2.1-c 7692-7.1.2.1-d 7692-7.1.2.1-e
		7692-7.1.2.2-a 7692-7.1.2.2-b 7692-7.1.2.2-c 7692-7.1.2.2-d`},
}
