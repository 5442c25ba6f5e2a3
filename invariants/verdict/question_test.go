package verdict

import (
	"testing"

	"github.com/kcheck/kcheck/model/kafkaconf"
)

// TestSecrets checks that what may be a secret does not get into a report.
func TestSecrets(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"sasl.jaas.config", "ssl.keystore.password", "ssl.key.password", "ssl.keystore.key",
		"sasl.oauthbearer.client.credentials.client.secret", "my.api.token"} {
		e := kafkaconf.EffectiveSetting{Part: kafkaconf.Producer, Key: key, Value: "hunter2", Given: true}
		if s := SettingOf(e); s.Value != "(hidden)" {
			t.Errorf("%s shows %q", key, s.Value)
		}
	}
	e := kafkaconf.EffectiveSetting{Part: kafkaconf.Producer, Key: "acks", Value: "all", Given: true, Read: true}
	if s := SettingOf(e); s.Value != "all" || s.Key != "producer.acks" || !s.Read {
		t.Errorf("got %+v", s)
	}
}
