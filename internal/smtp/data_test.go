package smtp

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestDataWriter(t *testing.T) {
	tests := []struct{ name, in, wire string }{
		{"nothing", "", ".\r\n"},
		{"a line", "a\r\n", "a\r\n.\r\n"},
		{"no end of the last line", "a", "a\r\n.\r\n"},
		{"bare LF", "a\nb\n", "a\r\nb\r\n.\r\n"},
		{"bare CR", "a\rb\r", "a\r\nb\r\n.\r\n"},
		{"CR CR LF", "a\r\r\nb", "a\r\n\r\nb\r\n.\r\n"},
		{"LF CR", "a\n\rb", "a\r\n\r\nb\r\n.\r\n"},
		{"a dot alone", ".\n", "..\r\n.\r\n"},
		{"dots", "..\n.a\na.\n", "...\r\n..a\r\na.\r\n.\r\n"},
		{"the end of a message", "a\r\n.\r\nb", "a\r\n..\r\nb\r\n.\r\n"},
		{"smuggling LF", "a\n.\nMAIL FROM:<x>\n", "a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n"},
		{"smuggling CR", "a\r.\rMAIL FROM:<x>\r", "a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n"},
		{"smuggling LF dot CR LF", "a\n.\r\nb", "a\r\n..\r\nb\r\n.\r\n"},
		{"empty lines at the end", "a\n\n\n", "a\r\n\r\n\r\n.\r\n"},
	}
	for _, tt := range tests {
		for _, r := range []io.Reader{strings.NewReader(tt.in), iotest.OneByteReader(strings.NewReader(tt.in))} {
			var wire bytes.Buffer
			d := NewDataWriter(&wire)
			if _, err := io.Copy(d, r); err != nil {
				t.Error(err)
			}
			if err := d.Close(); err != nil || wire.String() != tt.wire {
				t.Errorf("%s: %q, want %q (%v)", tt.name, &wire, tt.wire, err)
			}
		}
	}
}

// counter counts writes.
type counter struct{ writes, most, bytes int }

func (c *counter) Write(p []byte) (int, error) {
	c.writes, c.most, c.bytes = c.writes+1, max(c.most, len(p)), c.bytes+len(p)
	return len(p), nil
}

func TestDataWriterWritesSeldom(t *testing.T) {
	var small counter
	d := NewDataWriter(&small)
	for range 100 {
		io.WriteString(d, "a line of a message\n")
	}
	if d.Close(); small.writes != 1 {
		t.Errorf("a small message takes %d writes", small.writes)
	}
	var large counter
	d = NewDataWriter(&large)
	for range 100_000 {
		io.WriteString(d, "a line of a message\n")
	}
	if d.Close(); large.writes > large.bytes/maxWrite+1 || large.most > maxWrite+100 {
		t.Errorf("%d bytes take %d writes of at most %d", large.bytes, large.writes, large.most)
	}
}

func TestDataWriterFails(t *testing.T) {
	r, w := io.Pipe()
	r.CloseWithError(io.ErrClosedPipe)
	d := NewDataWriter(w)
	if _, err := d.Write(bytes.Repeat([]byte("x\n"), maxWrite)); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}

func TestMeasure(t *testing.T) {
	tests := []struct {
		name, in string
		want     Shape
	}{
		{"nothing", "", Shape{}},
		{"line ends count as CR LF", "a\nb", Shape{Size: 6}},
		{"stuffed dots do not count", ".\n.\n", Shape{Size: 6}},
		{"body of 8 bits", "S: x\n\nä\n", Shape{Size: 12, EightBit: true}},
		{"header of 8 bits", "S: ä\n\nx\n", Shape{Size: 12, EightBit: true, UTF8: true}},
		{"no header", "\nä", Shape{Size: 6, EightBit: true}},
	}
	for _, tt := range tests {
		got, err := Measure(strings.NewReader(tt.in))
		if err != nil || got != tt.want {
			t.Errorf("%s: %+v, want %+v (%v)", tt.name, got, tt.want, err)
		}
	}
	if _, err := Measure(iotest.ErrReader(io.ErrNoProgress)); !errors.Is(err, io.ErrNoProgress) {
		t.Error(err)
	}
}

// receive reads a message as a server does that knows CR LF only (RFC 5321
// section 4.5.2), and returns what is behind its end, too.
func receive(wire string) (content, behind string, ok bool) {
	var b strings.Builder
	for {
		line, rest, found := strings.Cut(wire, "\r\n")
		if !found {
			return "", "", false
		}
		if line == "." {
			return b.String(), rest, true
		}
		b.WriteString(strings.TrimPrefix(line, ".") + "\r\n")
		wire = rest
	}
}

// FuzzDataWriter: whatever goes in, in whatever parts, the server sees exactly
// one message whose content is what went in with line ends CR LF, and no bare
// CR or LF.
func FuzzDataWriter(f *testing.F) {
	for _, in := range []string{"", ".", "a\n.\nb", "\r\r\n", "\n\r\n\r", "a\r\n.\r\n", "\x00ä\n..\r."} {
		f.Add([]byte(in), 3)
	}
	f.Fuzz(func(t *testing.T, in []byte, part int) {
		var wire bytes.Buffer
		d := NewDataWriter(&wire)
		part = max(1, part%100)
		for rest := in; len(rest) > 0; rest = rest[min(part, len(rest)):] {
			d.Write(rest[:min(part, len(rest))])
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		want := strings.ReplaceAll(strings.ReplaceAll(string(in), "\r\n", "\n"), "\r", "\n")
		if want != "" && !strings.HasSuffix(want, "\n") {
			want += "\n"
		}
		want = strings.ReplaceAll(want, "\n", "\r\n")
		got, behind, ok := receive(wire.String())
		if !ok || behind != "" || got != want {
			t.Fatalf("%q arrives as %q, then %q", in, got, behind)
		}
		if bare := strings.ReplaceAll(wire.String(), "\r\n", ""); strings.ContainsAny(bare, "\r\n") {
			t.Fatalf("bare CR or LF in %q", wire.String())
		}
		shape, err := Measure(bytes.NewReader(in))
		if err != nil || shape != d.Shape() || shape.Size != int64(len(want)) {
			t.Fatalf("measured %+v, sent %+v, %d bytes", shape, d.Shape(), len(want))
		}
	})
}
