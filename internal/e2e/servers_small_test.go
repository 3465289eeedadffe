//go:build e2e

package e2e

import (
	"path/filepath"
	"testing"
)

// smallServers are those of programs and tests.
var smallServers = []realServer{
	{
		name:  "aiosmtpd",
		needs: []string{"python3-aiosmtpd"},
		start: startAiosmtpd,
	},
	{
		// It answers 500 to all that it does not know, and hangs up.
		name:  "msmtpd",
		needs: []string{"libsecret-1-0", "libgsasl18"},
		get:   unpackOnly(nil, "msmtp-mta", "msmtp"),
		start: startMsmtpd,
		cells: map[string]ability{
			"STARTTLS": cannot, "TLS": cannot, "PROXY 1": cannot, "PROXY 2": cannot,
			"login":             {args: "-p {login} -A PLAIN " + as, want: sight{0, "", "sasl_auth"}},
			"wrong password":    {args: "-p {login} -A PLAIN " + asNot, want: sight{2, "auth", "sasl_auth"}},
			"unknown recipient": cannot, // it takes any
		},
	},
}

func startAiosmtpd(t *testing.T) *rig {
	b := newStand(t, "plain", "tls", "proxy")
	b.doors["login"] = b.doors["plain"]
	return b.serve(t, "plain", "/usr/bin/python3", b.write(t, "server.py", aiosmtpdPy))
}

// aiosmtpdPy keeps each message in a file.
const aiosmtpdPy = `import asyncio, ssl
from aiosmtpd.smtp import SMTP, AuthResult

class Handler:
    count = 0
    async def handle_PROXY(self, server, session, envelope, header):
        return True
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address != 'good@box.test':
            return '550 5.1.1 no such user'
        envelope.rcpt_tos.append(address)
        return '250 OK'
    async def handle_DATA(self, server, session, envelope):
        Handler.count += 1
        with open('{dir}/mail/%d' % Handler.count, 'wb') as f:
            f.write(envelope.content)
        return '250 kept'

def login(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b'{user}' and data.password == b'{password}', handled=False)

tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
tls.load_cert_chain('{dir}/good.pem', '{dir}/good.key')

async def main():
    loop = asyncio.get_running_loop()
    def serve(port, ssl=None, **more):
        return loop.create_server(lambda: SMTP(Handler(), hostname='mail.example.test', loop=loop, **more), '127.0.0.1', port, ssl=ssl)
    await serve({tls}, ssl=tls)
    await serve({proxy}, proxy_protocol_timeout=5)
    await serve({plain}, tls_context=tls, authenticator=login)
    await asyncio.Event().wait()

asyncio.run(main())
`

func startMsmtpd(t *testing.T) *rig {
	b := newStand(t, "plain", "login")
	msmtpd := filepath.Join(unpacked(t, "msmtp-mta", "msmtp"), "usr/bin/msmtpd")
	b.write(t, "sink", "#!/bin/sh\nexec cat >{dir}/mail/$$\n")
	return b.serve(t, "plain", b.shell(t, `chmod 755 {dir}/sink
{msmtpd} --interface=127.0.0.1 --port={login} --command={dir}/sink '--auth={user},echo {password}' &
exec {msmtpd} --interface=127.0.0.1 --port={plain} --command={dir}/sink
`, "{msmtpd}", msmtpd)...)
}
