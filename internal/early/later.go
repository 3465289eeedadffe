//go:build later && go1.26 && !go1.27

package early

import "unsafe"

// What a package does when the program starts is a list of functions, which the
// runtime runs when their turn comes (runtime/proc.go, initTask). For a check without
// TLS most of that is in vain, and most of it is done for cryptography: 45 of 315 pages
// are touched for it. Here the lists that are not always needed are set aside
// before their turn, and Begin runs them where somebody may need them.

// task is such a list. Of a package that has none, or is not linked, it is zero: what
// stands here is a wish, and the package's own list is taken where there is one.
type task struct {
	state uint32 // done: it is not run, whether it was or not
	n     uint32 // how many functions there are; their addresses follow
}

const done = 2

func init() {
	for _, group := range groups {
		for i, t := range group {
			if t.state != 0 || t.n == 0 {
				group[i] = &task{} // its turn was before ours, or it has none
			}
			t.state = done
		}
	}
}

// begin runs the lists of a group.
func begin(group int) {
	for _, t := range groups[group] {
		for i := range t.n {
			f := unsafe.Add(unsafe.Pointer(t), unsafe.Sizeof(*t)+uintptr(i)*unsafe.Sizeof(uintptr(0)))
			(*(*func())(unsafe.Pointer(&f)))()
		}
	}
	groups[group] = nil
}
