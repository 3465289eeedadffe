// Package render prints reports. It decides nothing: the state and the words
// are the report's, the shape is the format's. Hostile text is cleaned here,
// once, for all.
package render

import (
	"io"

	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// Formats has a renderer for every plan.Format.
var Formats = map[plan.Format]func(io.Writer, verdict.Report, plan.Output) error{
	plan.Nagios: nagios,
}
