//go:build e2e

package e2e

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
)

// Where the policies are, besides policyHost6.
const policyHost = "127.0.99.1"

// publish writes the records of a domain, and what nginx does for it.
func (b *bed) publish(t *testing.T, c domainCase) {
	t.Helper()
	records := orElse(c.mx, goodMX)
	records += texts("_mta-sts", orElse(c.sts, "v=STSv1; id=20261126"))
	records += texts("_smtp._tls", orElse(c.tlsrpt, "v=TLSRPTv1; rua=mailto:reports@lab.test"))
	records += orElse(c.host, "mta-sts A "+policyHost+"\nmta-sts AAAA "+policyHost6+"\n")
	b.record(t, "lab.test", c.name+".lab.test", "", records, nil)
	policy := "return 200 " + quoted(orElse(c.policy, goodPolicy)) + ";"
	does := strings.NewReplacer("{policy}", policy, "{dir}", b.dir).Replace(orElse(c.nginx, "{policy}"))
	b.sites.WriteString(strings.NewReplacer("{name}", "mta-sts."+c.name+".lab.test", "{cert}", filepath.Join(b.dir, orElse(c.shows, "policy")), "{does}", does).Replace(site))
}

// site is the host of one domain's policy.
const site = `  server {
    listen ` + policyHost + `:443 ssl;
    listen [` + policyHost6 + `]:443 ssl;
    listen [::1]:443 ssl;
    server_name {name};
    ssl_certificate {cert}.pem;
    ssl_certificate_key {cert}.key;
    location = /.well-known/mta-sts.txt { {does} }
  }
`

const nginxHead = `daemon off;
master_process off;
pid {dir}/nginx.pid;
error_log {dir}/nginx.log;
events {}
http {
  access_log off;
  client_body_temp_path {dir}/nginx;
  proxy_temp_path {dir}/nginx;
  fastcgi_temp_path {dir}/nginx;
  uwsgi_temp_path {dir}/nginx;
  scgi_temp_path {dir}/nginx;
  server_names_hash_bucket_size 128;
`

// startPolicies starts nginx with all sites.
func (b *bed) startPolicies(t *testing.T) {
	t.Helper()
	for name, w := range map[string]Wish{
		"policy": {Name: "policies", Hosts: b.policyHosts()},
		"www":    {Name: "www", Hosts: []string{"www.lab.test"}},
		"past":   {Name: "past", Hosts: b.policyHosts(), From: -100 * Day, To: -36 * hour},
		"wild":   {Name: "wild", Hosts: []string{"*.s-wild.lab.test"}},
	} {
		w.Issuer = b.issued["sub"]
		i := b.issue(t, name, w)
		i.Sent = []*Identity{b.issued["sub"]}
	}
	b.issue(t, "own", Wish{Name: "own", Hosts: b.policyHosts()})
	for _, name := range []string{"policy", "www", "past", "wild", "own"} {
		if err := b.issued[name].Write(b.dir, name); err != nil {
			t.Fatal(err)
		}
	}
	write(t, b.dir, "large.txt", goodPolicy+strings.Repeat("mx: more.lab.test\r\n", 10_000))
	write(t, b.dir, "nginx.conf", strings.ReplaceAll(nginxHead, "{dir}", b.dir)+b.sites.String()+"}\n")
	log := filepath.Join(b.dir, "nginx.log")
	ready := func() bool { return listens(policyHost+":443") && listens("[::1]:443") }
	foreground(t, log, ready, "nginx", "-e", log, "-c", filepath.Join(b.dir, "nginx.conf"))
}

func listens(address string) bool {
	conn, err := net.Dial("tcp", address)
	if err == nil {
		conn.Close()
	}
	return err == nil
}

func (b *bed) policyHosts() (names []string) {
	for _, c := range domainCases {
		names = append(names, "mta-sts."+c.name+".lab.test")
	}
	return names
}

func orElse(text, usual string) string {
	if text == "" {
		return usual
	}
	return text
}

// texts are TXT records at a name; "-": none.
func texts(name, list string) (records string) {
	if list == "-" {
		return ""
	}
	for text := range strings.SplitSeq(list, "|") {
		records += name + " TXT \"" + text + "\"\n"
	}
	return records
}

// quoted is a text in nginx's quotes.
func quoted(text string) string {
	return `"` + strings.NewReplacer("\r", `\r`, "\n", `\n`).Replace(text) + `"`
}
