package args

// helpCentreon is the part of the help on these options.
const helpCentreon = `
In place of the Centreon plugin
      --plugin=apps::protocols::smtp::plugin
                         needs --mode; changes what --version says
      --mode=MODE        login, or message: print and judge as the plugin does
                         in this mode. Default: as described above
      --dyn-mode=MODULE  the same by the last part of a module's name
      --smtp-options=KEY=VALUE
                         layer=tls, ssl or none; auth=AUTO, none or a
                         mechanism; port, smtp, timeout, ssl_verify_mode=1,
                         ssl_version, ssl_verify_path, ssl_ca_file, debug=1,
                         from; repeatable. With --mode and a user name the
                         layer is tls, which is -S
      --smtp-send-options=KEY=VALUE
                         subject, body, cc, bcc, replyto, charset,
                         contenttype, attachments, from, to, sns_topic,
                         disposition, verbose; repeatable
      --list-mode, --disco-format, --disco-show
                         what the plugin answers to them, without a check
      --mode-version=VERSION
                         an error if VERSION is above 1.0
      --global-timeout=SECONDS
                         the most that --timeout may be
      --environment=NAME=VALUE
                         read this for a variable of the environment
      --convert-args=SEARCH,REPLACEMENT
                         change the other words of the command line
      --output-json, --output-xml, --output-openmetrics
                         the same as --output-format with centreon-json,
                         centreon-xml, openmetrics. --mode chooses centreon,
                         the line of the plugin
      --debug            -vvv
      --runas            is refused: use sudo -u
      --use-new-perfdata, --debug-stream, --show-password,
      --no-sanity-options, --ignore-warn-msg, --source-encoding=NAME
                         change nothing

Edit numbers, text and exit code
      --change-perfdata=SEARCH,LABEL,METHOD,UNIT,MIN,MAX,WARNING,CRITICAL
                         change the numbers whose label matches SEARCH;
                         repeatable, and so are the others up to
                         --explode-perfdata-max. METHOD: invert(), percent(),
                         scale(auto), math(current * 1000), min(REGEX),
                         max(REGEX), average(REGEX), sum(REGEX)
      --extend-perfdata=ENTRY
                         add numbers made by the same kind of entry
      --extend-perfdata-group=ENTRY
                         add numbers that count others: ,all,sum(_time),s
      --explode-perfdata-max[=REGEX,LABEL]
                         add the maxima as numbers of their own
      --filter-perfdata=REGEX
                         keep the numbers whose label matches
      --filter-perfdata-adv=CONDITION
                         keep those of which this is true:
                         '%(label) =~ /^time/ and %(value) > 0.5'. Also unit,
                         warning, critical, min, max, alert_triggered()
      --filter-uom=REGEX keep the units that match
      --range-perfdata=N thresholds as they are (0), short (1), none (2)
      --float-precision=N
                         digits of a number that its thresholds are held
                         against. Default: all
      --change-short-output=PATTERN~TEXT~FLAGS
                         change the first line before its numbers; flags g, i,
                         m, s
      --change-long-output=PATTERN~TEXT~FLAGS
                         change the lines behind it; both repeatable
      --change-output-adv=CONDITION,TEXT,STATE
                         another line and exit code, if this is true:
                         '%(short_output) =~ /: 421 /,OK: busy,OK'. Also
                         exit_code
      --change-exit=STATE=STATE
                         another exit code, the text stays; also pending,
                         which is 4; repeatable
      --opt-exit=STATE   what an error of the command line, the help and the
                         version exit with. Default: unknown
      --output-ignore-perfdata, --output-ignore-label
                         print no numbers, no state
`
