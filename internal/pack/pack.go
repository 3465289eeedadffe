// Command pack makes an archive of a directory that is the same wherever and whenever
// it is made: sorted, with one time and one owner. It packs files and directories
// only, and nothing of it is in the program.
//
//	SOURCE_DATE_EPOCH=1764115200 pack check_smtp-1.0.0.tar.gz check_smtp-1.0.0
package main

import (
	"archive/tar"
	"archive/zip"
	"compress/flate"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Getenv("SOURCE_DATE_EPOCH")); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func run(argv []string, epoch string) error {
	if len(argv) != 2 {
		return fmt.Errorf("usage: pack FILE.tar.gz|FILE.zip DIRECTORY")
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return fmt.Errorf("SOURCE_DATE_EPOCH is no number of seconds: %w", err)
	}
	file, err := os.Create(argv[0])
	if err != nil {
		return err
	}
	defer file.Close()
	pack := packTar
	if strings.HasSuffix(argv[0], ".zip") {
		pack = packZip
	}
	if err := pack(file, argv[1], time.Unix(seconds, 0).UTC()); err != nil {
		return err
	}
	return file.Close()
}

// entry is a file or a directory that is packed.
type entry struct {
	path string // of the file
	name string // in the archive, beginning with the directory's own
	dir  bool
	mode fs.FileMode
	size int64
}

// entries are what is in a directory, sorted.
func entries(root string) ([]entry, error) {
	var all []entry
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		below, err := filepath.Rel(filepath.Dir(root), path)
		e := entry{path: path, name: filepath.ToSlash(below), dir: d.IsDir(), mode: 0o644, size: info.Size()}
		if e.dir {
			e.name, e.size = e.name+"/", 0
		} else if !d.Type().IsRegular() {
			return fmt.Errorf("%s is neither a file nor a directory", path)
		}
		if info.Mode()&0o100 != 0 {
			e.mode = 0o755 // whatever the mask of who made it
		}
		all = append(all, e)
		return err
	})
	return all, err
}

func packTar(to io.Writer, root string, at time.Time) error {
	all, err := entries(root)
	if err != nil {
		return err
	}
	zipped, err := gzip.NewWriterLevel(to, gzip.BestCompression)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(zipped)
	for _, e := range all {
		header := &tar.Header{Name: e.name, Mode: int64(e.mode), Size: e.size, ModTime: at, Typeflag: tar.TypeReg, Format: tar.FormatUSTAR}
		if e.dir {
			header.Typeflag = tar.TypeDir
		}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if err := e.copy(archive); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return zipped.Close()
}

func packZip(to io.Writer, root string, at time.Time) error {
	all, err := entries(root)
	if err != nil {
		return err
	}
	archive := zip.NewWriter(to)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, e := range all {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: at}
		if e.dir {
			header.Method = zip.Store
			header.SetMode(fs.ModeDir | e.mode)
		} else {
			header.SetMode(e.mode)
		}
		w, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		if err := e.copy(w); err != nil {
			return err
		}
	}
	return archive.Close()
}

// copy writes what is in a file.
func (e entry) copy(to io.Writer) error {
	if e.dir {
		return nil
	}
	file, err := os.Open(e.path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(to, file)
	return err
}
