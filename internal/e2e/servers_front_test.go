//go:build e2e

package e2e

import (
	"fmt"
	"testing"
)

// fronts stand before a Postfix.
var fronts = []realServer{
	{
		name:  "haproxy",
		needs: []string{"haproxy"},
		start: startHaproxyFront,
	},
	{
		name:  "nginx",
		needs: []string{"nginx-light", "libnginx-mod-mail"},
		start: startNginx,
	},
	{
		name:  "stunnel",
		needs: []string{"stunnel4"},
		start: startStunnel,
		cells: map[string]ability{
			"plain":             cannot, // it is there for TLS
			"PROXY 1":           cannot,
			"PROXY 2":           cannot,
			"delivery":          {args: "-p {tls} -s" + trusting + enveloped + "good@box.test", want: sight{0, "", "body"}},
			"unknown recipient": {args: "-p {tls} -s" + trusting + enveloped + "unknown@box.test", want: sight{2, "refused", "rcptto"}},
		},
	},
}

// front is a stand before a Postfix: {back} is its port in clear where it takes a
// login, {backTLS} the one with STARTTLS, {backProxy} the one that wants a PROXY
// header.
func front(t *testing.T, doors ...string) (*stand, []string) {
	t.Helper()
	back := startWholePostfix(t)
	b := newStand(t, doors...)
	b.mail = back.mail
	return b, []string{"{back}", fmt.Sprint(back.doors["clear"]), "{backTLS}", fmt.Sprint(back.doors["plain"]), "{backProxy}", fmt.Sprint(back.doors["proxy"])}
}

// startHaproxyFront adds a header of version 1 at one door, of version 2 at
// another, and takes either at a third.
func startHaproxyFront(t *testing.T) *rig {
	b, back := front(t, "plain", "login", "tls", "proxy")
	return b.serve(t, "plain", "/usr/sbin/haproxy", "-db", "-f", b.write(t, "haproxy.cfg", haproxyFrontCfg, back...))
}

const haproxyFrontCfg = `global
  maxconn 100
defaults
  mode tcp
  timeout connect 5s
  timeout client 30s
  timeout server 30s
listen v1
  bind 127.0.0.1:{plain}
  server s 127.0.0.1:{backProxy} send-proxy
listen v2
  bind 127.0.0.1:{login}
  server s 127.0.0.1:{backProxy} send-proxy-v2
listen accept
  bind 127.0.0.1:{proxy} accept-proxy
  server s 127.0.0.1:{backTLS}
listen offload
  bind 127.0.0.1:{tls} ssl crt {dir}/good.both
  server s 127.0.0.1:{back}
`

func startNginx(t *testing.T) *rig {
	b, back := front(t, "plain", "tls", "proxy", "http")
	b.doors["login"] = b.doors["plain"]
	config := b.write(t, "nginx.conf", nginxConf, back...)
	return b.serve(t, "plain", "/usr/sbin/nginx", "-e", b.dir+"/error.log", "-p", b.dir, "-c", config)
}

// nginxConf asks itself who may log in: the name and the password come as they
// stand in an address.
const nginxConf = `load_module /usr/lib/nginx/modules/ngx_mail_module.so;
daemon off;
master_process off;
user root;
pid {dir}/pid;
events {
  worker_connections 64;
}
http {
  access_log off;
  client_body_temp_path {dir}/tmp; proxy_temp_path {dir}/tmp; fastcgi_temp_path {dir}/tmp; uwsgi_temp_path {dir}/tmp; scgi_temp_path {dir}/tmp;
  map "$http_auth_method:$http_auth_user:$http_auth_pass" $verdict {
    default "Invalid login or password";
    "~^none:" OK;
    "~^(plain|login):test:secret%20word$" OK;
  }
  server {
    listen 127.0.0.1:{http};
    location / {
      add_header Auth-Status $verdict;
      add_header Auth-Server 127.0.0.1;
      add_header Auth-Port {back};
      return 204;
    }
  }
}
mail {
  server_name mail.example.test;
  auth_http 127.0.0.1:{http}/auth;
  proxy_pass_error_message on;
  xclient off;
  smtp_auth none login plain;
  smtp_capabilities "SIZE 10240000" ENHANCEDSTATUSCODES 8BITMIME DSN;
  ssl_certificate {dir}/good.pem;
  ssl_certificate_key {dir}/good.key;
  server {
    listen 127.0.0.1:{plain};
    protocol smtp;
    starttls on;
  }
  server {
    listen 127.0.0.1:{tls} ssl;
    protocol smtp;
  }
  server {
    listen 127.0.0.1:{proxy} proxy_protocol;
    protocol smtp;
  }
}
`

func startStunnel(t *testing.T) *rig {
	b, back := front(t, "plain", "tls")
	b.doors["login"] = b.doors["plain"]
	b.ready = answers // it has no word for a client that only says QUIT
	return b.serve(t, "plain", "/usr/bin/stunnel4", b.write(t, "stunnel.conf", stunnelConf, back...))
}

const stunnelConf = `foreground = yes
pid =
syslog = no
cert = {dir}/good.pem
key = {dir}/good.key
[smtps]
accept = 127.0.0.1:{tls}
connect = 127.0.0.1:{back}
[starttls]
accept = 127.0.0.1:{plain}
connect = 127.0.0.1:{back}
protocol = smtp
`
