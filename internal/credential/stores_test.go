package credential

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/credential/jsonpath"
	"check_smtp/internal/plan"
	"check_smtp/internal/web"
)

func TestDeref(t *testing.T) {
	s := system(map[string]string{"/f": "geheim\n", "/d/c": "geheim"}, map[string]string{"V": "geheim", "CREDENTIALS_DIRECTORY": "/d"})
	for value, want := range map[string]string{
		"geheim": "geheim", "": "", "@file:/f": "geheim", "@env:V": "geheim", "@credential:c": "geheim", "@x": "@x", "file:/f": "file:/f",
		"@file:/g": "", "@env:W": "", "@env:": "", "@credential:../c": "",
	} {
		found, note, err := deref(s, plan.NewSecret(value))
		if text := found.Reveal(); text != want || note != "" || (err == nil) != (want != "" || value == "") {
			t.Errorf("%q: %q, %q, %v", value, found.Reveal(), note, err)
		}
	}
}

func TestJSON(t *testing.T) {
	s := system(map[string]string{"/a": `{"smtp": {"password": "geheim", "port": 587, "none": "", "more": []}}`, "/b": `{"a": "geheim"`, "/c": `{} geheim`, "/d": "",
		"/deep": strings.Repeat(`{"a":`, 9900) + "1" + strings.Repeat("}", 9900), "/many": "[" + strings.Repeat("0,", 100_000) + "0]",
		"/wide": `{"smtp":` + strings.Repeat("[", 150) + strings.Repeat("[],", 9000) + "0" + strings.Repeat("]", 150) + "}",
	}, nil)
	doc, note, err := document(s, "/a")
	if note != "" || err != nil {
		t.Fatal(note, err)
	}
	for path, want := range map[string]string{
		"$.smtp.password": "geheim", "$..port": "587", "$.x": "nothing is found", "$.smtp.none": "what is found is empty", "$.smtp": "what is found is not a text", "$..more": "what is found is not a text",
	} {
		q, err := jsonpath.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		text, err := search(doc, q)
		if err != nil {
			text = err.Error()
		}
		if text != want {
			t.Errorf("%s: %s", path, text)
		}
	}
	wide, _, err := document(s, "/wide")
	if err != nil {
		t.Fatal(err)
	}
	if q, err := jsonpath.Parse("$..*..*"); err != nil {
		t.Error(err)
	} else if text, err := search(wide, q); err == nil || err.Error() != "the path visits too much" {
		t.Error(text, err)
	}
	for name, want := range map[string]string{
		"/deep": `"/deep" is nested deeper than 200 levels`, "/many": `"/many" is of more than 100000 values`,
		"/b": `"/b" is not JSON`, "/c": `"/c" is not JSON`, "/d": `"/d" is empty`, "/e": `"/e": file does not exist`} {
		if _, _, err := document(s, name); err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeePass(t *testing.T) {
	data, err := os.ReadFile("kdbx/testdata/aes-argon2d.kdbx")
	if err != nil {
		t.Fatal(err)
	}
	s := system(map[string]string{"/a": string(data), "/b": "geheim"}, nil)
	doc, err := openKeePass(context.Background(), s, "/a", plan.NewSecret("open sesame"))
	if err != nil || !strings.Contains(fmt.Sprint(doc), "s3cret") {
		t.Error(err)
	}
	over, cancel := context.WithDeadline(context.Background(), time.Unix(1, 0))
	defer cancel()
	for want, ask := range map[string]func() (any, error){
		`"/a": the password does not open the database`:          func() (any, error) { return openKeePass(context.Background(), s, "/a", plan.NewSecret("wrong")) },
		`"/b": not a database of KeePass`:                        func() (any, error) { return openKeePass(context.Background(), s, "/b", plan.NewSecret("wrong")) },
		`"/c": file does not exist`:                              func() (any, error) { return openKeePass(context.Background(), s, "/c", plan.NewSecret("wrong")) },
		`"/a": its key derivation takes longer than the timeout`: func() (any, error) { return openKeePass(over, s, "/a", plan.NewSecret("open sesame")) },
	} {
		if _, err := ask(); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestDatabase: what is read of a file is bounded, whatever its size was said to be.
func TestDatabase(t *testing.T) {
	for _, size := range []int{0, 1000, maxDatabase, maxDatabase + 1, maxDatabase + 1000} {
		s := Env{Open: func(string) (io.ReadCloser, int64, error) {
			return io.NopCloser(strings.NewReader(strings.Repeat("x", size))), 5, nil
		}}
		data, err := database(s, "/a")
		switch {
		case size > maxDatabase && (err == nil || err.Error() != "it is larger than 16 MiB"), size <= maxDatabase && (err != nil || len(data) != size):
			t.Errorf("%d bytes: %d, %v", size, len(data), err)
		}
	}
}

// ending is a context whose time is over when it is looked at once more.
type ending struct {
	context.Context
	left int
}

func (e *ending) Err() error {
	if e.left--; e.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// TestKeePassTime: whenever the time ends, opening ends, and says what it was at.
func TestKeePassTime(t *testing.T) {
	data, err := os.ReadFile("kdbx/testdata/chacha-argon2id.kdbx")
	if err != nil {
		t.Fatal(err)
	}
	s := system(map[string]string{"/a": string(data)}, nil)
	seen := map[string]int{}
	for looks := range 1000 {
		_, err := openKeePass(&ending{context.Background(), looks}, s, "/a", plan.NewSecret("open sesame"))
		if err == nil {
			break
		}
		seen[err.Error()]++
	}
	derivation, reading := seen[`"/a": its key derivation takes longer than the timeout`], seen[`"/a": reading it takes longer than the timeout`]
	if derivation == 0 || reading < 4 || len(seen) != 2 {
		t.Error(seen)
	}
}

func TestTeamPass(t *testing.T) {
	answers := map[string]string{"/ok": `[{"label": "mx1", "pw": "geheim"}]`, "/bad": "geheim",
		"/many": "[" + strings.Repeat(`{"":0},`, 149_000) + "0]", "/deep": strings.Repeat("[", 9900) + strings.Repeat("]", 9900),
	}
	status := map[string]int{"/403": 403, "/500": 500, "/302": 302}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("apikey") != "k&y geheim" {
			w.WriteHeader(401)
			return
		}
		if code := status[r.URL.Path]; code != 0 {
			w.WriteHeader(code)
		}
		io.WriteString(w, answers[r.URL.Path])
	}))
	defer server.Close()
	for target, want := range map[string]string{
		"/ok": "", "/ok?x=y": "", "/bad": "the answer is not JSON", "/many": "the answer is of more than 20000 values", "/deep": "the answer is nested deeper than 200 levels",
		"/403": "permission denied (403)", "/500": "an unexpected answer (500)", "/302": "the server redirects, which is not followed (302)",
	} {
		c, _, err := web.Parse(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		doc, err := askTeamPass(ctx, c, target, plan.NewSecret("k&y geheim"))
		cancel()
		if err == nil {
			err = errors.New("")
		}
		if err.Error() != want || (want == "") != (fmt.Sprint(doc) == "[map[label:mx1 pw:geheim]]") {
			t.Errorf("%s: %v, %v", target, doc, err)
		}
	}
}

func TestExpand(t *testing.T) {
	value := func(name string) (string, error) {
		if name == "no" {
			return "", errors.New("no such name")
		}
		return "<" + name + "%{x}>", nil
	}
	for text, want := range map[string]string{
		"": "", "plain": "plain", "%{a}": "<a%{x}>", "x%{a}y%{b c}z": "x<a%{x}>y<b c%{x}>z", "%a{}": "%a{}", "%{no}": "no such name", "%{a": "a } is missing", "%{}": "<%{x}>",
	} {
		got, err := expand(text, value)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// TestInClear: a token that goes over a network in clear is remarked upon.
func TestInClear(t *testing.T) {
	for host, want := range map[string]int{"http://192.0.2.1": 1, "https://192.0.2.1": 0, "http://127.0.0.9": 0, "http://localhost": 0, "http://[::1]": 0, "http://vault.test": 1} {
		f := &filling{set: typed{"vault-address": host}, env: system(nil, nil)}
		c := &consultation{filling: f, manager: &manager{name: "hashicorpvault"}}
		if _, err := c.vaultClient(); err != nil || len(f.notes) != want {
			t.Errorf("%s: %q, %v", host, f.notes, err)
		}
	}
}
