package args

import "testing"

func TestProxy(t *testing.T) {
	const steps = "connect proxy banner ehlo quit"
	for _, test := range []struct{ line, want string }{
		{"-r", "127.0.0.1:25 ip 10s auto ws proxy1 " + steps},
		{"--proxy", "127.0.0.1:25 ip 10s auto ws proxy1 " + steps},
		{"--prox mx1", "mx1:25 ip 10s auto ws proxy1 dns " + steps},
		{"--proxy-protocol 1", "127.0.0.1:25 ip 10s auto ws proxy1 " + steps},
		{"--proxy-protocol 2", "127.0.0.1:25 ip 10s auto ws proxy2 " + steps},
		{"-r --proxy-protocol 2", "127.0.0.1:25 ip 10s auto ws proxy2 " + steps},
		{"-r --proxy-family unknown", "127.0.0.1:25 ip 10s auto ws proxy1 UNKNOWN " + steps},
		{"--proxy-protocol 2 --proxy-family Local", "127.0.0.1:25 ip 10s auto ws proxy2 LOCAL " + steps},
		{"-r --proxy-family tcp4 mx1", "mx1:25 ip4 10s auto ws proxy1 TCP4 dns " + steps},
		{"-r --proxy-family tcp6 mx1", "mx1:25 ip 10s auto ws proxy1 TCP6 dns " + steps},
		{"-r --proxy-family TCP6", "127.0.0.1:25 ip 10s auto ws proxy1 TCP6 " + steps},
		{"-r --proxy-source-address 192.0.2.1 --proxy-source-port 7", "127.0.0.1:25 ip 10s auto ws proxy1 TCP4 src=192.0.2.1 sport=7 " + steps},
		{"-r --proxy-source-address ::ffff:192.0.2.1", "127.0.0.1:25 ip 10s auto ws proxy1 TCP4 src=192.0.2.1 " + steps},
		{"-r --proxy-dest-address 192.0.2.1 mx1", "mx1:25 ip4 10s auto ws proxy1 TCP4 dst=192.0.2.1 dns " + steps},
		{"-r --proxy-source-address 192.0.2.1 --proxy-dest-address 192.0.2.2 --proxy-dest-port 65535 mx1", "mx1:25 ip 10s auto ws proxy1 TCP4 src=192.0.2.1 dst=192.0.2.2 dport=65535 dns " + steps},
		{"-r --proxy-source-address 2001:db8::1 --proxy-dest-address ::2 --proxy-family TCP6", "127.0.0.1:25 ip 10s auto ws proxy1 TCP6 src=2001:db8::1 dst=::2 " + steps},
		{"-r --proxy-source-address 2001:db8::1", "127.0.0.1:25 ip 10s auto ws proxy1 TCP6 src=2001:db8::1 " + steps},
		{"-H /run/x -r --proxy-family UNKNOWN", "/run/x:25 unix 10s auto ws proxy1 UNKNOWN " + steps},
		{"-H /run/x --proxy-protocol 2 --proxy-family LOCAL", "/run/x:25 unix 10s auto ws proxy2 LOCAL " + steps},
		{"-H /run/x -r --proxy-source-address ::1 --proxy-dest-address ::2", "/run/x:25 unix 10s auto ws proxy1 TCP6 src=::1 dst=::2 " + steps},
		{"-r -s -c proxy_time=1", "127.0.0.1:465 ip 10s auto ws proxy1 implicit/implicit sni= name=127.0.0.1 connect proxy tls banner ehlo quit c:proxy_time=1"},
	} {
		p, err := Parse(shell(test.line), surroundings(nil))
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
		} else if got := show(p); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.line, got, test.want)
		}
	}
}

func TestProxyErrors(t *testing.T) {
	const none = ": this run sends no PROXY header"
	for _, test := range []struct{ line, problem, hint string }{
		{"--proxy-protocol 3", `--proxy-protocol: "3" is not a version of the PROXY protocol`, "1 and 2"},
		{"-r --proxy-protocol v2", `--proxy-protocol: "v2" is not a version of the PROXY protocol`, ""},
		{"--proxy-family TCP4", "--proxy-family" + none, "add -r"},
		{"--proxy-source-address ::1", "--proxy-source-address" + none, "add -r"},
		{"--proxy-dest-address ::1", "--proxy-dest-address" + none, "add -r"},
		{"--proxy-source-port 1", "--proxy-source-port" + none, "add -r"},
		{"--proxy-dest-port 1", "--proxy-dest-port" + none, "add -r"},
		{"-r --proxy-family tcp", `--proxy-family: "tcp" is not a family`, "TCP4 or TCP6"},
		{"-r --proxy-family UDP4", `--proxy-family: "UDP4" is not a family`, ""},
		{"-r --proxy-family LOCAL", "--proxy-family: version 1 of the PROXY protocol has no LOCAL", "--proxy-protocol 2"},
		{"-r --proxy-source-address mx1", `--proxy-source-address: "mx1" is not an IP address`, ""},
		{"-r --proxy-dest-address fe80::1%eth0", `--proxy-dest-address: "fe80::1%eth0" is not an IP address`, "zone"},
		{"-r --proxy-source-port 0", `--proxy-source-port: "0" is not a port (1 to 65535)`, "--proxy-source-port 25"},
		{"-r --proxy-dest-port 65536", `--proxy-dest-port: "65536" is not a port (1 to 65535)`, ""},
		{"-r --proxy-family TCP4 --proxy-source-address ::1", `--proxy-family: "::1" is no address of TCP4`, "TCP6"},
		{"-r --proxy-family TCP6 --proxy-dest-address 192.0.2.1", `--proxy-family: "192.0.2.1" is no address of TCP6`, ""},
		{"-r --proxy-source-address 192.0.2.1 --proxy-dest-address ::1", `--proxy-family: "::1" is no address of TCP4`, "both"},
		{"-r --proxy-source-address ::1 --proxy-dest-address 192.0.2.1", `--proxy-family: "192.0.2.1" is no address of TCP6`, "both"},
		{"-r --proxy-family UNKNOWN --proxy-source-address ::1", "--proxy-family: UNKNOWN tells neither address nor port", ""},
		{"--proxy-protocol 2 --proxy-family LOCAL --proxy-dest-port 1", "--proxy-family: LOCAL tells neither address nor port", ""},
		{"-r -H /run/x", "-r/--proxy: a socket has no addresses for the header", "UNKNOWN"},
		{"-r -H /run/x --proxy-source-address ::1", "-r/--proxy: a socket has no addresses for the header", ""},
		{"-r --proxy-family TCP4 ::1", "-r/--proxy: a header of TCP4 cannot tell of a connection over IPv6", ""},
		{"-r --proxy-source-address 192.0.2.1 -6 mx1", "-r/--proxy: a header of TCP4 cannot tell of a connection over IPv6", ""},
		{"--proxy=2", `-r/--proxy: "2" is neither on nor off`, ""},
		{"--proxy-p", "--proxy-protocol: the value is missing", ""},
		{"-c proxy_time=1", `-c/--critical: "proxy_time=1" could never alert: this run has no proxy_time`, "add -r"},
	} {
		refuses(t, test.line, surroundings(nil), test.problem, test.hint)
	}
}
