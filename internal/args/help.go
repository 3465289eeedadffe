package args

// helpText is written by hand: a wall of flags helps nobody at three in the
// morning. Tests hold it to the options, the phases and the conditions.
const helpText = `Usage: check_smtp -H HOST [OPTION]...

Speaks SMTP or LMTP to a mail server, phase by phase, and says whether each
phase went well and how long it took. A drop-in for the check_smtp of
monitoring-plugins and nagios-plugins.

Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. A command line that cannot
be carried out, --help and --version exit with 3.

Examples:
  check_smtp -H mx1.example.org
  check_smtp -H mx1.example.org -f monitor@example.org -w 1 -c 5
  check_smtp -H mx1.example.org -C 'VRFY postmaster' -R '^25[02]'
  check_smtp -H /run/dovecot/lmtp --lmtp

Target
  -H, --hostname=HOST    name, IPv4 or IPv6 address (also in brackets), or the
                         absolute path of a UNIX socket. The first word that
                         is no option will do, too. Default: 127.0.0.1
  -p, --port=N           1 to 65535. Default: 25
  -4, --use-ipv4         use IPv4 only. Default: every address of the host,
  -6, --use-ipv6         use IPv6 only. one after the other; the last of the
                         two switches counts
      --bind=ADDR        connect from this address of this machine

Session
  -F, --fqdn=NAME        name to greet the server with; also --helo, --ehlo.
                         Default: the host name of this machine
      --greeting=WORD    auto, ehlo or helo. Default: auto, which says EHLO,
                         and HELO when the server refuses that
  -L, --lmtp             speak LMTP: greet with LHLO
  -e, --expect=TEXT      the banner must hold this text, letter by letter.
                         Default: the banner's code must be 220
  -C, --command=TEXT     send this command and wait for the reply; repeatable.
                         Sent after MAIL
  -R, --response=REGEX   what the reply to a command must match: the first -R
                         belongs to the first -C, and so on. RE2 syntax; ^ and
                         $ match at each line. A command without -R, or with
                         an empty one, is not judged
      --expect-reply=PHASE=CODES[/REGEX]
                         the reply that is wanted in a phase, even a refusal;
                         repeatable. --expect-reply mailfrom=250
                         --expect-reply banner=554 --expect-reply ehlo=2xx/SIZE
      --quit-after=PHASE say goodbye after this phase: banner, ehlo, mailfrom,
                         command or quit. Default: go through all of them
  -q, --ignore-quit-failure
                         a QUIT that cannot be sent is no finding
  -t, --timeout=SECONDS[:STATE]
                         for the whole run from name resolution to QUIT, up to
                         3600, fractions allowed; and the state when the time
                         is over. Default: 10:critical. Examples: -t 2.5
                         -t 30:unknown -t :warning

Envelope
  -f, --from=ADDRESS     send MAIL FROM this address; also --smtp-from. An
                         empty one ('') is the null sender. Default: no MAIL

Thresholds and states
  -w, --warning=RANGE    alert when the total time in seconds is outside of
  -c, --critical=RANGE   the range [@][start:]end: 5 is above 5, 10: is below
                         10, @1:2 is inside. NAME=RANGE limits another metric:
                         dns_time connect_time banner_time ehlo_time
                         mailfrom_time command_time quit_time, or time itself.
                         Repeatable; an empty one is none. Default: none
                         Example: -w 1 -c 5 -w banner_time=0.5
      --state=CONDITION=STATE
                         what a condition means: ok, warning, critical,
                         unknown or 0 to 3; repeatable. The defaults:
                           resolve=unknown     the name does not resolve
                           connect=critical    refused, unreachable
                           timeout=critical    the time is over
                           interrupted=unknown told to stop before the end
                           closed=critical     the server hung up
                           protocol=critical   the reply is not SMTP
                           banner=warning      the banner is not as expected
                           refused=critical    5xx
                           tempfail=warning    4xx
                           response=warning    -R does not match
                           expect=critical     --expect-reply does not match
                           quit=unknown        QUIT could not be sent
                         Before the greeting is answered, closed and protocol
                         are warning. Example: --state tempfail=critical

Output
  -v, --verbose          more lines; repeatable: -v each phase, -vv facts,
                         -vvv the dialogue
      --output-format=FORMAT
                         nagios. Default: nagios
      --output-file=FILE write there instead of to standard output
      --perfdata=LIST    keep only these metrics: --perfdata time,ehlo_time.
                         Default: all of them
      --extra-opts[=[SECTION][@FILE]]
                         read options from an ini file, before those of the
                         command line. Default: section check_smtp of the
                         first file that exists of $MP_CONFIG_FILE,
                         $NAGIOS_CONFIG_PATH and the usual places of
                         monitoring-plugins and nagios-plugins; @- is
                         standard input. Its lines: "hostname = mx1", "H = mx1"
  -h, --help             this text
  -V, --version          the version

Short options may share a dash (-vqH mx1), long ones may be shortened (--host)
and take their value after a blank or an equals sign. -- ends the options.
`
