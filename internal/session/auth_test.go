package session

import (
	"bufio"
	"cmp"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/sasl"
	"check_smtp/internal/smtp"
	"check_smtp/internal/smtptest"
)

func b64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// joe is the user of these tests.
func joe(m plan.Mechanism) plan.Auth {
	return plan.Auth{Mechanism: m, User: "joe", Password: plan.NewSecret("hunter2!")}
}

// newTalk is a conversation that has got as far as the login.
func newTalk(conn net.Conn, a plan.Auth, caps ...string) *talk {
	t := &talk{progress: new(Progress), raw: conn, conn: conn, reader: smtp.NewReader(conn), deadline: time.Now().Add(time.Minute)}
	t.probe.Auth = &a
	t.facts = facts.Session{Start: time.Now(), Caps: smtp.ParseCapabilities(smtp.Reply{Code: 250, Lines: append([]string{"250-mx"}, caps...)})}
	t.keepSecrets()
	return t
}

// logIn plays a login as converse would, against a script.
func logIn(t *testing.T, a plan.Auth, script string, caps ...string) (*talk, smtp.Reply, error) {
	t.Helper()
	s, err := smtptest.ParseScript(script)
	if err != nil {
		t.Fatal(err)
	}
	conn, play := smtptest.Pipe(s, nil)
	served := make(chan error, 1)
	go func() { served <- play() }()
	talk := newTalk(conn, a, caps...)
	talk.facts.TLS = &facts.TLS{}
	reply, err := talk.login()
	reply, err = masked(talk.mask, reply, err)
	conn.Close()
	if err := <-served; err != nil {
		t.Error(err)
	}
	return talk, reply, err
}

// ended says in a word how a login ended.
func ended(reply smtp.Reply, err error) string {
	var p *facts.Problem
	var syntax *smtp.SyntaxError
	kinds := map[facts.ProblemKind]string{facts.NotOffered: "not offered", facts.Withheld: "withheld", facts.BadChallenge: "bad challenge", facts.Impostor: "impostor"}
	switch {
	case errors.As(err, &p):
		return kinds[p.Kind] + ": " + p.Text
	case errors.As(err, &syntax):
		return "not SMTP: " + syntax.Error()
	case err != nil:
		return err.Error()
	}
	return reply.String()
}

