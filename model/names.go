package model

import (
	"fmt"
	"strconv"
)

// MessageID is a message by its number in the order of the sends, from 1; 0 is none. JSON and sentences have it as "m1".
type MessageID int

// BrokerID is a broker by its number, from 1; 0 is none. JSON and sentences have it as "b1".
type BrokerID int

func messageID(msg int) MessageID { return MessageID(msg + 1) }
func brokerID(b int) BrokerID     { return BrokerID(b + 1) }

// String is the name of the message: "m1", or "none".
func (m MessageID) String() string { return nameOf('m', int(m)) }

// String is the name of the broker: "b1", or "none".
func (b BrokerID) String() string { return nameOf('b', int(b)) }

// MarshalText writes the name of the message.
func (m MessageID) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// MarshalText writes the name of the broker.
func (b BrokerID) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalText reads the name of a message. The error quotes what is none.
func (m *MessageID) UnmarshalText(text []byte) (err error) {
	n, err := numberOf('m', string(text))
	*m = MessageID(n)
	return err
}

// UnmarshalText reads the name of a broker. The error quotes what is none.
func (b *BrokerID) UnmarshalText(text []byte) (err error) {
	n, err := numberOf('b', string(text))
	*b = BrokerID(n)
	return err
}

func nameOf(letter byte, n int) string {
	if n <= 0 {
		return "none"
	}
	return string(letter) + strconv.Itoa(n)
}

func numberOf(letter byte, name string) (int, error) {
	if name == "none" {
		return 0, nil
	}
	if len(name) > 1 && name[0] == letter {
		if n, err := strconv.Atoi(name[1:]); err == nil && n > 0 {
			return n, nil
		}
	}
	return 0, fmt.Errorf("%q is not of the form %c1", name, letter)
}
