package plan

import "io"

// Message is what is sent after DATA.
type Message struct {
	Size     int64 // bytes, as BodyBytes counts them
	EightBit bool  // it holds bytes above 127: the server must know 8BITMIME (RFC 6152)
	UTF8     bool  // its header does: SMTPUTF8 (RFC 6531 section 3.4)

	// Open gives the text from its beginning. Its line ends may be anything; the
	// session makes CR LF of them. The reader is closed by whoever opened it.
	Open func() (io.ReadCloser, error)
}
