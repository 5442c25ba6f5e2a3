package wire

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Observer is the client id of kcheck's own requests, which go past the proxies.
const Observer = "kcheck"

// callLimit bounds how long a broker may take to answer one request.
const callLimit = 20 * time.Second

// Call sends one request in a given version straight to a port of this machine and reads the answer.
func Call[R kmsg.Response](ctx context.Context, port int, req kmsg.Request, version int16) (R, error) {
	var none R
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return none, err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	req.SetVersion(version)
	frame := kmsg.NewRequestFormatter(kmsg.FormatterClientID(Observer)).AppendRequest(nil, req, 1)
	if _, err := conn.Write(frame); err != nil {
		return none, err
	}
	answer, err := ReadFrame(conn)
	if err != nil {
		return none, err
	}
	resp := req.ResponseKind()
	body := kbin.Reader{Src: answer}
	body.Int32() // the correlation id
	// The header of an answer to ApiVersions never has tagged fields: the client does not know yet what the broker speaks.
	if resp.IsFlexible() && resp.Key() != kmsg.ApiVersions.Int16() {
		kmsg.SkipTags(&body)
	}
	if err := resp.ReadFrom(body.Src); err != nil {
		return none, err
	}
	return resp.(R), nil
}
