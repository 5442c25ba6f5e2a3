package cluster

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/kcheck/kcheck/cmd/kcheck/internal/clustertest"
	"github.com/kcheck/kcheck/model/kafkaconf"
	"github.com/kcheck/kcheck/model/kafkaconf/formats"
)

// fake starts a cluster in memory and gives its address.
func fake(t *testing.T, opts ...kfake.Opt) string {
	t.Helper()
	_, address := clustertest.Start(t, opts...)
	return address
}

// refusing starts a cluster that answers a wrong password as Kafka does; the one in memory only closes the connection.
func refusing(t *testing.T) string {
	t.Helper()
	c, address := clustertest.Start(t, kfake.EnableSASL(), kfake.Superuser("PLAIN", "me", "secret"))
	c.ControlKey(int16(kmsg.SASLAuthenticate), func(request kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		response := request.ResponseKind().(*kmsg.SASLAuthenticateResponse)
		response.ErrorCode = kerr.SaslAuthenticationFailed.Code
		return response, nil, true
	})
	return address
}

// admin creates a topic with settings, and a group with a position in it.
func admin(t *testing.T, address string) {
	t.Helper()
	clustertest.CreateTopic(t, address, "orders", "2")
	offsets := kadm.Offsets{}
	offsets.AddOffset("orders", 0, 5, -1)
	if err := clustertest.Admin(t, address).CommitAllOffsets(context.Background(), "billing", offsets); err != nil {
		t.Fatal(err)
	}
}

// clientFile is a client's file as --command-config has it.
func clientFile(t *testing.T, text string) []formats.Property {
	t.Helper()
	properties, problems := formats.ParseProperties("client.properties", []byte(text))
	if problems.Failed() {
		t.Fatal(problems)
	}
	return properties
}

// find gives "value from" of a setting.
func find(s kafkaconf.Source, part kafkaconf.Part, key string) string {
	for _, v := range s.Values {
		if v.Part == part && v.Key == key {
			return strings.TrimSpace(v.Text + " " + v.KeyAt.File + " " + v.From)
		}
	}
	return ""
}

