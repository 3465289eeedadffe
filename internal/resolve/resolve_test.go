package resolve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/net/dns/dnsmessage"

	"check_smtp/internal/facts"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var goodMX = with("example.org.", 300, mx(10, "mx1.example.org."))

// chain is n aliases, example.org to a1.test to a2.test and so on.
func chain(n int) []edit {
	edits := []edit{with("example.org.", 60, cname("a1.test."))}
	for i := 1; i < n; i++ {
		edits = append(edits, with(fmt.Sprintf("a%d.test.", i), 60, cname(fmt.Sprintf("a%d.test.", i+1))))
	}
	return edits
}

// TestOutcomes: what comes of the question for the MX of example.org, in words:
// status, secure, the answering server, and what was asked.
func TestOutcomes(t *testing.T) {
	for name, test := range map[string]struct {
		servers string // "": 127.0.0.1
		play    func(asked) []said
		want    string
		how     string
	}{
		"plain": {
			play: func(a asked) []said { return now(a.reply(goodMX)) },
			want: "ok from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"signed": {
			play: func(a asked) []said { return now(a.reply(goodMX, ad)) },
			want: "ok secure from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"a forged ID, then the answer": {
			play: func(a asked) []said {
				return now(a.reply(func(m *dnsmessage.Message) { m.ID++ }, code(5)), a.reply(goodMX))
			},
			want: "ok from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"rubbish, a query, another operation, then the answer": {
			play: func(a asked) []said {
				return now(nil, []byte("rubbish"), a.packet, a.reply(func(m *dnsmessage.Message) { m.OpCode = 4 }), a.reply(goodMX))
			},
			want: "ok from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"only answers to other questions": {
			play: func(a asked) []said {
				return now(
					a.reply(func(m *dnsmessage.Message) { m.Questions[0].Name = dnsmessage.MustNewName("example.net.") }),
					a.reply(func(m *dnsmessage.Message) { m.Questions[0].Type = dnsmessage.TypeA }),
					a.reply(func(m *dnsmessage.Message) { m.Questions[0].Class = dnsmessage.ClassCHAOS }),
					a.reply(func(m *dnsmessage.Message) { m.Questions = append(m.Questions, m.Questions[0]) }),
					a.reply(func(m *dnsmessage.Message) { m.Questions = nil }))
			},
			want: "timeout from 127.0.0.1", how: "udp@127.0.0.1 udp@127.0.0.1",
		},
		"the question in other letters": {
			play: func(a asked) []said {
				return now(a.reply(goodMX, func(m *dnsmessage.Message) { m.Questions[0].Name = dnsmessage.MustNewName("EXAMPLE.ORG.") }))
			},
			want: "ok from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"no room in a datagram": {
			play: func(a asked) []said {
				if a.network == "udp" {
					return now(a.reply(func(m *dnsmessage.Message) { m.Truncated = true }))
				}
				return now(a.reply(goodMX, ad))
			},
			want: "ok secure from 127.0.0.1", how: "udp@127.0.0.1 tcp@127.0.0.1",
		},
		"no room anywhere": {
			play: func(a asked) []said {
				return now(a.reply(func(m *dnsmessage.Message) { m.Truncated = true }))
			},
			want: "malformed from 127.0.0.1", how: "udp@127.0.0.1 tcp@127.0.0.1",
		},
		"no TCP": {
			servers: "127.0.0.1 127.0.0.2",
			play: func(a asked) []said {
				switch {
				case a.network == "tcp":
					return []said{{err: syscall.ECONNREFUSED}}
				case a.server == "127.0.0.1":
					return now(a.reply(func(m *dnsmessage.Message) { m.Truncated = true }))
				}
				return now(a.reply(goodMX))
			},
			want: "ok from 127.0.0.2", how: "udp@127.0.0.1 tcp@127.0.0.1 udp@127.0.0.2",
		},
		"no EDNS": {
			play: func(a asked) []said {
				if a.edns {
					return now(a.reply(code(dnsmessage.RCodeFormatError), func(m *dnsmessage.Message) { m.Additionals = nil }))
				}
				return now(a.reply(goodMX, ad))
			},
			want: "ok from 127.0.0.1", how: "udp@127.0.0.1 plain@127.0.0.1",
		},
		"no EDNS, told by a header alone": {
			play: func(a asked) []said {
				if a.edns {
					return now(a.reply(code(dnsmessage.RCodeNotImplemented), func(m *dnsmessage.Message) { m.Additionals, m.Questions = nil, nil }))
				}
				return now(a.reply(goodMX))
			},
			want: "ok from 127.0.0.1", how: "udp@127.0.0.1 plain@127.0.0.1",
		},
		"another version of EDNS": {
			play: func(a asked) []said {
				if a.edns {
					return now(a.reply(func(m *dnsmessage.Message) { m.Additionals[0].Header.SetEDNS0(1232, 16, true) }))
				}
				return now(a.reply(goodMX))
			},
			want: "ok from 127.0.0.1", how: "udp@127.0.0.1 plain@127.0.0.1",
		},
		"EDNS left out of the answer": {
			play: func(a asked) []said {
				return now(a.reply(goodMX, ad, func(m *dnsmessage.Message) { m.Additionals = nil }))
			},
			want: "ok from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"a format error with and without EDNS": {
			play: func(a asked) []said { return now(a.reply(code(dnsmessage.RCodeFormatError))) },
			want: "refused (1) from 127.0.0.1", how: "udp@127.0.0.1 plain@127.0.0.1",
		},
		"bogus": {
			play: func(a asked) []said {
				if a.cd {
					return now(a.reply(goodMX))
				}
				return now(a.reply(code(dnsmessage.RCodeServerFailure)))
			},
			want: "bogus (2) from 127.0.0.1", how: "udp@127.0.0.1 cd@127.0.0.1",
		},
		"bogus, and the server says so": {
			servers: "127.0.0.1 127.0.0.2",
			play: func(a asked) []said {
				return now(a.reply(code(dnsmessage.RCodeServerFailure), ede(7, "it expired")))
			},
			want: `bogus (2) 7 "it expired" from 127.0.0.1`, how: "udp@127.0.0.1",
		},
		"a failure with an extended error that is not about signatures": {
			play: func(a asked) []said {
				return now(a.reply(code(dnsmessage.RCodeServerFailure), ede(22, "")))
			},
			want: `servfail (2) 22 "" from 127.0.0.1`, how: "udp@127.0.0.1 cd@127.0.0.1",
		},
		"a failure with CD, too": {
			play: func(a asked) []said { return now(a.reply(code(dnsmessage.RCodeServerFailure))) },
			want: "servfail (2) from 127.0.0.1", how: "udp@127.0.0.1 cd@127.0.0.1 udp@127.0.0.1 cd@127.0.0.1", // once more for an alias
		},
		"a failure where nobody is trusted": {
			servers: "192.0.2.53",
			play: func(a asked) []said {
				return now(a.reply(code(dnsmessage.RCodeServerFailure), ede(6, "bogus")))
			},
			want: `servfail (2) 6 "bogus" from 192.0.2.53`, how: "udp@192.0.2.53",
		},
		"the first fails, the second knows": {
			servers: "192.0.2.53 192.0.2.54",
			play: func(a asked) []said {
				if a.server == "192.0.2.53" {
					return now(a.reply(code(dnsmessage.RCodeServerFailure)))
				}
				return now(a.reply(goodMX))
			},
			want: "ok from 192.0.2.54", how: "udp@192.0.2.53 udp@192.0.2.54",
		},
		"the first refuses, the second is silent": {
			servers: "192.0.2.53 192.0.2.54",
			play: func(a asked) []said {
				if a.server == "192.0.2.53" {
					return now(a.reply(code(dnsmessage.RCodeRefused)))
				}
				return nil
			},
			want: "refused (5) from 192.0.2.53", how: "udp@192.0.2.53 udp@192.0.2.54 udp@192.0.2.54",
		},
		"no server there": {
			servers: "192.0.2.53 192.0.2.54",
			play:    func(a asked) []said { return []said{{err: syscall.ECONNREFUSED}} },
			want:    "unreachable from 192.0.2.53 (connection refused)", how: "udp@192.0.2.53 udp@192.0.2.54 udp@192.0.2.53 udp@192.0.2.54",
		},
		"one gone, one silent": {
			servers: "192.0.2.53 192.0.2.54",
			play: func(a asked) []said {
				if a.server == "192.0.2.53" {
					return []said{{err: syscall.ECONNREFUSED}}
				}
				return nil
			},
			want: "timeout from 192.0.2.54", how: "udp@192.0.2.53 udp@192.0.2.54 udp@192.0.2.53 udp@192.0.2.54",
		},
		"a forwarder on this machine": {
			servers: "127.0.0.53",
			play:    func(a asked) []said { return now(a.reply(goodMX, ad)) },
			want:    "ok from 127.0.0.53", how: "udp@127.0.0.53",
		},
		"a forwarder that is called trustworthy": {
			servers: "127.0.0.53 trust-ad",
			play:    func(a asked) []said { return now(a.reply(goodMX, ad)) },
			want:    "ok secure from 127.0.0.53", how: "udp@127.0.0.53",
		},
		"no such record, signed": {
			play: func(a asked) []said { return now(a.reply(ad, final)) },
			want: "nodata secure from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"no such record": {
			play: func(a asked) []said { return now(a.reply()) },
			want: "nodata from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"no such name, signed": {
			play: func(a asked) []said { return now(a.reply(ad, final, code(dnsmessage.RCodeNameError))) },
			want: "nxdomain (3) secure from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"only records of others": {
			play: func(a asked) []said { return now(a.reply(with("example.net.", 60, mx(1, "evil.test.")))) },
			want: "nodata from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"ten aliases": {
			play: func(a asked) []said {
				return now(a.reply(append(chain(10), with("a10.test.", 60, mx(10, "mx.test.")))...))
			},
			want: "ok from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"forty aliases": {
			play: func(a asked) []said {
				return now(a.reply(append(chain(40), with("a40.test.", 60, mx(10, "mx.test.")))...))
			},
			want: "malformed from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"aliases in a circle": {
			play: func(a asked) []said {
				return now(a.reply(with("example.org.", 60, cname("a.test.")), with("a.test.", 60, cname("example.org."))))
			},
			want: "loop from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"a name that points to itself": {
			play: func(a asked) []said { return now(a.reply(with("example.org.", 60, cname("example.org.")))) },
			want: "loop from 127.0.0.1", how: "udp@127.0.0.1",
		},
		"a packet that ends early": {
			play: func(a asked) []said { b := a.reply(goodMX); return now(b[:len(b)-13]) },
			want: "malformed from 127.0.0.1", how: "udp@127.0.0.1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, s := client(t, cmp.Or(test.servers, "127.0.0.1"), test.play)
				got := c.Lookup(t.Context(), time.Now().Add(10*time.Second), "Example.ORG.", MX)
				if told(got) != test.want || s.how() != test.how {
					t.Errorf("%s\n%s, want\n%s\n%s", told(got), s.how(), test.want, test.how)
				}
				if (got.Status == facts.Answered) != (got.MX != nil) || got.Name != "example.org" || got.Type != "MX" {
					t.Errorf("%+v", got)
				}
				if q := c.Queries(); q[len(q)-1] != got.Query {
					t.Errorf("%+v, want %+v", q, got.Query)
				}
			})
		})
	}
}

