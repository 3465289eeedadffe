package smtptest

import (
	"strconv"
	"strings"
)

// story is the conversation that a fault stands in.
func (t *table) story(mode, fault, column string) (*Story, error) {
	switch t.kind {
	case "session":
		return t.told(mode, "", t.session(mode, fault, column))
	case "handshake":
		return t.told(mode, "", t.handshake(mode, fault, column))
	case "certificates":
		return t.told(mode, t.options[column], t.certificate(mode, fault))
	case "dns":
		return t.survey(mode, t.zone(fault, column), policyHost("GET /.well-known/mta-sts.txt", goodPolicy, "CLOSE"))
	}
	script := t.faults[fault]
	if column == "reply" {
		script = append([]string{"TLS good@mta-sts.example.org", "GET /.well-known/mta-sts.txt"}, script...)
	}
	return t.survey(mode, goodZone, "-- server 192.0.2.80:443 --\n"+strings.Join(script, "\n")+"\n")
}

// told is a story with one server.
func (t *table) told(mode, more string, script []string) (*Story, error) {
	args := strings.NewReplacer("{secret}", t.secret, "{message}", `$'Subject: test\n\nhello\n'`).Replace(t.modes[mode] + " " + more)
	return Parse("fault", "# A fault.\n$ check_smtp "+args+"\nexit 0\n-- server --\n"+strings.Join(script, "\n")+"\n-- stdout --\n")
}

// session goes well up to a phase.
func (t *table) session(mode, fault, at string) []string {
	var script []string
	for _, phase := range t.columns[mode] {
		says, good := t.replies[phase][0], t.replies[phase][1]
		if says == "EHLO" && mode == "lmtp" {
			says = "LHLO"
		}
		switch says {
		case "-":
		case "MESSAGE":
			script = append(script, "MESSAGE")
		default:
			script = append(script, "C~ "+says)
		}
		if phase != at {
			script = append(script, rightly(good))
			continue
		}
		acts, goesOn := t.faulty(fault, good)
		if script = append(script, acts...); !goesOn {
			break
		}
	}
	return script
}

// faulty are the acts of a fault where a good reply would be due.
func (t *table) faulty(fault, good string) (acts []string, goesOn bool) {
	code, raw := good[:3], strings.ReplaceAll(good, "|", `\r\n`)+`\r\n`
	if strings.HasPrefix(good, "TLS ") {
		code, raw = "220", `220 mx.test ESMTP\r\n`
	}
	for _, act := range t.faults[fault] {
		switch act {
		case "ON":
			return acts, true
		case "{reply}":
			acts = append(acts, rightly(good))
		default:
			acts = append(acts, strings.NewReplacer("{reply}", raw, "{code}", code).Replace(act))
		}
	}
	return acts, false
}

// rightly is the act of a good server.
func rightly(good string) string {
	if strings.HasPrefix(good, "TLS ") {
		return good
	}
	return "RAW: " + strings.ReplaceAll(good, "|", `\r\n`) + `\r\n`
}

var upgrading = []string{"S: 220 mx.test ESMTP", "C~ EHLO", "S: 250-mx.test", "S: 250 STARTTLS", "C: STARTTLS", "S: 220 go ahead"}

// handshake sends just some of the server's records.
func (t *table) handshake(mode, fault, records string) []string {
	var script []string
	transport, version, _ := strings.Cut(mode, "-")
	if transport == "starttls" {
		script = append(script, upgrading...)
	}
	script = append(script, "TLS good max="+version+" records="+records)
	return append(script, t.faults[fault]...)
}

// certificate goes well but for one.
func (t *table) certificate(mode, name string) []string {
	script := append([]string{}, upgrading...)
	if script = append(script, "TLS "+name); mode == "implicit" {
		script = []string{"TLS " + name, "S: 220 mx.test ESMTP"}
	}
	return append(script, "C~ EHLO", "S: 250-mx.test", "S: 250 AUTH PLAIN", "C~ AUTH", "S: 235 welcome", "C: QUIT", "S: 221 bye")
}

const (
	goodZone = "dns example.org MX 10 mx1.example.org\ndns mx1.example.org A 192.0.2.1\ndns mta-sts.example.org A 192.0.2.80\n" +
		`dns _mta-sts.example.org TXT "v=STSv1; id=1"` + "\n"
	goodPolicy = `RAW: HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nversion: STSv1\nmode: enforce\nmx: mx1.example.org\nmax_age: 604800\n`
)

func policyHost(acts ...string) string {
	return "-- server 192.0.2.80:443 --\nTLS good@mta-sts.example.org sni=mta-sts.example.org\n" + strings.Join(acts, "\n") + "\n"
}

// survey is a story of a domain with one good exchanger.
func (t *table) survey(mode, zone, policy string) (*Story, error) {
	exchanger := "-- server 192.0.2.1 --\nS: 220 mx ESMTP\nC~ EHLO\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go ahead\n" +
		"TLS good@mx1.example.org\nC~ EHLO\nS: 250 mx\nC: QUIT\nS: 221 bye\n"
	return Parse("fault", "# A fault.\n$ check_smtp "+t.modes[mode]+"\nexit 0\n"+zone+exchanger+policy+"-- stdout --\n")
}

// zone is a DNS that has something else to say about one name.
func (t *table) zone(fault, at string) string {
	zone := "dns . SIGNED\ndns . NS a.root-servers.test\n"
	for _, q := range t.questions {
		if q.column != at {
			zone += "dns " + q.name + " " + q.typ + " " + q.data + "\n"
			continue
		}
		words := strings.NewReplacer("{name}", q.name, "{type}", q.typ, "{data}", q.data)
		for _, line := range t.faults[fault] {
			zone += repeated("dns " + words.Replace(line) + "\n")
		}
	}
	return zone
}

// repeated is a line for each number, where {n} stands for one.
func repeated(line string) string {
	if !strings.Contains(line, "{n}") {
		return line
	}
	lines := ""
	for n := 100; n < 250; n++ {
		lines += strings.ReplaceAll(line, "{n}", strconv.Itoa(n))
	}
	return lines
}
