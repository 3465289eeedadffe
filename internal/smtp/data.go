package smtp

import "io"

// maxWrite is how much of a message goes out in one write. A write for each
// line would wait 40 ms for a server's delayed ACK, one after the other.
const maxWrite = 64 << 10

// DataWriter writes a message as it travels after DATA: every line end becomes
// CR LF, be it CR, LF or both, so that no bare one leaves, which two servers
// could read as two different messages; a dot is put before a line that begins
// with one; Close ends the last line and adds the dot that ends the message (RFC
// 5321 sections 2.3.8 and 4.5.2).
type DataWriter struct {
	w     io.Writer
	buf   []byte
	cr    bool // the last byte was CR
	begun bool // the line at hand has a byte
	body  bool // an empty line has ended the header
	shape Shape
}

// Shape is what a server may want to know of a message before it comes.
type Shape struct {
	Size     int64 // bytes with line ends CR LF, stuffed dots and the last one not counted (RFC 1870 section 6)
	EightBit bool  // there are bytes above 127
	UTF8     bool  // there are some in the header
}

// NewDataWriter begins a message. Nothing is written before maxWrite bytes have
// come together, or Close.
func NewDataWriter(w io.Writer) *DataWriter { return &DataWriter{w: w} }

// Shape is that of what was written so far.
func (d *DataWriter) Shape() Shape { return d.shape }

// Write takes any part of the message.
func (d *DataWriter) Write(p []byte) (int, error) {
	rest := p
	for len(rest) > 0 {
		end := 0
		for end < len(rest) && rest[end] != '\r' && rest[end] != '\n' {
			end++
		}
		d.text(rest[:end])
		if end < len(rest) {
			d.lineEnd(rest[end])
			end++
		}
		rest = rest[end:]
		if len(d.buf) >= maxWrite {
			if err := d.flush(); err != nil {
				return len(p) - len(rest), err
			}
		}
	}
	return len(p), nil
}

// text takes a part of a line.
func (d *DataWriter) text(p []byte) {
	if len(p) == 0 {
		return
	}
	if !d.begun && p[0] == '.' {
		d.buf = append(d.buf, '.')
	}
	var bits byte
	for _, b := range p {
		bits |= b
	}
	if bits > 127 {
		d.shape.EightBit, d.shape.UTF8 = true, d.shape.UTF8 || !d.body
	}
	d.cr, d.begun = false, true
	d.shape.Size += int64(len(p))
	d.buf = append(d.buf, p...)
}

// lineEnd takes CR or LF. The LF of a CR LF has been written with the CR.
func (d *DataWriter) lineEnd(b byte) {
	if b == '\n' && d.cr {
		d.cr = false
		return
	}
	d.body = d.body || !d.begun
	d.cr, d.begun = b == '\r', false
	d.shape.Size += 2
	d.buf = append(d.buf, '\r', '\n')
}

func (d *DataWriter) flush() error {
	_, err := d.w.Write(d.buf)
	d.buf = d.buf[:0]
	return err
}

// EndLine ends the last line, if it is open.
func (d *DataWriter) EndLine() {
	if d.begun {
		d.lineEnd('\n')
	}
}

// Close ends the message and writes what is left of it, the end in the same
// write. It does not close what it writes to.
func (d *DataWriter) Close() error {
	d.EndLine()
	d.buf = append(d.buf, '.', '\r', '\n')
	return d.flush()
}

// Measure reads a message to its end.
func Measure(r io.Reader) (Shape, error) {
	d := NewDataWriter(io.Discard)
	if _, err := io.Copy(d, r); err != nil {
		return Shape{}, err
	}
	d.EndLine()
	return d.shape, nil
}