// told is an outcome in words.
func told(a Answer) string {
	s := string(a.Status)
	if a.RCode != 0 {
		s += fmt.Sprintf(" (%d)", a.RCode)
	}
	if a.EDE != nil {
		s += fmt.Sprintf(" %d %q", a.EDE.Code, a.EDE.Text)
	}
	if a.Secure {
		s += " secure"
	}
	if s += " from " + a.Server.Addr().String(); a.Err != nil {
		s += " (" + a.Err.Error() + ")"
	}
	return s
}

// TestPatience: how long it takes until a question is given up or another server
// is asked, in time that does not pass.
func TestPatience(t *testing.T) {
	second := func(a asked) []said {
		if a.server == "127.0.0.1" {
			return nil
		}
		return now(a.reply(goodMX))
	}
	slower := func(a asked) []said { return []said{{after: 4900 * time.Millisecond, packet: a.reply(goodMX)}} }
	slow := func(a asked) []said { return []said{{after: 1400 * time.Millisecond, packet: a.reply(goodMX)}} }
	for _, test := range []struct {
		servers string
		left    time.Duration
		play    func(asked) []said
		want    facts.QueryStatus
		took    time.Duration
	}{
		{"127.0.0.1 127.0.0.2", 10 * time.Second, second, facts.Answered, 1500 * time.Millisecond},
		{"127.0.0.1 127.0.0.2", 2 * time.Second, second, facts.Answered, 500 * time.Millisecond},
		{"127.0.0.1", 10 * time.Second, second, facts.NoAnswer, 6500 * time.Millisecond},
		{"127.0.0.2", 10 * time.Second, slower, facts.Answered, 6400 * time.Millisecond},
		{"127.0.0.2", 6 * time.Second, slower, facts.NoAnswer, 6 * time.Second},
		{"127.0.0.1", 1 * time.Second, second, facts.NoAnswer, time.Second},
		{"127.0.0.1", -time.Second, second, facts.NoAnswer, 0},
		{"127.0.0.2", 10 * time.Second, slow, facts.Answered, 1400 * time.Millisecond},
		{"127.0.0.2", time.Second, slow, facts.NoAnswer, time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, s := client(t, test.servers, test.play)
			got := c.Lookup(t.Context(), time.Now().Add(test.left), "example.org", MX)
			if got.Status != test.want || got.Took != test.took {
				t.Errorf("%s, %v left: %s in %v, want %s in %v", test.servers, test.left, got.Status, got.Took, test.want, test.took)
			}
			if test.left < 0 && len(s.seen) > 0 {
				t.Error("asked behind the deadline: ", s.how())
			}
		})
	}
}

