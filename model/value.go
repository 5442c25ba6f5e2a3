package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// Kind says what the value of a part of a state is, and so which field of its [Value] is set.
type Kind string

// The kinds of values.
const (
	KindPhase       Kind = "phase"       // Word: where a message stands in the producer, a Phase
	KindBroker      Kind = "broker"      // Broker: who leads; none while the partition is offline
	KindSet         Kind = "set"         // Brokers: the in-sync set, the eligible leader replicas
	KindLog         Kind = "log"         // Log
	KindRole        Kind = "role"        // Role
	KindOffset      Kind = "offset"      // Number; none where there is no offset, Word "stopped" where the consumer has given up
	KindMessages    Kind = "messages"    // Messages: what is in hand
	KindProcessed   Kind = "processed"   // Number: how often, counted up to 2
	KindCount       Kind = "count"       // Number
	KindEpoch       Kind = "epoch"       // Number: a producer epoch
	KindStage       Kind = "stage"       // Word: where a process stands
	KindTransaction Kind = "transaction" // Word: a state of Kafka's TransactionMetadata
	KindDeliveries  Kind = "deliveries"  // Deliveries: the records of a share-partition
)

// Value is the typed value of one part of a state. At most one field is set; none stands for no value.
type Value struct {
	Word     string
	Number   *int
	Broker   BrokerID
	Brokers  []BrokerID  // not nil for an empty set
	Messages []MessageID // not nil for an empty hand
	Log      []Entry     // not nil for an empty log
	Role     *Role
	// Deliveries is not nil for a share-partition of which no record was acquired.
	Deliveries []Delivery
}

// Entry is a record of a log: one with a message, or a transaction marker.
type Entry struct {
	Message MessageID `json:"message,omitempty"`
	Marker  Marker    `json:"marker,omitempty"`
	Offset  int       `json:"offset"`
}

// Delivery is a record of a share-partition.
type Delivery struct {
	Offset int           `json:"offset"`
	State  DeliveryState `json:"state"`
	Count  int           `json:"count,omitempty"`  // how often it was delivered
	Member Member        `json:"member,omitempty"` // that has acquired it
}

// Marker is a control record that ends a transaction.
type Marker string

// The markers.
const (
	MarkerCommit Marker = "COMMIT"
	MarkerAbort  Marker = "ABORT"
)

// Role is what a broker takes itself for.
type Role struct {
	Role   RoleName `json:"role"`
	Leader BrokerID `json:"leader,omitempty"` // whom it follows, or itself; not of a broker that is down
	// CutOff says that it reaches neither the controller nor the other brokers.
	CutOff bool `json:"cut_off,omitempty"`
	// Superseded says that the controller has decided a newer epoch than the one that this leader acts in.
	Superseded bool `json:"superseded,omitempty"`
}

// RoleName is the word for a role.
type RoleName string

// The roles.
const (
	RoleDown     RoleName = "down"
	RoleLeader   RoleName = "leader"
	RoleFollower RoleName = "follower"
)

// Words that stand in the place of a number.
const (
	WordStopped = "stopped" // the consumer has ended with an error (auto.offset.reset=none)
	WordGone    = "gone"    // there is no such process
)

func numberValue(n int) Value  { return Value{Number: &n} }
func wordValue(w string) Value { return Value{Word: w} }

// Equal says that two values are the same.
func (v Value) Equal(w Value) bool { return reflect.DeepEqual(v, w) }

// MarshalJSON writes what is set: a string for a word or a broker, a number, an array of names or records, an object for
// a role, null for none.
func (v Value) MarshalJSON() ([]byte, error) {
	switch {
	case v.Log != nil:
		return json.Marshal(v.Log)
	case v.Deliveries != nil:
		return json.Marshal(v.Deliveries)
	case v.Brokers != nil:
		return json.Marshal(v.Brokers)
	case v.Messages != nil:
		return json.Marshal(v.Messages)
	case v.Role != nil:
		return json.Marshal(v.Role)
	case v.Number != nil:
		return json.Marshal(*v.Number)
	case v.Broker != 0:
		return json.Marshal(v.Broker)
	case v.Word != "":
		return json.Marshal(v.Word)
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads what MarshalJSON writes. An empty array is an empty log, set and hand at once, as nothing in it says
// which. The error says what is none of these.
func (v *Value) UnmarshalJSON(data []byte) error {
	*v = Value{}
	switch data = bytes.TrimSpace(data); {
	case len(data) == 0 || data[0] == 'n':
		return nil
	case data[0] == '{':
		v.Role = &Role{}
		return json.Unmarshal(data, v.Role)
	case data[0] == '"':
		return v.readWord(data)
	case data[0] == '[':
		return v.readArray(data)
	}
	n := 0
	v.Number = &n
	return json.Unmarshal(data, v.Number)
}

// readWord reads a string: the name of a broker, or a word.
func (v *Value) readWord(data []byte) error {
	if err := json.Unmarshal(data, &v.Word); err != nil {
		return err
	}
	if n, err := numberOf('b', v.Word); err == nil && n > 0 {
		*v = Value{Broker: BrokerID(n)}
	}
	return nil
}

// readArray reads an array of records, brokers or messages.
func (v *Value) readArray(data []byte) error {
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil {
		return err
	}
	if len(items) == 0 {
		v.Log, v.Brokers, v.Messages, v.Deliveries = []Entry{}, []BrokerID{}, []MessageID{}, []Delivery{}
		return nil
	}
	switch first := string(items[0]); {
	case bytes.Contains(items[0], []byte(`"state"`)):
		return json.Unmarshal(data, &v.Deliveries)
	case len(first) > 0 && first[0] == '{':
		return json.Unmarshal(data, &v.Log)
	case len(first) > 2 && first[1] == 'b':
		return json.Unmarshal(data, &v.Brokers)
	case len(first) > 2 && first[1] == 'm':
		return json.Unmarshal(data, &v.Messages)
	}
	return fmt.Errorf("%s is neither a record nor a broker nor a message", items[0])
}

// Part is one named part of a state: "b1.log".
type Part struct {
	What string `json:"what"`
	Kind Kind   `json:"kind"`
	Is   Value  `json:"is"`
}

// Change is one part of a state that a step changed.
type Change struct {
	What string `json:"what"`
	Kind Kind   `json:"kind"`
	From Value  `json:"from"`
	To   Value  `json:"to"`
}
