//go:build e2e

package e2e

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strconv"
	"strings"
)

// drawer draws a dashboard as SVG: its panels, where and in the units that its JSON
// says. It knows no more of Grafana than that.
type drawer struct {
	ask     func(expr string) []sample
	queries int
	b       strings.Builder
}

// How large a unit of the dashboard's grid is, in pixels.
const column, rowHeight = 42, 27

// The names of colours in dashboards, and those of lines.
var (
	colours = map[string]string{"green": "#56a64b", "orange": "#ff9830", "red": "#e02f44", "purple": "#a352cc", "blue": "#3274d9"}
	palette = strings.Fields("#73bf69 #f2cc0c #8ab8ff #ff780a #f2495c #5794f2 #b877d9 #705da0 #37872d #fade2a #447ebc #c15c17 #890f02 #0a437c #6d1f62 #584477 #b7dbab")
)

// line is a series with its name; NaN where there is none.
type line struct {
	name   string
	values []float64
}

func (d *drawer) board(b board) string {
	hosts := []string{"example.org", "mx1.example.org"}
	bottom := 0
	for _, p := range b.Panels {
		bottom = max(bottom, p.GridPos.Y+p.GridPos.H)
	}
	width, height := 24*column+16, bottom*rowHeight+48
	fmt.Fprintf(&d.b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="%s">`+"\n", width, height, width, height, b.Title)
	d.b.WriteString(`<rect width="100%" height="100%" fill="#111217"/>` + "\n")
	d.text(12, 26, "title", "#d8d9da", b.Title, `font-size="16"`)
	for _, p := range b.Panels {
		if p.Repeat == "" {
			d.panel(p, strings.Join(hosts, "|"))
			continue
		}
		p.GridPos.W /= len(hosts)
		for i, host := range hosts {
			one := p
			one.GridPos.X += i * p.GridPos.W
			one.Title = strings.ReplaceAll(p.Title, "$host", host)
			d.panel(one, host)
		}
	}
	return d.b.String() + "</svg>\n"
}

func (d *drawer) text(x, y float64, class, colour, text, more string) {
	fmt.Fprintf(&d.b, `<text x="%.0f" y="%.0f" class="%s" fill="%s" %s>%s</text>`+"\n", x, y, class, colour, more, html.EscapeString(text))
}

func (d *drawer) rect(x, y, w, h float64, colour string) {
	fmt.Fprintf(&d.b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="2" fill="%s"/>`+"\n", x, y, w, h, colour)
}

// panel draws one, with its data.
func (d *drawer) panel(p boardPanel, hosts string) {
	x, y := float64(8+p.GridPos.X*column), float64(40+p.GridPos.Y*rowHeight)
	w, h := float64(p.GridPos.W*column-8), float64(p.GridPos.H*rowHeight-8)
	d.rect(x, y, w, h, "#181b1f")
	d.text(x+10, y+18, "title", "#d8d9da", p.Title, `font-weight="600"`)
	lines := d.lines(p, hosts)
	if len(lines) == 0 {
		d.text(x+w/2-24, y+h/2, "name", "#8e8e8e", "No data", "")
		return
	}
	switch p.Type {
	case "stat":
		d.stats(p, lines, x+8, y+28, w-16, h-36)
	case "state-timeline":
		d.timeline(p, lines, x+8, y+28, w-16, h-36)
	default:
		d.graph(p, lines, x+8, y+28, w-16, h-36)
	}
}

// lines are what the queries of a panel return.
func (d *drawer) lines(p boardPanel, hosts string) []line {
	var lines []line
	for _, target := range p.Targets {
		d.queries++
		for _, s := range d.ask(strings.ReplaceAll(target.Expr, "$host", hosts)) {
			lines = append(lines, line{named(target.LegendFormat, s.Metric), minutes(s.Values)})
		}
	}
	return lines
}

// minutes are the values of a series by its minutes, the last run's last.
func minutes(values [][2]any) []float64 {
	list := make([]float64, picturedRuns)
	for i := range list {
		list[i] = math.NaN()
	}
	for i, v := range values {
		list[picturedRuns-len(values)+i], _ = strconv.ParseFloat(v[1].(string), 64)
	}
	return list
}

// coloured is the text and the colour of a value by the panel's mappings and thresholds.
func (p boardPanel) coloured(v float64) (text, colour string) {
	text, colour = shown(v, p.FieldConfig.Defaults.Unit), colours["blue"]
	for _, s := range p.FieldConfig.Defaults.Thresholds.Steps {
		if s.Value == nil || v >= *s.Value {
			colour = colours[s.Color]
		}
	}
	for _, m := range p.FieldConfig.Defaults.Mappings {
		if to, ok := m.Options[strconv.FormatFloat(v, 'f', -1, 64)]; ok {
			return to.Text, colours[to.Color]
		}
	}
	return text, colour
}

