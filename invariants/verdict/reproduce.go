package verdict

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/explore"
	"github.com/kcheck/kcheck/model/kafkaconf"
)

// command is the command line that asks one question of a request again. guarantees is how many the request asks.
func command(r kafkaconf.Request, guarantee string, guarantees int, o Options) string {
	words := []string{"kcheck", "check"}
	words = append(words, r.Files...)
	for _, part := range kafkaconf.FileParts {
		if file := r.PartFiles[part]; file != "" {
			words = append(words, "--"+string(part), file)
		}
	}
	add := func(flag, value string) {
		if value != "" {
			words = append(words, flag, value)
		}
	}
	for _, w := range r.SourceFlags {
		words = append(words, kafkaconf.WithoutUserInfo(w))
	}
	add("--topic-name", r.TopicName)
	add("--service", r.Service)
	add("--cluster", r.Cluster)
	add("--profile", r.Profile)
	add("--allow-files", r.AllowFiles)
	for _, s := range r.Set {
		add("--set", kafkaconf.ShownFlag(s))
	}
	add("--kafka", r.Kafka)
	if guarantees > 1 || len(r.Guarantees) > 0 || len(r.Files) == 0 {
		add("--guarantee", guarantee)
	}
	add("--counted", r.Counted)
	add("--faults", r.Faults)
	add("--messages", r.Messages)
	switch o.Strategy {
	case explore.DFS:
		add("--strategy", "dfs")
	case explore.Simulate:
		add("--strategy", "simulate")
		add("--seed", fmt.Sprint(o.Seed))
	}
	if o.Exhaust {
		words = append(words, "--exhaust")
	}
	if o.NoReductions {
		words = append(words, "--no-reductions")
	}
	if o.Timeout > 0 {
		add("--timeout", o.Timeout.String())
	}
	for i, w := range words {
		words[i] = shellWord(w)
	}
	return strings.Join(words, " ")
}

// shellWord quotes a word for a shell where it needs that.
func shellWord(w string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./=,:@+%", r)
	}
	if w != "" && strings.IndexFunc(w, func(r rune) bool { return !plain(r) }) < 0 {
		return w
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}

// traceID names a counterexample: the same steps have the same name on every machine.
func traceID(res *Result) string {
	h := sha256.New()
	fmt.Fprintln(h, res.Guarantee, res.Counted, res.Kafka)
	for _, s := range res.Steps {
		params, _ := json.Marshal(s.Params) // of named fields that can all be written
		fmt.Fprintf(h, "%s %s %s\n", s.Action, params, s.Outcome)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// configurationID names the configuration that the result is about.
func (r *Result) configurationID() string {
	read := map[string]string{}
	for _, s := range r.Settings {
		if s.Read {
			read[s.Key] = s.Value
		}
	}
	return kafkaconf.ConfigurationID(r.Kafka, read)
}
