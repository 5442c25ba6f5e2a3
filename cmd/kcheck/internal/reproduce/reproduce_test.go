package reproduce

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"
)

func TestBoot(t *testing.T) {
	home, err := OpenHome(os.Getenv("KCHECK_KAFKA_HOME"))
	if err != nil {
		t.Skip(err)
	}
	ctx := context.Background()
	begin := time.Now()
	c, err := StartCluster(ctx, home, 3, features{"eligible.leader.replicas.version": "0"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	t.Log("started", time.Since(begin))
	var mu sync.Mutex
	seen := map[string]int{}
	c.traffic.hold("spy", func(m *message) bool {
		mu.Lock()
		seen[fmt.Sprintf("%d api %d v%d client %q to %d resp %v", m.link.kind, m.api, m.version, m.client, m.link.node, m.response)]++
		mu.Unlock()
		return false
	})
	if err := c.createTopic(ctx, "t1", []int{1, 2, 3}, map[string]string{"min.insync.replicas": "2"}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * time.Second)
	t.Log(c.describe(ctx, "t1", 0))
	for i := 1; i <= 3; i++ {
		t.Log(c.look(ctx, i, "t1", 0, 0, 0))
	}
	t.Log(c.reorder(ctx, "t1", 0, []int{2, 1, 3}))
	t.Log(c.elect(ctx, "t1", 0))
	t.Log(c.describe(ctx, "t1", 0))
	for i := 1; i <= 3; i++ {
		t.Log(c.look(ctx, i, "t1", 0, 1, 0))
	}
	mu.Lock()
	for _, k := range sortedKeys(seen) {
		t.Log(k, seen[k])
	}
	mu.Unlock()
}