func TestLogin(t *testing.T) {
	user, password := b64("joe"), b64("hunter2!")
	prompts := "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " + user + "\nS: 334 UGFzc3dvcmQ6\nC: " + password + "\n"
	round := "S: 334\nC: \n"
	tests := []struct {
		name   string
		auth   plan.Auth
		script string
		want   string
	}{
		{"LOGIN", joe(plan.Login), prompts + "S: 235 welcome", "235 welcome"},
		{"LOGIN, prompts with NUL and in French", joe(plan.Login),
			"C: AUTH LOGIN\nS: 334 " + b64("Utilisateur?\x00") + "\nC: " + user + "\nS: 334 " + b64("Password\x00") + "\nC: " + password + "\nS: 235 ok", "235 ok"},
		{"LOGIN, empty prompts", joe(plan.Login), "C: AUTH LOGIN\nS: 334\nC: " + user + "\nS: 334 \nC: " + password + "\nS: 235 ok", "235 ok"},
		{"LOGIN, prompts the wrong way round", joe(plan.Login),
			"C: AUTH LOGIN\nS: 334 UGFzc3dvcmQ6\nC: " + user + "\nS: 334 VXNlcm5hbWU6\nC: " + password + "\nS: 535 no", "535 no"},
		{"LOGIN, third prompt", joe(plan.Login), prompts + "S: 334 " + b64("Again:") + "\nC: *\nS: 501 cancelled", "bad challenge: a challenge where none was due"},
		{"LOGIN refused at once", joe(plan.Login), "C: AUTH LOGIN\nS: 503 not now", "503 not now"},
		{"LOGIN refused after the user", joe(plan.Login), "C: AUTH LOGIN\nS: 334\nC: " + user + "\nS: 550 no joe", "550 no joe"},
		{"LOGIN accepted at once", joe(plan.Login), "C: AUTH LOGIN\nS: 235 ok", "bad challenge: accepted before the password was sent"},
		{"LOGIN accepted after the user", joe(plan.Login), "C: AUTH LOGIN\nS: 334\nC: " + user + "\nS: 235 ok", "bad challenge: accepted before the password was sent"},
		{"CRAM-MD5 accepted at once", joe(plan.CRAMMD5), "C: AUTH CRAM-MD5\nS: 235 ok", "bad challenge: accepted before the password was sent"},
		{"PLAIN of more, accepted at once", plan.Auth{Mechanism: plan.Plain, User: "joe", Password: plan.NewSecret(strings.Repeat("p", 370))},
			"C: AUTH PLAIN\nS: 235 ok", "bad challenge: accepted before the password was sent"},
		{"SCRAM of more, accepted after the first message", plan.Auth{Mechanism: plan.SCRAMSHA1, User: strings.Repeat("j", 400), Password: plan.NewSecret("p")},
			"C: AUTH SCRAM-SHA-1\nS: 334\nC~ biwsbj1\nS: 235 ok", "impostor: accepted, but the server did not prove that it knows the password"},
		{"LOGIN deferred", joe(plan.Login), prompts + "S: 454 later", "454 later"},
		{"LOGIN answered 250", joe(plan.Login), prompts + "S: 250 ok", "250 ok"},
		{"LOGIN answered 354", joe(plan.Login), prompts + "S: 354 go on", "354 go on"},
		{"closed after the user", joe(plan.Login), "C: AUTH LOGIN\nS: 334\nC: " + user + "\nCLOSE", "EOF"},
		{"announces its end before it is asked", joe(plan.Login), "C: AUTH LOGIN\nRAW: 334\\r\\n421 bye\\r\\n", "421 bye"},
		{"speaks before it is asked", joe(plan.Login), "C: AUTH LOGIN\nRAW: 334\\r\\n235 ok\\r\\n", `not SMTP: a reply before the command: "235 ok"`},

		{"LOGIN prompts in plain text", joe(plan.Login), "C: AUTH LOGIN\nS: 334 Username:\nC: " + user + "\nS: 535 no", "535 no"},
		{"not base64", joe(plan.CRAMMD5), "C: AUTH CRAM-MD5\nS: 334 Username:\nC: *\nS: 501 cancelled", "bad challenge: a challenge that is not base64"},
		{"base64 without padding", joe(plan.CRAMMD5), "C: AUTH CRAM-MD5\nS: 334 VXNlcg\nC: *\nS: 501 cancelled", "bad challenge: a challenge that is not base64"},
		{"base64 with a CR inside", joe(plan.CRAMMD5), "C: AUTH CRAM-MD5\nRAW: 334 VXNl\\rcg==\\r\\n\nC: *\nS: 501 cancelled", "bad challenge: a challenge that is not base64"},
		{"two lines", joe(plan.Login), "C: AUTH LOGIN\nRAW: 334-VXNl\\r\\n334 cg==\\r\\n\nC: *\nS: 501 cancelled", "bad challenge: a challenge of 2 lines"},
		{"the longest challenge", joe(plan.Login), "C: AUTH LOGIN\nS: 334 " + strings.Repeat("AAAA", 3072) + "\nC: " + user + "\nS: 535 no", "535 no"},
		{"a challenge too long", joe(plan.Login), "C: AUTH LOGIN\nS: 334 " + strings.Repeat("AAAA", 3073) + "\nC: *\nS: 501 cancelled", "bad challenge: a challenge of over 12288 bytes"},
		{"a challenge without end", joe(plan.Login), "C: AUTH LOGIN\nREPEAT: 334 AAAA",
			`not SMTP: a line of over 16384 bytes: "` + strings.Repeat("334 AAAA", 25) + `"`},
		{"the cancel is answered 334", joe(plan.CRAMMD5), "C: AUTH CRAM-MD5\nS: 334 ?\nC: *\nS: 334 ?", "bad challenge: a challenge that is not base64"},
		{"closed at the cancel", joe(plan.CRAMMD5), "C: AUTH CRAM-MD5\nS: 334 ?\nC: *\nCLOSE", "EOF"},

		{"PLAIN", joe(plan.Plain), "C: AUTH PLAIN " + b64("\x00joe\x00hunter2!") + "\nS: 235 ok", "235 ok"},
		{"PLAIN as somebody else", plan.Auth{Mechanism: plan.Plain, User: "u", Password: plan.NewSecret("p"), AuthzID: "z"},
			"C: AUTH PLAIN egB1AHA=\nS: 235 ok", "235 ok"},
		{"PLAIN challenged", joe(plan.Plain), "C: AUTH PLAIN " + b64("\x00joe\x00hunter2!") + "\nS: 334\nC: *\nS: 501 cancelled", "bad challenge: a challenge where none was due"},
		{"PLAIN of 512 bytes", plan.Auth{Mechanism: plan.Plain, User: "joe", Password: plan.NewSecret(strings.Repeat("p", 367))},
			"C: AUTH PLAIN " + b64("\x00joe\x00"+strings.Repeat("p", 367)) + "\nS: 235 ok", "235 ok"},
		{"PLAIN of more", plan.Auth{Mechanism: plan.Plain, User: "joe", Password: plan.NewSecret(strings.Repeat("p", 370))},
			"C: AUTH PLAIN\nS: 334\nC: " + b64("\x00joe\x00"+strings.Repeat("p", 370)) + "\nS: 235 ok", "235 ok"},
		{"PLAIN of more, challenged", plan.Auth{Mechanism: plan.Plain, User: "joe", Password: plan.NewSecret(strings.Repeat("p", 370))},
			"C: AUTH PLAIN\nS: 334 " + b64("go on") + "\nC: " + b64("\x00joe\x00"+strings.Repeat("p", 370)) + "\nS: 235 ok", "235 ok"},
		{"PLAIN of more, challenged in words", plan.Auth{Mechanism: plan.Plain, User: "joe", Password: plan.NewSecret(strings.Repeat("p", 370))},
			"C: AUTH PLAIN\nS: 334 OK. Continue authentication\nC: " + b64("\x00joe\x00"+strings.Repeat("p", 370)) + "\nS: 235 ok", "235 ok"},
		{"PLAIN of more, challenged with blanks", plan.Auth{Mechanism: plan.Plain, User: "joe", Password: plan.NewSecret(strings.Repeat("p", 370))},
			"C: AUTH PLAIN\nRAW: 334   \\r\\n\nC: " + b64("\x00joe\x00"+strings.Repeat("p", 370)) + "\nS: 235 ok", "235 ok"},
		{"PLAIN of more, challenged twice", plan.Auth{Mechanism: plan.Plain, User: "joe", Password: plan.NewSecret(strings.Repeat("p", 370))},
			"C: AUTH PLAIN\nS: 334 go on\nC: " + b64("\x00joe\x00"+strings.Repeat("p", 370)) + "\nS: 334 go on\nC: *\nS: 501 cancelled", "bad challenge: a challenge that is not base64"},
		{"PLAIN challenged with blanks", joe(plan.Plain), "C: AUTH PLAIN " + b64("\x00joe\x00hunter2!") + "\nRAW: 334  \\r\\n\nC: *\nS: 501 cancelled", "bad challenge: a challenge where none was due"},
		{"EXTERNAL of more, challenged in words", plan.Auth{Mechanism: plan.External, AuthzID: strings.Repeat("z", 400)},
			"C: AUTH EXTERNAL\nS: 334 who?\nC: " + b64(strings.Repeat("z", 400)) + "\nS: 235 ok", "235 ok"},
		{"SCRAM of more, challenged in words", plan.Auth{Mechanism: plan.SCRAMSHA1, User: strings.Repeat("j", 400), Password: plan.NewSecret("p")},
			"C: AUTH SCRAM-SHA-1\nS: 334 Go on, please\nC~ biwsbj1\nS: 535 no", "535 no"},

		{"CRAM-MD5", plan.Auth{Mechanism: plan.CRAMMD5, User: "tim", Password: plan.NewSecret("tanstaaftanstaaf")}, // RFC 2195 section 2
			"C: AUTH CRAM-MD5\nS: 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\nC: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\nS: 235 ok", "235 ok"},
		{"CRAM-MD5, blanks around the challenge", plan.Auth{Mechanism: plan.CRAMMD5, User: "tim", Password: plan.NewSecret("tanstaaftanstaaf")},
			"C: AUTH CRAM-MD5\nRAW: 334  PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+ \\t\\r\\n\nC: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\nS: 235 ok", "235 ok"},
		{"CRAM-MD5 with nothing to sign", joe(plan.CRAMMD5), "C: AUTH CRAM-MD5\nS: 334\nC: *\nS: 501 cancelled", "bad challenge: an empty challenge"},
		{"CRAM-MD5 twice", plan.Auth{Mechanism: plan.CRAMMD5, User: "tim", Password: plan.NewSecret("tanstaaftanstaaf")},
			"C: AUTH CRAM-MD5\nS: 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+\nC: dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\nS: 334 YWdhaW4=\nC: *\nS: 501 cancelled",
			"bad challenge: a challenge where none was due"},

		{"XOAUTH2", joe(plan.XOAuth2), "C: AUTH XOAUTH2 " + b64("user=joe\x01auth=Bearer hunter2!\x01\x01") + "\nS: 235 ok", "235 ok"},
		{"XOAUTH2 refused", joe(plan.XOAuth2), "C~ AUTH XOAUTH2 \nS: 334 " + b64(`{"status":"401"}`) + "\nC: \nS: 535 no", "535 no"},
		{"XOAUTH2 of more, challenged in words", plan.Auth{Mechanism: plan.XOAuth2, User: "joe", Password: plan.NewSecret(strings.Repeat("t", 400))},
			"C: AUTH XOAUTH2\nS: 334 go ahead\nC: " + b64("user=joe\x01auth=Bearer "+strings.Repeat("t", 400)+"\x01\x01") + "\nS: 334 token is stale\nC: \nS: 535 no", "535 no"},
		{"XOAUTH2 refused in words", joe(plan.XOAuth2), "C~ AUTH XOAUTH2 \nS: 334 token is stale\nC: \nS: 535 no", "535 no"},
		{"XOAUTH2 refused without end", joe(plan.XOAuth2), "C~ AUTH XOAUTH2 \n" + round + "S: 334\nC: *\nS: 501 cancelled", "bad challenge: a challenge where none was due"},
		{"OAUTHBEARER", joe(plan.OAuthBearer), "C: AUTH OAUTHBEARER " + b64("n,a=joe,\x01auth=Bearer hunter2!\x01\x01") + "\nS: 235 ok", "235 ok"},
		{"OAUTHBEARER, odd name", plan.Auth{Mechanism: plan.OAuthBearer, User: "j=o,e", Password: plan.NewSecret("hunter2!")},
			"C: AUTH OAUTHBEARER " + b64("n,a=j=3Do=2Ce,\x01auth=Bearer hunter2!\x01\x01") + "\nS: 235 ok", "235 ok"},
		{"OAUTHBEARER refused", joe(plan.OAuthBearer), "C~ AUTH OAUTHBEARER \nS: 334 " + b64(`{"status":"invalid_token"}`) + "\nC: AQ==\nS: 535 no", "535 no"},

		{"EXTERNAL", plan.Auth{Mechanism: plan.External}, "C: AUTH EXTERNAL =\nS: 235 ok", "235 ok"},
		{"EXTERNAL as somebody else", plan.Auth{Mechanism: plan.External, AuthzID: "z"}, "C: AUTH EXTERNAL eg==\nS: 235 ok", "235 ok"},
		{"ANONYMOUS", plan.Auth{Mechanism: plan.Anonymous}, "C: AUTH ANONYMOUS =\nS: 235 ok", "235 ok"},
		{"ANONYMOUS with a trace", plan.Auth{Mechanism: plan.Anonymous, User: "sirhc"}, "C: AUTH ANONYMOUS c2lyaGM=\nS: 235 ok", "235 ok"}, // RFC 4505 section 3

		{"SCRAM accepted without a word", joe(plan.SCRAMSHA256), "C~ AUTH SCRAM-SHA-256 biwsbj1qb2Uscj\nS: 235 ok", "impostor: accepted, but the server did not prove that it knows the password"},
		{"SCRAM refused at once", joe(plan.SCRAMSHA1), "C~ AUTH SCRAM-SHA-1 biwsbj1qb2Uscj\nS: 535 no", "535 no"},
		{"SCRAM with a name beyond us", plan.Auth{Mechanism: plan.SCRAMSHA1, User: "名", Password: plan.NewSecret("p")}, "", "withheld: cannot carry this user name or password, which need SASLprep"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				talk, reply, err := logIn(t, tt.auth, tt.script)
				if got := ended(reply, err); got != tt.want {
					t.Errorf("it ended with %q, want %q", got, tt.want)
				}
				if talk.facts.Auth.Mechanism != tt.auth.Mechanism {
					t.Errorf("the facts say %s", talk.facts.Auth.Mechanism)
				}
			})
		})
	}
}

