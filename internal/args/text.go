package args

import (
	"cmp"
	"mime"
	"strings"

	"check_smtp/internal/message"
)

// text fills in the text and its type. What was typed is written in the charset;
// a file is sent as it is.
func (o *Set) text(d *message.Draft) error {
	charset, err := o.textType(d)
	switch {
	case err != nil:
		return err
	case o.Text("body-file") != "":
		return o.textFile(d, charset)
	case charset == "": // bytes that are no text
		return nil
	}
	if err := message.CheckCharset(charset); err != nil {
		option := "charset"
		if o.Text("charset") == "" {
			option = "content-type"
		}
		return bad(option, err.Error(), "give UTF-8, ISO-8859-1 or the like, or a --body-file that is in it")
	}
	if d.Body, err = message.EncodeText(charset, d.Body); err != nil {
		return bad("body", err.Error(), "type it in UTF-8, and leave out --charset or give another, or send bytes as they are with --body-file")
	}
	return nil
}

// textFile fills in the text from a file.
func (o *Set) textFile(d *message.Draft, charset string) error {
	if o.Text("body") != "" {
		return bad("body-file", "--body gives the text, too", "leave out one of the two")
	}
	d.Body = string(o.file("body-file", ""))
	if charset == "" || o.wrong != nil {
		return o.wrong
	}
	if err := message.CheckEncoded(charset, d.Body); err != nil {
		return bad("body-file", quote(o.Text("body-file"))+": "+err.Error(), "say which charset it is in, such as --charset ISO-8859-1")
	}
	return nil
}

// textType fills in the type of the text and gives its charset; "": it has none.
func (o *Set) textType(d *message.Draft) (charset string, err error) {
	const hint = "give the type of one text, such as text/html"
	media, params, err := mime.ParseMediaType(cmp.Or(o.Text("content-type"), "text/plain"))
	switch kind, _, both := strings.Cut(media, "/"); {
	case err != nil || !both:
		return "", bad("content-type", quote(o.Text("content-type"))+" is not a media type", hint)
	case kind == "multipart" || kind == "message":
		return "", bad("content-type", quote(media)+" contains other messages", hint+", or the whole message with --payload-file")
	case kind == "text" && params["charset"] == "":
		params["charset"] = "UTF-8"
	}
	if charset := o.Text("charset"); charset != "" {
		if strings.Trim(charset, charsetLetters) != "" || len(charset) > 40 {
			return "", bad("charset", quote(charset)+" is not the name of a charset", "give one such as UTF-8 or ISO-8859-1")
		}
		params["charset"] = charset
	}
	d.ContentType = mime.FormatMediaType(media, params)
	if _, err := message.ParseField("Content-Type: " + d.ContentType); err != nil {
		return "", bad("content-type", quote(o.Text("content-type"))+": "+err.Error(), hint)
	}
	return params["charset"], nil
}

// charsetLetters are those of the names that are registered (RFC 2978 section
// 2.3).
const charsetLetters = "-_.:+0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
