package message

import (
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

func TestEncodeText(t *testing.T) {
	for _, tt := range []struct{ charset, text, want string }{
		{"UTF-8", "Grüße €", "Grüße €"},
		{"utf8", "ü", "ü"},
		{"US-ASCII", "plain\r\n", "plain\r\n"},
		{"ascii", "", ""},
		{"ISO-8859-1", "Grüße", "Gr\xfc\xdfe"},
		{"latin1", "ü\n", "\xfc\n"},
		{"iso_8859-1:1987", "ü", "\xfc"},
		{"ISO-8859-15", "€", "\xa4"},
		{"Windows-1252", "€ “ü”", "\x80 \x93\xfc\x94"},
		{"cp1252", "…", "\x85"},
		{"iso-8859-2", "Łódź", "\xa3\xf3d\xbc"},
		{"windows-1250", "Łódź", "\xa3\xf3d\x9f"},
		{"koi8-r", "Привет", "\xf0\xd2\xc9\xd7\xc5\xd4"},
		{"windows-1251", "Привет", "\xcf\xf0\xe8\xe2\xe5\xf2"},
		{"iso-8859-7", "Γειά", "\xc3\xe5\xe9\xdc"},
		{"IBM850", "ü", "\x81"},
		{"macintosh", "ü", "\x9f"},
		{"Shift_JIS", "plain ASCII", "plain ASCII"},
		{"ISO-2022-JP", "plain ASCII", "plain ASCII"},
	} {
		if got, err := EncodeText(tt.charset, tt.text); err != nil || got != tt.want {
			t.Errorf("%q in %s: %q (%v), want %q", tt.text, tt.charset, got, err, tt.want)
		}
	}
	for _, tt := range []struct{ charset, text, want string }{
		{"UTF-8", "\xfc", "it is not UTF-8"},
		{"iso-8859-1", "\xfc", "it is not UTF-8"},
		{"us-ascii", "Grüße", `"ü" is not in us-ascii`},
		{"ISO-8859-1", "5 €", `"€" is not in ISO-8859-1`},
		{"iso-8859-15", "日本", `"日" is not in iso-8859-15`},
		{"Shift_JIS", "日本", `"日" cannot be written in Shift_JIS here`},
		{"klingon", "", "the charset klingon is not known here"},
		{"utf-16", "plain", "text in utf-16 cannot be mailed"},
		{"UTF-32LE", "plain", "text in UTF-32LE cannot be mailed"},
	} {
		if got, err := EncodeText(tt.charset, tt.text); err == nil || err.Error() != tt.want {
			t.Errorf("%q in %s: %q (%v), want %s", tt.text, tt.charset, got, err, tt.want)
		}
	}
}

func TestCheckEncoded(t *testing.T) {
	for _, tt := range []struct{ charset, text, want string }{
		{"UTF-8", "ü\n", ""},
		{"utf-8", "\xfc\n", "it is not UTF-8"},
		{"us-ascii", "a\n", ""},
		{"us-ascii", "a\x80", "its byte 0x80 is not in us-ascii"},
		{"iso-8859-1", "\xfc\n", ""},
		{"iso-8859-1", "ü\n", ""}, // two letters, though nobody means them
		{"iso-8859-6", "\xff\n", "its byte 0xff is not in iso-8859-6"},
		{"windows-1253", "\xd2", "its byte 0xd2 is not in windows-1253"},
		{"Shift_JIS", "\x93\xfa", ""},
		{"klingon", "\xff\x00", ""},
		{"utf-16", "a\x00", "text in utf-16 cannot be mailed"},
	} {
		got := ""
		if err := CheckEncoded(tt.charset, tt.text); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%q in %s: %q, want %q", tt.text, tt.charset, got, tt.want)
		}
	}
}

// TestTables: each table is the library's, in both directions.
func TestTables(t *testing.T) {
	for charset, theirs := range map[string]*charmap.Charmap{
		"ISO-8859-1": charmap.ISO8859_1, "ISO-8859-2": charmap.ISO8859_2, "ISO-8859-3": charmap.ISO8859_3, "ISO-8859-4": charmap.ISO8859_4,
		"ISO-8859-5": charmap.ISO8859_5, "ISO-8859-6": charmap.ISO8859_6, "ISO-8859-7": charmap.ISO8859_7, "ISO-8859-8": charmap.ISO8859_8,
		"ISO-8859-9": charmap.ISO8859_9, "ISO-8859-10": charmap.ISO8859_10, "ISO-8859-13": charmap.ISO8859_13, "ISO-8859-14": charmap.ISO8859_14,
		"ISO-8859-15": charmap.ISO8859_15, "ISO-8859-16": charmap.ISO8859_16,
		"windows-1250": charmap.Windows1250, "windows-1251": charmap.Windows1251, "windows-1252": charmap.Windows1252,
		"windows-1253": charmap.Windows1253, "windows-1254": charmap.Windows1254, "windows-1255": charmap.Windows1255,
		"windows-1256": charmap.Windows1256, "windows-1257": charmap.Windows1257, "windows-1258": charmap.Windows1258, "windows-874": charmap.Windows874,
		"KOI8-R": charmap.KOI8R, "KOI8-U": charmap.KOI8U, "macintosh": charmap.Macintosh,
		"IBM437": charmap.CodePage437, "IBM850": charmap.CodePage850, "IBM852": charmap.CodePage852, "IBM00858": charmap.CodePage858, "IBM866": charmap.CodePage866,
	} {
		upper := []rune(tableOf(keyOf(charset)))
		if len(upper) != 128 {
			t.Errorf("%s has %d characters above ASCII", charset, len(upper))
			continue
		}
		for i, ours := range upper {
			r := theirs.DecodeByte(byte(utf8.RuneSelf + i))
			if r == utf8.RuneError {
				r = nothing
			}
			if r != ours {
				t.Errorf("%s: the byte %#02x is %q, want %q", charset, utf8.RuneSelf+i, ours, r)
			}
		}
		want := map[rune]byte{}
		for r := rune(utf8.RuneSelf); r <= utf8.MaxRune; r++ {
			if c, ok := theirs.EncodeRune(r); ok && r != utf8.RuneError {
				want[r] = c
			}
		}
		if got := codes(tableOf(keyOf(charset))); !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", charset, got, want)
		}
	}
}

// Whatever is written in a charset can be of it.
func FuzzEncodeText(f *testing.F) {
	f.Add("iso-8859-1", "Grüße")
	f.Add("koi8-u", "\x80ї")
	f.Fuzz(func(t *testing.T, charset, text string) {
		encoded, err := EncodeText(charset, text)
		if err == nil {
			err = CheckEncoded(charset, encoded)
			if plain := isASCII(text) && encoded != text; plain || err != nil {
				t.Errorf("%q in %q: %q, %v", text, charset, encoded, err)
			}
		} else if strings.ContainsAny(err.Error(), "\r\n\x00") && !strings.ContainsAny(charset, "\r\n\x00") {
			t.Errorf("%q is not one line", err)
		}
	})
}