// endless is a mechanism that answers whatever it is asked.
type endless struct{ answers int }

func (*endless) Start() (string, []byte, error) { return "X", nil, nil }

func (e *endless) Next([]byte) ([]byte, error) { e.answers++; return []byte("a"), nil }

func TestTooManyChallenges(t *testing.T) {
	for _, n := range []int{10, 11} {
		last, want := "S: 535 no", "535 no"
		if n == 11 {
			last, want = "S: 334\nC: *\nS: 501 cancelled", "bad challenge: over 10 challenges"
		}
		script, err := smtptest.ParseScript("C: AUTH X\n" + strings.Repeat("S: 334\nC: YQ==\n", 10) + last)
		if err != nil {
			t.Fatal(err)
		}
		conn, play := smtptest.Pipe(script, nil)
		served := make(chan error, 1)
		go func() { served <- play() }()
		talk := newTalk(conn, joe(plan.Login))
		talk.mask, talk.facts.Auth = sasl.NewMask("p"), &facts.Auth{}
		e := &endless{}
		if got := ended(talk.authenticate(e)); got != want || e.answers != 10 {
			t.Errorf("%d challenges: %q after %d answers", n, got, e.answers)
		}
		conn.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}
}

// scramServer is a server's side of SCRAM, reckoned with the standard
// library's PBKDF2. cheat changes what it says last.
func scramServer(conn net.Conn, h func() hash.Hash, password string, rounds int, cheat func(last string) string) error {
	in := bufio.NewReader(conn)
	hear := func() (string, error) {
		line, err := in.ReadString('\n')
		words := strings.Fields("_ " + line)
		text, _ := base64.StdEncoding.DecodeString(words[len(words)-1])
		return string(text), err
	}
	first, err := hear()
	if err != nil {
		return err
	}
	header, bare, _ := strings.Cut(first, "n=")
	bare = "n=" + bare
	_, nonce, _ := strings.Cut(bare, ",r=")
	challenge := fmt.Sprintf("r=%sSERVER,s=%s,i=%d", nonce, b64("some salt"), rounds)
	fmt.Fprintf(conn, "334 %s\r\n", b64(challenge))
	final, err := hear()
	if err != nil {
		return err
	}
	if final == "" {
		fmt.Fprintf(conn, "501 cancelled\r\n")
		return nil
	}
	without, proof, _ := strings.Cut(final, ",p=")
	if want := "c=" + b64(header) + ",r=" + nonce + "SERVER"; without != want {
		return fmt.Errorf("client-final-message %q, want %q", without, want)
	}
	mac := func(key []byte, text string) []byte {
		m := hmac.New(h, key)
		m.Write([]byte(text))
		return m.Sum(nil)
	}
	salted, err := pbkdf2.Key(h, password, []byte("some salt"), rounds, h().Size())
	if err != nil {
		return err
	}
	key := mac(salted, "Client Key")
	stored := h()
	stored.Write(key)
	everything := bare + "," + challenge + "," + without
	for i, b := range mac(stored.Sum(nil), everything) {
		key[i] ^= b
	}
	if proof != base64.StdEncoding.EncodeToString(key) {
		fmt.Fprintf(conn, "535 5.7.8 no\r\n")
		return nil
	}
	last := "v=" + base64.StdEncoding.EncodeToString(mac(mac(salted, "Server Key"), everything))
	if last = cheat(last); last == "" {
		fmt.Fprintf(conn, "235 ok\r\n")
		return nil
	}
	fmt.Fprintf(conn, "334 %s\r\n", b64(last))
	switch line, err := in.ReadString('\n'); {
	case err != nil:
		return err
	case line == "*\r\n":
		fmt.Fprintf(conn, "501 cancelled\r\n")
	case line == "\r\n":
		fmt.Fprintf(conn, "235 ok\r\n")
	default:
		return fmt.Errorf("the client said %q to the last challenge", line)
	}
	return nil
}

