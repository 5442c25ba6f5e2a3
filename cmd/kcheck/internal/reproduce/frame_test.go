package reproduce

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// framed is a request as a client writes it.
func framed(t *testing.T, client string, req kmsg.Request, version int16) []byte {
	t.Helper()
	req.SetVersion(version)
	return kmsg.NewRequestFormatter(kmsg.FormatterClientID(client)).AppendRequest(nil, req, 7)
}

func TestFramesAreTakenApart(t *testing.T) {
	heartbeat := kmsg.NewPtrBrokerHeartbeatRequest()
	heartbeat.BrokerID, heartbeat.WantFence = 2, true
	r := bytes.NewReader(append(framed(t, "2", heartbeat, 1), framed(t, "broker-3-fetcher-0", kmsg.NewPtrFetchRequest(), 16)...))
	first, err := readFrame(r)
	if err != nil {
		t.Fatal(err)
	}
	h, err := parseHeader(first)
	if err != nil || h.api != apiHeartbeat || h.version != 1 || h.correlation != 7 || h.client != "2" {
		t.Fatalf("header %+v, error %v", h, err)
	}
	m := &message{header: h, frame: first, link: link{controllerLink, serviceNode}}
	if got, ok := m.request().(*kmsg.BrokerHeartbeatRequest); !ok || got.BrokerID != 2 || !got.WantFence {
		t.Errorf("decoded %+v", m.request())
	}
	second, err := readFrame(r)
	if err != nil {
		t.Fatal(err)
	}
	if h, err := parseHeader(second); err != nil || h.api != apiFetch || h.client != "broker-3-fetcher-0" {
		t.Errorf("header %+v, error %v", h, err)
	}
	if _, err := readFrame(r); !errors.Is(err, io.EOF) {
		t.Errorf("behind the last frame: %v", err)
	}
}

func TestWhatIsNoFrameIsRefused(t *testing.T) {
	for name, data := range map[string][]byte{
		"negative size":  {0xff, 0xff, 0xff, 0xff},
		"absurd size":    {0x7f, 0xff, 0xff, 0xff},
		"cut short":      {0, 0, 0, 9, 1, 2},
		"too small":      {0, 0, 0, 1, 1},
		"an HTTP client": []byte("GET / HTTP/1.1\r\n\r\n"),
	} {
		if _, err := readFrame(bytes.NewReader(data)); err == nil {
			t.Errorf("%s: taken for a frame", name)
		}
	}
	for _, frame := range [][]byte{nil, {0, 0, 0}, {0, 0, 0, 1, 0, 0, 0, 1, 0, 5, 'a'}} {
		if _, err := parseHeader(frame); err == nil {
			t.Errorf("%v taken for a header", frame)
		}
	}
}

func TestGatesPickTheirRequests(t *testing.T) {
	at := func(kind linkKind, node int, client string, req kmsg.Request, version int16) *message {
		frame := framed(t, client, req, version)[4:]
		h, err := parseHeader(frame)
		if err != nil {
			t.Fatal(err)
		}
		return &message{header: h, frame: frame, link: link{kind, node}}
	}
	beat := kmsg.NewPtrBrokerHeartbeatRequest()
	starting := kmsg.NewPtrBrokerHeartbeatRequest()
	starting.WantFence = true
	for name, c := range map[string]struct {
		rule rule
		m    *message
		want bool
	}{
		"a follower's fetch":               {fetchOf(2), at(brokerLink, 1, "broker-2-fetcher-0", kmsg.NewPtrFetchRequest(), 16), true},
		"another follower's":               {fetchOf(2), at(brokerLink, 1, "broker-3-fetcher-0", kmsg.NewPtrFetchRequest(), 16), false},
		"its fetch of an internal topic":   {fetchOf(2), at(brokerLink, serviceNode, "broker-2-fetcher-0", kmsg.NewPtrFetchRequest(), 16), false},
		"a heartbeat":                      {heartbeatsOf(2), at(controllerLink, serviceNode, "2", beat, 1), true},
		"a heartbeat of one that starts":   {heartbeatsOf(2), at(controllerLink, serviceNode, "2", starting, 1), false},
		"cut off: what it asks":            {cutOff(1), at(controllerLink, serviceNode, "raft-client-1", kmsg.NewPtrFetchRequest(), 16), true},
		"cut off: who follows it":          {cutOff(1), at(brokerLink, 1, "broker-2-fetcher-0", kmsg.NewPtrFetchRequest(), 16), true},
		"cut off: its clients are not":     {cutOff(1), at(clientLink, 1, producerID+"-1", kmsg.NewPtrProduceRequest(), 9), false},
		"cut off: others among each other": {cutOff(1), at(brokerLink, 2, "broker-3-fetcher-0", kmsg.NewPtrFetchRequest(), 16), false},
	} {
		if got := c.rule(c.m); got != c.want {
			t.Errorf("%s: held is %v", name, got)
		}
	}
}
