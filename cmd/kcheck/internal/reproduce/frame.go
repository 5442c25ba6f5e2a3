package reproduce

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The API keys that the player tells apart. The others pass.
const (
	apiProduce         = 0
	apiFetch           = 1
	apiOffsetCommit    = 8
	apiVersions        = 18
	apiAddPartitions   = 24
	apiEndTxn          = 26
	apiWriteTxnMarkers = 27
	apiAlterPartition  = 56
	apiHeartbeat       = 63 // of a broker to the controller
)

// maxFrame bounds what is taken for a Kafka request or response.
const maxFrame = 64 << 20

// readFrame reads one length-prefixed request or response, without the prefix.
func readFrame(r io.Reader) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n < 4 || n > maxFrame {
		return nil, fmt.Errorf("a frame of %d bytes", n)
	}
	body := make([]byte, n)
	_, err := io.ReadFull(r, body)
	return body, err
}

// writeFrame writes one request or response with its length before it.
func writeFrame(w io.Writer, body []byte) error {
	frame := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(body)), uint32(len(body)))
	_, err := w.Write(append(frame, body...))
	return err
}

// header is the part of a request header that all versions have in common.
type header struct {
	api, version int16
	correlation  int32
	client       string
	size         int // of the header, without the tagged fields of newer versions
}

var errShort = errors.New("a request that is too short")

// parseHeader reads the header of a request.
func parseHeader(frame []byte) (header, error) {
	if len(frame) < 10 {
		return header{}, errShort
	}
	h := header{
		api:         int16(binary.BigEndian.Uint16(frame)),
		version:     int16(binary.BigEndian.Uint16(frame[2:])),
		correlation: int32(binary.BigEndian.Uint32(frame[4:])),
		size:        10,
	}
	n := int(int16(binary.BigEndian.Uint16(frame[8:])))
	if n < 0 {
		return h, nil // no client id
	}
	if len(frame) < 10+n {
		return header{}, errShort
	}
	h.client, h.size = string(frame[10:10+n]), 10+n
	return h, nil
}
