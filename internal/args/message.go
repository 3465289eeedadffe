package args

import (
	"cmp"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/message"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
)

const (
	maxRecipients = 100      // what every server must take (RFC 5321 section 4.5.3.1.8)
	maxFiles      = 50 << 20 // bytes of all attachments, or of a payload
)

// messageOptions are the recipients and the message.
type messageOptions struct {
	to, cc, bcc, headers, attach     list
	replyTo, subject, body, bodyFile last
	contentType, charset             last
	payload, payloadFile             last
	transcriptFile                   last
	toList, ccList                   []message.Address // what recipients has read
}

func (o *options) bindMessage(t table) {
	t.value(&o.to, "", "to", "smtp-to")
	t.value(&o.cc, "", "cc")
	t.value(&o.bcc, "", "bcc")
	t.value(&o.replyTo, "", "reply-to")
	t.value(&o.subject, "", "subject")
	t.value(&o.body, "", "body")
	t.value(&o.bodyFile, "", "body-file")
	t.value(&o.headers, "", "header")
	t.value(&o.contentType, "", "content-type")
	t.value(&o.charset, "", "charset")
	t.value(&o.attach, "", "attach")
	t.value(&o.payload, "", "payload")
	t.value(&o.payloadFile, "", "payload-file")
	t.value(&o.transcriptFile, "", "transcript-file")
}

// helpMessage is the part of the help on these options.
const helpMessage = `      --to=ADDRESSES     recipients, with commas between them; repeatable; also
                         --smtp-to. Each must be accepted, and then a message
                         is sent, unless --quit-after rcptto ends the session
                         before it. a@b, Name <a@b>, or postmaster alone. At
                         most 100 together with the next two. Default: no RCPT
      --cc=ADDRESSES     more recipients, named in the field Cc; repeatable
      --bcc=ADDRESSES    more recipients, named nowhere; repeatable

Message
      --subject=TEXT     its subject. Default: Testing
      --body=TEXT        its text, typed in UTF-8. Default: a line that names
                         check_smtp and the NAME of -F
      --body-file=FILE   the text stands in this file, of at most 1 MiB, and in
                         this charset
      --reply-to=ADDRESSES
                         where answers go to. Default: no such field
      --header='FIELD: VALUE'
                         one more field of the header, instead of the one of
                         that name which check_smtp makes; repeatable. Not
                         MIME-Version, Content-Type and
                         Content-Transfer-Encoding, nor Bcc and Resent-Bcc
      --content-type=TYPE
                         the type of the text. Default: text/plain
      --charset=NAME     write --body in this charset. Default: UTF-8
      --attach=FILE      attach this file; repeatable, 50 MiB in all
      --payload=TEXT     send this as the whole message, header included; line
                         ends become CR LF. The options above do not go with it
      --payload-file=FILE
                         it stands in this file, of at most 50 MiB
`

// recipients asks for RCPT, in the order to, cc, bcc.
func (o *options) recipients(wish *plan.Wish) error {
	switch {
	case len(o.to) == 0:
		return o.noRecipients()
	case !o.from.given:
		return bad("--to", "a message needs a sender", "give -f ADDRESS, or -f '' for the null sender")
	}
	var err error
	if o.toList, err = addresses("--to", o.to); err != nil {
		return err
	}
	o.cc, o.bcc = o.cc.filled(), o.bcc.filled()
	if o.ccList, err = addresses("--cc", o.cc); err != nil {
		return err
	}
	bcc, err := addresses("--bcc", o.bcc)
	if err != nil {
		return err
	}
	for _, list := range [][]message.Address{o.toList, o.ccList, bcc} {
		for _, a := range list { // once is enough, and in LMTP twice would be two answers
			if slices.Contains(wish.To, a.Mailbox) {
				continue
			}
			if wish.To = append(wish.To, a.Mailbox); len(wish.To) > maxRecipients {
				return bad("--to", "there are more than 100 recipients", "a server need not take more of them in one session")
			}
		}
	}
	wish.PerRecipient = o.lmtp
	return nil
}

// noRecipients refuses what tells of a message in a session that has none.
func (o *options) noRecipients() error {
	for _, option := range append(o.composing(), o.raw()...) {
		if option.given {
			return bad(option.name, "there is no message without --to", "add --to ADDRESS, or leave it out")
		}
	}
	if o.cc.given() || o.bcc.given() {
		return bad("--to", "--cc and --bcc do not go without it", "add --to ADDRESS")
	}
	return nil
}

// mention is an option, and whether it was given.
type mention struct {
	name  string
	given bool
}

