package cluster

import (
	"regexp"
	"strconv"
)

// nodeClient matches the client ids that Kafka gives to the nodes' own requests: replica fetchers
// (broker-2-fetcher-0, kafka.server.AbstractFetcherThread), fetches of the controller's log (raft-client-2,
// kafka.raft.KafkaRaftManager), what the controller of Kafka 0.8 tells (id_2-host_..., kafka.controller.ControllerContext),
// and everything else between nodes (2).
var nodeClient = regexp.MustCompile(`^(?:broker-(\d+)-.*|raft-client-(\d+)|id_(\d+)-.*|(\d+))$`)

// NodeOf is the node that a client id belongs to; 0 if it is none.
func NodeOf(client string) int {
	for _, s := range nodeClient.FindStringSubmatch(client) {
		if n, err := strconv.Atoi(s); err == nil {
			return n
		}
	}
	return 0
}
