//go:build e2e

package e2e

import (
	"path/filepath"
	"testing"
)

// nodeServers come from npm, and are left out where that is not to be had. The
// newest Haraka needs packages that are not published.
var nodeServers = []realServer{
	{
		name:  "smtp-server",
		get:   npm("smtp-server"),
		start: startSMTPServer,
		cells: map[string]ability{
			"PROXY 2": cannot,
		},
	},
	{
		name:  "Haraka",
		get:   npm(harakaSpec, "--omit=optional", "--before=2026-06-20"),
		start: startHaraka,
		cells: map[string]ability{
			"PROXY 1": {args: "-p {proxy} --proxy-protocol 1 --bind 127.0.77.40", want: sight{0, "", "proxy"}},
			"PROXY 2": cannot,
		},
	},
}

const harakaSpec = "haraka@3.3.0"

func startSMTPServer(t *testing.T) *rig {
	b := newStand(t, "plain", "tls", "proxy")
	b.doors["login"] = b.doors["plain"]
	module := filepath.Join(npmDir("smtp-server"), "node_modules/smtp-server")
	return b.serve(t, "plain", "node", b.write(t, "server.js", smtpServerJS, "{module}", module))
}

// smtpServerJS keeps each message in a file.
const smtpServerJS = `const { SMTPServer } = require('{module}'), fs = require('fs');
let count = 0;
const common = {
  name: 'mail.example.test', key: fs.readFileSync('{dir}/good.key'), cert: fs.readFileSync('{dir}/good.pem'),
  authOptional: true, disableReverseLookup: true, logger: false,
  onAuth: (auth, session, done) =>
    auth.username === '{user}' && auth.password === '{password}' ? done(null, { user: auth.username }) : done(new Error('Invalid username or password')),
  onRcptTo: (to, session, done) =>
    to.address === 'good@box.test' ? done() : done(Object.assign(new Error('no such user'), { responseCode: 550 })),
  onData: (stream, session, done) =>
    stream.pipe(fs.createWriteStream('{dir}/mail/' + ++count)).on('finish', () => done(null, 'kept')),
  authMethods: ['PLAIN', 'LOGIN'],
};
const serve = (port, more) => new SMTPServer({ ...common, ...more }).on('error', e => console.log(e.message)).listen(port, '127.0.0.1');
serve({tls}, { secure: true });
serve({proxy}, { useProxy: true });
serve({plain}, {});
`

// startHaraka has one port for clients behind a PROXY header: which clients have
// one is told by their address, and ours comes from another there.
func startHaraka(t *testing.T) *rig {
	b := newStand(t, "plain", "tls")
	b.doors["login"] = b.doors["plain"]
	b.doors["proxy"] = b.doors["plain"]
	haraka := filepath.Join(npmDir(harakaSpec), "node_modules/haraka")
	for name, text := range harakaFiles {
		b.write(t, name, text)
	}
	return b.serve(t, "plain", b.shell(t, `cd {dir}
cp {haraka}/config/dhparams.pem config
sed 's/^hosts\[\] =.*/hosts[] = 127.0.77.40/' {haraka}/config/connection.ini >config/connection.ini
mkdir queue
exec node {haraka}/bin/haraka -c {dir}
`, "{haraka}", haraka)...)
}

// harakaFiles are its configuration. It would make parameters for Diffie and
// Hellman, which outlasts it, if there were none.
var harakaFiles = map[string]string{
	"config/smtp.ini":           "listen=127.0.0.1:{plain},127.0.0.1:{tls}\nsmtps_port={tls}\nnodes=0\n",
	"config/plugins":            "tls\nauth/flat_file\nkeep\nboxes\n",
	"config/auth_flat_file.ini": "[core]\nmethods=PLAIN,LOGIN\n[users]\n{user}={password}\n",
	"config/me":                 "mail.example.test\n",
	"config/host_list":          "box.test\n",
	"config/tls.ini":            "key={dir}/good.key\ncert={dir}/good.pem\n",
	"config/loglevel":           "LOGNOTICE\n",
	"plugins/boxes.js":          "exports.hook_rcpt = (next, connection, to) => next(to[0].user === 'good' ? OK : DENY, 'no such user');\n",
	"plugins/keep.js": `const fs = require('fs');
exports.hook_queue = (next, connection) =>
  connection.transaction.message_stream.pipe(fs.createWriteStream('{dir}/mail/' + connection.uuid)).on('finish', () => next(OK));
`,
}
