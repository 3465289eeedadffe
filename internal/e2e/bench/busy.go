//go:build linux

package main

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"strconv"
	"time"

	"check_smtp/internal/e2e"
)

// load is how many busy programs there are for each processor, beside what is
// measured.
const load = 2

// spinning is the most that the busy programs spin, whatever becomes of this one.
const spinning = 3 * time.Minute

// verdict is a check whose result is known.
type verdict struct {
	name, args string
	late       string            // phase that the server is slow in
	says       map[string]string // instead of what the server usually says
	silent     bool              // the server takes connections and says nothing
	code       int
	holds      string
}

// verdicts are what must not change because a machine is busy. A server that is late,
// but in time, is none that is silent.
var verdicts = []verdict{
	{name: "well", args: everyPhase, code: 0, holds: "SMTP OK - "},
	{name: "late", args: everyPhase, late: "banner", code: 0, holds: "SMTP OK - "},
	{name: "late in the handshake", args: everyPhase, late: "tls", code: 0, holds: "SMTP OK - "},
	{name: "refused", args: plain + " --to c@d.e", says: map[string]string{"rcptto": "550 5.1.1 No such user"}, code: 2, holds: "rcptto c@d.e refused: 550 5.1.1 No such user"},
	{name: "deferred", args: plain, says: map[string]string{"mailfrom": "451 4.7.1 Greylisted"}, code: 1, holds: "mailfrom a@b.c deferred: 451 4.7.1 Greylisted"},
	{name: "no mail server", args: plain, says: map[string]string{"banner": "SSH-2.0-OpenSSH_10.0"}, code: 1, holds: "banner"},
	{name: "silent", args: plain + " -t 1", silent: true, code: 2, holds: "Socket timeout after 1 seconds during banner"},
}

// lateness is how slow the server is that is not silent.
const lateness = 300 * time.Millisecond

// busy looks at verdicts and phase times twice: as the machine is, and with load.
func busy(k *kit) ([]string, error) {
	calm, err := k.twofold("as the machine is")
	if err != nil {
		return nil, err
	}
	programs := load * runtime.NumCPU()
	wait, err := e2e.Spin(context.Background(), k.launcher, programs, spinning)
	if err != nil {
		return nil, err
	}
	defer wait()
	loaded, err := k.twofold(fmt.Sprintf("beside %d programs that are always busy", programs))
	if err != nil {
		return nil, err
	}
	if wrong := calm.wrong + loaded.wrong; wrong > 0 {
		return nil, fmt.Errorf("%d wrong verdicts", wrong)
	}
	return []string{
		fmt.Sprintf("busy verdicts wrong %d of %d, on a busy machine %d of %d", calm.wrong, calm.checks, loaded.wrong, loaded.checks),
		fmt.Sprintf("busy timing error median %.3f ms, p99 %.3f ms, without load %.3f ms, %.3f ms", loaded.median, loaded.p99, calm.median, calm.p99),
	}, nil
}

// outcome is what one of the two came to.
type outcome struct {
	checks, wrong int
	median, p99   float64 // of the error of phase times, ms
}

func (k *kit) twofold(how string) (outcome, error) {
	fmt.Printf("\n%s:\n", how)
	o := outcome{checks: k.few(5, 2) * len(verdicts)}
	for i := range o.checks {
		v := verdicts[i%len(verdicts)]
		if err := k.judge(v); err != nil {
			fmt.Printf("%s: %v\n", v.name, err)
			o.wrong++
		}
	}
	fmt.Printf("%d checks of %d kinds, %d wrong verdicts\n", o.checks, len(verdicts), o.wrong)
	all, err := k.errors(k.few(50, 10))
	if err != nil {
		return outcome{}, err
	}
	table(all)
	sizes := absolute(all)
	o.median, o.p99 = middle(sizes), quantile(sizes, 0.99)
	return o, nil
}

// judge runs one of the checks whose result is known.
func (k *kit) judge(v verdict) error {
	port, stop, err := k.serverFor(v)
	if err != nil {
		return err
	}
	defer stop()
	_, err = k.check(at(port, command(k.ours, v.args)), v.code, v.holds)
	return err
}

func (k *kit) serverFor(v verdict) (port string, stop func(), err error) {
	if v.silent { // the system takes the connection, and nobody asks for it
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", nil, err
		}
		return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), func() { l.Close() }, nil
	}
	d, stop, err := listenDelayed(k.config)
	if err != nil {
		return "", nil, err
	}
	d.says = v.says
	if v.late != "" {
		d.delays = map[string]time.Duration{v.late: lateness}
	}
	go d.serve()
	return d.port, stop, nil
}