// TestStopped: who is told to stop stops, and others go on.
func TestStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := client(t, "127.0.0.1", func(a asked) []said {
			return []said{{after: 1200 * time.Millisecond, packet: a.reply(goodMX)}}
		})
		ctx, stop := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { stop(errors.New("told to")) })
		var both sync.WaitGroup
		both.Go(func() {
			if got := c.Lookup(ctx, time.Now().Add(time.Minute), "example.org", MX); got.Status != facts.Abandoned {
				t.Errorf("stopped: %s", got.Status)
			}
		})
		synctest.Wait()
		both.Go(func() {
			if got := c.Lookup(t.Context(), time.Now().Add(time.Minute), "example.org", MX); got.Status != facts.Answered {
				t.Errorf("the other: %s", got.Status)
			}
		})
		both.Wait()
		if len(s.seen) != 2 {
			t.Error(s.how())
		}
	})
}

// TestOnce: many who ask the same at the same time make one query, each waiting no
// longer than it may.
func TestOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := client(t, "127.0.0.1", func(a asked) []said {
			return []said{{after: 500 * time.Millisecond, packet: a.reply(goodMX)}}
		})
		begin := time.Now()
		var all sync.WaitGroup
		all.Go(func() { c.Lookup(t.Context(), begin.Add(time.Minute), "example.org", MX) })
		synctest.Wait()
		for range 20 {
			all.Go(func() {
				if got := c.Lookup(t.Context(), begin.Add(time.Minute), "example.org.", MX); got.Status != facts.Answered {
					t.Error(got.Status)
				}
			})
		}
		all.Go(func() {
			got := c.Lookup(t.Context(), begin.Add(100*time.Millisecond), "example.org", MX)
			if took := time.Since(begin); got.Status != facts.NoAnswer || took != 100*time.Millisecond {
				t.Errorf("%s in %v", got.Status, took)
			}
		})
		all.Wait()
		if len(s.seen) != 1 || len(c.Queries()) != 1 {
			t.Error(s.how())
		}
	})
}