func TestSCRAM(t *testing.T) {
	honest := func(last string) string { return last }
	tests := []struct {
		name     string
		password string // the server's idea of it
		authzID  string
		rounds   int
		cheat    func(string) string
		want     string
		detail   string
	}{
		{"honest", "hunter2!", "", 4096, honest, "235 ok", ""},
		{"as somebody else", "hunter2!", "a,b=c", 5000, honest, "235 ok", ""},
		{"the most iterations", "hunter2!", "", 600000, honest, "235 ok", ""},
		{"wrong password", "hunter3!", "", 4096, honest, "535 5.7.8 no", ""},
		{"no signature", "hunter2!", "", 4096, func(string) string { return "" }, "impostor: accepted, but the server did not prove that it knows the password", ""},
		{"wrong signature", "hunter2!", "", 4096, func(string) string { return "v=" + b64("x") }, "impostor: the server could not prove that it knows the password", ""},
		{"empty signature", "hunter2!", "", 4096, func(string) string { return "v=" }, "impostor: the server could not prove that it knows the password", ""},
		{"signature cut off", "hunter2!", "", 4096, func(last string) string { return last[:len(last)-4] }, "impostor: the server could not prove that it knows the password", ""},
		{"signature and extension", "hunter2!", "", 4096, func(last string) string { return last + ",x=y" }, "235 ok", ""},
		{"no last word of SCRAM", "hunter2!", "", 4096, func(string) string { return "fine" }, "bad challenge: a last challenge that is not SCRAM's", ""},
		{"error, then accepted", "hunter2!", "", 4096, func(string) string { return "e=other-error" }, "impostor: accepted, but the server did not prove that it knows the password", "other-error"},
		{"weak", "hunter2!", "", 4095, honest, "bad challenge: an iteration count of 4095, not 4096 to 600000", ""},
	}
	for _, tt := range tests {
		for m, h := range map[plan.Mechanism]func() hash.Hash{plan.SCRAMSHA1: sha1.New, plan.SCRAMSHA256: sha256.New} {
			near, far := net.Pipe()
			served := make(chan error, 1)
			go func() { defer far.Close(); served <- scramServer(far, h, tt.password, tt.rounds, tt.cheat) }()
			a := joe(m)
			a.AuthzID = tt.authzID
			talk := newTalk(near, a)
			got := ended(talk.login())
			if err := <-served; got != tt.want || err != nil {
				t.Errorf("%s, %s: %q, want %q (%v)", tt.name, m, got, tt.want, err)
			}
			near.Close()
			if talk.facts.Auth.Detail != tt.detail || talk.facts.Auth.InClear {
				t.Errorf("%s, %s: facts %+v", tt.name, m, *talk.facts.Auth)
			}
			for _, line := range talk.facts.Dialogue {
				if strings.HasPrefix(line.Text, "334 "+b64("v=")[:2]) {
					t.Errorf("%s, %s: the server's proof is in the dialogue: %s", tt.name, m, line.Text)
				}
			}
		}
	}
}

