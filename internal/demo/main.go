// Command demo is what "make run" shows: a mail server inside this process, a
// few bad servers beside it, and a short tour of check_smtp against them. It
// needs no network but loopback. With a second argument it draws one run as a picture. It ends with exit code 1 when check_smtp does
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
	if len(os.Args) != 2 && len(os.Args) != 3 {
		fail("usage: demo /path/to/check_smtp [picture.svg]")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	do := func() error { return tour(ctx, os.Args[1], os.Stdout) }
	if len(os.Args) == 3 {
		do = func() error { return draw(ctx, os.Args[1], os.Args[2]) }
	}
	if err := do(); err != nil {
		cancel()
		fail(err)
	}
}

// draw writes the picture of "make pictures".
func draw(ctx context.Context, program, file string) error {
	svg, err := picture(ctx, program)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(svg), 0o644)
}

func fail(why any) {
	fmt.Fprintln(os.Stderr, "demo:", why)
	os.Exit(1)
}
