package cluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"regexp"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"github.com/kcheck/kcheck/model/kafkaconf/formats"
	"github.com/kcheck/kcheck/model/kafkaconf/input"
)

// properties is a client's file by name.
type properties map[string]formats.Property

// wrong is an error about one of the client's settings.
func (p properties) wrong(key, format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	if found, ok := p[key]; ok {
		return fmt.Errorf("%s: %s: %s", found.KeyAt, key, message)
	}
	return fmt.Errorf("%s: %s", key, message)
}

func (p properties) text(key string) string { return strings.TrimSpace(p[key].Value) }

// connect turns a client's file into the options of a connection.
func connect(o Options) ([]kgo.Opt, error) {
	p := properties{}
	for _, property := range o.Client {
		p[property.Key] = property
	}
	servers := strings.Split(o.Servers, ",")
	for i, s := range servers {
		servers[i] = strings.TrimSpace(s)
		if host, port, err := net.SplitHostPort(servers[i]); err != nil || host == "" || port == "" {
			return nil, fmt.Errorf("%q is not HOST:PORT", servers[i])
		}
	}
	options := []kgo.Opt{
		kgo.SeedBrokers(servers...), kgo.ClientID("kcheck"), kgo.RequestRetries(2),
		kgo.RetryTimeout(o.Timeout / 3), kgo.MetadataMinAge(100 * time.Millisecond),
	}
	protocol := strings.ToUpper(p.text("security.protocol"))
	switch protocol {
	case "", "PLAINTEXT", "SASL_PLAINTEXT":
		options = append(options, kgo.DialTimeout(o.Timeout/3))
	case "SSL", "SASL_SSL":
		config, err := p.tls()
		if err != nil {
			return nil, err
		}
		options = append(options, kgo.DialTLSConfig(config), kgo.DialTimeout(o.Timeout/3))
	default:
		return nil, p.wrong("security.protocol", "%q is not one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL", protocol)
	}
	if strings.HasPrefix(protocol, "SASL_") {
		mechanism, err := p.sasl()
		if err != nil {
			return nil, err
		}
		options = append(options, kgo.SASL(mechanism))
	}
	return options, nil
}

// tls reads the ssl.* settings: certificates and keys as PEM, in files or in the settings themselves.
func (p properties) tls() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if found, ok := p["ssl.endpoint.identification.algorithm"]; ok && strings.TrimSpace(found.Value) == "" {
		config.InsecureSkipVerify = true // Java then verifies the chain and not the name; VerifyConnection below does that
	}
	trusted, err := p.pem("ssl.truststore.certificates", "ssl.truststore.location", "ssl.truststore.type")
	if err != nil {
		return nil, err
	}
	if trusted != nil {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(trusted) {
			return nil, p.wrong(p.present("ssl.truststore.certificates", "ssl.truststore.location"), "has no certificate in PEM form")
		}
	}
	if config.InsecureSkipVerify {
		config.VerifyConnection = verifyChain(config.RootCAs)
	}
	chain, err := p.pem("ssl.keystore.certificate.chain", "ssl.keystore.location", "ssl.keystore.type")
	if err != nil || chain == nil {
		return config, err
	}
	key := chain // a key store in one file has both
	if text := p.text("ssl.keystore.key"); text != "" {
		key = []byte(text)
	}
	certificate, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return nil, p.wrong(p.present("ssl.keystore.certificate.chain", "ssl.keystore.location"), "%v", err)
	}
	config.Certificates = []tls.Certificate{certificate}
	return config, nil
}

// verifyChain verifies a server's certificate without its name.
func verifyChain(roots *x509.CertPool) func(tls.ConnectionState) error {
	return func(state tls.ConnectionState) error {
		intermediates := x509.NewCertPool()
		for _, c := range state.PeerCertificates[1:] {
			intermediates.AddCert(c)
		}
		_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates})
		return err
	}
}

// pem is what a store holds, given in a setting itself or as a file; nil when neither is given.
func (p properties) pem(inline, location, kind string) ([]byte, error) {
	if text := p.text(inline); text != "" {
		return []byte(text), nil
	}
	file := p.text(location)
	if file == "" {
		return nil, nil
	}
	if t := strings.ToUpper(p.text(kind)); t != "PEM" {
		if t == "" {
			t = "JKS, the default of " + kind
		}
		return nil, p.wrong(location, "a store of type %s is not read; export it as PEM and set %s=PEM", t, kind)
	}
	data, err := input.Configuration(context.Background(), file)
	if err != nil {
		return nil, p.wrong(location, "%s: %s", file, input.Cause(err))
	}
	return data, nil
}

// present is the first of two settings that is given.
func (p properties) present(first, second string) string {
	if _, found := p[first]; found {
		return first
	}
	return second
}

// jaasOption matches an option of a login module.
var jaasOption = regexp.MustCompile(`(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s;"']+))`)

// sasl reads the mechanism, and the user and password from sasl.jaas.config.
func (p properties) sasl() (sasl.Mechanism, error) {
	options := map[string]string{}
	for _, m := range jaasOption.FindAllStringSubmatch(p.text("sasl.jaas.config"), -1) {
		options[m[1]] = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(m[2]) + m[3] + m[4]
	}
	user, password := options["username"], options["password"]
	mechanism := strings.ToUpper(p.text("sasl.mechanism"))
	if mechanism == "PLAIN" || strings.HasPrefix(mechanism, "SCRAM-") {
		if user == "" {
			return nil, p.wrong("sasl.jaas.config", `has no username="…" and password="…" for %s`, mechanism)
		}
	}
	switch mechanism {
	case "PLAIN":
		return plain.Auth{User: user, Pass: password}.AsMechanism(), nil
	case "SCRAM-SHA-256":
		return scram.Auth{User: user, Pass: password}.AsSha256Mechanism(), nil
	case "SCRAM-SHA-512":
		return scram.Auth{User: user, Pass: password}.AsSha512Mechanism(), nil
	case "":
		mechanism = "GSSAPI, the default,"
	}
	return nil, p.wrong("sasl.mechanism", "%s is not supported; use PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512", mechanism)
}
