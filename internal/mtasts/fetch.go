package mtasts

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/roots"
	"check_smtp/internal/web"
)

const (
	path = "/.well-known/mta-sts.txt"

	maxPolicy  = 64 << 10 // bytes; RFC 8461 section 3.3 suggests it
	patience   = time.Minute
	maxOpening = 40 // bytes of a body that are shown
)

// Source is where a policy is fetched from.
type Source struct {
	Host  string           // whose policy it is, see the function Host; it is asked for, and proven, wherever Addrs lead
	Addrs []netip.AddrPort // tried in turn until one connects
	Roots roots.Store      // who proves the host
	Dial  web.Dial         // nil: the system's network
}

// Fetch fetches a policy (RFC 8461 section 3.3) until ctx ends or a minute is over.
// The text is nil unless Fault says that it was fetched; it may be empty.
func Fetch(ctx context.Context, s Source) (f facts.STSFetch, text []byte) {
	begin := time.Now()
	f.Host = s.Host
	if len(s.Addrs) == 0 {
		f.Err = &facts.WebError{Fault: facts.WebUnresolved, Why: "it has no address"}
		return f, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	client := &web.Client{TLS: true, Host: s.Host, Port: "443", Addrs: s.Addrs, Dial: s.Dial, Root: s.Roots, Limit: maxPolicy}
	defer client.Close()
	r, err := client.Do(ctx, web.Request{Method: "GET", Target: path, Accept: "text/plain"})
	f.Web = client.Seen
	f.Host, f.Took = s.Host, time.Since(begin)
	f.Err, _ = errors.AsType[*facts.WebError](err)
	f.Status, f.Location, f.Type, f.Encoding = r.Status, cut(r.Location), cut(r.Type), cut(r.Encoding)
	if f.Fault() != facts.STSFetched {
		return f, nil
	}
	f.Opening = facts.Cut(strings.Join(strings.Fields(string(r.Body[:min(len(r.Body), 1000)])), " "), maxOpening)
	if !isPlain(r.Type) {
		f.Lints = []facts.STSFlaw{{Kind: facts.STSMediaType, Text: f.Type}}
	}
	if r.Body == nil {
		r.Body = []byte{}
	}
	return f, r.Body
}

// isPlain says whether a Content-Type is that of a policy (RFC 8461 section 3.2).
// Parameters do not count.
func isPlain(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.Trim(media, blanks), "text/plain")
}
