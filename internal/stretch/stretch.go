// Package stretch makes the stack of the program large before there is much on
// it, when the program imports it for its effect. It does nothing else.
//
// A stack that grows on the way is moved each time, and to move it the runtime
// reads its tables on every function that is on it: in a check that takes a
// millisecond that was a twentieth of the time and half a megabyte of memory. The
// package imports nothing, so that its turn comes before that of almost all
// others. What is not used of the stack takes no memory.
package stretch

func grow()

func init() { grow() }