func TestMechanism(t *testing.T) {
	tls := &facts.TLS{}
	tests := []struct {
		caps    []string
		tls     *facts.TLS
		authzID string
		want    string
	}{
		{[]string{"250-AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 XOAUTH2"}, nil, "", "SCRAM-SHA-256"},
		{[]string{"250-AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1"}, tls, "", "SCRAM-SHA-1"},
		{[]string{"250-AUTH PLAIN LOGIN CRAM-MD5"}, tls, "", "CRAM-MD5"},
		{[]string{"250-AUTH LOGIN PLAIN"}, tls, "", "PLAIN"},
		{[]string{"250-auth login"}, tls, "", "LOGIN"},
		{[]string{"250-AUTH=LOGIN PLAIN"}, tls, "", "PLAIN"},
		{[]string{"250-AUTH=LOGIN"}, tls, "", "LOGIN"},
		{[]string{"250-AUTH GSSAPI", "250-AUTH=PLAIN"}, tls, "", "PLAIN"},
		{[]string{"250-AUTH CRAM-MD5 LOGIN PLAIN"}, tls, "z", "PLAIN"},
		{nil, tls, "", "not offered: no usable mechanism offered, the server announces none"},
		{[]string{"250-AUTH"}, tls, "", "not offered: no usable mechanism offered, the server announces none"},
		{[]string{"250-AUTHENTICATE LOGIN"}, tls, "", "not offered: no usable mechanism offered, the server announces none"},
		{[]string{"250-AUTH PLAIN LOGIN"}, nil, "", "not offered: no usable mechanism offered: PLAIN LOGIN (would show the password, there is no TLS)"},
		{[]string{"250-AUTH XOAUTH2 OAUTHBEARER GSSAPI EXTERNAL NTLM"}, tls, "",
			"not offered: no usable mechanism offered: XOAUTH2 OAUTHBEARER (for a token) GSSAPI (not supported) EXTERNAL (not for a password) NTLM (not supported)"},
		{[]string{"250-AUTH CRAM-MD5"}, tls, "z", "not offered: no usable mechanism offered: CRAM-MD5 (cannot carry an authorization identity)"},
		{[]string{"250-AUTH SCRAM-SHA-1 PLAIN"}, tls, "名", "PLAIN"},
		{[]string{"250-AUTH " + strings.Repeat("X ", 200) + "PLAIN"}, tls, "", "PLAIN"},
	}
	for _, tt := range tests {
		a := joe(plan.AutoMech)
		a.AuthzID = tt.authzID
		talk := newTalk(nil, a, tt.caps...)
		talk.facts.TLS = tt.tls
		m, err := talk.mechanism("hunter2!")
		if got := cmp.Or(string(m), ended(smtp.Reply{}, err)); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.caps, got, tt.want)
		}
	}
}

