package args

import "check_smtp/internal/option"

var centreonRows = []option.Row{
	{Name: "plugin", Value: "apps::protocols::smtp::plugin", Owner: option.Foreign, Shape: option.Shaped,
		Help: `needs --mode; changes what --version says`},
	{Name: "mode",
		Choices: "login message", Value: "MODE", Owner: option.Foreign, Shape: option.Shaped,
		Help: `login, or message: print and judge as the plugin does in this mode. Default: as described above`},
	{Name: "dyn-mode", Value: "MODULE", Owner: option.Foreign, Shape: option.Shaped,
		Help: `the same by the last part of a module's name`},
	{Name: "smtp-options", Value: "KEY=VALUE", Many: true, Owner: option.Foreign, Shape: option.Shaped,
		Help: `layer=tls, ssl or none; auth=AUTO, none or a mechanism; port, smtp, timeout, ssl_verify_mode=1, ` +
			`ssl_version, ssl_verify_path, ssl_ca_file, debug=1, from. With --mode and a user name the layer is ` +
			`tls, which is -S`},
	{Name: "smtp-send-options", Value: "KEY=VALUE", Many: true, Owner: option.Foreign, Shape: option.Shaped,
		Help: `subject, body, cc, bcc, replyto, charset, contenttype, attachments, from, to, sns_topic, ` +
			`disposition, verbose`},
	{Name: "list-mode", Owner: option.Foreign},
	{Name: "disco-format", Owner: option.Foreign},
	{Name: "disco-show", Owner: option.Foreign,
		Help: `what the plugin answers to them, without a check`},
	{Name: "mode-version", Value: "VERSION", Owner: option.Foreign, Shape: option.Shaped,
		Help: `an error if VERSION is above 1.0`},
	{Name: "global-timeout", Value: "SECONDS", Owner: option.Foreign, Shape: option.Shaped,
		Help: `the most that --timeout may be`},
	{Name: "environment", Value: "NAME=VALUE", Many: true, Owner: option.Foreign, Shape: option.AnyText,
		Help: `read this for a variable of the environment`},
	{Name: "convert-args", Value: "SEARCH,REPLACEMENT", Owner: option.Foreign, Shape: option.AnyText,
		Help: `change the other words of the command line`},
	{Name: "output-json", Owner: option.Foreign},
	{Name: "output-xml", Owner: option.Foreign},
	{Name: "output-openmetrics", Owner: option.Foreign,
		Help: `the same as --output-format with centreon-json, centreon-xml, openmetrics. --mode chooses centreon, ` +
			`the line of the plugin`},
	{Name: "debug", Owner: option.Foreign,
		Help: `-vvv`},
	{Name: "runas", Value: "USER", Owner: option.Foreign,
		Help: `is refused: use sudo -u`},
	{Name: "use-new-perfdata", Owner: option.Foreign},
	{Name: "debug-stream", Owner: option.Foreign},
	{Name: "show-password", Owner: option.Foreign},
	{Name: "no-sanity-options", Owner: option.Foreign},
	{Name: "ignore-warn-msg", Owner: option.Foreign},
	{Name: "source-encoding", Value: "NAME", Owner: option.Foreign,
		Help: `change nothing`},
}

var editsRows = []option.Row{
	{Name: "change-perfdata", Value: "SEARCH,LABEL,METHOD,UNIT,MIN,MAX,WARNING,CRITICAL", Many: true, Owner: option.Foreign, Shape: option.AnyText,
		Help: `change the numbers whose label matches SEARCH. ` +
			`METHOD: invert(), percent(), scale(auto), math(current * 1000), min(REGEX), max(REGEX), ` +
			`average(REGEX), sum(REGEX)`},
	{Name: "extend-perfdata", Value: "ENTRY", Many: true, Owner: option.Foreign, Shape: option.AnyText,
		Help: `add numbers made by the same kind of entry`},
	{Name: "extend-perfdata-group", Value: "ENTRY", Many: true, Owner: option.Foreign, Shape: option.AnyText,
		Help: `add numbers that count others: ,all,sum(_time),s`},
	{Name: "explode-perfdata-max", Value: "REGEX,LABEL", Unsaid: "all", Many: true, Owner: option.Foreign,
		Help: `add the maxima as numbers of their own`},
	{Name: "filter-perfdata", Value: "REGEX", Owner: option.Foreign, Shape: option.AnyText,
		Help: `keep the numbers whose label matches`},
	{Name: "filter-perfdata-adv", Value: "CONDITION", Owner: option.Foreign, Shape: option.AnyText,
		Help: `keep those of which this is true: '%(label) =~ /^time/ and %(value) > 0.5'. Also unit, warning, ` +
			`critical, min, max, alert_triggered()`},
	{Name: "filter-uom", Value: "REGEX", Owner: option.Foreign, Shape: option.AnyText,
		Help: `keep the units that match`},
	{Name: "range-perfdata",
		Choices: "0 1 2", Value: "N", Unsaid: "1", Owner: option.Foreign, Next: option.DigitNext,
		Help: `thresholds as they are (0), short (1), none (2)`},
	{Name: "float-precision", Value: "N", Owner: option.Foreign, Shape: option.Shaped,
		Help: `digits of a number that its thresholds are held against. Default: all`},
	{Name: "change-short-output", Value: "PATTERN~TEXT~FLAGS", Many: true, Owner: option.Foreign, Shape: option.AnyText,
		Help: `change the first line before its numbers; flags g, i, m, s`},
	{Name: "change-long-output", Value: "PATTERN~TEXT~FLAGS", Many: true, Owner: option.Foreign, Shape: option.AnyText,
		Help: `change the lines behind it`},
	{Name: "change-output-adv", Value: "CONDITION,TEXT,STATE", Many: true, Owner: option.Foreign, Shape: option.AnyText,
		Help: `another line and exit code, if this is true: '%(short_output) =~ /: 421 /,OK: busy,OK'. Also ` +
			`exit_code`},
	{Name: "change-exit", Value: "STATE=STATE", Many: true, Owner: option.Foreign, Shape: option.Shaped,
		Help: `another exit code, the text stays; also pending, which is 4`},
	{Name: "opt-exit", Value: "STATE", Owner: option.Foreign, Shape: option.Shaped,
		Help: `what an error of the command line, the help and the version exit with. Default: unknown`},
	{Name: "output-ignore-perfdata", Owner: option.Foreign},
	{Name: "output-ignore-label", Owner: option.Foreign,
		Help: `print no numbers, no state`},
}
