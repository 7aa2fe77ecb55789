package cli

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net"
	"strings"
	"time"

	"barewire/internal/server"
)

// tlsOptions is what the flags say about TLS.
type tlsOptions struct {
	cert, key  string // files
	selfSigned bool
}

// check refuses what does not go together.
func (o *tlsOptions) check() error {
	if (o.cert == "") != (o.key == "") {
		return errors.New("-tls-cert and -tls-key need each other")
	}
	if o.selfSigned && o.cert != "" {
		return errors.New("-tls-self-signed makes a certificate; -tls-cert has one: want one of them")
	}
	return nil
}

// load returns the configuration for TLS, or nil for none.
func (o *tlsOptions) load(addr string) (*tls.Config, error) {
	var certificate tls.Certificate
	var err error
	switch {
	case o.cert != "":
		certificate, err = tls.LoadX509KeyPair(o.cert, o.key)
	case o.selfSigned:
		host, _, _ := net.SplitHostPort(addr)
		certificate, err = selfSignedCertificate(host, time.Now())
	default:
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the certificate cannot be used: %w", err)
	}
	return server.TLSConfig(certificate), nil
}

// selfSignedLife is how long a self-signed certificate is valid: a new one is made at
// each start, and none is stored.
const selfSignedLife = 30 * 24 * time.Hour

// selfSignedCertificate makes a certificate for host, a name or an IP address. No
// authority vouches for it: a client must be told to trust it, by its fingerprint.
func selfSignedCertificate(host string, now time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "barewire, self-signed"},
		NotBefore:    now.Add(-time.Hour), // clocks differ
		NotAfter:     now.Add(selfSignedLife),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = append(template.IPAddresses, ip)
	} else if host != "" {
		template.DNSNames = append(template.DNSNames, host)
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: key}, nil
}

// fingerprint returns the SHA-256 of the certificate as programs show it:
// octets in hex with colons between them.
func fingerprint(config *tls.Config) string {
	sum := sha256.Sum256(config.Certificates[0].Certificate[0])
	return strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":")
}