func TestOfferedIsBounded(t *testing.T) {
	var words strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&words, " X%d", i)
	}
	if names := offered(smtp.Capabilities{"AUTH": strings.Fields(words.String())}); len(names) != maxOffered {
		t.Errorf("%d mechanisms", len(names))
	}
}

func TestMistrust(t *testing.T) {
	stranger := &facts.TLS{Untrusted: errors.New("it is self-signed")}
	namesake := &facts.TLS{Misnamed: errors.New("not valid for mx")}
	tests := []struct {
		asked plan.TLS
		got   *facts.TLS
		want  string
	}{
		{plan.TLS{}, nil, ""},
		{plan.TLS{Mode: plan.NoTLS}, nil, ""},
		{plan.TLS{Mode: plan.NoTLS, Verify: true}, nil, "without TLS the server is not proven"},
		{plan.TLS{Mode: plan.NoTLS, Pins: [][]byte{{1}}}, nil, "without TLS the server is not proven"},
		{plan.TLS{Mode: plan.StartTLSIfOffer}, nil, "TLS was asked for and did not come about"},
		{plan.TLS{Mode: plan.ImplicitTLSIfCan}, nil, "TLS was asked for and did not come about"},
		{plan.TLS{Mode: plan.StartTLS}, nil, "TLS was asked for and did not come about"},
		{plan.TLS{Mode: plan.StartTLS}, stranger, ""},
		{plan.TLS{Mode: plan.StartTLS, Verify: true}, &facts.TLS{}, ""},
		{plan.TLS{Mode: plan.StartTLS, Verify: true}, stranger, "the server is not proven: it is self-signed"},
		{plan.TLS{Mode: plan.StartTLS, Verify: true}, namesake, "the server is not proven: not valid for mx"},
		{plan.TLS{Mode: plan.StartTLS}, &facts.TLS{Unpinned: true}, "the server's key is none of the pinned ones"},
		{plan.TLS{Mode: plan.StartTLS, Verify: true}, &facts.TLS{Unpinned: true}, "the server's key is none of the pinned ones"},
	}
	for _, tt := range tests {
		talk := newTalk(nil, joe(plan.SCRAMSHA256))
		talk.probe.TLS, talk.facts.TLS, talk.examined = tt.asked, tt.got, true
		if got := talk.mistrust(); got != tt.want {
			t.Errorf("%+v with %+v: %q, want %q", tt.asked, tt.got, got, tt.want)
		}
		if tt.want == "" {
			continue
		}
		// There is no connection: a byte sent would panic.
		if got := ended(talk.login()); got != "withheld: credentials withheld: "+tt.want || talk.facts.Auth != nil {
			t.Errorf("%+v: %q", tt.asked, got)
		}
	}
}

