package model

import (
	"reflect"
	"testing"
)

// boundary is what Kafka's sources say of one behaviour of the brokers: the first and the last release that has it with
// ZooKeeper and with KRaft ("" is none; the last one "" is still there), and where that is seen.
type boundary struct {
	name                  string
	zooFirst, zooLast     string
	kraftFirst, kraftLast string
	source                string
}

// Each boundary by version is one by controller kind. Clusters run ZooKeeper from 0.8 to 3.9, KRaft from 3.3 on.
var boundaries = []boundary{
	{"TruncatesToHighWatermark", "0.8.2.0", "0.10.2.2", "", "", "ReplicaFetcherThread.handleOffsetOutOfRange, LogManager.truncateTo(highWatermark) in ReplicaManager.makeFollowers up to 0.10.2.2; KIP-101"},
	{"AsksEpochOffset", "0.11.0.0", "3.9.2", "3.3.0", "", "ReplicaFetcherThread.fetchEpochsFromLeader, 0.11.0.0; KIP-101"},
	{"FindsMatchingEpoch", "2.0.0", "3.9.2", "3.3.0", "", "LeaderEpochFileCache.endOffsetFor gives (epoch, offset) from 2.0.0, the offset alone in 1.1.1; KIP-279"},
	{"IgnoresSameLeader", "0.8.2.0", "2.0.0", "", "", "Partition.makeFollower: leaderReplicaIdOpt.get == newLeaderBrokerId is false up to 2.0.0; compared with the old epoch from 2.0.1"},
	{"HaltsOnTruncation", "0.8.2.0", "2.0.0", "", "", "ReplicaFetcherThread.handleOffsetOutOfRange: Runtime.halt in 0.8.2 and 0.9, System.exit in 0.10, FatalExitError in 0.11.0 to 2.0.0, nothing of it in 2.0.1; KAFKA-7414"},
	{"FencesByEpoch", "2.1.0", "3.9.2", "3.3.0", "", "Partition.checkCurrentLeaderEpoch, FENCED_LEADER_EPOCH in 2.1.0, not in 2.0.1; KIP-320"},
	{"ExpandsFromEpochStart", "2.0.1", "3.9.2", "3.3.0", "", "Partition.leaderEpochStartOffsetOpt in 2.0.1, not in 2.0.0 and 1.1.1; KAFKA-7128"},
	{"SkipsDecisions", "0.8.2.0", "3.9.2", "", "", "ControllerChannelManager sends the newest state in LeaderAndIsr requests after a failover of the controller; with KRaft a delta has every record, and TopicDelta.localChanges compares its ends (see KeepsPositions)"},
	{"KeepsPositions", "0.9.0.0", "3.9.2", "3.3.0", "", "Partition.makeLeader resets the remote log ends in every call in 0.8.2, only for a new leader from 0.9.0; Replica.resetReplicaState(isNewLeader) from 3.4.0"},
	{"RestartsUnnoticed", "0.8.2.0", "2.1.1", "", "", "KafkaController.processBrokerChange has bouncedBrokerIds in 2.2.0, not in 2.1.1; ClusterControlManager.registerBroker compares incarnations; KIP-380"},
	{"BumpsEpochOnShrink", "0.8.2.0", "3.9.2", "3.3.0", "3.5.2", "KafkaController.removeReplicasFromIsr; PartitionChangeBuilder.triggerLeaderEpochBumpIfNeeded, MetadataVersion.isSkipLeaderEpochBumpSupported of 3.6; KAFKA-15021"},
	{"FreezesHighWatermark", "3.7.0", "3.9.2", "3.7.0", "", "Partition.maybeIncrementLeaderHW: isUnderMinIsr in 3.7.0, not in 3.6.2, for both kinds; KAFKA-15583"},
	{"EffectiveMinISR", "3.7.0", "3.9.2", "3.7.0", "", "Partition.effectiveMinIsr in 3.7.0, for both kinds; KAFKA-15583"},
	{"HonoursUnclean", "0.8.2.0", "3.9.2", "3.9.0", "", "PartitionLeaderElectionAlgorithms.offlinePartitionLeaderElection; ReplicationControlManager.maybeTriggerUncleanLeaderElectionForLeaderlessPartitions in the classes of 3.9.0, not in those of 3.8.1; KAFKA-12670"},
	{"FencesAdditions", "", "", "3.5.0", "", "ReplicationControlManager.ineligibleReplicasForIsr and Partition.isBrokerEpochIsrEligible (KRaftMetadataCache only) in 3.5.0; KafkaController reads newIsrWithEpochs without the epochs; KIP-903"},
	{"ElectsByDirectory", "", "", "3.7.0", "", "ReplicationControlManager.isAcceptableLeader asks BrokerRegistration.hasOnlineDir in 3.7.0, not in 3.6.2; MetadataVersion.isDirectoryAssignmentSupported; KIP-858"},
	{"ValidatesPosition", "2.3.0", "3.9.2", "3.3.0", "", "SubscriptionState.maybeValidatePosition in 2.3.0, not in 2.2.2; KAFKA-7747"},
	{"RemembersOneBatch", "0.11.0.0", "0.11.0.3", "", "", "ProducerStateManager.NumBatchesToRetain = 5 in 1.0.0; KAFKA-5494"},
	{"AcceptsFirstSequence", "2.5.0", "3.9.2", "3.3.0", "", "ProducerAppendInfo.checkSequence throws UnknownProducerIdException in 2.4.1 and not in 2.5.0; KIP-360"},
	{"BumpsEpochOnSequenceError", "2.5.0", "3.9.2", "3.3.0", "", "TransactionManager.requestEpochBumpForPartition in 2.5.0, not in 2.4.1; KIP-360"},
	{"IgnoresRecreatedTopic", "2.2.0", "2.8.1", "", "", "Metadata.updateLastSeenEpoch in 2.2.0, not in 2.1.0; Metadata.updateLatestMetadata compares topic ids in 2.8.2 and 3.0.0; KAFKA-7738, KAFKA-12257"},
	{"ForgetsGroupLeader", "2.3.0", "3.1.2", "", "", "GroupCoordinator.updateStaticMemberAndRebalance and JoinGroupRequest v9 have skipAssignment in 3.2.0, not in 3.1.2; static members in 2.3.0; KIP-345, KIP-814"},
	{"CommitsTopicID", "", "", "4.2.0", "", "OffsetCommitRequest v10 with topic ids, OffsetMetadataManager.isMismatchedTopicId in 4.2; the new group protocol alone sends it"},
	{"VerifiesTransactionPartitions", "3.6.0", "3.9.2", "3.6.0", "", "AddPartitionsToTxnManager in KafkaServer and BrokerServer of 3.6.0; KIP-890"},
	{"VerifiesTransactionOffsets", "3.7.0", "3.9.2", "3.7.0", "", "GroupCoordinator.doTxnCommitOffsets calls ReplicaManager.maybeStartTransactionVerificationForPartition in 3.7.0; GroupMetadataManager.appendForGroup has no transactional.id in 3.6.2; KIP-890"},
	{"BumpsEpochPerTransaction", "", "", "4.0.0", "", "TransactionVersion.TV_2, the default of metadata version 4.0-IV2 and a feature of KRaft clusters; KIP-890"},
	{"MarkerEpochStrict", "", "", "4.2.0", "", "ProducerAppendInfo.checkProducerEpoch takes the transaction version in the classes of 4.2.0, not in those of 4.1.2; KIP-1228"},
	{"WaitsForStableOffsets", "2.5.0", "3.9.2", "3.3.0", "", "ConsumerCoordinator.sendOffsetFetchRequest (requireStable) and GroupCoordinator.handleFetchOffsets in 2.5.0, not in 2.4.1; KIP-447"},
	{"FencesByGroupMetadata", "2.5.0", "3.9.2", "3.3.0", "", "GroupCoordinator.handleTxnCommitOffsets has memberId and generationId in 2.5.0, not in 2.4.1; KIP-447"},
	{"StartsAddedPartitionsAtZero", "", "", "4.4.0", "", "GroupMetadataManager.buildInitializeShareGroupStateRequest sends start offset 0 for topics that the group knows in 4.4.0, -1 in 4.3.1; KAFKA-20742"},
}

