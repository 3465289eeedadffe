package kdbx

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/salsa20"

	"check_smtp/internal/credential/jsonpath"
)

// The databases of testdata are made by testdata/make.sh with KeePassXC,
// pykeepass and File::KeePass.
const (
	master = "open sesame"
	wanted = `s3cret-KDBXMARK <&>"' ä`
	mark   = "KDBXMARK"
)

func databases(t testing.TB) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.kdbx")
	if err != nil || len(paths) < 6 {
		t.Fatalf("%d databases, %v", len(paths), err)
	}
	all := map[string][]byte{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(path)] = data
	}
	return all
}

func find(t testing.TB, doc any, path string) string {
	t.Helper()
	p, err := jsonpath.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	found, err := p.Find(doc)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(found)
}

func TestOpen(t *testing.T) {
	for name, data := range databases(t) {
		doc, err := Open(context.Background(), data, master)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for path, want := range map[string]string{
			// as in the help of Centreon's plugin: no history, no recycle bin
			`$..entries.[?($_->{title} =~ /MX1/i)].password`:    wanted,
			`$..entries.[?($_->{title} =~ /mx1/i)].username`:    "monitor",
			`$..groups[?(@.title=='Mail')].entries[1].password`: "other-KDBXMARK",
			// as in the document itself
			`$.Root.Group[0].Group[0].Name`:                                                      "Mail",
			`$.Root.Group[0].Group[0].Entry[1].String[?(@.Key=='UserName')].Value`:               "other",
			`$.Root.Group[0].Group[0].Entry[0].String[?($_->{Key} eq 'Password')].Value.content`: wanted,
		} {
			got := find(t, doc, path)
			plain := strings.ReplaceAll(path, ".content", "") // File::KeePass drops the attribute that XMLin keeps
			if got != "["+want+"]" && find(t, doc, plain) != "["+want+"]" {
				t.Errorf("%s: %s: %s", name, path, got)
			}
		}
	}
}

func TestFields(t *testing.T) {
	doc, err := Open(context.Background(), databases(t)["chacha-argon2id.kdbx"], master)
	if got := find(t, doc, `$..entries[?(@['smtp port'] == 587)].password`); err != nil || got != "["+wanted+"]" {
		t.Error(got, err)
	}
	if got := find(t, doc, `$..entries[?(@.title == 'mx2.example.org')].url`); got != "[https://mx2.example.org/?a&b]" {
		t.Error(got)
	}
}

// TestDamage changes bytes of a database: what opens all the same is what it
// was, and nothing of the content is in an error. KDBX 3 does not protect all
// of its header.
func TestDamage(t *testing.T) {
	for name, data := range databases(t) {
		if strings.HasPrefix(name, "keepassxc") {
			continue // these take long to open
		}
		whole := fmt.Sprint(Open(context.Background(), data, master))
		for i := 0; i < len(data); i += 1 + i/20 {
			bad := bytes.Clone(data)
			bad[i] ^= 1 << (i % 8)
			if huge(bad) {
				continue
			}
			doc, err := Open(context.Background(), bad, master)
			if err == nil && name != "kdbx31.kdbx" && fmt.Sprint(doc, err) != whole {
				t.Errorf("%s: byte %d is not minded", name, i)
			}
			if err != nil && strings.Contains(err.Error(), mark) {
				t.Errorf("%s: byte %d: %v", name, i, err)
			}
			if _, err := Open(context.Background(), data[:i], master); err == nil {
				t.Errorf("%s: %d bytes of it open", name, i)
			}
		}
	}
}

// huge says whether a damaged header asks for more work than a test should do.
func huge(data []byte) bool {
	h, _, err := readHeader(data)
	return err == nil && (number(h.kdf["M"]) > 4<<20 || number(h.kdf["I"]) > 100 || number(h.kdf["R"]) > 1<<20)
}