// TestQueries: in the order of their beginnings; those of one moment by name.
func TestQueries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := client(t, "127.0.0.1", func(a asked) []said {
			return []said{{after: map[string]time.Duration{"z.test.": 3 * time.Second, "c.test.": 2 * time.Second}[a.name] / 4, packet: a.reply()}}
		})
		var all sync.WaitGroup
		for i, names := range []string{"z", "c b", "a"} {
			for name := range strings.FieldsSeq(names) {
				all.Go(func() {
					time.Sleep(time.Duration(i) * 100 * time.Millisecond)
					c.Addresses(t.Context(), time.Now().Add(time.Minute), name+".test")
				})
			}
		}
		all.Wait()
		var got []string
		for _, q := range c.Queries() {
			got = append(got, q.Name+" "+q.Type)
		}
		want := "z.test A, z.test AAAA, b.test A, b.test AAAA, c.test A, c.test AAAA, a.test A, a.test AAAA"
		if strings.Join(got, ", ") != want {
			t.Errorf("%q, want %s", got, want)
		}
	})
}

// TestNoName: what cannot be a name is not asked for.
func TestNoName(t *testing.T) {
	c, s := client(t, "127.0.0.1", nil)
	for _, name := range []string{"a..b", ".a", strings.Repeat("a", 64) + ".test", strings.Repeat("a.", 127) + "a"} {
		if got := c.Lookup(t.Context(), time.Now().Add(time.Minute), name, A); got.Status != facts.Malformed || len(s.seen) > 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestRoot: the root is signed wherever anybody looks.
func TestRoot(t *testing.T) {
	c, _ := client(t, "127.0.0.1", func(a asked) []said {
		if a.name != "." || a.typ != NS {
			t.Errorf("asked for %s %s", a.typ, a.name)
		}
		return now(a.reply(ad, with(".", 60, &dnsmessage.NSResource{NS: dnsmessage.MustNewName("a.root.test.")})))
	})
	got := c.Lookup(t.Context(), time.Now().Add(time.Minute), ".", NS)
	if !got.Secure || got.Status != facts.Answered || len(got.NS) != 1 || got.Name != "." {
		t.Errorf("%+v", got)
	}
}
