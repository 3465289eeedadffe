//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"check_smtp/internal/e2e"
)

// way is one kind of check, the same for both programs.
type way struct {
	name string
	args string
	goal float64 // the ratio of throughput that is hoped for at 64 at a time
	ec   bool    // the server's key is one of P-256
}

// Where the server signs with RSA, that is a third of all the work, and the same for both.
var ways = []way{{"plain", plain, 1.1, false}, {"STARTTLS", startTLS, 1.5, false}, {"STARTTLS, P-256", startTLS, 1.7, true}}

// many is how many checks at a time the goals and the summary are about.
const many = 64

// round is how many checks a second the two programs came to, one right after the
// other.
type round struct{ debian, ours float64 }

// ratio is that of the round: a disturbance that lasts hits both alike.
func (r round) ratio() float64 { return r.ours / r.debian }

// throughput compares whole pollers: as many checks as there is time for, some at a
// time, in blocks of Debian's check_smtp and ours in turn. The server takes its part
// of the machine, the same for both.
func throughput(k *kit) ([]string, error) {
	levels, rounds, block := []int{1, 8, many}, 4, 1500*time.Millisecond
	if k.quick {
		levels, rounds, block = []int{many}, 3, time.Second
	}
	fmt.Printf("%d rounds of two blocks of %v in turn; checks a second: median; ratio: that of each round, median (least most)\n", rounds, block)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintf(w, "\tat a time\tDebian /s\tours /s\tratio\tgoal\n")
	var summary []string
	for _, v := range ways {
		for _, parallel := range levels {
			all, err := k.rounds(v, parallel, rounds, block)
			if err != nil {
				return nil, fmt.Errorf("%s, %d at a time: %w", v.name, parallel, err)
			}
			debian, ours, ratios := columns(all)
			goal := ""
			if parallel == many {
				goal = reach(middle(ratios), v.goal)
				summary = append(summary, fmt.Sprintf("throughput ratio %s %s, %d at a time, Debian's is 1", v.name, extent(ratios), parallel))
			}
			fmt.Fprintf(w, "%s\t%d\t%.0f\t%.0f\t%s\t%s\n", v.name, parallel, middle(debian), middle(ours), extent(ratios), goal)
		}
	}
	return summary, nil
}

// rounds measures both programs in turn, every other time the other one first,
// after a block of each that does not count.
func (k *kit) rounds(v way, parallel, rounds int, block time.Duration) ([]round, error) {
	config := k.config
	if v.ec {
		config = k.ofEC
	}
	port, stop, err := serve("127.0.0.1:0", config, shortList)
	if err != nil {
		return nil, err
	}
	defer stop()
	var all []round
	for n := range rounds + 1 {
		span := block
		if n == 0 {
			span = block / 5
		}
		r, err := k.round(at(port, command("", v.args)), parallel, span, n%2 == 1)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all[1:], nil
}

func (k *kit) round(words []string, parallel int, span time.Duration, oursFirst bool) (r round, err error) {
	order := []string{e2e.CPlugin, k.ours}
	if oursFirst {
		slices.Reverse(order)
	}
	if err := k.renew(k.ours); err != nil {
		return r, err
	}
	for _, program := range order {
		words[0] = program
		ctx, cancel := context.WithTimeout(context.Background(), span+time.Minute)
		c, err := e2e.MeasureCrowd(ctx, k.launcher, parallel, span, words)
		cancel()
		switch {
		case err != nil:
			return r, err
		case c.Ill > 0:
			return r, fmt.Errorf("%s: %d of %d checks ended with %d\n%s", program, c.Ill, c.Ill+c.Well, c.Exit, firstLines(c.Out, 5))
		case c.Well == 0:
			return r, errors.New("no check has ended")
		}
		perSecond := float64(c.Well) / c.Took.Seconds()
		if program == k.ours {
			r.ours = perSecond
		} else {
			r.debian = perSecond
		}
	}
	return r, nil
}

// columns are the figures of rounds, each in order of size.
func columns(all []round) (debian, ours, ratios []float64) {
	for _, r := range all {
		debian, ours, ratios = append(debian, r.debian), append(ours, r.ours), append(ratios, r.ratio())
	}
	slices.Sort(debian)
	slices.Sort(ours)
	slices.Sort(ratios)
	return debian, ours, ratios
}

// extent is the median of a few figures, the least and the most.
func extent(sorted []float64) string {
	return fmt.Sprintf("%.2f (%.2f %.2f)", middle(sorted), sorted[0], sorted[len(sorted)-1])
}

func reach(ratio, goal float64) string {
	word := "not met"
	if ratio >= goal {
		word = "met"
	}
	return fmt.Sprintf(">= %.2f %s", goal, word)
}
