package credential

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/credential/vault"
	"check_smtp/internal/message"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/roots"
	"check_smtp/internal/web"
)

// vault reads secrets of HashiCorp Vault.
func (c *consultation) vault() (lookup, error) {
	config, err := c.vaultConfig()
	if err != nil {
		return nil, err
	}
	values, err := vault.Read(c.ctx, config)
	if err != nil {
		return nil, c.failed(err)
	}
	return func(name string) (string, error) {
		if text, ok := values[name]; ok {
			return text, nil
		}
		return "", c.absent(name, config.Paths)
	}, nil
}

// absent says why there is no value of this name.
func (c *consultation) absent(name string, paths []string) error {
	kind, rest, _ := strings.Cut(name, "_")
	path, key, picked := strings.Cut(rest, "#")
	switch {
	case kind != "value" && kind != "key" || !slices.Contains(paths, path):
		return bad("--"+c.option, quote("%{"+name+"}")+" stands for nothing", "give %{value_PATH#KEY} with a PATH of --secret-path")
	case picked:
		return fmt.Errorf("%q holds no %s that is a text", path, quote(key))
	}
	return fmt.Errorf("%q holds more than one key or no text, pick one with %%{value_PATH#KEY}", path)
}

// vaultConfig is what the options and Vault's own variables say.
func (c *consultation) vaultConfig() (vault.Config, error) {
	client, err := c.vaultClient()
	if err != nil {
		return vault.Config{}, err
	}
	config := vault.Config{
		Client:    client,
		Namespace: c.env.Getenv("VAULT_NAMESPACE"),
		Method:    strings.ToLower(cmp.Or(c.set.Text("auth-method"), vault.Token)),
		Mount:     c.set.Text("auth-path"),
		Settings:  map[string]plan.Secret{},
		Paths:     slices.DeleteFunc(slices.Clone(c.set.All("secret-path")), func(path string) bool { return path == "" }),
	}
	for _, setting := range c.set.Secrets("auth-settings") {
		settings, err := pairs("--auth-settings", []string{setting.Reveal()}, "KEY=VALUE")
		if err != nil {
			return config, err
		}
		for _, s := range settings {
			if config.Settings[s.key], err = c.secret("--auth-settings "+s.key, plan.NewSecret(s.value)); err != nil {
				return config, err
			}
		}
	}
	token := cmp.Or(c.set.Secret("vault-token"), plan.NewSecret(c.env.Getenv("VAULT_TOKEN")))
	if config.Token, err = c.secret("--vault-token", token); err != nil {
		return config, err
	}
	return config, complete(config)
}

// complete refuses a configuration with which Vault cannot be asked.
func complete(c vault.Config) error {
	missing := vault.Missing(c.Method, c.Settings)
	switch {
	case !slices.Contains(vault.Methods(), c.Method):
		return bad("--auth-method", quote(c.Method)+" is not a method", option.DidYouMean(c.Method, vault.Methods()))
	case c.Method == vault.Token && c.Token.Empty():
		return bad("--vault-token", "there is no token", "set VAULT_TOKEN, or give --vault-token @file:NAME")
	case missing != "":
		return bad("--auth-settings", "the method "+c.Method+" needs "+missing, "add --auth-settings "+missing+"=VALUE, as @file:NAME if it is a secret")
	case c.Method == "cert" && c.Client.Cert == nil:
		return bad("--manager-client-cert", "the method cert needs our certificate", "add --manager-client-cert FILE and --manager-client-key FILE")
	case len(c.Paths) == 0:
		return bad("--secret-path", "there is no secret to read", "add --secret-path PATH, such as kv/data/smtp")
	}
	return nil
}

// vaultClient is how to reach Vault: what a URL says, and what the options say
// instead.
func (c *consultation) vaultClient() (*web.Client, error) {
	const option = "--vault-address"
	address := cmp.Or(c.set.Text("vault-address"), c.env.Getenv("VAULT_ADDR"))
	scheme, port, err := c.vaultParts()
	if err != nil {
		return nil, err
	}
	if address == "" {
		return nil, bad(option, "there is no address", "add --vault-address HOST, or set VAULT_ADDR")
	}
	said, _, isURL := strings.Cut(address, "://")
	switch {
	case isURL && scheme != "" && !strings.EqualFold(said, scheme): // a token must not go out in clear by mistake
		return nil, bad("--vault-protocol", "the address begins with another one", "leave it out")
	case !isURL:
		address = cmp.Or(scheme, usualScheme) + "://" + bracketed(address) + ":" + cmp.Or(port, usualVaultPort)
	}
	client, path, err := web.Parse(address)
	if err == nil && path != "/" {
		err = errors.New("it goes on behind the host and port")
	}
	if err != nil {
		return nil, bad(option, "it is not an address: "+err.Error(), "give HOST, or a URL such as https://vault.example.org:8200")
	}
	client.Port = cmp.Or(port, client.Port)
	return client, c.trust(client, "VAULT_CACERT", "VAULT_CLIENT_CERT", "VAULT_CLIENT_KEY")
}

// What stands in for the options of Vault and TeamPass that are not given.
const (
	usualScheme    = "http"
	usualVaultPort = "8200"
	usualTimeout   = "5" // seconds, of TeamPass
	maxTimeout     = 3600
)

