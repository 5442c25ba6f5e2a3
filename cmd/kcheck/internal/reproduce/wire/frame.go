// Package wire reads and writes Kafka's requests and responses as they go over a connection, and sends single requests. What
// is in them is decoded by package kmsg of franz-go.
package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// maxFrame bounds, in bytes, what is taken for a Kafka request or response.
const maxFrame = 64 << 20

// ReadFrame reads one length-prefixed request or response, without the prefix.
func ReadFrame(r io.Reader) ([]byte, error) {
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

// WriteFrame writes one request or response with its length before it.
func WriteFrame(w io.Writer, body []byte) error {
	frame := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(body)), uint32(len(body)))
	_, err := w.Write(append(frame, body...))
	return err
}

// Header is the part of a request header that all versions have in common.
type Header struct {
	API         kmsg.Key
	Version     int16
	Correlation int32
	Client      string // client.id
	size        int    // in bytes, without the tagged fields of newer versions
}

var errShort = errors.New("a request that is too short")

// ParseHeader reads the header of a request.
func ParseHeader(frame []byte) (Header, error) {
	in := kbin.Reader{Src: frame}
	h := Header{API: kmsg.Key(in.Int16()), Version: in.Int16(), Correlation: in.Int32()}
	if client := in.NullableString(); client != nil {
		h.Client = *client
	}
	if !in.Ok() {
		return Header{}, errShort
	}
	h.size = len(frame) - len(in.Src)
	return h, nil
}

// Correlation is the correlation id of a response, which names the request that it answers.
func Correlation(response []byte) int32 { return int32(binary.BigEndian.Uint32(response)) }

// Request decodes a request that follows its header; nil if that is not possible.
func (h Header) Request(frame []byte) kmsg.Request {
	req := kmsg.RequestForKey(h.API.Int16())
	if req == nil || h.Version > req.MaxVersion() {
		return nil
	}
	req.SetVersion(h.Version)
	body := kbin.Reader{Src: frame[h.size:]}
	if req.IsFlexible() {
		kmsg.SkipTags(&body)
	}
	if !body.Ok() || req.ReadFrom(body.Src) != nil {
		return nil
	}
	return req
}

// Response decodes the response to the request with this header; nil if that is not possible.
func (h Header) Response(frame []byte) kmsg.Response {
	resp := kmsg.ResponseForKey(h.API.Int16())
	if resp == nil || h.Version > resp.MaxVersion() || len(frame) < 4 {
		return nil
	}
	resp.SetVersion(h.Version)
	body := kbin.Reader{Src: frame[4:]} // behind the correlation id
	if resp.IsFlexible() && h.API != kmsg.ApiVersions {
		kmsg.SkipTags(&body)
	}
	if !body.Ok() || resp.ReadFrom(body.Src) != nil {
		return nil
	}
	return resp
}
