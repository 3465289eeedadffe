//go:build linux

package main

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// mostTargets is how many exchangers there are.
const mostTargets = 16

// domain is mail exchangers on loopback, and a server of the DNS that knows domains
// of the first few of them.
type domain struct {
	port     string // of every exchanger
	resolver string // address and port
	stops    []func()
}

func (d *domain) stop() {
	for _, stop := range d.stops {
		stop()
	}
}

// domain starts them all.
func (k *kit) domain() (*domain, error) {
	d := &domain{port: "0"}
	for i := range mostTargets {
		port, stop, err := serve(net.JoinHostPort(exchangerAddress(i+1).String(), d.port), k.config, shortList)
		if err != nil {
			d.stop()
			return nil, err
		}
		d.port, d.stops = port, append(d.stops, stop)
	}
	l, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		d.stop()
		return nil, err
	}
	d.resolver, d.stops = l.LocalAddr().String(), append(d.stops, func() { l.Close() })
	go answerAll(l)
	return d, nil
}

// args are those of a check of the first n exchangers.
func (d *domain) args(n int) []string {
	return []string{"--mx", fmt.Sprintf("mx%d.example.test", n), "--resolver", d.resolver, "-p", d.port, "-f", "a@b.c"}
}

// exchangerAddress is not 127.0.0.1: no domain's mail may go there.
func exchangerAddress(i int) net.IP { return net.IPv4(127, 0, 53, byte(i)).To4() }

func answerAll(l net.PacketConn) {
	buffer := make([]byte, 4096)
	for {
		n, from, err := l.ReadFrom(buffer)
		if err != nil {
			return
		}
		if reply, err := answerDNS(buffer[:n]); err == nil {
			l.WriteTo(reply, from)
		}
	}
}

// answerDNS knows mxN.example.test, a domain of N exchangers, and their addresses;
// of everything else that there is nothing.
func answerDNS(query []byte) ([]byte, error) {
	var p dnsmessage.Parser
	h, err := p.Start(query)
	if err != nil {
		return nil, err
	}
	q, err := p.Question()
	if err != nil {
		return nil, err
	}
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: h.ID, Response: true, RecursionDesired: h.RecursionDesired, RecursionAvailable: true},
		Questions: []dnsmessage.Question{q},
	}
	for _, body := range resources(q) {
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 60}, Body: body})
	}
	return m.Pack()
}

// resources are what there is of a name.
func resources(q dnsmessage.Question) (all []dnsmessage.ResourceBody) {
	label, _, _ := strings.Cut(strings.ToLower(q.Name.String()), ".")
	switch {
	case q.Type == dnsmessage.TypeMX && strings.HasPrefix(label, "mx"):
		n, _ := strconv.Atoi(label[len("mx"):])
		for i := range min(n, mostTargets) {
			all = append(all, &dnsmessage.MXResource{Pref: 10, MX: dnsmessage.MustNewName(fmt.Sprintf("host%d.example.test.", i+1))})
		}
	case q.Type == dnsmessage.TypeA && strings.HasPrefix(label, "host"):
		n, _ := strconv.Atoi(label[len("host"):])
		if n >= 1 && n <= mostTargets {
			all = append(all, &dnsmessage.AResource{A: [4]byte(exchangerAddress(n))})
		}
	}
	return all
}