func (d *drawer) stats(p boardPanel, lines []line, x, y, w, h float64) {
	each := w / float64(len(lines))
	for i, l := range lines {
		text, colour := p.coloured(l.values[picturedRuns-1])
		at := x + each*float64(i)
		d.rect(at, y, each-4, h, colour)
		d.text(at+8, y+18, "name", "#ffffff", l.name, "")
		d.text(at+8, y+h/2+20, "value", "#ffffff", text, `font-size="24" font-weight="600"`)
	}
}

func (d *drawer) timeline(p boardPanel, lines []line, x, y, w, h float64) {
	const names = 210
	each, step := h/float64(len(lines)), (w-names)/picturedRuns
	for i, l := range lines {
		top := y + each*float64(i)
		d.text(x, top+each/2+4, "name", "#d8d9da", l.name, "")
		for from := 0; from < picturedRuns; {
			to := from + 1
			for to < picturedRuns && l.values[to] == l.values[from] {
				to++
			}
			_, colour := p.coloured(l.values[from])
			d.rect(x+names+step*float64(from), top+3, step*float64(to-from)-1, each-6, colour)
			from = to
		}
	}
}

// graph draws lines, or areas that stand on each other.
func (d *drawer) graph(p boardPanel, lines []line, x, y, w, h float64) {
	const names, bottom = 58, 36
	stacked := p.FieldConfig.Defaults.Custom.Stacking.Mode == "normal"
	highest := top(lines, stacked)
	px := func(i int) float64 { return x + names + (w-names)*float64(i)/(picturedRuns-1) }
	py := func(v float64) float64 { return y + (h-bottom)*(1-v/highest) }
	for tick := range 4 {
		v := highest * float64(tick) / 3
		d.rect(x+names, py(v), w-names, 0.6, "#2c3235")
		d.text(x, py(v)+4, "tick", "#8e8e8e", shown(v, p.FieldConfig.Defaults.Unit), `font-size="10"`)
	}
	base := make([]float64, picturedRuns)
	for i, l := range lines {
		colour := palette[i%len(palette)]
		if stacked {
			d.area(base, l.values, px, py, colour)
		} else {
			d.path(l.values, px, py, colour)
		}
	}
	d.legend(lines, x, y+h-18, w)
}

// top is the highest value that a graph has to show.
func top(lines []line, stacked bool) float64 {
	highest := 0.0
	for i := range picturedRuns {
		sum := 0.0
		for _, l := range lines {
			if v := l.values[i]; !math.IsNaN(v) {
				sum, highest = sum+v, max(highest, v)
			}
		}
		if stacked {
			highest = max(highest, sum)
		}
	}
	return max(highest*1.05, 1e-6)
}

// area draws a series on top of others, which it is added to.
func (d *drawer) area(base, values []float64, px func(int) float64, py func(float64) float64, colour string) {
	var upper, lower []string
	for i, v := range values {
		lower = append(lower, fmt.Sprintf("%.1f,%.1f", px(i), py(base[i])))
		if !math.IsNaN(v) {
			base[i] += v
		}
		upper = append(upper, fmt.Sprintf("%.1f,%.1f", px(i), py(base[i])))
	}
	slices.Reverse(lower)
	fmt.Fprintf(&d.b, `<polygon points="%s" fill="%s" fill-opacity="0.75" stroke="%s" stroke-width="0.5"/>`+"\n", strings.Join(append(upper, lower...), " "), colour, colour)
}

func (d *drawer) path(values []float64, px func(int) float64, py func(float64) float64, colour string) {
	var points []string
	for i, v := range values {
		if !math.IsNaN(v) {
			points = append(points, fmt.Sprintf("%.1f,%.1f", px(i), py(v)))
		}
	}
	fmt.Fprintf(&d.b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="1.5"/>`+"\n", strings.Join(points, " "), colour)
}

// legend names as many lines as there is room for on two rows.
func (d *drawer) legend(lines []line, x, y, w float64) {
	at, row := x, 0
	for i, l := range lines {
		wide := 22 + 6.1*float64(len(l.name))
		if at+wide > x+w && at > x {
			at, row = x, row+1
		}
		if row > 1 {
			return
		}
		d.rect(at, y-5+15*float64(row), 10, 3, palette[i%len(palette)])
		d.text(at+14, y+15*float64(row), "name", "#c7d0d9", l.name, `font-size="11"`)
		at += wide
	}
}
