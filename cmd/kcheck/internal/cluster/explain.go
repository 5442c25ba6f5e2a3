package cluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// explain is what went wrong with a cluster, in one line that says what to look at.
func explain(ctx context.Context, err error) error {
	var (
		name     *net.DNSError
		dial     *net.OpError
		record   tls.RecordHeaderError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		verify   *tls.CertificateVerificationError
		first    *kgo.ErrFirstReadEOF
		refused  *kerr.Error
	)
	switch {
	case errors.As(err, &name):
		return fmt.Errorf("cannot find the host %s", name.Name)
	case errors.Is(err, kerr.SaslAuthenticationFailed), errors.Is(err, kerr.IllegalSaslState):
		return errors.New("the brokers refuse the user or the password of the client's file (SASL authentication failed)")
	case errors.Is(err, kerr.UnsupportedSaslMechanism):
		return errors.New("the brokers do not offer the sasl.mechanism of the client's file")
	case errors.As(err, &hostname), errors.As(err, &unknown), errors.As(err, &verify):
		return fmt.Errorf("the certificate of the brokers is not trusted: %s", lastOf(err))
	case errors.As(err, &record):
		return errors.New("the brokers do not speak TLS there; is security.protocol right?")
	case errors.As(err, &dial) && dial.Op == "dial":
		return fmt.Errorf("cannot connect: %v", dial.Err)
	case errors.As(err, &first), errors.Is(err, io.EOF), errors.As(err, &dial):
		return errors.New("the brokers close the connection; check security.protocol and sasl.mechanism, user and password in the file of --command-config")
	case errors.As(err, &refused):
		return fmt.Errorf("%s", strings.TrimSuffix(firstLine(err.Error()), "."))
	case errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil:
		return errors.New("no answer in time; is this a listener of Kafka, and does security.protocol fit it?")
	}
	return errors.New(firstLine(err.Error()))
}

// lastOf is the innermost error.
func lastOf(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return firstLine(err.Error())
		}
		err = inner
	}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
