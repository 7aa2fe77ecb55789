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

// tlsOptions holds the flags for TLS.
type tlsOptions struct {
	cert, key  string // names of files
	selfSigned bool
}

// check returns an error if the flags contradict each other.
func (o *tlsOptions) check() error {
	if (o.cert == "") != (o.key == "") {
		return errors.New("-tls-cert and -tls-key need each other")
	}
	if o.selfSigned && o.cert != "" {
		return errors.New("-tls-self-signed and -tls-cert contradict each other: use one of them")
	}
	return nil
}

// load returns the configuration for TLS, or nil if the server does not use TLS.
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

// selfSignedLife is how long a self-signed certificate is valid. Each start of the server
// creates a new one, and does not store it.
const selfSignedLife = 30 * 24 * time.Hour

// selfSignedCertificate creates a certificate for host, a name or an IP address. No
// certificate authority signs it, so the user of a client must compare its fingerprint.
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
		NotBefore:    now.Add(-time.Hour), // the client's clock may be slow
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

// fingerprint returns the SHA-256 of the certificate as other programs print it: bytes in
// hex, separated by colons.
func fingerprint(config *tls.Config) string {
	sum := sha256.Sum256(config.Certificates[0].Certificate[0])
	return strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":")
}
