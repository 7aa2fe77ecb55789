package cli

import (
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
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
		certificate, err = server.SelfSigned(host, time.Now())
	default:
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the certificate cannot be used: %w", err)
	}
	return server.TLSConfig(certificate), nil
}

// fingerprint returns the SHA-256 of the certificate as programs show it:
// octets in hex with colons between them.
func fingerprint(config *tls.Config) string {
	sum := sha256.Sum256(config.Certificates[0].Certificate[0])
	return strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":")
}
