package session

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"testing"
	"time"

	"check_smtp/internal/plan"
)

// many is a network of hosts with many addresses, of which all are dead but one.
type many struct {
	addresses, alive int
	conn             net.Conn
}

func (m many) Lookup(context.Context, string, string) ([]netip.Addr, error) {
	var all []netip.Addr
	for i := range m.addresses {
		all = append(all, netip.MustParseAddr("192.0.2."+strconv.Itoa(i)))
	}
	return all, nil
}

func (m many) Dial(_ context.Context, _ time.Time, to Target) (net.Conn, error) {
	if int(to.Addr.Addr().As4()[3]) == m.alive {
		return m.conn, nil
	}
	return nil, syscall.ECONNREFUSED
}

// TestTries: which addresses were tried is told, of however many a few.
func TestTries(t *testing.T) {
	tests := []struct {
		name             string
		addresses, alive int
		tries, untold    int
	}{
		{"one", 1, 0, 0, 0},
		{"two", 2, 1, 2, 0},
		{"the first of two", 2, 0, 1, 0},
		{"the last of many", 100, 99, maxTries + 1, 99 - maxTries},
		{"none of many", 100, -1, maxTries, 100 - maxTries},
	}
	for _, tt := range tests {
		near, far := net.Pipe()
		far.Close()
		p := plan.Probe{Host: "mx.test", Port: 25, Network: plan.AnyIP, Timeout: 10 * time.Second, Steps: plan.Steps(plan.Wish{Resolve: true})}
		f := Run(t.Context(), many{tt.addresses, tt.alive, near}, p)
		if len(f.Tries) != tt.tries || f.Untold != tt.untold {
			t.Errorf("%s: %d tries and %d more, want %d and %d", tt.name, len(f.Tries), f.Untold, tt.tries, tt.untold)
		}
		for _, try := range f.Tries {
			if alive := int(try.Addr.As4()[3]) == tt.alive; alive != (try.Reason() == "") {
				t.Errorf("%s: %v %q", tt.name, try.Addr, try.Reason())
			}
		}
	}
}
