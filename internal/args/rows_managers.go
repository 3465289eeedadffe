package args

import "check_smtp/internal/option"

// What options of a password manager need: to be asked by it.
const (
	needEnvironment    option.Need = "environment"
	needFile           option.Need = "file"
	needKeepass        option.Need = "keepass"
	needHashicorpvault option.Need = "hashicorpvault"
	needTeampass       option.Need = "teampass"
	needWeb            option.Need = "hashicorpvault or teampass"
)

var managersRows = []option.Row{
	{Name: "pass-manager",
		Choices: "environment file keepass hashicorpvault teampass", Value: "NAME", Shape: option.Shaped,
		Help: `read the password, and other options, from environment, file, keepass, hashicorpvault or teampass. OPTION in ` +
			`the maps below is username, password, authzid, authtype, hostname, port, smtp-from or fqdn; every map and ` +
			`search is repeatable. What is missing, empty or cannot be reached is UNKNOWN. A SECRET may be given as ` +
			`@file:NAME, @env:NAME or @credential:NAME`},
	{Name: "environment-map-option", Value: "OPTION=NAME", Many: true, Needs: needEnvironment,
		Help: `take the value of OPTION from this environment variable`},
	{Name: "secret-file", Value: "FILE", Needs: needFile,
		Help: `JSON file with the secrets, for --pass-manager file`},
	{Name: "secret-search-value", Value: "KEY=JSONPATH", Many: true, Needs: needFile,
		Help: `call the value at this path of the JSON file KEY; %{hostname} in it is the host. Example: ` +
			`'pw=$..entries.[?($_->{title} eq "x")].pw'`},
	{Name: "secret-map-option", Value: "OPTION=%{KEY}", Many: true, Needs: needFile,
		Help: `use the value called KEY for OPTION`},
	{Name: "keepass-file", Value: "FILE", Needs: needKeepass},
	{Name: "keepass-password", Value: "SECRET", Secret: true, Needs: needKeepass, Shape: option.AnyText,
		Help: `database of KeePass 2 or KeePassXC, and its password`},
	{Name: "keepass-search-value", Value: "KEY=JSONPATH", Many: true, Needs: needKeepass},
	{Name: "keepass-map-option", Value: "OPTION=%{KEY}", Many: true, Needs: needKeepass,
		Help: `as --secret-search-value and --secret-map-option, for KeePass. Example: 'pw=$..entries.[?($_->{title} eq ` +
			`"x")].password'`},
	{Name: "vault-address", Value: "HOST", Needs: needHashicorpvault},
	{Name: "vault-port", Value: "N", Needs: needHashicorpvault, Shape: option.Shaped, Usual: "8200"},
	{Name: "vault-protocol",
		Choices: "http https", Value: "WORD", Needs: needHashicorpvault, Shape: option.Shaped, Usual: "http",
		Help: `where HashiCorp Vault is; HOST may be a URL, WORD is http or https. Default: $VAULT_ADDR; 8200; http`},
	{Name: "auth-method",
		Choices: "token userpass ldap okta radius approle cert github azure jwt kubernetes", Value: "WORD", Needs: needHashicorpvault, Shape: option.Shaped, Usual: "token",
		Help: `how to log in to Vault: token, userpass, ldap, okta, radius, approle, cert, github, azure, jwt or ` +
			`kubernetes. Default: token`},
	{Name: "vault-token", Value: "SECRET", Secret: true, Needs: needHashicorpvault, Shape: option.AnyText,
		Help: `token for Vault. Default: $VAULT_TOKEN`},
	{Name: "auth-path", Value: "PATH", Needs: needHashicorpvault,
		Help: `where the login method is mounted in Vault. Default: at its name`},
	{Name: "auth-settings", Value: "KEY=SECRET", Many: true, Secret: true, Needs: needHashicorpvault, Shape: option.AnyText,
		Help: `what the login method of Vault needs: username=u password=p role_id=r secret_id=s name=n token=t jwt=j ` +
			`role=r`},
	{Name: "secret-path", Value: "PATH", Many: true, Needs: needHashicorpvault,
		Help: `secret to read from Vault: kv/smtp, or from an engine of version 2 kv/data/smtp?version=3`},
	{Name: "map-option", Value: "OPTION=%{value_PATH#KEY}", Many: true, Needs: needHashicorpvault,
		Help: `use KEY of the Vault secret at PATH for OPTION. If the secret has only one key, %{value_PATH} is its value ` +
			`and %{key_PATH} the key itself`},
	{Name: "teampass-api-address", Value: "URL", Needs: needTeampass},
	{Name: "teampass-api-request", Value: "PATH", Needs: needTeampass},
	{Name: "teampass-api-key", Value: "SECRET", Secret: true, Needs: needTeampass, Shape: option.AnyText},
	{Name: "teampass-timeout", Value: "SECONDS", Needs: needTeampass, Shape: option.Shaped, Usual: "5",
		Help: `the request to TeamPass, which may take SECONDS, 5 by default`},
	{Name: "teampass-search-value", Value: "KEY=JSONPATH", Many: true, Needs: needTeampass},
	{Name: "teampass-map-option", Value: "OPTION=%{KEY}", Many: true, Needs: needTeampass,
		Help: `as --secret-search-value and --secret-map-option, for TeamPass. Example: 'pw=$.[?($_->{label} eq "x")].pw'`},
	{Name: "keepass-endpoint", Also: "keepass-endpoint-file", Value: "FILE", Many: true, Needs: needKeepass,
		Help: `not supported: a Perl file is an error`},
	{Name: "teampass-endpoint", Also: "teampass-endpoint-file", Value: "FILE", Many: true, Needs: needTeampass,
		Help: `not supported: a Perl file is an error`},
	{Name: "manager-ca-file", Filled: true, Value: "FILE", Needs: needWeb,
		Help: `for Vault and TeamPass: trust the certificates in this PEM file. Default: the system's; for Vault ` +
			`$VAULT_CACERT`},
	{Name: "manager-client-cert", Filled: true, Value: "FILE", Needs: needWeb},
	{Name: "manager-client-key", Filled: true, Value: "FILE", Needs: needWeb,
		Help: `for Vault and TeamPass: client certificate and key in PEM. Default: for Vault $VAULT_CLIENT_CERT, ` +
			`$VAULT_CLIENT_KEY`},
}
