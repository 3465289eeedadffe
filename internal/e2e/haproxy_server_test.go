//go:build e2e

package e2e

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// haproxy is a running haproxy, with one port for each way to use it.
type haproxy struct {
	daemon
	v1, v2  int // add a header of that version on the way to a server that wants one
	accept  int // wants a header of its client
	offload int // ends TLS
}

// startHaproxy starts one in front of two ports of a server: a normal one, and
// one that wants a PROXY header.
func startHaproxy(t *testing.T, normal, proxied int) *haproxy {
	t.Helper()
	dir := tempDir(t)
	certificates().write(t, dir)
	ports := freePorts(t, 4)
	h := &haproxy{v1: ports[0], v2: ports[1], accept: ports[2], offload: ports[3]}
	h.dir, h.logs = dir, []string{filepath.Join(dir, "log")}
	text := strings.NewReplacer("{dir}", dir, "{normal}", strconv.Itoa(normal), "{proxied}", strconv.Itoa(proxied),
		"{v1}", strconv.Itoa(h.v1), "{v2}", strconv.Itoa(h.v2), "{accept}", strconv.Itoa(h.accept), "{offload}", strconv.Itoa(h.offload)).Replace(haproxyCfg)
	if err := os.WriteFile(filepath.Join(dir, "haproxy.cfg"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(h.logs[0])
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command("/usr/sbin/haproxy", "-db", "-f", filepath.Join(dir, "haproxy.cfg"))
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go cmd.Wait()
	h.pid = cmd.Process.Pid
	h.stopAfter(t)
	if !within(patience, func() bool { return answers(h.offload) }) {
		t.Fatal("haproxy does not listen")
	}
	return h
}

// answers says whether somebody listens at a port.
func answers(port int) bool {
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

const haproxyCfg = `global
  maxconn 100
defaults
  mode tcp
  timeout connect 2s
  timeout client 10s
  timeout server 10s
listen v1
  bind 127.0.0.1:{v1}
  server s 127.0.0.1:{proxied} send-proxy
listen v2
  bind 127.0.0.1:{v2}
  server s 127.0.0.1:{proxied} send-proxy-v2
listen accept
  bind 127.0.0.1:{accept} accept-proxy
  timeout client 1s
  server s 127.0.0.1:{normal}
listen offload
  bind 127.0.0.1:{offload} ssl crt {dir}/good.both
  server s 127.0.0.1:{normal}
`
