//go:build e2e

package e2e

import (
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The picture's history: so many runs, a minute apart.
const picturedRuns = 60

// lazy is a server with a login whose banner, login and message take as long as it is
// busy, 0 to 1.
func lazy(busy float64) script {
	ms := func(least, more float64) act {
		return pause(time.Duration((least + more*busy) * float64(time.Millisecond)))
	}
	s := withLogin(offers("mx1"))
	s = s.on("", ms(30, 120), say("220 mx1.example.org ESMTP"))
	s = s.on("MAIL", ms(5, 10), say("250 ok")).on("RCPT", ms(10, 30), say("250 ok"))
	return s.on("DATA", say("354 go ahead"), message, ms(20, 60), say("250 ok"))
}

// busyAt is how busy the servers are at a run: now more, now less, and very much for a
// while.
func busyAt(run int) float64 {
	busy := 0.3 + 0.2*math.Sin(float64(run)/5)
	if run > 35 && run < 44 {
		busy = 1
	}
	return busy
}

// picturedHistory are real runs against servers of these tests, at made up minutes. The
// names are those of the pages.
func picturedHistory(t *testing.T, end time.Time) *history {
	t.Helper()
	var h history
	passwordFile, _ := startMX1(t)
	names := strings.NewReplacer(`host="127.0.77.31,127.0.77.32"`, `host="example.org"`, mx1, "mx1.example.org", "127.0.77.31", "mx2.example.org", "127.0.77.32", "mx3.example.org")
	quick := greets(pause(25*time.Millisecond), say("220 ready")).on("EHLO", pause(15*time.Millisecond), say("250 mail.test"))
	playAt(t, "127.0.77.31:25", quick)
	third := playOnce(t, "127.0.77.32:25", quick)
	for run := range picturedRuns {
		busy := busyAt(run)
		server := playOnce(t, mx1+":2587", lazy(busy))
		at := end.Add(time.Duration(run-picturedRuns+1) * time.Minute)
		if run == 40 {
			third.stop()
		}
		if run == 46 {
			third = playOnce(t, "127.0.77.32:25", quick)
		}
		for _, args := range []string{
			"-H " + mx1 + " -p 2587 -S --verify -D 30% -U monitor --authpass-file " + passwordFile + " -f monitor@example.org --to sink@example.org -w banner_time=0.12",
			"--target 127.0.77.31 --target 127.0.77.32",
		} {
			o := runPlugin(ours, []string{"SSL_CERT_FILE=" + os.Getenv("SSL_CERT_FILE")}, append(strings.Fields(args), "--output-format=openmetrics")...)
			if o.exit > 2 {
				t.Fatal(o)
			}
			h.add(names.Replace(o.stdout), at)
		}
		server.stop()
	}
	third.stop()
	return &h
}

// playOnce starts a server that the caller stops, and that the test does not.
func playOnce(t *testing.T, address string, s script) *scripted {
	t.Helper()
	server, err := play("tcp", address, s)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// TestPictures draws the dashboard's panels with what Prometheus answers to their
// queries. The picture in the pages is of the same shape; with PICTURES it is written
// there.
func TestPictures(t *testing.T) {
	end := time.Now().Truncate(time.Minute)
	data := filepath.Join(tempDir(t), "data")
	picturedHistory(t, end).write(t, data)
	api := startPrometheusAt(t, data, "global: {}\n")
	d := &drawer{ask: func(expr string) []sample {
		return promAnswers(t, api, "query_range", url.Values{"query": {expr}, "step": {"60"},
			"start": {fmt.Sprint(end.Add(-(picturedRuns - 1) * time.Minute).Unix())}, "end": {fmt.Sprint(end.Unix())}})
	}}
	svg := d.board(readBoard(t))
	if d.queries < 40 || strings.Contains(svg, ">No data<") {
		t.Errorf("%d queries, and a panel has no data", d.queries)
	}
	file := "../../cmd/check_smtp/doc/dashboard.svg"
	if dir := os.Getenv("PICTURES"); dir != "" {
		writeFile(t, filepath.Join(dir, "dashboard.svg"), svg, 0o644)
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := shapeOf(svg), shapeOf(string(kept)); got != want {
		t.Errorf("dashboard.svg is not what make pictures draws:\n%s\nand it is\n%s", got, want)
	}
}

// shapeOf are a picture's panels and the names in them, without what differs from run
// to run: numbers, and the lines that they draw.
func shapeOf(svg string) string {
	text := ""
	for _, m := range regexp.MustCompile(`class="(\w+)"[^>]*>([^<]*)<`).FindAllStringSubmatch(svg, -1) {
		if m[1] == "title" || m[1] == "name" {
			text += m[1] + " " + m[2] + "\n"
		}
	}
	return text
}

// shown is a value in its unit.
func shown(v float64, unit string) string {
	switch {
	case unit == "s" && math.Abs(v) < 1:
		return strconv.FormatFloat(v*1000, 'f', 0, 64) + " ms"
	case unit == "s" && v > 86400:
		return strconv.FormatFloat(v/86400, 'f', 0, 64) + " d"
	case unit == "s":
		return strconv.FormatFloat(v, 'f', 1, 64) + " s"
	case unit == "d":
		return strconv.FormatFloat(v, 'f', 0, 64) + " d"
	case unit == "percentunit":
		return strconv.FormatFloat(v*100, 'f', 0, 64) + " %"
	case unit == "bytes":
		return strconv.FormatFloat(v, 'f', 0, 64) + " B"
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// named is what a series is called by its legend.
func named(format string, labels map[string]string) string {
	text := regexp.MustCompile(`\{\{(\w+)\}\}`).ReplaceAllStringFunc(format, func(m string) string { return labels[m[2:len(m)-2]] })
	return strings.Join(strings.Fields(text), " ")
}