func TestErrors(t *testing.T) {
	all := databases(t)
	for name, data := range all {
		if _, err := Open(context.Background(), data, master+"x"); !errors.Is(err, errPassword) {
			t.Errorf("%s: %v", name, err)
		}
	}
	change := func(name string, at int, b ...byte) []byte {
		data := bytes.Clone(all[name])
		copy(data[at:], b)
		return data
	}
	memory := bytes.Index(all["aes-argon2d.kdbx"], []byte("\x05\x01\x00\x00\x00M")) + 10
	for want, data := range map[string][]byte{
		"not a database of KeePass":                   []byte("PK\x03\x04 and so on"),
		"KeePass 1":                                   change("kdbx31.kdbx", 4, 0x65),
		"KDBX 5.0":                                    change("aes-argon2d.kdbx", 10, 5),
		"neither AES-256 nor ChaCha20":                change("aes-argon2d.kdbx", 20, 0),
		"neither AES-KDF nor Argon2":                  bytes.Replace(all["aes-argon2d.kdbx"], []byte(kdfArgonD), make([]byte, 16), 1),
		"wants 65536 MiB of memory, the limit is 256": change("aes-argon2d.kdbx", memory, 0, 0, 0, 0, 16),
		"wants 257 MiB of memory, the limit is 256":   change("aes-argon2d.kdbx", memory, 0, 4, 0, 16, 0),
		"not the parameters of an Argon":              change("aes-argon2d.kdbx", memory, 0, 0, 0),
	} {
		if _, err := Open(context.Background(), data, master); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %s: %v", want, err)
		}
	}
}

// TestStop: a key derivation ends with its context. These would go on for years.
func TestStop(t *testing.T) {
	all := databases(t)
	at := bytes.Index(all["kdbx31.kdbx"], []byte("\x06\x08\x00")) + 3
	endless := bytes.Clone(all["kdbx31.kdbx"])
	binary.LittleEndian.PutUint64(endless[at:], 1<<60)
	for _, data := range [][]byte{endless, bytes.Replace(all["keepassxc-argon2d.kdbx"], []byte("I\x08\x00\x00\x00\x03\x00"), []byte("I\x08\x00\x00\x00\x03\xff"), 1)} {
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		_, err := Open(ctx, data, master)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	}
}

// TestSalsa20 compares with the library, which does it in one piece.
func TestSalsa20(t *testing.T) {
	const key = "key"
	s := &salsa{key: sha256.Sum256([]byte(key))}
	var got []byte
	for _, n := range []int{0, 1, 63, 64, 65, 200, 7} {
		b := make([]byte, n)
		s.xor(b)
		got = append(got, b...)
	}
	want := make([]byte, len(got))
	sum := sha256.Sum256([]byte(key))
	salsa20.XORKeyStream(want, want, []byte{0xe8, 0x30, 0x09, 0x4b, 0x97, 0x20, 0x5d, 0x2a}, &sum)
	if !bytes.Equal(got, want) {
		t.Errorf("got  %x\nwant %x", got, want)
	}
}

