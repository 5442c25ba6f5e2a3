package reproduce

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// observer is the client id of kcheck's own requests, which go past the proxies.
const observer = "kcheck"

// call sends one request in a given version straight to a port of this machine and reads the answer.
func call[R kmsg.Response](ctx context.Context, port int, req kmsg.Request, version int16) (R, error) {
	var none R
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
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
	frame := kmsg.NewRequestFormatter(kmsg.FormatterClientID(observer)).AppendRequest(nil, req, 1)
	if _, err := conn.Write(frame); err != nil {
		return none, err
	}
	body, err := readFrame(conn)
	if err != nil {
		return none, err
	}
	body = body[4:] // the correlation id
	resp := req.ResponseKind()
	if resp.IsFlexible() && resp.Key() != 18 && len(body) > 0 {
		body = body[1:] // no tagged fields in the header
	}
	if err := resp.ReadFrom(body); err != nil {
		return none, err
	}
	return resp.(R), nil
}
