package wire

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
	t.Parallel()
	heartbeat := kmsg.NewPtrBrokerHeartbeatRequest()
	heartbeat.BrokerID, heartbeat.WantFence = 2, true
	r := bytes.NewReader(append(framed(t, "2", heartbeat, 1), framed(t, "broker-3-fetcher-0", kmsg.NewPtrFetchRequest(), 16)...))
	first, err := ReadFrame(r)
	if err != nil {
		t.Fatal(err)
	}
	h, err := ParseHeader(first)
	if err != nil || h.API != kmsg.BrokerHeartbeat || h.Version != 1 || h.Correlation != 7 || h.Client != "2" {
		t.Fatalf("header %+v, error %v", h, err)
	}
	if got, ok := h.Request(first).(*kmsg.BrokerHeartbeatRequest); !ok || got.BrokerID != 2 || !got.WantFence {
		t.Errorf("decoded %+v", h.Request(first))
	}
	second, err := ReadFrame(r)
	if err != nil {
		t.Fatal(err)
	}
	if h, err := ParseHeader(second); err != nil || h.API != kmsg.Fetch || h.Client != "broker-3-fetcher-0" {
		t.Errorf("header %+v, error %v", h, err)
	}
	if _, err := ReadFrame(r); !errors.Is(err, io.EOF) {
		t.Errorf("behind the last frame: %v", err)
	}
}

func TestWhatIsNoFrameIsRefused(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"negative size":  {0xff, 0xff, 0xff, 0xff},
		"absurd size":    {0x7f, 0xff, 0xff, 0xff},
		"cut short":      {0, 0, 0, 9, 1, 2},
		"too small":      {0, 0, 0, 1, 1},
		"an HTTP client": []byte("GET / HTTP/1.1\r\n\r\n"),
	} {
		if _, err := ReadFrame(bytes.NewReader(data)); err == nil {
			t.Errorf("%s: taken for a frame", name)
		}
	}
	for _, frame := range [][]byte{nil, {0, 0, 0}, {0, 0, 0, 1, 0, 0, 0, 1, 0, 5, 'a'}} {
		if _, err := ParseHeader(frame); err == nil {
			t.Errorf("%v taken for a header", frame)
		}
	}
}
