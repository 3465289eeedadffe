//go:build e2e

package e2e

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// takes is a server that takes a message, and then does these things.
func takes(acts ...act) script {
	return standard.on("DATA", append([]act{say("354 go ahead"), message}, acts...)...)
}

// interrupts is a server that does these things in the middle of a message.
func interrupts(acts ...act) script {
	return standard.on("DATA", append([]act{say("354 go ahead"), hear}, acts...)...)
}

// message waits for the end of a message.
func message(p *peer) error {
	for {
		line, err := p.lines.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return err
		}
	}
}

// moreThanFits is more than the system takes from us while nobody reads it:
// some 4 MB, on loopback.
const moreThanFits = 12_000_000

const (
	sendsLarge = "-f a@b.c --to d@e.f --payload-file {large}"
	sendsSmall = "-f a@b.c --to d@e.f"
	sendsTwo   = "--lmtp -f a@b.c --to d@e.f,g@h.i"
)

// badTakers are servers that want us to send, or to wait, for ever. {large}
// stands for a large payload.
var badTakers = []hostileCase{
	{"reads no message", interrupts(pause(time.Minute)), sendsLarge, 2, "body"},
	{"reads no message, and talks without end", interrupts(forever("250-ok\r\n")), sendsLarge, 2, "body"},
	{"hangs up in the middle", interrupts(hangUp), sendsLarge, 2, "body"},
	{"resets in the middle", interrupts(reset), sendsLarge, 2, "body"},
	{"refuses in the middle", interrupts(say("552 too much"), message), sendsLarge, 2, "body refused: 552 too much"},
	{"refuses in the middle, and hangs up", interrupts(say("552 too much"), hangUp), sendsLarge, 2, "body refused: 552 too much"},
	{"accepts in the middle", interrupts(say("250 ok"), message), sendsLarge, 2, "body"},
	{"wants no 354", standard.on("DATA", say("250 ok")), sendsSmall, 2, "data"},
	{"silence after DATA", standard.on("DATA", mute), sendsSmall, 2, "data"},
	{"reply to DATA without end", standard.on("DATA", forever("354-go\r\n")), sendsSmall, 2, "data"},
	{"silence after the message", takes(mute), sendsSmall, 2, "body"},
	{"silence after a large message", takes(mute), sendsLarge, 2, "body"},
	{"hangs up after the message", takes(hangUp), sendsSmall, 2, "body"},
	{"resets after the message", takes(reset), sendsSmall, 2, "body"},
	{"reply to the message without end", takes(forever("250-ok\r\n")), sendsSmall, 2, "body"},
	{"line of reply to the message without end", takes(forever("250 ok ")), sendsSmall, 2, "body"},
	{"one reply for two recipients", takes(say("250 ok")), sendsTwo, 2, "body g@h.i"},
	{"three replies for two recipients", takes(say("250 ok", "250 ok", "550 no")), sendsTwo, 2, ""},
	{"message taken, and one refused", takes(say("250 ok", "550 no")), sendsTwo, 2, "body g@h.i refused: 550 no"},
	{"message taken", takes(say("250 ok")), sendsSmall, 0, ""},
}

// TestDeliveryHostile asks of a message what TestHostileServers asks of the
// rest.
func TestDeliveryHostile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "large")
	writeFile(t, file, large(moreThanFits), 0o644)
	for _, c := range badTakers {
		c.args = strings.ReplaceAll(c.args, "{large}", file)
		t.Run(c.name, func(t *testing.T) { c.check(t, playTCP(t, c.server).port()) })
	}
}
