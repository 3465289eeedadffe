// Package early does what has to come before almost all other packages begin: it
// imports the runtime alone, so that its turn is before theirs.
//
// It makes the stack of the program large before there is much on it. A stack that
// grows on the way is moved each time, and to move it the runtime reads its tables
// on every function that is on it: in a check that takes a millisecond that was a
// twentieth of the time and half a megabyte of memory. What is not used of the stack
// takes no memory.
//
// Then the tables by which the runtime walks a stack have done their work. And the
// limit on open files is what it was, where the entry point has lowered it for the time
// in which the runtime begins.
package early

import "runtime"

// tables are from and to where those tables lie; zero: the entry point of
// cmd/check_smtp did not say.
var tables [2]uintptr

// files are RLIMIT_NOFILE's two values, soft and hard, of before the entry point of
// cmd/check_smtp lowered the first; zero: it did not.
var files [2]uint64

func grow()

func init() {
	grow()
	recruit()
	Unload()
	if files[0] > 0 {
		limit(&files)
	}
}

// recruit has the runtime start the goroutines now that it starts for the first
// finalizer and the first cleanup, which package os and others will ask for: it looks
// up their names in its tables.
func recruit() {
	thing := new([64]byte)
	runtime.SetFinalizer(thing, func(*[64]byte) {})
	runtime.AddCleanup(thing, func(int) {}, 0)
}

// Unload gives back the pages of the tables by which the runtime walks a stack, where
// that can be done. Who needs them after all maps them again.
func Unload() {
	const page = 4096
	from, to := (tables[0]+page-1)/page*page, tables[1]/page*page
	if from < to {
		discard(from, to-from)
	}
}

// What is put off until somebody needs it.
const (
	ofTLS   = iota // what TLS, certificates and logins begin with
	ofSpeed        // what lets ciphers be faster that few servers choose: asking the processor is dear in a virtual machine
	ofRest         // what else a check can do without
)

// Begin begins all that was put off, and BeginTLS what TLS, certificates and logins need. Both
// may be called more than once, but not at the same time. Before, those packages must
// not be used.
func Begin() {
	begin(ofSpeed)
	begin(ofTLS)
	begin(ofRest)
}

// BeginTLS: see Begin.
func BeginTLS() { begin(ofTLS) }
