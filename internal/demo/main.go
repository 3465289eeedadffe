// Command demo is what "make run" shows: a mail server inside this process, a
// few bad servers beside it, and a short tour of check_smtp against them. It
// needs no network but loopback. It ends with exit code 1 when check_smtp does
// not answer as the tour says it does, so that it is a test, too.
package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

// patience is for the whole tour, which takes about two seconds, or more where
// much else is going on. It ends a tour in which a program hangs.
const patience = 2 * time.Minute

func main() {
	if len(os.Args) != 2 {
		fail("usage: demo /path/to/check_smtp")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	err := tour(ctx, os.Args[1], os.Stdout)
	cancel()
	if err != nil {
		fail(err)
	}
}

func fail(why any) {
	fmt.Fprintln(os.Stderr, "demo:", why)
	os.Exit(1)
}
