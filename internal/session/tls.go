package session

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"net"
	"slices"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/proof"
	"check_smtp/internal/roots"
	"check_smtp/internal/smtp"
)

// startTLS asks for TLS. Not offered or refused is a problem where TLS is
// required and otherwise a session in clear.
func (t *talk) startTLS() (smtp.Reply, error) {
	optional := !t.probe.TLS.Mode.Required()
	if !t.facts.Caps.Has("STARTTLS") {
		if optional {
			return smtp.Reply{}, t.stayClear("STARTTLS not offered")
		}
		return smtp.Reply{}, &facts.Problem{Kind: facts.NotOffered, Lacks: "STARTTLS"}
	}
	reply, err := t.command("STARTTLS", "")
	switch {
	case err != nil:
		return reply, err
	case reply.Code != 220 && reply.Code != 421 && optional:
		return reply, t.stayClear("STARTTLS answered " + reply.String())
	case reply.Code == 220 && t.reader.Buffered() > 0:
		// Whoever put it there could make it look like the server's answer
		// to our first command inside TLS (CVE-2011-0411 and its kin).
		if early := t.early(); !givesUp(early) {
			return reply, &injected{string(early)}
		}
	}
	return reply, nil
}

// givesUp says whether bytes are one whole fatal alert (RFC 8446 sections 5.1 and 6): all
// that TLS of the server can begin with before it has heard of us.
func givesUp(b []byte) bool {
	return len(b) == 7 && b[0] == alertRecord && b[1] == 3 && b[3] == 0 && b[4] == 2 && b[5] == fatal
}

// early is what has come of the server behind its last reply in clear.
func (t *talk) early() []byte {
	early, _ := t.reader.Peek(t.reader.Buffered())
	return early
}

func (t *talk) stayClear(why string) error {
	t.clear = true
	return skipped(why)
}

// shake is the handshake, a step of its own so that its time is. It accepts
// any certificate, so that one run can tell everything that is wrong with it.
func (t *talk) shake(ctx context.Context) error {
	err := t.handshake(ctx, t.raw)
	if err == nil || t.probe.TLS.Mode != plan.ImplicitTLSIfCan || ctx.Err() != nil {
		return err
	}
	// The mode of PRTG's "if available": again, in clear.
	t.raw.Close()
	if err := t.again(ctx); err != nil {
		return err
	}
	return t.stayClear("no TLS: " + t.shakeReason(err))
}

// again connects once more to where we were, with the same opening.
func (t *talk) again(ctx context.Context) error {
	t.unwatch()
	t.raw = nil
	conn, err := t.network.Dial(ctx, t.deadline, t.target)
	if err != nil {
		return err
	}
	if err := t.adopt(ctx, conn, t.target); err != nil || t.probe.Proxy.Version == 0 {
		return err
	}
	return t.announce()
}

func (t *talk) handshake(ctx context.Context, raw net.Conn) error {
	optional := t.probe.TLS.Mode == plan.ImplicitTLSIfCan
	if optional { // leave time for the second connection
		raw.SetDeadline(time.Now().Add(time.Until(t.deadline) / 2))
	}
	gate := &gate{Conn: raw, early: t.early()}
	t.opening, t.said = gate, ""
	conn := tls.Client(gate, t.config())
	if err := conn.Handshake(); err != nil {
		t.said = t.overhear(err)
		return err
	}
	if optional {
		raw.SetDeadline(t.deadline)
	}
	if ctx.Err() != nil { // told to stop meanwhile
		return ctx.Err()
	}
	t.conn, t.reader, t.gate = conn, smtp.NewReader(conn), gate
	t.facts.Caps = nil // RFC 3207 section 4.2: forget what plain text said
	state := conn.ConnectionState()
	t.sent = state.PeerCertificates
	t.facts.TLS = proof.Shown(state)
	return nil
}

// groups are those that mail servers offer each other. The hybrid ones with
// ML-KEM make a ClientHello of two packets, which old middleboxes drop, and
// take more time than the rest of the handshake.
var groups = []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521}

func (t *talk) config() *tls.Config {
	p := t.probe.TLS
	c := &tls.Config{
		InsecureSkipVerify: true, // examine does it, with a reason for each thing that is wrong
		ServerName:         p.SNI,
		MinVersion:         p.Min,
		MaxVersion:         p.Max,
		CipherSuites:       p.Suites,
		CurvePreferences:   groups,

		DynamicRecordSizingDisabled: true, // a record is a write, and a message takes as few as can be
	}
	if p.SendIP && net.ParseIP(p.SNI) != nil {
		c.ServerName += "." // crypto/tls leaves out an address, and a final dot
	}
	c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		t.demanded = true
		if p.Client == nil {
			return new(tls.Certificate), nil // none
		}
		return p.Client, nil
	}
	return c
}

// examine gathers what a reader may want to know of the certificates, when the
// run is over or when a login depends on it. It takes up to two milliseconds, and
// more where the store is not cached.
func (t *talk) examine() {
	facts, p := t.facts.TLS, t.probe.TLS
	if facts == nil || t.examined {
		return
	}
	t.examined = true
	proof.Examine(facts, t.sent, proof.Terms{Store: store(p), Name: p.Name, Also: p.Also, Now: t.facts.Start, AnyDate: p.AnyDate})
	key := sha256.Sum256(facts.Chain[0].RawSubjectPublicKeyInfo)
	facts.Unpinned = p.Pins != nil && !slices.ContainsFunc(p.Pins, func(pin []byte) bool { return string(pin) == string(key[:]) })
	if p.Client != nil {
		facts.Client = p.Client.Leaf
	}
}

// store is who is trusted. Of the system's, no more is read than may change the
// state.
func store(p plan.TLS) roots.Store {
	if p.CAs != nil {
		return roots.Store{PEM: p.CAs}
	}
	s := roots.System(p.File, p.Dirs)
	s.Hashed = !p.Exact
	return s
}