func TestInClear(t *testing.T) {
	tests := []struct {
		auth   plan.Auth
		script string
		want   bool
	}{
		{joe(plan.Plain), "C~ AUTH PLAIN \nS: 535 no", true},
		{joe(plan.XOAuth2), "C~ AUTH XOAUTH2 \nS: 535 no", true},
		{joe(plan.OAuthBearer), "C~ AUTH OAUTHBEARER \nS: 535 no", true},
		{joe(plan.Login), "C: AUTH LOGIN\nS: 334\nC~ \nS: 334\nC~ \nS: 535 no", true},
		{joe(plan.Login), "C: AUTH LOGIN\nS: 334\nC~ \nS: 535 no", false}, // the user alone
		{joe(plan.Login), "C: AUTH LOGIN\nS: 535 no", false},
		{joe(plan.CRAMMD5), "C: AUTH CRAM-MD5\nS: 334 PDE+\nC~ \nS: 535 no", false},
	}
	for _, tt := range tests {
		script, err := smtptest.ParseScript(tt.script)
		if err != nil {
			t.Fatal(err)
		}
		conn, play := smtptest.Pipe(script, nil)
		served := make(chan error, 1)
		go func() { served <- play() }()
		talk := newTalk(conn, tt.auth)
		if got := ended(talk.login()); got != "535 no" || talk.facts.Auth.InClear != tt.want {
			t.Errorf("%s: %q, %+v", tt.auth.Mechanism, got, *talk.facts.Auth)
		}
		conn.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}
}