// What a live topic, its brokers and a group say becomes values with the resource that they stand in.
func TestRead(t *testing.T) {
	address := fake(t)
	admin(t, address)
	s, err := Read(context.Background(), Options{Servers: address, Topic: "orders", Group: "billing"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		part      kafkaconf.Part
		key, text string
	}{
		{kafkaconf.Topic, "replication.factor", "3 live topic orders"},
		{kafkaconf.Topic, "partitions", "3 live topic orders"},
		{kafkaconf.Topic, "min.insync.replicas", "2 live topic orders"},
		{kafkaconf.App, "group", "existing live group billing"},
	} {
		if got := find(s, want.part, want.key); got != want.text {
			t.Errorf("%s.%s: got %q, want %q", want.part, want.key, got, want.text)
		}
	}
	if len(s.Given) != 2 {
		t.Errorf("version %q, given %v, notes %v", s.Kafka, s.Given, s.Notes)
	}
	r, err := kafkaconf.Load(kafkaconf.Request{Sources: []kafkaconf.Source{s}})
	problems := kafkaconf.ProblemsOf(r, err)
	if r == nil || problems.Refused() {
		t.Fatal(problems)
	}
	if r.Config.Topic.MinISR != 2 || r.Config.Topic.Replicas != 3 || r.Config.App.NewGroup {
		t.Errorf("%+v", r.Config)
	}
	if s, err := Read(context.Background(), Options{Servers: address, Topic: "orders", Group: "nobody"}); err != nil || find(s, kafkaconf.App, "group") != "new live group nobody" {
		t.Errorf("a group without offsets: %v %q", err, find(s, kafkaconf.App, "group"))
	}
}

// What a broker is taken for by the requests that it understands.
func TestRelease(t *testing.T) {
	for guess, want := range map[string]string{
		"v4.1": "4.1", "v0.10.2": "0.10", "at least v4.2": "4.2", "between v3.6 and v3.7": "3.6", "unknown custom version at least v1.1": "",
		"unknown custom version": "", "not even v0.8.0": "",
	} {
		if got := release(guess); got != want {
			t.Errorf("%s: %q, want %q", guess, got, want)
		}
	}
}

// Users and passwords, and certificates, as a client's file has them.
func TestSecured(t *testing.T) {
	server, ca := certificate(t)
	plain := fake(t, kfake.EnableSASL(), kfake.Superuser("PLAIN", "me", `s"e;c`))
	both := fake(t, kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", "me", "secret"), kfake.TLS(server))
	for name, test := range map[string]struct{ address, file string }{
		"plain": {plain, "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\n" +
			`sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="s\\"e;c";`},
		"scram over TLS": {both, "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\nssl.truststore.type=PEM\nssl.truststore.location=" + ca +
			"\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\\n username=\"me\" password='secret';"},
		"scram over TLS, the name not verified": {both, "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\nssl.truststore.type=PEM\n" +
			"ssl.endpoint.identification.algorithm=\nssl.truststore.location=" + ca + "\nsasl.jaas.config=x required username=me password=secret;"},
	} {
		if _, err := Read(context.Background(), Options{Servers: test.address, Client: clientFile(t, test.file)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever is wrong is one line that says what to look at.
func TestErrors(t *testing.T) {
	server, _ := certificate(t)
	open, sasl, secured := fake(t), fake(t, kfake.EnableSASL(), kfake.Superuser("PLAIN", "me", "secret")), fake(t, kfake.TLS(server))
	admin(t, open)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	listener.Close()
	jaas := "\nsasl.jaas.config=x required username=\"me\" password=\"wrong\";\n"
	for name, test := range map[string]struct {
		o    Options
		file string
		want string
	}{
		"no port":         {Options{Servers: "localhost"}, "", `"localhost" is not HOST:PORT`},
		"nobody there":    {Options{Servers: closed}, "", "cannot connect: connect: connection refused"},
		"no such topic":   {Options{Servers: open, Topic: "odrers"}, "", "there is no topic odrers that this client may see; there are orders"},
		"wrong password":  {Options{Servers: refusing(t)}, "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN" + jaas, "SASL authentication failed"},
		"closed instead":  {Options{Servers: sasl}, "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN" + jaas, "the brokers close the connection; check"},
		"no user":         {Options{Servers: sasl}, "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\n", `has no username="…"`},
		"no SASL":         {Options{Servers: sasl}, "", "the brokers close the connection; check security.protocol"},
		"another one":     {Options{Servers: sasl}, "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-256" + jaas, "sasl.mechanism"},
		"Kerberos":        {Options{Servers: sasl}, "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=GSSAPI\n", "client.properties:2:1: sasl.mechanism: GSSAPI is not supported"},
		"a JKS store":     {Options{Servers: secured}, "security.protocol=SSL\nssl.truststore.location=trust.jks\n", "client.properties:2:1: ssl.truststore.location: a store of type JKS"},
		"not trusted":     {Options{Servers: secured}, "security.protocol=SSL\n", "the certificate of the brokers is not trusted"},
		"TLS with plain":  {Options{Servers: open}, "security.protocol=SSL\n", "security.protocol"},
		"a protocol typo": {Options{Servers: open}, "security.protocol=TLS\n", `client.properties:1:1: security.protocol: "TLS" is not one of`},
	} {
		t.Run(name, func(t *testing.T) {
			test.o.Client = clientFile(t, test.file)
			test.o.Timeout = 4 * time.Second
			begin := time.Now()
			_, err := Read(context.Background(), test.o)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if took := time.Since(begin); took > test.o.Timeout+time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// certificate makes a server's certificate, and a file with the one that it is trusted by.
func certificate(t *testing.T) (*tls.Config, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kcheck test"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, file
}