// composing are the options that a message is made from.
func (o *options) composing() []mention {
	return []mention{
		{"--reply-to", o.replyTo.text != ""},
		{"--subject", o.subject.text != ""},
		{"--body", o.body.text != ""},
		{"--body-file", o.bodyFile.text != ""},
		{"--header", o.headers.given()},
		{"--content-type", o.contentType.text != ""},
		{"--charset", o.charset.text != ""},
		{"--attach", o.attach.given()},
	}
}

// raw are the options that give a whole message.
func (o *options) raw() []mention {
	return []mention{{"--payload", o.payload.text != ""}, {"--payload-file", o.payloadFile.text != ""}}
}

// addresses reads the values of an option. An empty --to is an error: an empty
// macro must not make a delivery into a check without one.
func addresses(option string, values list) ([]message.Address, error) {
	var all []message.Address
	for _, text := range values {
		some, err := message.ParseList(text)
		if what := markedList(strings.TrimSpace(text), some, err); what != "" {
			return nil, bad(option, quote(text)+what, "give addresses with commas between them, such as "+option+" a@example.org,b@example.org")
		}
		if first, second, found := strings.Cut(text, ";"); err != nil && found {
			second, _, _ = strings.Cut(second, ";")
			return nil, bad(option, quote(first)+" and "+quote(strings.TrimLeft(second, " "))+" have a semicolon between them, which separates no addresses",
				give(option, strings.NewReplacer(";", ",", " ", "").Replace(text)))
		}
		if err != nil {
			return nil, bad(option, err.Error(), "give addresses with commas between them, such as "+option+" a@example.org,b@example.org")
		}
		all = append(all, some...)
	}
	return all, nil
}

// markedList is marked for a list of addresses and what was read from it. Names of
// people may hold anything.
func markedList(text string, read []message.Address, err error) string {
	isOdd := func(a message.Address) bool { return strings.ContainsAny(a.Mailbox, otherQuotes) }
	named := err == nil && strings.ContainsAny(text, otherQuotes) && !slices.ContainsFunc(read, isOdd)
	if what := marked(text); !named && !(what != "" && isQuotedName(text)) {
		return what
	}
	return ""
}

// filled is the values that are not empty.
func (v list) filled() list {
	return slices.DeleteFunc(slices.Clone(v), func(text string) bool { return text == "" })
}

// message fills in what is sent after DATA, if the session gets there. Reading
// the files takes from the time of the run.
func (o *options) message(p *plan.Plan, env Env) error {
	if !plan.Has(p.Probe.Steps, plan.Data) {
		return nil
	}
	start := time.Now()
	open, err := o.content(p.Probe.Name, env)
	if err != nil {
		return err
	}
	m := &plan.Message{Open: open}
	var begins beginning
	if err := measure(m, &begins); err != nil {
		return &UsageError{Problem: "cannot read the message: " + reason("", err), Hint: "check the files that it is made from"}
	}
	if err := o.inspect(p, &begins); err != nil {
		return err
	}
	p.Probe.Message = m
	if p.Probe.Spent += time.Since(start); p.Probe.Spent >= p.Probe.Timeout {
		return bad("-t/--timeout", "reading the message took all of the time", "give more, such as -t 30")
	}
	return nil
}

// measure reads a message once through for what the server may want to know
// before it comes; b is shown what it holds.
func measure(m *plan.Message, b *beginning) error {
	r, err := m.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	shape, err := smtp.Measure(io.TeeReader(r, b))
	m.Size, m.EightBit, m.UTF8 = shape.Size, shape.EightBit, shape.UTF8
	return err
}

type opener func() (io.ReadCloser, error)

// content is the message, given as a whole or composed.
func (o *options) content(name string, env Env) (opener, error) {
	text, file := o.payload.text, o.payloadFile.text
	option, others := "--payload", append(o.raw()[1:], o.composing()...)
	if text == "" {
		option, others = "--payload-file", o.composing()
	}
	switch i := slices.IndexFunc(others, func(m mention) bool { return m.given }); {
	case text == "" && file == "":
		return o.compose(name, env)
	case i >= 0:
		return nil, bad(others[i].name, option+" gives the whole message already", "leave out one of the two")
	case text != "":
		return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }, nil
	}
	return open(option, file, new(int64), env)
}

// open is how to read a file, again and again; its size is added to total. What
// it holds in the end is measured, and nothing else is sent.
func open(option, name string, total *int64, env Env) (opener, error) {
	r, size, err := env.Open(name)
	if err != nil {
		return nil, bad(option, quote(name)+": "+reason(name, err), remedy(err))
	}
	r.Close()
	if *total += size; *total > maxFiles {
		return nil, bad(option, quote(name)+" makes the message larger than 50 MiB", "give less to send")
	}
	return func() (io.ReadCloser, error) {
		r, _, err := env.Open(name)
		if err != nil {
			return nil, err
		}
		return &capped{r, maxFiles}, nil
	}, nil
}

// capped is a file that must not be larger than it may be, whatever its size was
// said to be.
type capped struct {
	io.ReadCloser
	left int64
}

