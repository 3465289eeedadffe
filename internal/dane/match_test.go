package dane

import (
	"crypto/x509"
	"fmt"
	"strings"
	"testing"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

const noBytes = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// story is what one handshake comes to. want is the result, each record as
// outline has it, then hints and lints.
type story struct {
	name    string
	chain   [][]byte
	names   []string // nil: mx.lab.test
	records []plan.TLSA
	want    string
}

func play(t *testing.T, tests []story) {
	t.Helper()
	for _, tt := range tests {
		names := tt.names
		if names == nil {
			names = []string{"mx.lab.test"}
		}
		if got := outline(Match(tt.chain, tt.records, names, now())); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// outline is a result in one line: of each record its fault, or + where it is
// met, - where not, in parentheses where it does not count, with its depth.
func outline(k facts.DANEKey) string {
	words := []string{string(k.Result)}
	for _, r := range k.Records {
		text := string(r.Fault)
		if r.Fault == "" {
			text = "-"
			if r.Matches {
				text = "+"
			}
			if r.Depth >= 0 {
				text += fmt.Sprint(r.Depth)
			}
			if r.Anchor != "" {
				text += ":" + string(r.Anchor)
			}
			if !r.Considered {
				text = "(" + text + ")"
			}
		}
		words = append(words, text)
	}
	for _, h := range k.Hints {
		words = append(words, fmt.Sprintf("hint:%s@%d", h.Kind, h.Record))
	}
	for _, h := range k.Lints {
		words = append(words, fmt.Sprintf("lint:%s@%d", h.Kind, h.Record))
	}
	return strings.Join(words, " ")
}

// TestVectors plays the vectors of what senders do that are about a handshake.
func TestVectors(t *testing.T) {
	l := newLab(t)
	leaf, rsa := l.leaf(nil), l.withRSA()
	old, others := l.leaf(ending(-day)), l.leaf(called("other.example"))
	own := record(3, 1, 1, leaf)
	above := record(2, 0, 1, l.ca)
	chain := sent(leaf, l.sub)
	play(t, []story{
		{"D1 the key's 3 1 1", chain, nil, []plan.TLSA{own}, "verified +0"},
		{"D2 one nibble wrong", chain, nil, []plan.TLSA{wrong(own)}, "mismatch -"},
		{"D3 the CA's 2 0 1", sent(leaf, l.sub, l.ca), nil, []plan.TLSA{above}, "verified +2"},
		{"D4 which is not sent", chain, nil, []plan.TLSA{above}, "mismatch - hint:not-sent@0"},
		{"D5 2 0 0, not sent", chain, nil, []plan.TLSA{record(2, 0, 0, l.ca)}, "verified +2"},
		{"D6 another name", sent(others, l.sub, l.ca), nil, []plan.TLSA{above}, "mismatch -2:names hint:names@0"},
		{"D7 the next hop's name", sent(others, l.sub, l.ca), []string{"mx.lab.test", "other.example"}, []plan.TLSA{above}, "verified +2"},
		{"D8 expired under usage 3", sent(old, l.sub), nil, []plan.TLSA{record(3, 1, 1, old)}, "verified +0"},
		{"D9 another name under usage 3", sent(others, l.sub), nil, []plan.TLSA{record(3, 1, 1, others)}, "verified +0"},
		{"D10 1 1 1 only", chain, nil, []plan.TLSA{record(1, 1, 1, leaf)}, "unusable usage-pkix"},
		{"D11 beside the right 3 1 1", chain, nil, []plan.TLSA{wrong(record(1, 1, 1, leaf)), own}, "verified usage-pkix +0 lint:pkix@0"},
		{"D12 old and new", chain, nil, []plan.TLSA{record(3, 1, 1, rsa), own}, "verified - +0"},
		{"D13 3 1 2", chain, nil, []plan.TLSA{record(3, 1, 2, leaf)}, "verified +0"},
		{"D14 3 0 0", chain, nil, []plan.TLSA{record(3, 0, 0, leaf)}, "verified +0"},
		{"D15 3 1 9", chain, nil, []plan.TLSA{parsed(t, "3 1 9 "+noBytes)}, "unusable matching-unknown"},
		{"D16 no TLS", nil, nil, []plan.TLSA{own}, "no-tls -"},
		{"D17 no records", chain, nil, nil, "missing"},
		{"D18 a stronger digest is wrong", chain, nil, []plan.TLSA{own, wrong(record(3, 1, 2, leaf))}, "mismatch (+0) - hint:weaker@0 lint:weaker@0"},
		{"D19 the digest of nothing", chain, nil, []plan.TLSA{parsed(t, "3 1 1 "+noBytes)}, "mismatch - hint:empty@0 lint:empty@0"},
		{"D20 20 bytes", chain, nil, []plan.TLSA{{Usage: 3, Selector: 1, Matching: 1, Data: own.Data[:20]}}, "unusable length"},
		{"D24 Sub's 2 1 1", chain, nil, []plan.TLSA{record(2, 1, 1, l.sub)}, "verified +1"},
		{"D25 expired under usage 2", sent(old, l.sub, l.ca), nil, []plan.TLSA{above}, "mismatch -2:expired hint:expired@0"},
		{"D26 the other key", sent(rsa, l.sub), nil, []plan.TLSA{own}, "mismatch -"},
		{"D27 Sub's under usage 3", chain, nil, []plan.TLSA{record(3, 0, 1, l.sub)}, "mismatch -1 hint:issuer@0"},
		{"D28 the leaf's under usage 2", chain, nil, []plan.TLSA{record(2, 1, 1, leaf)}, "mismatch - hint:leaf@0"},
		{"D41 a bare key, not sent", chain, nil, []plan.TLSA{record(2, 1, 0, l.ca)}, "verified +2"},
	})
	short := l.leaf(lasting(60 * day))
	play(t, []story{
		{"D14 of 60 days", sent(short, l.sub), nil, []plan.TLSA{record(3, 0, 0, short)}, "verified +0 lint:renewal@0"},
		{"of 60 days and its key", sent(short, l.sub), nil, []plan.TLSA{record(3, 0, 1, short), record(3, 1, 1, short)}, "verified +0 +0"},
	})
}

// TestUnreadable: under usage 3 nothing is asked of a certificate but that it is
// the one.
func TestUnreadable(t *testing.T) {
	l := newLab(t)
	negative := l.negative()
	long, endless := l.longRSA(8200), l.longRSA(16400)
	root := l.sha1Root()
	weak := l.sha1(root)
	play(t, []story{
		{"a negative serial number, key", [][]byte{negative}, nil, []plan.TLSA{holding(3, 1, 0, keyOf(negative))}, "verified +0"},
		{"a negative serial number, whole", [][]byte{negative}, nil, []plan.TLSA{holding(3, 0, 0, negative)}, "verified +0"},
		{"a negative serial number, usage 2", [][]byte{negative, l.ca.Raw}, nil, []plan.TLSA{record(2, 0, 1, l.ca)}, "mismatch -1:unreadable"},
		{"an anchor with an endless key", sent(l.issue("mx.lab.test", l.ca, nil)), nil, []plan.TLSA{record(2, 1, 0, endless)}, "mismatch -:unreadable"},
		{"likewise, whole", sent(l.issue("mx.lab.test", l.ca, nil)), nil, []plan.TLSA{record(2, 0, 0, endless)}, "mismatch -:unreadable"},
		{"a key of 8200 bits", sent(long), nil, []plan.TLSA{record(3, 1, 1, long)}, "verified +0"},
		{"signed with SHA-1", sent(weak), nil, []plan.TLSA{record(3, 1, 1, weak)}, "verified +0"},
		{"signed with SHA-1, usage 2", sent(weak, root), nil, []plan.TLSA{record(2, 0, 1, root)}, "mismatch -1:unfit hint:unfit@0"},
		{"no certificate at all", [][]byte{[]byte("hello")}, nil, []plan.TLSA{record(3, 1, 1, long)}, "mismatch -"},
		{"an anchor that cannot be read", [][]byte{l.leaf(nil).Raw, l.sub.Raw}, nil, []plan.TLSA{holding(2, 0, 0, negative)}, "mismatch -:unreadable"},
		{"a bare key of an unknown kind", sent(l.leaf(nil), l.sub), nil, []plan.TLSA{holding(2, 1, 0, []byte("\x30\x0a\x30\x04\x06\x02\x2a\x03\x03\x02\x00\x01"))}, "mismatch -:unreadable"},
	})
}

// TestAnchors is what OpenSSL does with trust anchors where the standards are
// silent.
func TestAnchors(t *testing.T) {
	l := newLab(t)
	leaf := l.leaf(nil)
	self := l.issue("mx.lab.test", cert{}, nil)
	oldSub, oldCA := l.authority("Old Sub", l.ca, ending(-day)), l.authority("Old CA", cert{}, ending(-day))
	client := l.leaf(forClients)
	noCA := l.issue("No CA", l.ca, nil)
	below, belowOld, belowOldSub := l.issue("mx.lab.test", noCA, nil), l.issue("mx.lab.test", oldCA, nil), l.issue("mx.lab.test", oldSub, nil)
	shallow := l.authority("Shallow", l.ca, func(c *x509.Certificate) { c.MaxPathLenZero = true })
	deep := l.authority("Deep", shallow, nil)
	belowDeep := l.issue("mx.lab.test", deep, nil)
	bound := l.authority("Bound", l.ca, func(c *x509.Certificate) { c.PermittedDNSDomains = []string{"other.test"} })
	belowBound := l.issue("mx.lab.test", bound, nil)
	early := l.leaf(func(c *x509.Certificate) { c.NotBefore = now().Add(day) })
	oldRoot := l.sha1Root()
	anyone, wide := l.leaf(forAny), l.authority("Wide", l.ca, forAny)
	signer, belowAny := l.leaf(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCertSign }), l.issue("mx.lab.test", wide, nil)
	namesake := l.issue("Sub", l.sub, called("mx.lab.test"))
	play(t, []story{
		{"the leaf has signed itself", sent(self), nil, []plan.TLSA{record(2, 1, 1, self)}, "mismatch - hint:leaf@0"},
		{"likewise, whole", sent(self), nil, []plan.TLSA{record(2, 0, 0, self)}, "mismatch - hint:leaf@0"},
		{"likewise, sent twice", sent(self, self), nil, []plan.TLSA{record(2, 1, 1, self)}, "mismatch - hint:leaf@0"},
		{"a leaf for any usage", sent(anyone, l.sub), nil, []plan.TLSA{record(2, 0, 1, l.sub)}, "mismatch -1:unfit hint:unfit@0"},
		{"likewise, usage 3", sent(anyone, l.sub), nil, []plan.TLSA{record(3, 1, 1, anyone)}, "verified +0"},
		{"a leaf for signing", sent(signer, l.sub), nil, []plan.TLSA{record(2, 0, 1, l.sub)}, "mismatch -1:unfit hint:unfit@0"},
		{"an anchor for any usage", sent(belowAny, wide), nil, []plan.TLSA{record(2, 0, 1, wide)}, "mismatch -1:unfit hint:unfit@0"},
		{"likewise, just its key", sent(belowAny), nil, []plan.TLSA{record(2, 1, 0, wide)}, "verified +1"},
		{"a leaf of its issuer's name", sent(namesake, l.sub), nil, []plan.TLSA{record(2, 0, 1, l.sub)}, "mismatch -1:unlinked hint:unlinked@0"},
		{"likewise, by a bare key", sent(self), nil, []plan.TLSA{record(2, 1, 0, self)}, "verified +1"},
		{"the leaf sent twice", sent(leaf, leaf, l.sub), nil, []plan.TLSA{record(2, 1, 1, leaf)}, "mismatch - hint:leaf@0"},
		{"another order", sent(leaf, l.ca, l.sub), nil, []plan.TLSA{record(2, 0, 1, l.ca)}, "verified +2"},
		{"a bare key that was sent", sent(leaf, l.sub, l.ca), nil, []plan.TLSA{record(2, 1, 0, l.sub)}, "verified +1"},
		{"a bare key of somebody else", sent(leaf, l.sub), nil, []plan.TLSA{record(2, 1, 0, oldCA)}, "mismatch -:unlinked hint:unlinked@0"},
		{"the leaf's own key, bare", sent(leaf, l.sub), nil, []plan.TLSA{record(2, 1, 0, leaf)}, "mismatch -:unlinked hint:leaf@0"},
		{"a root from DNS of somebody else", sent(leaf, l.sub), nil, []plan.TLSA{record(2, 0, 0, oldCA)}, "mismatch -:unlinked hint:unlinked@0"},
		{"an anchor that is no root has expired", sent(belowOldSub, oldSub), nil, []plan.TLSA{record(2, 1, 1, oldSub)}, "verified +1 lint:anchor-dates@0"},
		{"below the anchor one has expired", sent(belowOldSub, oldSub, l.ca), nil, []plan.TLSA{record(2, 0, 1, l.ca)}, "mismatch -2:expired hint:expired@0"},
		{"a root has expired", sent(belowOld, oldCA), nil, []plan.TLSA{record(2, 0, 1, oldCA)}, "mismatch -1:expired hint:expired@0"},
		{"a root from DNS has expired", sent(belowOld), nil, []plan.TLSA{record(2, 0, 0, oldCA)}, "mismatch -:expired hint:expired@0"},
		{"not for servers", sent(client, l.sub, l.ca), nil, []plan.TLSA{record(2, 0, 1, l.ca)}, "mismatch -2:unfit hint:unfit@0"},
		{"the anchor is no authority", sent(below, noCA), nil, []plan.TLSA{record(2, 0, 1, noCA)}, "mismatch -1:unfit hint:unfit@0"},
		{"the way is not sent", sent(leaf, l.ca), nil, []plan.TLSA{record(2, 0, 1, l.ca)}, "mismatch -1:unlinked hint:unlinked@0"},
		{"a root is not asked for its own signature", sent(l.issue("mx.lab.test", oldRoot, nil), oldRoot), nil, []plan.TLSA{record(2, 0, 1, oldRoot)}, "verified +1"},
		{"too many authorities below the anchor", sent(belowDeep, deep, shallow), nil, []plan.TLSA{record(2, 0, 1, shallow)}, "mismatch -2:unfit hint:unfit@0"},
		{"an anchor for other names", sent(belowBound, bound), nil, []plan.TLSA{record(2, 0, 1, bound)}, "mismatch -1:unfit hint:unfit@0"},
		{"not valid yet", sent(early, l.sub), nil, []plan.TLSA{record(2, 0, 1, l.sub)}, "mismatch -1:expired hint:expired@0"},
		{"the other selector", sent(leaf, l.sub), nil, []plan.TLSA{swap(record(2, 0, 1, l.sub))}, "mismatch - hint:selector@0"},
		{"usage 3 and usage 2", sent(leaf, l.sub), nil, []plan.TLSA{wrong(record(3, 1, 1, leaf)), record(2, 1, 1, l.sub)}, "verified - +1"},
		{"agility is for each usage and selector", sent(leaf, l.sub), nil,
			[]plan.TLSA{wrong(record(2, 1, 2, l.sub)), wrong(record(3, 0, 2, leaf)), record(3, 1, 1, leaf)}, "verified - - +0"},
		{"what is unusable is not strong", sent(leaf), nil, []plan.TLSA{holding(3, 1, 2, []byte("short")), record(3, 1, 1, leaf)}, "verified length +0"},
		{"a weaker one beside a stronger, both right", sent(leaf), nil, []plan.TLSA{record(3, 1, 1, leaf), record(3, 1, 2, leaf)}, "verified (+0) +0"},
	})
}

func holding(usage, selector, matching uint8, data []byte) plan.TLSA {
	return plan.TLSA{Usage: usage, Selector: selector, Matching: matching, Data: data}
}

func swap(r plan.TLSA) plan.TLSA {
	r.Selector = 1 - r.Selector
	return r
}

func TestNames(t *testing.T) {
	l := newLab(t)
	for _, tt := range []struct {
		with change
		name string
		want facts.DANEResult
	}{
		{nil, "mx.lab.test", facts.DANEVerified},
		{nil, "MX.lab.test", facts.DANEVerified},
		{called("*.lab.test"), "mx.lab.test", facts.DANEVerified},
		{called("*.lab.test"), "a.mx.lab.test", facts.DANEMismatch},
		{called("*.lab.test"), "lab.test", facts.DANEMismatch},
		{called("m*.lab.test"), "mx.lab.test", facts.DANEMismatch},
		{called("*.test"), "lab.test", facts.DANEMismatch},
		{called("other.test"), "mx.lab.test", facts.DANEMismatch}, // although its subject names it
		{nameless, "mx.lab.test", facts.DANEVerified},
		{both(nameless, withMail), "mx.lab.test", facts.DANEVerified},
		{nameless, "other.test", facts.DANEMismatch},
	} {
		leaf := l.leaf(tt.with)
		key := Match(sent(leaf, l.sub), []plan.TLSA{record(2, 1, 1, l.sub)}, []string{tt.name}, now())
		if key.Result != tt.want {
			t.Errorf("%v for %s: %s", identities(leaf.Certificate), tt.name, outline(key))
		}
		if lint := len(key.Lints) > 0; lint != (len(leaf.DNSNames) == 0) {
			t.Errorf("%v for %s: %s", leaf.DNSNames, tt.name, outline(key))
		}
	}
}

// TestOwn: what a record would have to be is told whatever the result is.
func TestOwn(t *testing.T) {
	l := newLab(t)
	leaf, old := l.leaf(nil), l.leaf(ending(-day))
	key := Match(sent(leaf), []plan.TLSA{parsed(t, "3 1 1 "+noBytes)}, nil, now())
	if !key.Own.Equal(record(3, 1, 1, leaf)) || len(key.Names) != 1 || key.Names[0] != "mx.lab.test" || key.Expired != nil {
		t.Errorf("%+v", key)
	}
	if key = Match(sent(old, l.sub), []plan.TLSA{record(2, 1, 1, l.sub)}, []string{"mx.lab.test"}, now()); !key.Expired.Equal(old.Certificate) {
		t.Errorf("expired: %v", key.Expired)
	}
	if key = Match([][]byte{[]byte("hello")}, []plan.TLSA{parsed(t, "3 1 1 "+noBytes)}, nil, now()); key.Own.Data != nil {
		t.Errorf("own: %v", key.Own)
	}
}

// TestMeet: with several handshakes the worst counts (D26), and each target has
// its own (D36).
func TestMeet(t *testing.T) {
	l := newLab(t)
	leaf, rsa := l.leaf(nil), l.withRSA()
	d := Given(Target{Host: "mx.lab.test.", Port: 25}, []plan.TLSA{record(3, 1, 1, leaf)})
	if d.Result != facts.DANESought || d.Base != "mx.lab.test" {
		t.Errorf("%+v", d)
	}
	for i, step := range []struct {
		chain [][]byte
		want  facts.DANEResult
	}{{sent(leaf, l.sub), facts.DANEVerified}, {sent(rsa, l.sub), facts.DANEMismatch}, {sent(leaf, l.sub), facts.DANEMismatch}} {
		if Meet(&d, step.chain, now()); d.Result != step.want || len(d.Keys) != i+1 {
			t.Errorf("step %d: %s, %d handshakes", i, d.Result, len(d.Keys))
		}
	}
	none := facts.DANE{Result: facts.DANEMissing}
	if Meet(&none, sent(leaf), now()); none.Result != facts.DANEMissing || none.Keys != nil {
		t.Errorf("without records: %+v", none)
	}
}

func TestRollover(t *testing.T) {
	l := newLab(t)
	leaf, next := l.leaf(nil), l.leaf(nil)
	own := record(3, 1, 1, leaf)
	for _, tt := range []struct {
		name    string
		records []plan.TLSA
		want    bool
	}{
		{"one", []plan.TLSA{own}, false},
		{"the same key twice", []plan.TLSA{own, record(3, 0, 1, leaf)}, false},
		{"the next key", []plan.TLSA{own, record(3, 1, 1, next)}, true},
		{"the issuer", []plan.TLSA{own, record(2, 1, 1, l.sub)}, true},
		{"the issuer alone", []plan.TLSA{record(2, 1, 1, l.sub)}, false},
		{"nothing usable beside", []plan.TLSA{own, record(1, 1, 1, next)}, false},
		{"the digest of nothing beside", []plan.TLSA{own, parsed(t, "3 1 1 "+noBytes)}, false},
	} {
		if got := Match(sent(leaf, l.sub), tt.records, []string{"mx.lab.test"}, now()).Rollover; got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestUsable(t *testing.T) {
	l := newLab(t)
	for _, tt := range []struct {
		r    plan.TLSA
		want facts.TLSAFault
	}{
		{plan.TLSA{Usage: 0, Selector: 1, Matching: 1, Data: make([]byte, 32)}, facts.TLSAPKIX},
		{plan.TLSA{Usage: 4, Selector: 1, Matching: 1, Data: make([]byte, 32)}, facts.TLSAUnknownUsage},
		{plan.TLSA{Usage: 255, Selector: 1, Matching: 1, Data: make([]byte, 32)}, facts.TLSAUnknownUsage},
		{plan.TLSA{Usage: 3, Selector: 2, Matching: 1, Data: make([]byte, 32)}, facts.TLSAUnknownSelector},
		{plan.TLSA{Usage: 3, Selector: 255, Matching: 1, Data: make([]byte, 32)}, facts.TLSAUnknownSelector},
		{plan.TLSA{Usage: 3, Selector: 1, Matching: 3, Data: make([]byte, 32)}, facts.TLSAUnknownMatching},
		{plan.TLSA{Usage: 3, Selector: 1, Matching: 255, Data: make([]byte, 32)}, facts.TLSAUnknownMatching},
		{plan.TLSA{Usage: 3, Selector: 1, Matching: 2, Data: make([]byte, 32)}, facts.TLSALength},
		{plan.TLSA{Usage: 3, Selector: 1, Matching: 1}, facts.TLSALength},
		{plan.TLSA{Usage: 3, Selector: 0, Matching: 0, Data: make([]byte, 32)}, facts.TLSANoCertificate},
		{plan.TLSA{Usage: 2, Selector: 0, Matching: 0}, facts.TLSANoCertificate},
		{plan.TLSA{Usage: 2, Selector: 0, Matching: 0, Data: append(l.ca.Raw[:len(l.ca.Raw):len(l.ca.Raw)], 0)}, facts.TLSANoCertificate},
		{plan.TLSA{Usage: 3, Selector: 1, Matching: 0, Data: l.ca.Raw}, facts.TLSANoKey},
		{plan.TLSA{Usage: 2, Selector: 1, Matching: 0, Data: append([]byte(nil), l.ca.RawSubjectPublicKeyInfo[:50]...)}, facts.TLSANoKey},
		{record(2, 0, 0, l.ca), ""}, {record(3, 0, 0, l.ca), ""}, {record(3, 1, 0, l.ca), ""}, {record(2, 1, 0, l.ca), ""},
		{record(2, 1, 1, l.ca), ""}, {record(3, 0, 2, l.ca), ""},
	} {
		if got := Usable(tt.r); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.r.Short(), got, tt.want)
		}
	}
}
