//go:build !unix

package main

import "os"

// impatient reads what is there: a regular file here never lets its reader wait.
type impatient struct{ *os.File }
