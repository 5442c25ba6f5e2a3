package proxy

import (
	"io"
	"net"
	"testing"
	"time"
)

func TestAPipeHoldsEverything(t *testing.T) {
	t.Parallel()
	p, err := NewPipe(server(t, func(c net.Conn) { _, _ = io.Copy(c, c) }))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	c, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	heard := func(within time.Duration) string {
		_ = c.SetReadDeadline(time.Now().Add(within))
		buffer := make([]byte, 8)
		n, _ := c.Read(buffer)
		return string(buffer[:n])
	}
	for _, step := range []struct {
		do     func()
		say    string
		within time.Duration
		want   string
	}{
		{func() {}, "one", 5 * time.Second, "one"},
		{p.Hold, "two", 50 * time.Millisecond, ""},
		{p.Open, "", 5 * time.Second, "two"},
		{p.Close, "", 5 * time.Second, ""},
	} {
		step.do()
		if _, err := c.Write([]byte(step.say)); err != nil {
			t.Fatal(err)
		}
		if got := heard(step.within); got != step.want {
			t.Errorf("heard %q after %q, want %q", got, step.say, step.want)
		}
	}
}