// TestNothingShows: whatever a server repeats, the secret is in no fact.
func TestNothingShows(t *testing.T) {
	sent := b64("\x00joe\x00hunter2!")
	for _, echo := range []string{"hunter2!", b64("hunter2!"), sent, sent[:12], b64("joe:hunter2!"), b64("jo:hunter2!"), b64("j:hunter2!"), "hunter2!hunter2!"} {
		synctest.Test(t, func(t *testing.T) {
			script := "C: AUTH PLAIN " + sent + "\nRAW: 535-bad " + echo + "\\r\\n535 (" + echo + ")\\r\\n"
			talk, reply, err := logIn(t, joe(plan.Plain), script)
			if err != nil {
				t.Fatal(err)
			}
			said := reply.Raw() + fmt.Sprint(talk.facts.Dialogue)
			// "joe:" in front may stay, in base64 as well.
			if strings.Contains(said, echo) || strings.Count(said, sasl.Hidden) < 5 {
				t.Errorf("%s: %s", echo, said)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		_, reply, err := logIn(t, joe(plan.Plain), "C: AUTH PLAIN "+sent+"\nS: hunter2! is wrong")
		if got := ended(reply, err); strings.Contains(got, "hunter2") || !strings.Contains(got, sasl.Hidden+" is wrong") {
			t.Error(got)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		talk, _, _ := logIn(t, joe(plan.XOAuth2), "C~ AUTH XOAUTH2 \nS: 334 "+b64(`{"status":"hunter2!"}`)+"\nC: \nS: 535 no")
		if said := fmt.Sprint(talk.facts.Auth, talk.facts.Dialogue); talk.facts.Auth.Detail != "status "+sasl.Hidden || strings.Contains(said, b64(`"hunter2!"`)[2:10]) {
			t.Error(said)
		}
	})
}

// TestMaskedReply: the code of a reply stays, whatever the password is.
func TestMaskedReply(t *testing.T) {
	reply, _ := masked(sasl.NewMask("535"), smtp.Reply{Code: 535, Lines: []string{"535-no 535", "535"}}, nil)
	if got := reply.String(); got != "535 no "+sasl.Hidden {
		t.Errorf("the code does not stay: %s", got)
	}
}
