package model

import "reflect"

// Behaviours are the rules of Kafka that differ by version, client or feature. Actions consult them by name and never
// compare version numbers. [BehaviourDocs] says what each of them means and which releases have it.
type Behaviours struct {
	TruncatesToHighWatermark      bool
	AsksEpochOffset               bool
	FindsMatchingEpoch            bool
	IgnoresSameLeader             bool
	HaltsOnTruncation             bool
	FencesByEpoch                 bool
	ExpandsFromEpochStart         bool
	SkipsDecisions                bool
	KeepsPositions                bool
	RestartsUnnoticed             bool
	BumpsEpochOnShrink            bool
	FreezesHighWatermark          bool
	EffectiveMinISR               bool
	HonoursUnclean                bool
	FencesAdditions               bool
	ElectsByDirectory             bool
	ValidatesPosition             bool
	RemembersOneBatch             bool
	AcceptsFirstSequence          bool
	BumpsEpochOnSequenceError     bool
	FailsOnSequenceError          bool
	RenumbersOnRefusal            bool
	CommitsUnprocessed            bool
	CommitsHandedOff              bool
	CommitsOnClose                bool
	CommitsBeforeHandingOut       bool
	HandsOutSingly                bool
	IgnoresRecreatedTopic         bool
	ForgetsGroupLeader            bool
	CommitsTopicID                bool
	VerifiesTransactionPartitions bool
	VerifiesTransactionOffsets    bool
	BumpsEpochPerTransaction      bool
	MarkerEpochStrict             bool
	FencesByGroupMetadata         bool
	StartsAddedPartitionsAtZero   bool
	WaitsForStableOffsets         bool
	RetriesBehindAfterDisconnect  bool
	RetriesBehindAfterRefusal     bool
}

// Behaviour is the entry of one field of [Behaviours]: what it means, and who has it. A configuration has the behaviour
// if the release of its brokers has it with the controllers at hand, and When, where it is given, holds. Releases that do
// not run with a kind of controllers at all ([WithZooKeeper], [WithKRaft]) may be in its range.
type Behaviour struct {
	Name      string // of the field
	Summary   string
	ZooKeeper Releases // of the brokers that have it with ZooKeeper
	KRaft     Releases // and with KRaft
	// When is what it takes besides: a client, its version, a feature; nil is nothing.
	When func(c *Config) bool `registry:"optional"`
}

// Releases is a range of releases: From the first on, and before Until, where that is not 0.
type Releases struct {
	From  Version
	Until Version `registry:"optional"`
}

// Has says that a release is in the range.
func (r Releases) Has(v Version) bool { return v >= r.From && (r.Until == 0 || v < r.Until) }

// Within is the part of a range that is in another.
func (r Releases) Within(o Releases) Releases {
	r.From = max(r.From, o.From)
	if r.Until == 0 || o.Until != 0 && o.Until < r.Until {
		r.Until = o.Until
	}
	return r
}

// The releases of Kafka whose clusters run ZooKeeper, and those whose clusters run KRaft for production (KIP-833).
var (
	WithZooKeeper = Releases{From: V0_8, Until: V4_0}
	WithKRaft     = Releases{From: V3_3}
)

func since(v Version) Releases { return Releases{From: v} }
func until(v Version) Releases { return Releases{From: V0_8, Until: v} }

var (
	always = since(V0_8)
	never  = until(V0_8)
)

// BehaviourDocs documents the behaviours in the order of their fields.
func BehaviourDocs() []Behaviour { return append([]Behaviour(nil), behaviours[:]...) }

// BehavioursOf gives the behaviours of a configuration's brokers and clients. It reads the versions, the clients and
// whether the cluster is KRaft; the settings are read by the rules themselves.
func BehavioursOf(c *Config) Behaviours {
	var b Behaviours
	field := reflect.ValueOf(&b).Elem()
	for i := range behaviours {
		e := &behaviours[i]
		releases := e.ZooKeeper
		if c.KRaft {
			releases = e.KRaft
		}
		field.Field(i).SetBool(releases.Has(c.Kafka) && (e.When == nil || e.When(c)))
	}
	return b
}
