package args

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/message"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
)

const (
	maxRecipients = 100      // what every server must take (RFC 5321 section 4.5.3.1.8)
	maxFiles      = 50 << 20 // bytes of all attachments, or of a payload
)

// recipients asks for RCPT, in the order to, cc, bcc.
func (o *Set) recipients(wish *plan.Wish) error {
	switch {
	case !o.Has("to"):
		return o.vain(needMessage, needTo)
	case !o.Has("from"):
		return bad("to", "a message needs a sender", "give -f ADDRESS, or -f '' for the null sender")
	}
	o.toList, o.ccList = o.addresses("to", o.All("to")), o.addresses("cc", o.Filled("cc"))
	for _, a := range slices.Concat(o.toList, o.ccList, o.addresses("bcc", o.Filled("bcc"))) {
		if slices.Contains(wish.To, a.Mailbox) { // once is enough, and in LMTP twice would be two answers
			continue
		}
		if wish.To = append(wish.To, a.Mailbox); len(wish.To) > maxRecipients {
			o.refuse("to", "there are more than 100 recipients", "a server need not take more of them in one session")
			break
		}
	}
	wish.PerRecipient = o.On("lmtp")
	return o.wrong
}

// addresses reads the values of an option. An empty --to is an error: an empty
// macro must not make a delivery into a check without one.
func (o *Set) addresses(name string, values []string) []message.Address {
	var all []message.Address
	for _, text := range values {
		some, err := message.ParseList(text)
		hint := "give addresses separated by commas, such as --" + name + " a@example.org,b@example.org"
		first, second, isTwo := strings.Cut(text, ";")
		switch what := markedList(strings.TrimSpace(text), some, err); {
		case what != "":
			o.refuse(name, quote(text)+what, hint)
		case err != nil && isTwo:
			second, _, _ = strings.Cut(second, ";")
			o.refuse(name, quote(first)+" and "+quote(strings.TrimLeft(second, " "))+" are separated by a semicolon: use commas",
				give("--"+name, strings.NewReplacer(";", ",", " ", "").Replace(text)))
		case err != nil:
			o.refuse(name, err.Error(), hint)
		}
		all = append(all, some...)
	}
	return all
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

// message fills in what is sent after DATA, if the session gets there.
func (o *Set) message(p *plan.Plan) error {
	if !plan.Has(p.Probe.Steps, plan.Data) {
		return nil
	}
	whole := "" // the option that gives all of it
	for _, name := range []string{"payload-file", "payload"} {
		if o.On(name) {
			whole = name
		}
	}
	open, err := o.content(whole, p.Probe.Name)
	if err != nil {
		return err
	}
	p.Probe.Message = &plan.Message{Open: open}
	var begins beginning
	if err := measure(p.Probe.Message, &begins); err != nil {
		return &UsageError{Problem: "cannot read the message: " + reason("", err), Hint: "check the files that it is made from"}
	}
	switch {
	case whole == "":
	case !begins.filled:
		what := "the message"
		if whole == "payload-file" {
			what = quote(o.Text(whole))
		}
		return bad(whole, what+" holds nothing", "give the whole message, header included")
	case !isField(string(begins.line)):
		note(p, "the message of --"+whole+" begins with no field of a header")
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

// content is the message, given as a whole or composed. name is what the session
// greets with.
func (o *Set) content(whole, name string) (opener, error) {
	switch other := o.First(func(r *option.Row) bool { return r.Needs == needMessage && r.Name != whole }); {
	case whole == "":
		return o.compose(name)
	case other != nil:
		return nil, bad(other.Name, "--"+whole+" gives the whole message already", "leave out one of the two")
	case whole == "payload":
		return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(o.Text(whole))), nil }, nil
	}
	return o.open(whole, o.Text(whole), new(int64))
}

// open is how to read a file, again and again; its size is added to total. What
// it holds in the end is measured, and nothing else is sent.
func (o *Set) open(option, name string, total *int64) (opener, error) {
	r, size, err := o.env.Open(name)
	if err != nil {
		return nil, o.unread(option, name, err, remedy(err))
	}
	r.Close()
	if *total += size; *total > maxFiles {
		return nil, bad(option, quote(name)+" makes the message larger than 50 MiB", "give less to send")
	}
	return func() (io.ReadCloser, error) {
		r, _, err := o.env.Open(name)
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

// unread refuses a file that is not read, and says who must be able to where that is
// why.
func (o *Set) unread(option, name string, err error, hint string) error {
	why := reason(name, err)
	if errors.Is(err, fs.ErrPermission) {
		why += o.env.readable()
	}
	return bad(option, quote(name)+": "+why, hint)
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

// compose makes a message from the options.
func (o *Set) compose(name string) (opener, error) {
	host := message.Domain(name)
	now := o.env.Now()
	d := message.Draft{
		To: o.toList, Cc: o.ccList, Host: host,
		Subject: cmp.Or(o.Text("subject"), "Testing"),
		Date:    now,
		ID:      strconv.FormatInt(now.Unix(), 36) + "." + o.env.Unique() + "@" + host,
	}
	d.Body = cmp.Or(o.Text("body"), "This is a test message from check_smtp on "+name+".")
	if err := inTurn(&d, o.fields, o.author, o.text, o.attachments); err != nil {
		return nil, err
	}
	mail, err := d.Compose()
	if err != nil {
		return nil, &UsageError{Problem: "cannot write the message: " + err.Error(), Hint: "give a shorter one"}
	}
	return mail.Open, nil
}

// fields fills in what stands in the header: --header, --subject, --reply-to.
func (o *Set) fields(d *message.Draft) error {
	if err := message.CheckText(d.Subject); err != nil {
		return bad("subject", quote(d.Subject)+": "+err.Error(), "give one line of text")
	}
	for _, text := range o.Filled("header") {
		f, err := message.ParseField(text)
		if err != nil {
			return bad("header", quote(text)+": "+err.Error(), "give FIELD: VALUE, such as --header 'X-Monitor: yes'")
		}
		switch name := strings.ToLower(f.Name); name {
		case "subject", "reply-to":
			if o.On(name) {
				return bad("header", "--"+name+" gives the field "+f.Name+", too", "leave out one of the two")
			}
		case "bcc", "resent-bcc":
			return bad("header", f.Name+" would show everybody who gets a hidden copy", "give --bcc ADDRESS")
		case "content-type":
			return bad("header", "Content-Type is made from other options", "give --content-type TYPE, or the whole message with --payload-file")
		case "mime-version", "content-transfer-encoding":
			return bad("header", f.Name+" must fit the message that check_smtp makes", "give the whole message with --payload-file")
		}
		d.Header = append(d.Header, f)
	}
	if text := o.Text("reply-to"); text != "" {
		d.ReplyTo = o.addresses("reply-to", []string{text})
	}
	return o.wrong
}

// author fills in the field From: the envelope sender. Nobody sends as the null
// sender but the machine itself, which calls itself MAILER-DAEMON then.
func (o *Set) author(d *message.Draft) error {
	d.From = message.Address{Mailbox: "MAILER-DAEMON"}
	own := func(f message.Field) bool { return strings.EqualFold(f.Name, "From") }
	sender, _ := smtp.ReversePath(o.Text("from")) // which sender has checked
	if sender == "" || slices.ContainsFunc(d.Header, own) {
		return nil
	}
	from, err := message.ParseList(sender)
	if err != nil || len(from) != 1 {
		return bad("from", quote(sender)+" cannot stand in the field From", "give one address, or another field with --header 'From: ADDRESS'")
	}
	d.From = from[0]
	return nil
}

func (o *Set) attachments(d *message.Draft) error {
	var total int64
	for _, name := range o.Filled("attach") {
		open, err := o.open("attach", name, &total)
		o.fail(err)
		d.Attachments = append(d.Attachments, message.Attachment{Name: filepath.Base(name), Open: open})
	}
	return o.wrong
}

func (o *Set) transcript(p *plan.Plan) error {
	p.Output.Transcript = o.Text("transcript-file")
	if p.Output.Transcript != "" && filepath.Clean(p.Output.Transcript) == filepath.Clean(p.Output.File) {
		return bad("transcript-file", "it is the file of --output-file, too", "give two files")
	}
	return nil
}
