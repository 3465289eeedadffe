package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// tree is a directory with two files, made at some time with some mask.
func tree(t *testing.T, at time.Time, mode os.FileMode) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "thing-1.0")
	for name, text := range map[string]string{"run": "#!", "doc/read me": "hello"} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		mode := mode
		if name != "run" {
			mode &^= 0o111
		}
		if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chmod(path, mode|0o600), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func packed(t *testing.T, name, root string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := run([]string{path, root}, "1764115200"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestSame: the same content makes the same archive, whenever and by whomever.
func TestSame(t *testing.T) {
	for _, name := range []string{"x.tar.gz", "x.zip"} {
		one := packed(t, name, tree(t, time.Unix(1e9, 0), 0o755))
		two := packed(t, name, tree(t, time.Unix(11e8, 7), 0o700))
		if !bytes.Equal(one, two) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestContent(t *testing.T) {
	root := tree(t, time.Unix(1e9, 0), 0o755)
	const want = "drwxr-xr-x thing-1.0/\ndrwxr-xr-x thing-1.0/doc/\n-rw-r--r-- thing-1.0/doc/read me hello\n-rwxr-xr-x thing-1.0/run #!\n"
	if got := listTar(t, packed(t, "x.tar.gz", root)); got != want {
		t.Errorf("tar: %s", got)
	}
	if got := listZip(t, packed(t, "x.zip", root)); got != want {
		t.Errorf("zip: %s", got)
	}
}

func listTar(t *testing.T, archive []byte) string {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for r := tar.NewReader(unzipped); ; {
		h, err := r.Next()
		if err == io.EOF {
			return lines.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil || h.ModTime.Unix() != 1764115200 || h.Uid != 0 || h.Uname != "" {
			t.Errorf("%s: %v %+v", h.Name, err, h)
		}
		lines.WriteString(strings.TrimRight(h.FileInfo().Mode().String()+" "+h.Name+" "+string(text), " ") + "\n")
	}
}

func listZip(t *testing.T, archive []byte) string {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, f := range r.File {
		opened, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(opened)
		if err != nil || f.Modified.Unix() != 1764115200 {
			t.Errorf("%s: %v %v", f.Name, err, f.Modified)
		}
		lines.WriteString(strings.TrimRight(f.Mode().String()+" "+f.Name+" "+string(text), " ") + "\n")
	}
	return lines.String()
}

func TestRefused(t *testing.T) {
	root := tree(t, time.Unix(1e9, 0), 0o755)
	out := filepath.Join(t.TempDir(), "x.zip")
	for name, err := range map[string]error{
		"no directory": run([]string{out, filepath.Join(root, "none")}, "0"),
		"no time":      run([]string{out, root}, ""),
		"no words":     run(nil, "0"),
		"no place":     run([]string{filepath.Join(root, "run", "x.zip"), root}, "0"),
	} {
		if err == nil {
			t.Errorf("%s is no error", name)
		}
	}
	if err := os.Symlink("run", filepath.Join(root, "link")); err == nil && run([]string{out, root}, "0") == nil {
		t.Error("a link is no error")
	}
}