// ofClients are the behaviours that the client alone decides: TestClientBehaviours has them.
var ofClients = map[string]bool{
	"FailsOnSequenceError": true, "RenumbersOnRefusal": true, "CommitsUnprocessed": true, "CommitsHandedOff": true, "CommitsOnClose": true, "CommitsBeforeHandingOut": true, "HandsOutSingly": true,
	"RetriesBehindAfterDisconnect": true, "RetriesBehindAfterRefusal": true,
}

// Every release has a behaviour exactly where Kafka's sources have it, for both kinds of controllers.
func TestBoundaries(t *testing.T) {
	t.Parallel()
	byName := map[string]boundary{}
	for _, b := range boundaries {
		byName[b.name] = b
		if b.source == "" {
			t.Errorf("%s: no source", b.name)
		}
	}
	for _, doc := range BehaviourDocs() {
		b, found := byName[doc.Name]
		delete(byName, doc.Name)
		if !found {
			if !ofClients[doc.Name] {
				t.Errorf("%s has no row: say in which releases it is, with ZooKeeper and with KRaft, and where that is seen", doc.Name)
			}
			continue
		}
		checkBoundary(t, doc, "ZooKeeper", WithZooKeeper, b.zooFirst, b.zooLast)
		checkBoundary(t, doc, "KRaft", WithKRaft, b.kraftFirst, b.kraftLast)
	}
	for name := range byName {
		t.Errorf("%s is no behaviour", name)
	}
}

