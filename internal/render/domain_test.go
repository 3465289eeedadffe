package render

import (
	"testing"
	"time"

	"check_smtp/internal/facts"
)

// TestSignatures: how long they hold is told, and otherwise why it is not known.
func TestSignatures(t *testing.T) {
	for want, d := range map[string]facts.DANE{
		"until 1970-01-02T00:00:00Z":                                    {Expires: time.Unix(86400, 0)},
		"the resolver sends none, so that dane_rrsig_days is not known": {},
		"none, as --tlsa gives the records":                             {Given: true},
	} {
		if got := signatures(&d); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
