package session

import (
	"strings"
	"time"
	"unicode/utf8"

	"check_smtp/internal/facts"
	"check_smtp/internal/smtp"
)

// maxHeld is how much of a conversation is kept, in bytes: a server may answer
// each of a thousand commands with 100 kB, and all of it would be ours to hold
// until the end. What comes later is judged as ever, and kept as an outline. Several
// sessions of a run share it.
const maxHeld = 2000 * 1000

const (
	lineCost   = 100 // bytes that a line takes beside its text
	maxOutline = 250 // bytes of a reply that an outline shows
)

// holding counts what is kept of what was said.
type holding struct {
	among int // sessions that share the room
	bytes int
	full  bool // the last reply was kept as an outline only
}

// fits takes so many bytes, if there is room for them.
func (h *holding) fits(n int) bool {
	if h.bytes+n > maxHeld/max(1, h.among) {
		return false
	}
	h.bytes += n
	return true
}

// noteReply writes a reply down.
func (t *talk) noteReply(r smtp.Reply) {
	size := 0
	for _, line := range r.Lines {
		size += len(line) + 2*lineCost // in the dialogue and in a record
	}
	if t.held.full = !t.held.fits(size); t.held.full {
		r, _ = masked(t.mask, r, nil) // before it is cut: half a secret would not be found
		t.note(false, outline(r))
		return
	}
	lines := t.mask.HideLines(r.Lines)
	for i, line := range lines {
		if len(lines) != len(t.came) { // hidden lines may be joined
			i = len(t.came) - 1
		}
		t.facts.Dialogue = append(t.facts.Dialogue, facts.Line{At: t.came[i], Text: line})
	}
}

// kept is as much of the last reply as there is room for.
func (t *talk) kept(r smtp.Reply) smtp.Reply {
	if t.held.full && len(r.Lines) > 0 {
		r.Lines = []string{outline(r)}
	}
	return r
}

// outline is the beginning of a reply on one line.
func outline(r smtp.Reply) string {
	lines, size := 0, 0
	for lines < len(r.Lines) && size <= 2*maxOutline { // the rest is not even looked at
		size += len(r.Lines[lines])
		lines++
	}
	more := lines < len(r.Lines)
	r.Lines = r.Lines[:lines]
	text := strings.Join(r.Lines, " ")
	if r.Code != 0 {
		text = r.String()
	}
	if len(text) <= maxOutline && more {
		return text + "..."
	}
	return cut(text)
}

// cut is the beginning of a text, with a mark where there is more of it.
func cut(text string) string {
	if len(text) <= maxOutline {
		return text
	}
	end := maxOutline
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "..." // a copy: the rest is free to go
}

// note writes down one line that was said now.
func (t *talk) note(client bool, text string) { t.noteAt(time.Since(t.facts.Start), client, text) }

// noteAt writes down one line with its time.
func (t *talk) noteAt(at time.Duration, client bool, text string) {
	if !t.held.fits(len(text) + lineCost) {
		text = cut(text)
	}
	t.facts.Dialogue = append(t.facts.Dialogue, facts.Line{At: at, Client: client, Text: text})
}
