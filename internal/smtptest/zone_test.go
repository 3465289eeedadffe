package smtptest

import "testing"

// TestReadZone: a line with a slip in it is told, not passed over.
func TestReadZone(t *testing.T) {
	for _, line := range []string{
		"mx.test", "mx.test PTR x.test", "mx.test A", "mx.test A 2001:db8::1", "mx.test AAAA 192.0.2.1", "mx.test MX mx.test",
		"mx.test TLSA 3 1 1 xyz", "mx.test TLSA 3 1 1", "mx.test TXT v=STSv1", "mx.test SIGNED soon", "mx.test CNAME", "mx.test * 192.0.2.1",
	} {
		if _, err := ReadZone(line); err == nil {
			t.Errorf("%s: taken", line)
		}
	}
	if _, err := ReadZone("\n. SIGNED\n. NS a.root.test.\n\nmx.test * SILENT\n"); err != nil {
		t.Error(err)
	}
}
