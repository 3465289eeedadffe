//go:build !unix

package render

import (
	"io/fs"
	"os"
)

// Who may write to a directory: nobody asks here.
const world, anyGroup fs.FileMode = 0, 0

// trap knows of no sticky directories here.
func trap(string, fs.FileInfo, fs.FileMode) bool { return false }

// inherit leaves a file to the rules of its directory.
func inherit(*os.File, fs.FileInfo) {}
