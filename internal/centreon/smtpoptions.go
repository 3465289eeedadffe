package centreon

import (
	"strconv"
	"strings"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// ownLogin is what --smtp-options say of a session and have no option for.
type ownLogin struct {
	none    bool    // auth=none
	timeout float64 // seconds, of connecting
}

// keyValue reads KEY=VALUE. An empty entry is none.
func keyValue(row, entry, keys string) (key, value string, err error) {
	key, value, ok := strings.Cut(entry, "=")
	if !ok && entry != "" {
		return "", "", option.Bad(row, "one of its values is not KEY=VALUE", "the keys are "+keys)
	}
	return strings.TrimSpace(key), value, nil
}

const smtpKeys = "layer, auth, port, smtp, from, timeout, debug, ssl_verify_mode, ssl_version, ssl_verify_path, ssl_ca_file"

// smtpOption carries an entry of --smtp-options over to our options.
func (o *Call) smtpOption(entry string, s *ownLogin) error {
	const row = "--smtp-options"
	key, value, err := keyValue(row, entry, smtpKeys)
	if err != nil || value == "" {
		return err
	}
	switch key {
	case "layer":
		modes := map[string]plan.TLSMode{"tls": plan.StartTLS, "ssl": plan.ImplicitTLS, "none": plan.NoTLS}
		mode, ok := modes[strings.ToLower(value)]
		if !ok {
			return option.Bad(row, option.Known(value, []string{"tls", "ssl", "none", "starttls"})+" is not a layer", "give layer=tls for STARTTLS, layer=ssl for TLS from the start, or layer=none")
		}
		o.Put("tls-mode", string(mode))
	case "auth":
		return o.authOption(value, s)
	case "port", "ssl_ca_file", "smtp":
		o.Put(map[string]string{"port": "port", "ssl_ca_file": "ca-file", "smtp": "hostname"}[key], value)
	case "timeout":
		if s.timeout, err = strconv.ParseFloat(value, 64); err != nil || !(s.timeout > 0) {
			return option.Bad(row, "timeout is not a number of seconds", "give seconds above 0, such as timeout=30")
		}
	case "ssl_verify_mode", "ssl_version", "ssl_verify_path":
		return o.tlsOption(key, value)
	case "debug":
		if value != "0" {
			o.Put("verbose", "3")
		}
	case "from": // of the login, which has no use for it
	default:
		return option.Bad(row, option.Known(key, strings.Split(smtpKeys, ", "))+" is not known", "the keys are "+smtpKeys)
	}
	return nil
}

// authOption reads the mechanism.
func (o *Call) authOption(value string, s *ownLogin) error {
	switch strings.ToUpper(value) {
	case "NONE":
		s.none = true
	case "DIGEST-MD5":
		return option.Bad("--smtp-options", "DIGEST-MD5 is obsolete (RFC 6331) and not known here", "give auth=AUTO, which takes the strongest that is offered")
	default:
		o.Put("authtype", value)
	}
	return nil
}

// tlsOption carries over what IO::Socket::SSL is told.
func (o *Call) tlsOption(key, value string) error {
	const row = "--smtp-options"
	switch key {
	case "ssl_verify_path": // a directory as OpenSSL has it; a file will do, too
		o.Put("environment", "SSL_CERT_DIR="+value)
		o.Put("environment", "SSL_CERT_FILE="+value)
	case "ssl_verify_mode":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return option.Bad(row, "ssl_verify_mode is not a number", "give ssl_verify_mode=1 to verify the server, or 0")
		}
		if n > 0 && !o.Has("verify") {
			o.Put("verify", "critical")
		}
	case "ssl_version":
		versions := map[string]string{"TLSV1": "1.0", "TLSV11": "1.1", "TLSV12": "1.2", "TLSV13": "1.3"}
		name, _, _ := strings.Cut(strings.ToUpper(value), ":") // what follows are exceptions
		version, ok := versions[strings.ReplaceAll(name, "_", "")]
		switch {
		case ok:
			o.Put("tls-min", version)
			o.Put("tls-max", version)
		case name != "SSLV23": // all of them
			return option.Bad(row, "ssl_version is not known", "give TLSv1, TLSv1_1, TLSv1_2 or TLSv1_3")
		}
	}
	return nil
}

const sendKeys = "subject, body, cc, bcc, replyto, charset, contenttype, attachments, disposition, sns_topic, from, to, verbose"

// sendOption carries an entry of --smtp-send-options over to our options.
func (o *Call) sendOption(entry string) error {
	const row = "--smtp-send-options"
	key, value, err := keyValue(row, entry, sendKeys)
	if err != nil || value == "" {
		return err
	}
	if o.mode == Login {
		return option.Bad(row, "the mode login sends no message", "leave it out, or give --mode=message")
	}
	switch key {
	case "subject", "body", "cc", "bcc", "charset":
		o.Put(key, value)
	case "replyto":
		o.Put("reply-to", value)
	case "contenttype":
		o.Put("content-type", value)
	case "sns_topic":
		o.Put("header", "X-SES-CONFIGURATION-SET: "+value)
	case "attachments":
		for name := range strings.SplitSeq(value, ",") {
			o.Put("attach", strings.TrimSpace(name))
		}
	case "from":
		o.Put("from", value)
	case "to":
		o.Drop("to")
		o.Put("to", value)
	case "disposition", "verbose": // how a reader shows a file, how much the library prints
	default:
		return option.Bad(row, option.Known(key, strings.Split(sendKeys, ", "))+" is not known", "the keys are "+sendKeys)
	}
	return nil
}
