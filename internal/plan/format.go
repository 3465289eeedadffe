package plan

import "time"

// Format names a shape of output.
type Format string

// The formats of our own.
const (
	Nagios        Format = "nagios"         // the classic line with perfdata
	JSON          Format = "json"           // one object, testdata/output.schema.json
	XML           Format = "xml"            // the same facts
	OpenMetrics   Format = "openmetrics"    // for Prometheus
	PRTG          Format = "prtg"           // JSON for the sensors EXE/Script Advanced and SSH Script Advanced
	Checkmk       Format = "checkmk"        // the line of a local check
	Influx        Format = "influx"         // InfluxDB's line protocol
	Waterfall     Format = "waterfall"      // for people in a terminal
	IcingaAPI     Format = "icinga-api"     // the body of Icinga 2's process-check-result
	NagiosCommand Format = "nagios-command" // the line for Nagios's command file
)

// Formats lists them.
var Formats = []Format{Nagios, JSON, XML, OpenMetrics, PRTG, Checkmk, Influx, Waterfall, IcingaAPI, NagiosCommand}

// Passive says whether a format hands a result to a poller that has not asked, and
// so must say which service it is of.
func (f Format) Passive() bool { return f == IcingaAPI || f == NagiosCommand }

// Receiver is whom a passive result is for.
type Receiver struct {
	Service *Service      // nil: not known
	Source  string        // this machine; "": not told
	TTL     time.Duration // after which the poller is to miss the next one; 0: not told
}

// Service is what a poller knows a result by.
type Service struct{ Host, Name string }