// vaultParts are --vault-protocol and --vault-port; "": not given.
func (c *consultation) vaultParts() (scheme, port string, err error) {
	given := c.set.Text("vault-protocol")
	scheme = strings.ToLower(given)
	if scheme != "" && scheme != "http" && scheme != "https" {
		return "", "", bad("--vault-protocol", quote(given)+" is neither http nor https", "give https, or http in a network that you trust")
	}
	port = c.set.Text("vault-port")
	if port == "" {
		return scheme, "", nil
	}
	n, err := strconv.ParseUint(strings.TrimSpace(port), 10, 16)
	if err != nil || n == 0 {
		return "", "", bad("--vault-port", quote(port)+" is not a port (1 to 65535)", "give a number, such as 8200")
	}
	return scheme, strconv.FormatUint(n, 10), nil
}

// bracketed is a host as it stands in a URL.
func bracketed(host string) string {
	if strings.Contains(host, ":") && !strings.HasPrefix(host, "[") {
		return "[" + host + "]"
	}
	return host
}

// trust fills in who proves the manager, and our own certificate; the names are
// those of variables that stand in for the options. A secret that goes over the
// network in clear is worth a remark.
func (c *consultation) trust(client *web.Client, ca, cert, key string) (err error) {
	if client.Host, err = message.ASCIIDomain(client.Host); err != nil {
		return c.failed(err)
	}
	c.where = " at " + net.JoinHostPort(client.Host, client.Port)
	if !client.TLS {
		if ip := net.ParseIP(client.Host); client.Host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			c.notes = append(c.notes, c.name+" was asked without TLS")
		}
		return nil
	}
	client.Root = roots.System(c.env.Getenv("SSL_CERT_FILE"), c.env.Getenv("SSL_CERT_DIR"))
	if name := cmp.Or(c.set.Text("manager-ca-file"), c.env.Getenv(ca)); name != "" {
		if client.Root.PEM, err = c.readPEM("--manager-ca-file", name); err != nil {
			return err
		}
		if !roots.Holds(client.Root.PEM) {
			return bad("--manager-ca-file", quote(name)+" contains no certificate", "give a file with certificates in PEM")
		}
	} else if err = c.checkStore(c.env.Getenv("SSL_CERT_FILE")); err != nil {
		return err
	}
	client.Cert, err = c.own(cmp.Or(c.set.Text("manager-client-cert"), c.env.Getenv(cert)), cmp.Or(c.set.Text("manager-client-key"), c.env.Getenv(key)))
	return err
}

// own reads our certificate and its key, which may be in the same file.
func (c *consultation) own(certFile, keyFile string) (*tls.Certificate, error) {
	if certFile == "" {
		return nil, nil
	}
	cert, err := c.readPEM("--manager-client-cert", certFile)
	if err != nil {
		return nil, err
	}
	key, err := c.readPEM("--manager-client-key", cmp.Or(keyFile, certFile))
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil { // whose words may quote from the file
		return nil, bad("--manager-client-cert", quote(certFile)+" and its key do not belong together", "give a certificate and the key that belongs to it, in PEM, without a passphrase")
	}
	return &pair, nil
}

// readPEM reads a file with certificates or a key.
func (c *consultation) readPEM(option, name string) ([]byte, error) {
	data, err := c.env.ReadFile(name)
	if err != nil {
		return nil, bad(option, quote(name)+": "+c.env.reason(name, err), "give a file in PEM that this user may read")
	}
	return data, nil
}

// checkStore refuses a file in place of the system's certificates that nobody can
// have meant.
func (c *consultation) checkStore(name string) error {
	if name == "" || c.env.Stat == nil {
		return nil
	}
	info, err := c.env.Stat(name)
	if err != nil {
		return nil // one that is missing is passed over, as with OpenSSL
	}
	if why := roots.Unfit(info); why != "" {
		return bad("the trusted certificates", quote(name)+why, "let SSL_CERT_FILE name a file or a directory with certificates in PEM")
	}
	return nil
}

// teampass searches the answer of TeamPass.
func (c *consultation) teampass() (lookup, error) {
	address, request, key := c.set.Text("teampass-api-address"), c.set.Text("teampass-api-request"), c.set.Secret("teampass-api-key")
	if address == "" || request == "" || key.Empty() {
		return nil, bad("--teampass-api-address", "TeamPass needs an address, a request and a key", "give --teampass-api-address URL, --teampass-api-request PATH and --teampass-api-key @file:NAME")
	}
	client, path, err := web.Parse(address + request)
	if err != nil {
		return nil, bad("--teampass-api-address", err.Error(), "give a URL such as https://teampass.example.org/teampass")
	}
	limit := cmp.Or(c.set.Text("teampass-timeout"), usualTimeout)
	seconds, err := strconv.ParseFloat(limit, 64)
	if err != nil || !(seconds > 0 && seconds <= maxTimeout) {
		return nil, bad("--teampass-timeout", quote(limit)+" is not a number of seconds", "give seconds above 0, such as 5")
	}
	if err := c.trust(client, "", "", ""); err != nil {
		return nil, err
	}
	if key, err = c.secret("--teampass-api-key", key); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(c.ctx, time.Duration(seconds*float64(time.Second)))
	defer cancel()
	return c.search("teampass-search-value", func() (any, error) { return askTeamPass(ctx, client, path, key) })
}
