package smtptest

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// Script is the server's side of one connection, a line for each act:
//
//	S: text       say a line
//	RAW: text     write bytes, with Go's escapes, no line end added
//	REPEAT: text  write bytes again and again until the client has gone
//	DRIP d: text  write bytes one by one, waiting d after each
//	C: text       the client must say exactly this line
//	C~ text       the client must say a line that begins so
//	MESSAGE       the client must send a message, to its last line, the dot
//	TLS name...   the server's side of a handshake with a certificate of the
//	              PKI; then may follow also=NAME (of another kind of key), max=1.1
//	              (the highest version), client (demands a certificate), sni=NAME
//	              (the client must ask for it) and fails (the handshake must fail);
//	              records=3 lets only so many TLS records of the server's through,
//	              and what follows is said in place of the others
//	GET path      the client must ask for it over HTTP
//	+40ms         wait
//	ANY           the client may say what it likes, until it hangs up
//	BYE           the same, QUIT is answered, and all else refused
//	FIN           say nothing more, and listen on; as CLOSE in memory
//	CLOSE         end the connection in good order, with TLS that, too
//	RESET         break the connection
//
// After the last act the client must say nothing more, and hang up.
type Script []act

type act struct {
	verb string
	text string
	wait time.Duration
}

// ParseScript reads a script.
func ParseScript(text string) (Script, error) {
	var script Script
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		a, err := parseAct(line)
		if err != nil {
			return nil, err
		}
		script = append(script, a)
	}
	return script, nil
}

func parseAct(line string) (act, error) {
	if rest, ok := strings.CutPrefix(line, "+"); ok {
		d, err := time.ParseDuration(rest)
		return act{verb: "+", wait: d}, err
	}
	verb, text, _ := strings.Cut(line, " ")
	a := act{verb: strings.TrimSuffix(verb, ":"), text: text}
	var err error
	switch a.verb {
	case "S", "C", "C~", "CLOSE", "RESET", "TLS", "ANY", "BYE", "MESSAGE", "GET", "FIN":
	case "RAW", "REPEAT":
		a.text, err = unescape(text)
	case "DRIP":
		d, bytes, _ := strings.Cut(text, ": ")
		if a.wait, err = time.ParseDuration(d); err == nil {
			a.text, err = unescape(bytes)
		}
	default:
		err = fmt.Errorf("act not understood: %q", line)
	}
	return a, err
}

func unescape(text string) (string, error) {
	return strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
}

// ErrReset is what Serve returns after RESET; the caller breaks the
// connection.
var ErrReset = errors.New("reset")

// Serve plays the script on a connection and closes it. The error says where
// the client left the script. Without TLS in the script pki may be nil.
func (s Script) Serve(conn net.Conn, pki *PKI) error {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for i, a := range s {
		if a.verb == "CLOSE" {
			conn.Close()
			return nil
		}
		if a.verb == "TLS" {
			secure, err := a.handshake(conn, pki)
			if err != nil || secure == nil {
				return err
			}
			conn, in = secure, bufio.NewReader(secure)
			continue
		}
		if err := a.play(conn, in); err != nil {
			if last := i == len(s)-1; last && a.speaks() {
				return nil // the client need not listen to the end
			}
			return err
		}
	}
	if line, err := in.ReadString('\n'); err == nil {
		return fmt.Errorf("the client said %q after the end of the script", line)
	}
	return nil
}

// handshake returns nil without an error when it failed as it should.
func (a act) handshake(conn net.Conn, pki *PKI) (net.Conn, error) {
	words := strings.Fields(a.text)
	cert, ok := pki.Certificate(words[0])
	if !ok {
		return nil, fmt.Errorf("the PKI has no %q", words[0])
	}
	config := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10}
	fails, bounded := false, &cutConn{Conn: conn, left: -1}
	for _, word := range words[1:] {
		if name, named := strings.CutPrefix(word, "sni="); named {
			config.GetConfigForClient = asking(name)
			continue
		}
		if name, named := strings.CutPrefix(word, "also="); named {
			other, _ := pki.Certificate(name)
			config.Certificates = append(config.Certificates, other)
			continue
		}
		if count, cut := strings.CutPrefix(word, "records="); cut {
			bounded.left, _ = strconv.Atoi(count)
			continue
		}
		switch word {
		case "client":
			config.ClientAuth = tls.RequireAnyClientCert
		case "fails":
			fails = true
		case "max=1.0":
			config.MaxVersion = tls.VersionTLS10
		case "max=1.1":
			config.MaxVersion = tls.VersionTLS11
		case "max=1.2":
			config.MaxVersion = tls.VersionTLS12
		case "max=1.3":
			config.MaxVersion = tls.VersionTLS13
		default:
			return nil, fmt.Errorf("%q is not understood after TLS", word)
		}
	}
	secure := tls.Server(bounded, config)
	err := secure.Handshake()
	switch {
	case bounded.left == 0:
		return conn, nil
	case err == nil && fails:
		return nil, errors.New("the handshake did not fail")
	case err != nil && fails:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("handshake: %w", err)
	}
	return secure, nil
}

