package argon2

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"
)

// TestVectors holds the vectors of RFC 9106 sections 5.1 and 5.3.
func TestVectors(t *testing.T) {
	p := Params{
		Version: 0x13, Passes: 3, Memory: 32, Lanes: 4, Size: 32,
		Salt:   bytes.Repeat([]byte{2}, 16),
		Secret: bytes.Repeat([]byte{3}, 8),
		Data:   bytes.Repeat([]byte{4}, 12),
	}
	for kind, want := range map[int]string{
		D:  "512b391b6f1162975371d30919734294f868e3be3984f3c1a13a4db9fabe4acb",
		ID: "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659",
	} {
		p.Type = kind
		key, err := Key(context.Background(), bytes.Repeat([]byte{1}, 32), p)
		if got := hex.EncodeToString(key); err != nil || got != want {
			t.Errorf("type %d: %s, %v", kind, got, err)
		}
	}
}

// TestReference holds keys that argon2-cffi 21.1.0 (the reference
// implementation in C) derives from "password" and "somesalt".
func TestReference(t *testing.T) {
	for _, test := range []struct {
		kind, version         int
		passes, memory, lanes uint32
		want                  string
	}{
		{D, 0x13, 1, 256, 1, "9fb70355f3659531e8617231d124830878724aaf2ccdb1e6022c5f0dd16f3298aa63e30dfc355cb5"},
		{D, 0x13, 2, 1024, 2, "828e2c23e386c0b7314d147808929ba111ad833723e04ef49b975d646a9d97259ff421b7c812faac"},
		{D, 0x13, 3, 600, 3, "120e89b1ea162aa85f0a2583e298ccb077b484e382dadeac50771c019a302118ded453807516a773"},
		{D, 0x10, 1, 256, 1, "45c9718e2da2fed4634781259942c907ecb440bd8149d69423a99800e38a86cc2cfb5e251decc849"},
		{D, 0x10, 2, 1024, 2, "de7af33ec89d2ce1433aeb5bf4124846bd5d67acdc3cb9385fd4f911a44f863d0f5d3523a80fb295"},
		{D, 0x10, 3, 600, 3, "1cc69643d90c5c05e71b09fdebed8af54d40e1fca8821e8c9c48042707e4289faf4433f7cf25630b"},
		{ID, 0x13, 1, 256, 1, "9eaa9c46b52303ff25cb51abbcab3b015b1367fd688c525a5fb74cc30996516ee1aaf00cb335d836"},
		{ID, 0x13, 2, 1024, 2, "e6721e47fd7aba765cd149af22f689e7b12e9088e1eb2d34f757f0c7d946c9e55dd1c0599acd30f0"},
		{ID, 0x13, 3, 600, 3, "bf5bbaeec847ebf48a07a84a1d625762a6d5f41d7794f554024041d92fa32f4a675e223cc900553b"},
		{ID, 0x10, 1, 256, 1, "8f165aabbf2d4b6d49d32e3b484f79d0baa74d60e0204938dbd3c8f57bbc97694cfae97b8f4bcd19"},
		{ID, 0x10, 2, 1024, 2, "b99d26bb48ff9c05e6c0a92a72f8ca41b47360855bf5984baf98e267e4449f49ed4713fb5c2b7b1a"},
		{ID, 0x10, 3, 600, 3, "a7665735e09cc36f7f7789348d0e507bd7c5d92847312eb58a30a1384b9fdc9705c15c46d29cc3c2"},
	} {
		p := Params{Type: test.kind, Version: test.version, Passes: test.passes, Memory: test.memory, Lanes: test.lanes, Salt: []byte("somesalt"), Size: 40}
		key, err := Key(context.Background(), []byte("password"), p)
		if got := hex.EncodeToString(key); err != nil || got != test.want {
			t.Errorf("%+v: %s, %v", test, got, err)
		}
	}
}

func TestBlake2b(t *testing.T) {
	for data, want := range map[string]string{
		// RFC 7693 appendix A
		"abc": "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
		"":    "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce",
	} {
		if got := hex.EncodeToString(blake2b(64, []byte(data))); got != want {
			t.Errorf("%q: %s", data, got)
		}
	}
	if a, b := blake2b(32, []byte("abc")), blake2b(64, []byte("abc")); bytes.Equal(a, b[:32]) || len(a) != 32 {
		t.Error("the size is no part of the hash")
	}
}

// TestBlake2bLengths goes over the ends of blocks; the hashes are those of b2sum(1).
func TestBlake2bLengths(t *testing.T) {
	for n, want := range map[int]string{ // letters a
		127: "94596b9d6199c807c40ae1a935f3633ba5a8dd5655f7f1bd44f5285b1ce8dbb0054771eba409539df85a963296d28788807105153c90fa3ec3d761228e90f8b8",
		128: "fc6c71f688f43ea7d60817478808f3cac753e61571865c95adbc2d9122c943a76b92c2cb1047ef3fe7bf6e436ec1d0a99a9e5b216780bf7fed9d7ca91d3a8f3b",
		129: "55e6e0eb418149a8af92fd9ddc99254781b2f522a131b4f4d984404b71a00e1167b8124d5dcddd4c6977b299392335d6edd303da6d344d74bbef2d38101b232b",
		256: "0eee13d0c73a2710c5015a8b4be0a16120bb88f826b662951ffe4b3b81441cfdce1f712c58e237dba72a0dad7f9c86b9745ea0b4b3b850ff3a260fb7df9d3e81",
	} {
		if got := hex.EncodeToString(blake2b(64, []byte(strings.Repeat("a", n)))); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

func TestParams(t *testing.T) {
	good := Params{Type: ID, Version: 0x13, Passes: 1, Memory: 8, Lanes: 1, Size: 32}
	if _, err := Key(context.Background(), nil, good); err != nil {
		t.Error(err)
	}
	for i, change := range []func(*Params){
		func(p *Params) { p.Type = 1 },
		func(p *Params) { p.Version = 0x14 },
		func(p *Params) { p.Passes = 0 },
		func(p *Params) { p.Memory = 7 },
		func(p *Params) { p.Lanes = 0 },
		func(p *Params) { p.Lanes = 1 << 30 },
		func(p *Params) { p.Size = 3 },
		func(p *Params) { p.Size = 1 << 20 },
	} {
		p := good
		change(&p)
		if _, err := Key(context.Background(), nil, p); err == nil {
			t.Errorf("case %d is accepted", i)
		}
	}
}

// TestStop: what would take days ends with its context.
func TestStop(t *testing.T) {
	ctx, stop := context.WithCancelCause(context.Background())
	time.AfterFunc(50*time.Millisecond, func() { stop(errors.New("enough")) })
	_, err := Key(ctx, nil, Params{Type: D, Version: 0x13, Passes: 1 << 30, Memory: 1 << 10, Lanes: 2, Size: 32})
	if err == nil || err.Error() != "enough" {
		t.Error(err)
	}
}

func BenchmarkKey(b *testing.B) {
	for b.Loop() {
		Key(context.Background(), nil, Params{Type: D, Version: 0x13, Passes: 2, Memory: 64 << 10, Lanes: 2, Size: 32})
	}
}