// checkBoundary compares a behaviour of every release that runs with a kind of controllers.
func checkBoundary(t *testing.T, doc Behaviour, kind string, releases Releases, first, last string) {
	t.Helper()
	for _, v := range Released() {
		if !releases.Has(v) {
			continue
		}
		want := first != "" && v >= version(t, first) && (last == "" || v <= version(t, last))
		c := DefaultConfig()
		c.Kafka, c.KRaft, c.Prod.Version, c.Cons.Version = v, kind == "KRaft", v, v
		c.Cons.NewProtocol = doc.Name == "CommitsTopicID"
		c.Cons.Static = doc.Name == "ForgetsGroupLeader" && v >= V2_3
		b := BehavioursOf(&c)
		if got := reflect.ValueOf(b).FieldByName(doc.Name).Bool(); got != want {
			t.Errorf("%s in %s with %s: %v, and %s to %s have it", doc.Name, v, kind, got, first, last)
		}
	}
}

func version(t *testing.T, s string) Version {
	t.Helper()
	v, err := ParseVersion(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// What the client alone decides is the same whatever the brokers are.
func TestClientBehaviours(t *testing.T) {
	t.Parallel()
	for _, doc := range BehaviourDocs() {
		if !ofClients[doc.Name] {
			continue
		}
		if doc.ZooKeeper != always || doc.KRaft != always || doc.When == nil {
			t.Errorf("%s depends on the brokers", doc.Name)
		}
	}
	for text, want := range map[string]bool{"3.9.2": true, "4.0.0": false, "4.4": false} { // KAFKA-18641 is in the classes of 4.0.0
		c := DefaultConfig()
		c.Cons.NewProtocol, c.Cons.Version = true, version(t, text)
		if got := BehavioursOf(&c).CommitsUnprocessed; got != want {
			t.Errorf("the new consumer of %s commits what is unprocessed: %v", text, got)
		}
	}
}