// asking takes only clients that ask for this name.
func asking(name string) func(*tls.ClientHelloInfo) (*tls.Config, error) {
	return func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if hello.ServerName != name {
			return nil, fmt.Errorf("the client asks for %q, not for %q", hello.ServerName, name)
		}
		return nil, nil
	}
}

func (a act) speaks() bool { return a.verb == "S" || a.verb == "RAW" }

func (a act) play(conn net.Conn, in *bufio.Reader) error {
	switch a.verb {
	case "S":
		return a.say(conn, a.text+"\r\n")
	case "RAW":
		return a.say(conn, a.text)
	case "REPEAT":
		for {
			if _, err := io.WriteString(conn, a.text); err != nil {
				return nil
			}
		}
	case "DRIP":
		return a.drip(conn)
	case "C", "C~":
		return a.hear(in)
	case "MESSAGE":
		return hearMessage(in)
	case "GET":
		return a.hearRequest(in)
	case "ANY":
		io.Copy(io.Discard, in)
		return nil
	case "BYE":
		return a.part(conn, in)
	case "FIN":
		return fin(conn, in)
	case "RESET":
		return ErrReset
	}
	time.Sleep(a.wait)
	return nil
}

func (a act) say(conn net.Conn, text string) error {
	if _, err := io.WriteString(conn, text); err != nil {
		return fmt.Errorf("the client was gone before %q: %w", text, err)
	}
	return nil
}

// drip ends without an error when the client has had enough.
func (a act) drip(conn net.Conn) error {
	for i := range len(a.text) {
		if _, err := io.WriteString(conn, a.text[i:i+1]); err != nil {
			return nil
		}
		time.Sleep(a.wait)
	}
	return nil
}

func fin(conn net.Conn, in *bufio.Reader) error {
	half, ok := conn.(interface{ CloseWrite() error })
	if !ok {
		conn.Close()
		return nil
	}
	half.CloseWrite()
	io.Copy(io.Discard, in)
	return nil
}

// part refuses all but QUIT, until the client has gone.
func (a act) part(conn net.Conn, in *bufio.Reader) error {
	for {
		line, err := in.ReadString('\n')
		reply := "502 5.5.1 no\r\n"
		if line == "QUIT\r\n" {
			reply = "221 bye\r\n"
		}
		if err != nil || a.say(conn, reply) != nil {
			return nil
		}
	}
}

func (a act) hear(in *bufio.Reader) error {
	line, err := in.ReadString('\n')
	if err != nil {
		return fmt.Errorf("the client hung up (%v) instead of %q", err, a.text)
	}
	said, crlf := strings.CutSuffix(line, "\r\n")
	if !crlf || (a.verb == "C" && said != a.text) || !strings.HasPrefix(said, a.text) {
		return fmt.Errorf("the client said %q instead of %q", line, a.text+"\r\n")
	}
	return nil
}

// hearRequest reads the head of a request, up to the empty line.
func (a act) hearRequest(in *bufio.Reader) error {
	want := "GET " + a.text + " HTTP/1.1\r\n"
	for n := 0; ; n++ {
		line, err := in.ReadString('\n')
		switch {
		case err != nil:
			return fmt.Errorf("the client hung up (%v) in the middle of its request", err)
		case n == 0 && line != want:
			return fmt.Errorf("the client said %q instead of %q", line, want)
		case line == "\r\n":
			return nil
		}
	}
}

// hearMessage reads lines up to the one that is a dot. A bare CR or LF is not
// to be found in them.
func hearMessage(in *bufio.Reader) error {
	for {
		line, err := in.ReadString('\n')
		text, crlf := strings.CutSuffix(line, "\r\n")
		switch {
		case err != nil:
			return fmt.Errorf("the client hung up (%v) in the middle of its message", err)
		case !crlf || strings.Contains(text, "\r"):
			return fmt.Errorf("a bare CR or LF in the line %q of the message", line)
		case text == ".":
			return nil
		}
	}
}
