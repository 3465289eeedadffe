//go:build linux

// Some of the servers have keys that nobody should have.
//go:debug rsa1024min=0

// Command soak has the program check servers of which each plays one fault, again and
// again, many at a time, and compares each verdict with the one that the tables of
// testdata/faults have for it. Behind each batch nothing may be left: no descriptor of
// ours, no process, no file. With the same seed the faults are the same.
package main

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"check_smtp/internal/e2e"
	"check_smtp/internal/smtptest"
)

func main() {
	checks := flag.Int("checks", 20_000, "how many checks")
	batch := flag.Int("batch", 100, "how many at the same time")
	limit := flag.Duration("for", 0, "begin no further batch after this time; 0: never mind")
	seed := flag.Uint64("seed", 1, "of the choice of faults")
	tables := flag.String("faults", "testdata/faults", "directory of the tables")
	flag.Parse()
	if err := soak(*checks, *batch, *limit, *seed, *tables); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

// marker is a password that nothing else looks like.
const marker = "mArKeR-0f-a-s3cret"

func soak(checks, batch int, limit time.Duration, seed uint64, tables string) error {
	dir, err := os.MkdirTemp("", "soak")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b, err := newBath(dir, tables, seed)
	if err != nil {
		return err
	}
	begin, done := time.Now(), 0
	for done < checks && (limit == 0 || time.Since(begin) < limit) {
		n := min(batch, checks-done)
		b.soak(n)
		done += n
		if err := b.settled(); err != nil {
			b.grown = append(b.grown, fmt.Sprintf("behind %d checks: %v", done, err))
		}
		if done%(10*batch) == 0 {
			fmt.Printf("%d checks, %d wrong verdicts, %v\n", done, len(b.wrong), time.Since(begin).Round(time.Second))
		}
	}
	return b.sum(done, time.Since(begin))
}

// bath is what the checks share.
type bath struct {
	program string
	scratch string // where the program may leave something, and must not
	faults  []smtptest.Ordeal
	choice  *rand.Rand
	pki     *smtptest.PKI
	idle    int // descriptors of ours when nothing is being done

	mu    sync.Mutex
	wrong []string
	grown []string
}

func newBath(dir, tables string, seed uint64) (*bath, error) {
	program, err := e2e.Binary(os.Stdout, dir)
	if err != nil {
		return nil, err
	}
	all, err := smtptest.Ordeals(tables, marker)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, elsewhere)
	b := &bath{program: program, scratch: filepath.Join(dir, "scratch"), faults: all, pki: smtptest.NewPKI(time.Now())}
	b.choice = rand.New(rand.NewPCG(seed, 0))
	if err := os.Mkdir(b.scratch, 0o700); err != nil {
		return nil, err
	}
	text, _ := b.pki.File("ca.pem")
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), text, 0o600); err != nil {
		return nil, err
	}
	if err := adopt(); err != nil {
		return nil, err
	}
	b.idle, err = descriptors()
	return b, err
}

// elsewhere says whether a fault is none of a server that is reached by its address, or
// takes long.
func elsewhere(o smtptest.Ordeal) bool {
	return strings.HasPrefix(o.Name, "dns/") || strings.HasPrefix(o.Name, "policy/") || strings.Contains(o.Name, "late/")
}

// soak does a batch of checks.
func (b *bath) soak(n int) {
	var all sync.WaitGroup
	for range n {
		o := b.faults[b.choice.IntN(len(b.faults))]
		all.Go(func() {
			if err := b.check(o); err != nil {
				b.mu.Lock()
				defer b.mu.Unlock()
				b.wrong = append(b.wrong, fmt.Sprintf("%s: %v", o.Name, err))
			}
		})
	}
	all.Wait()
}

// sum prints what came of it. What is wrong is told in full, up to a point.
func (b *bath) sum(done int, took time.Duration) error {
	fmt.Printf("%d faults to choose from\n", len(b.faults))
	for _, line := range slices.Concat(b.wrong[:min(20, len(b.wrong))], b.grown[:min(20, len(b.grown))]) {
		fmt.Println(line)
	}
	fmt.Printf("checks soaked %d, wrong verdicts %d, times that something was left %d, in %v\n", done, len(b.wrong), len(b.grown), took.Round(time.Second))
	if len(b.wrong)+len(b.grown) > 0 {
		return errors.New("not all is well")
	}
	return nil
}
