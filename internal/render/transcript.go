package render

import (
	"net"
	"strconv"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/verdict"
)

// Transcript is the whole dialogue for a file: when and with whom, every line
// that was said, and what came of it; of several targets one after the other. Secrets
// are not in it.
func Transcript(r verdict.Report) []byte {
	var out []byte
	all, _ := sessions(&r)
	for _, f := range all {
		out = append(out, conversation(f)...)
	}
	return append(out, "# "+clip(Summary(r), maxFirst)+"\n"...)
}

func conversation(f *facts.Session) []byte {
	whom := f.Host
	if f.Port != 0 {
		whom = net.JoinHostPort(whom, strconv.Itoa(f.Port))
	}
	out := []byte("# " + f.Start.UTC().Format(time.RFC3339) + " " + Clean(whom) + "\n")
	for _, l := range f.Dialogue {
		out = append(out, spokenAt(l)+Clean(l.Text)+"\n"...)
	}
	return out
}
