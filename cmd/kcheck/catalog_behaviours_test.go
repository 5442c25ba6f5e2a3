package main

import (
	"strings"
	"testing"

	"github.com/kcheck/kcheck/model"
)

// Every release lists every behaviour; where it runs with ZooKeeper and with KRaft and they differ, both are shown.
func TestBehavioursOfEveryRelease(t *testing.T) {
	t.Parallel()
	for _, v := range model.Released() {
		differ := 0
		for _, b := range behaviourTopics(v) {
			state := strings.TrimPrefix(b.brief[:strings.Index(b.brief, "]")], "[")
			switch {
			case state == "on" || state == "off":
			case state == "ZooKeeper on, KRaft off" || state == "ZooKeeper off, KRaft on":
				differ++
			default:
				t.Errorf("%s: %s is %q", v, b.name, state)
			}
		}
		if both := v >= model.V3_3 && v < model.V4_0; both != (differ > 0) {
			t.Errorf("%s: %d behaviours differ between ZooKeeper and KRaft", v, differ)
		}
	}
	for name, want := range map[string]string{
		"FencesAdditions":          "with ZooKeeper none by default; with KRaft from 3.5 on",
		"IgnoresSameLeader":        "with ZooKeeper 0.8 to 2.0.0; with KRaft none by default",
		"HaltsOnTruncation":        "with ZooKeeper 0.8 to 2.0.0; with KRaft none by default",
		"ExpandsFromEpochStart":    "with ZooKeeper from 2.0.1 on; with KRaft all",
		"BumpsEpochOnShrink":       "with ZooKeeper all; with KRaft 3.3 to 3.5",
		"TruncatesToHighWatermark": "with ZooKeeper 0.8 to 0.10; with KRaft none by default",
	} {
		if got := versionsWith(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