func TestXML(t *testing.T) {
	reveal := func(s string) (string, error) { return "<" + s + ">", nil }
	for text, want := range map[string]string{
		`<a/>`: ``,
		"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- <x> -->\n<a><b>1 &lt;&#65;&#x42;&amp;&quot;&apos;&gt;</b>\r\n<b>2</b><c/></a>\n": `map[b:[1 <AB&"'> 2] c:]`,
		`<a><b x='1' y = "&lt;"/><c z="1">t</c></a>`:                 `map[b:map[content: x:1 y:<] c:map[content:t z:1]]`,
		`<a><![CDATA[<b>]]>x</a>`:                                    `<b>x`,
		`<a><V Protected="True"> eA== </V><V Protected="true"/></a>`: `map[V:[map[Protected:True content:<eA==>] map[Protected:true content:<>]]]`,
		`<a><Group/><Entry/></a>`:                                    `map[Entry:[] Group:[]]`,
	} {
		e, err := parse(context.Background(), []byte(text), reveal)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got := fmt.Sprint(plain(e)); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{
		"", "x", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a", "<>", "<a x=1/>", "<a x='1/>", "<a x='&y;'/>", "<a>&x;</a>", "<a>&lt</a>",
		"<!DOCTYPE a><a/>", "<!x></!x>", "<a><![CDATA[x</a>", "<!-- <a/>", strings.Repeat("<a>", 1000) + strings.Repeat("</a>", 1000),
	} {
		if e, err := parse(context.Background(), []byte(text), reveal); err == nil {
			t.Errorf("%.30s: %v", text, plain(e))
		}
	}
}

// TestLongXML: a document as large as one may be is read to its end, which it
// would not be in this life if the work grew with its square. It takes not much
// memory, and no longer than its context.
func TestLongXML(t *testing.T) {
	reveal := func(s string) (string, error) { return s, nil }
	long := func(s string) []byte { return []byte("<a>" + strings.Repeat(s, maxText/len(s)-10) + "</a>") }
	for text, want := range map[string]error{"<a/>": errElements, `<a b=""/>`: errElements, "x<!---->": nil, "x<![CDATA[y]]>": nil, "<?x?>": nil} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		data := long(text)
		_, err := parse(context.Background(), data, reveal)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, want) {
			t.Errorf("%s: %v", text, err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 12*maxText {
			t.Errorf("%s: %d MiB", text, took>>20)
		}
		over, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := parse(over, data, reveal); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", text, err)
		}
	}
	many := "<a" + strings.Repeat(` b=""`, maxElements) + "/>"
	if _, err := parse(context.Background(), []byte(many), reveal); !errors.Is(err, errElements) {
		t.Error(err)
	}
}

// TestStopReading: what follows the key derivation ends with the context, too.
func TestStopReading(t *testing.T) {
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := gunzip(over, packed(t, gzip.BestCompression, "text"), 1000); err == nil {
		t.Error("gunzip goes on")
	}
	for name, data := range databases(t) {
		if strings.HasPrefix(name, "keepassxc") {
			continue
		}
		h, rest, err := readHeader(data)
		if err != nil {
			t.Fatal(err)
		}
		first := sha256.Sum256([]byte(master))
		composite := sha256.Sum256(first[:])
		key, err := h.derive(context.Background(), composite[:])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.read(context.Background(), rest, key); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := h.read(over, rest, key); err == nil {
			t.Errorf("%s: it is read to its end", name)
		}
	}
}

func packed(t testing.TB, level int, text string) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	w.Name, w.Comment, w.Extra = "name", "comment", []byte("extra")
	io.WriteString(w, text)
	w.Close()
	return b.Bytes()
}

func TestGunzip(t *testing.T) {
	var mixed strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&mixed, "%d %x", i*i*i, i*7919)
	}
	for _, text := range []string{"", "a", strings.Repeat("a", 100_000), mixed.String()} {
		for _, level := range []int{gzip.NoCompression, gzip.BestSpeed, gzip.BestCompression, gzip.HuffmanOnly} {
			got, err := gunzip(context.Background(), packed(t, level, text), len(text)+1)
			if err != nil || string(got) != text {
				t.Errorf("%.10s..., level %d: %d bytes, %v", text, level, len(got), err)
			}
		}
	}
	long := strings.Repeat("a", 1<<20)
	broken := packed(t, gzip.BestCompression, "text")
	broken[len(broken)-5] ^= 1 // of the checksum
	for i, data := range [][]byte{packed(t, gzip.NoCompression, long), packed(t, gzip.BestCompression, long), broken, nil, []byte("text")} {
		if text, err := gunzip(context.Background(), data, 1000); err == nil {
			t.Errorf("case %d: %d bytes", i, len(text))
		}
	}
}

func FuzzHeader(f *testing.F) {
	for _, data := range databases(f) {
		f.Add(data[:min(400, len(data))])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if h, rest, err := readHeader(data); err == nil && len(h.raw)+len(rest) != len(data) {
			t.Error("bytes are lost")
		}
		if !huge(data) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			Open(ctx, data, master)
		}
	})
}

func FuzzXML(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><a b="c"><d Protected="True">eA==</d><![CDATA[x]]>&amp;</a>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if e, err := parse(context.Background(), data, func(s string) (string, error) { return s, nil }); err == nil {
			Tree(e)
		}
	})
}