func (c *capped) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	if c.left -= int64(n); c.left < 0 {
		return 0, errors.New("it is larger than 50 MiB")
	}
	return n, err
}

// reason is an error of a file without its name, which may hold anything.
func reason(name string, err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	return strings.TrimPrefix(err.Error(), name+" ")
}

// remedy is what to do about a file that is not read. What Env refuses by itself
// it says in words only.
func remedy(err error) string {
	switch text := err.Error(); {
	case strings.HasSuffix(text, " is larger than 1 MiB"):
		return "give at most 1 MiB, or --attach"
	case strings.HasSuffix(text, " is not a regular file"):
		return "give a regular file"
	}
	return "give a file that this user may read"
}

// compose makes a message from the options. name is what the session greets
// with.
func (o *options) compose(name string, env Env) (opener, error) {
	host := message.Domain(name)
	now := time.Now()
	d := message.Draft{
		To: o.toList, Cc: o.ccList, Host: host,
		Subject: cmp.Or(o.subject.text, "Testing"),
		Date:    now,
		ID:      strconv.FormatInt(now.Unix(), 36) + "." + strings.ToLower(rand.Text()[:16]) + "@" + host,
	}
	parts := []func(*message.Draft) error{
		o.fields,
		o.author,
		func(d *message.Draft) error { return o.text(d, name, env) },
		func(d *message.Draft) error { return o.attachments(d, env) },
	}
	for _, fill := range parts {
		if err := fill(&d); err != nil {
			return nil, err
		}
	}
	mail, err := d.Compose()
	if err != nil {
		return nil, &UsageError{Problem: "cannot write the message: " + err.Error(), Hint: "give a shorter one"}
	}
	return mail.Open, nil
}

// fields fills in what stands in the header: --header, --subject, --reply-to.
func (o *options) fields(d *message.Draft) error {
	if err := message.CheckText(d.Subject); err != nil {
		return bad("--subject", quote(d.Subject)+": "+err.Error(), "give one line of text")
	}
	for _, text := range o.headers.filled() {
		const option = "--header"
		f, err := message.ParseField(text)
		if err != nil {
			return bad(option, quote(text)+": "+err.Error(), "give FIELD: VALUE, such as --header 'X-Monitor: yes'")
		}
		switch name := strings.ToLower(f.Name); {
		case name == "subject" && o.subject.text != "", name == "reply-to" && o.replyTo.text != "":
			return bad(option, "--"+name+" gives the field "+f.Name+", too", "leave out one of the two")
		}
		switch strings.ToLower(f.Name) {
		case "bcc", "resent-bcc":
			return bad(option, f.Name+" would tell everybody who got a hidden copy", "give --bcc ADDRESS")
		case "content-type":
			return bad(option, "Content-Type is made from other options", "give --content-type TYPE, or the whole message with --payload-file")
		case "mime-version", "content-transfer-encoding":
			return bad(option, f.Name+" must fit the message that check_smtp makes", "give the whole message with --payload-file")
		}
		d.Header = append(d.Header, f)
	}
	var err error
	if o.replyTo.text != "" {
		d.ReplyTo, err = addresses("--reply-to", list{o.replyTo.text})
	}
	return err
}

// author fills in the field From: the envelope sender. Nobody sends as the null
// sender but the machine itself, which calls itself MAILER-DAEMON then.
func (o *options) author(d *message.Draft) error {
	d.From = message.Address{Mailbox: "MAILER-DAEMON"}
	own := func(f message.Field) bool { return strings.EqualFold(f.Name, "From") }
	sender, _ := smtp.ReversePath(o.from.text) // which sender has checked
	if sender == "" || slices.ContainsFunc(d.Header, own) {
		return nil
	}
	from, err := message.ParseList(sender)
	if err != nil || len(from) != 1 {
		return bad("-f/--from", quote(sender)+" cannot stand in the field From", "give one address, or another field with --header 'From: ADDRESS'")
	}
	d.From = from[0]
	return nil
}

// attachments fills in the files that go along.
func (o *options) attachments(d *message.Draft, env Env) error {
	var total int64
	for _, name := range o.attach.filled() {
		open, err := open("--attach", name, &total, env)
		if err != nil {
			return err
		}
		d.Attachments = append(d.Attachments, message.Attachment{Name: filepath.Base(name), Open: open})
	}
	return nil
}

// transcript fills in where the dialogue is written to.
func (o *options) transcript(p *plan.Plan) error {
	p.Output.Transcript = o.transcriptFile.text
	if o.transcriptFile.text != "" && filepath.Clean(o.transcriptFile.text) == filepath.Clean(p.Output.File) {
		return bad("--transcript-file", "it is the file of --output-file, too", "give two files")
	}
	return nil
}
