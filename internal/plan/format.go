package plan

// Format names a shape of output.
type Format string

// The formats of our own.
const (
	Nagios      Format = "nagios"      // the classic line with perfdata
	JSON        Format = "json"        // one object, testdata/output.schema.json
	XML         Format = "xml"         // the same facts
	OpenMetrics Format = "openmetrics" // for Prometheus
	PRTG        Format = "prtg"        // JSON for the sensors EXE/Script Advanced and SSH Script Advanced
	Checkmk     Format = "checkmk"     // the line of a local check
	Influx      Format = "influx"      // InfluxDB's line protocol
	Waterfall   Format = "waterfall"   // for people in a terminal
)

// Formats lists them.
var Formats = []Format{Nagios, JSON, XML, OpenMetrics, PRTG, Checkmk, Influx, Waterfall}
