package cli

import (
	"crypto/x509"
	"testing"
	"time"
)

// TestSelfSignedNames: the certificate is valid for the name, for localhost and for the
// loopback addresses, and for nothing else.
func TestSelfSignedNames(t *testing.T) {
	now := time.Now()
	certificate, err := selfSignedCertificate("barewire.example", now)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(certificate.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	for name, good := range map[string]bool{
		"barewire.example": true, "localhost": true, "127.0.0.1": true, "::1": true, "evil.example": false,
	} {
		if _, err := leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots, CurrentTime: now}); (err == nil) != good {
			t.Errorf("as %s: %v, want valid: %v", name, err, good)
		}
	}
}
