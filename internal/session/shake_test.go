package session

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// theirs and own are how package tls returns an alert.
func theirs(a tls.AlertError) error { return &net.OpError{Op: "remote error", Err: a} }
func own(a tls.AlertError) error    { return &net.OpError{Op: "local error", Err: a} }

// TestObjection: only what package tls ended by itself is ours to tell.
func TestObjection(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{io.EOF, ""},
		{io.ErrUnexpectedEOF, ""},
		{net.ErrClosed, ""},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, ""},
		{syscall.EPIPE, ""},
		{theirs(80), ""},
		{own(noRenegotiation), "the server wants to negotiate TLS anew (renegotiation), which this program does not do"},
		{own(20), "what the server sends inside TLS is not acceptable: bad record MAC"},
		{tls.RecordHeaderError{Msg: "oversized record received with length 65535"}, "what the server sends inside TLS is not acceptable: a record that is too long"},
		{tls.RecordHeaderError{Msg: "received record with version c6bf when expecting version 303"}, "what the server sends inside TLS is not acceptable: a record of another version of TLS"},
		{errors.New("tls: too many non-advancing records"), "what the server sends inside TLS is not acceptable: too many useless records"},
		{errors.New("tls: too many ignored records"), "what the server sends inside TLS is not acceptable: too many useless records"},
		{errors.New("tls: received unexpected key update message"), "what the server sends inside TLS is not acceptable: received unexpected key update message"},
	}
	for _, tt := range tests {
		if got := objection(tt.err); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.err, got, tt.want)
		}
	}
}

// TestShakeReason: why a handshake failed, by the error, by what the server began
// with and by what it asked for.
func TestShakeReason(t *testing.T) {
	hello := func(version byte) []byte { return []byte{22, 3, 1, 0, 80, 2, 0, 0, 76, 3, version, 0} }
	ours := &tls.Certificate{Leaf: new(x509.Certificate)}
	tests := []struct {
		name     string
		err      error
		head     []byte
		demanded bool
		client   *tls.Certificate
		kind     facts.Kind
		likely   facts.Likely
		want     string
	}{
		{"nothing in common", theirs(handshakeFailure), []byte{21, 3, 3}, false, nil, facts.Handshake, facts.NothingInCommon, "remote error: handshake failure"},
		{"too little", theirs(insufficientSecurity), []byte{21, 3, 3}, false, nil, facts.Handshake, facts.NothingInCommon, "remote error: insufficient security level"},
		{"another alert", theirs(80), []byte{21, 3, 3}, false, nil, facts.Handshake, facts.NoIdea, "remote error: internal error"},
		{"later in the handshake", theirs(handshakeFailure), hello(3), false, nil, facts.Handshake, facts.NoIdea, "remote error: handshake failure"},
		{"a certificate of ours", theirs(handshakeFailure), hello(3), true, nil, facts.Handshake, facts.OurCertificate, "remote error: handshake failure"},
		{"another certificate of ours", theirs(42), hello(3), true, ours, facts.Handshake, facts.NoIdea, "remote error: bad certificate"},
		{"a certificate of ours, it says", theirs(certificateRequired), hello(3), true, nil, facts.Handshake, facts.OurCertificate, "remote error: certificate required"},
		{"closed", io.EOF, hello(3), true, nil, facts.Handshake, facts.NoIdea, "connection closed by the server"},
		{"old version", theirs(protocolVersion), []byte{21, 3, 1}, false, nil, facts.Handshake, facts.NoIdea, "remote error: protocol version not supported (offered: TLS 1.2 to TLS 1.3)"},
		{"older version", fmt.Errorf("tls: server selected unsupported protocol version %x", 0x301), hello(1), false, nil, facts.Handshake, facts.NoIdea, "the server wants TLS 1.0"},
		{"oldest version", fmt.Errorf("tls: server selected unsupported protocol version %x", 0x300), hello(0), false, nil, facts.Handshake, facts.NoIdea, "the server wants SSLv3"},
		{"no version", fmt.Errorf("tls: server selected unsupported protocol version %x", 0x3230), []byte{22, 3, 1, 0, 80, 2, 0, 0, 76, 0x32, 0x30, 0}, false, nil, facts.Handshake, facts.NoIdea, "the server wants an unknown version of TLS"},
		{"no version in the extension", fmt.Errorf("tls: server selected unsupported protocol version %x", 0x3230), hello(3), false, nil, facts.Handshake, facts.NoIdea, "the server wants an unknown version of TLS"},
		{"within a record", io.ErrUnexpectedEOF, hello(3), false, nil, facts.Handshake, facts.NoIdea, "cut off in the middle of a TLS record"},
		{"wrong signature", errors.New("tls: invalid signature by the server certificate: crypto/rsa: verification error"), hello(3), false, nil, facts.Handshake, facts.NoIdea, "the server's signature does not fit the key of its certificate"},
		{"odd key share", errors.New("crypto/ecdh: invalid public key"), hello(3), false, nil, facts.Handshake, facts.NoIdea, "invalid public key"},
		{"unknown alert", theirs(57), []byte{21, 3, 3}, false, nil, facts.Handshake, facts.NoIdea, "remote error: unknown alert (57)"},
		{"first record is none", tls.RecordHeaderError{RecordHeader: [5]byte{1, 2, 3, 4, 5}, Conn: &net.TCPConn{}}, []byte{1, 2, 3, 4, 5}, false, nil, facts.Handshake, facts.NoIdea, "the server does not speak TLS but says \"\x01\x02\x03\x04\x05\""},
		{"later record is none", tls.RecordHeaderError{RecordHeader: [5]byte{22, 9, 9, 4, 5}}, hello(3), false, nil, facts.Handshake, facts.NoIdea, "the server sends a broken record that begins with \"\x16\x09\x09\x04\x05\""},
		{"unreadable", errors.New("tls: failed to parse certificate from server: x509: malformed extension"), hello(3), false, nil, facts.Unreadable, facts.NoIdea, "malformed extension"},
		{"unreadable name", errors.New("tls: failed to parse certificate from server: x509: invalid RDNSequence: invalid attribute value: invalid IA5String"), hello(3), false, nil, facts.Unreadable, facts.NoIdea, "in a name: invalid IA5String"},
		{"unreadable URI", errors.New("tls: failed to parse certificate from server: x509: cannot parse URI \"h\\x01\": parse \"h\\x01\": net/url: invalid control character in URL"), hello(3), false, nil, facts.Unreadable, facts.NoIdea, "a URI among its alternative names is malformed"},
		{"unreadable host", errors.New("tls: failed to parse certificate from server: x509: cannot parse URI \"http://[\": parse \"http://[\": missing ']' in host"), hello(3), false, nil, facts.Unreadable, facts.NoIdea, "a URI among its alternative names is malformed"},
		{"unreadable key", errors.New("tls: failed to parse certificate from server: ecdsa: invalid uncompressed public key"), hello(3), false, nil, facts.Unreadable, facts.NoIdea, "its key is malformed"},
		{"unreadable constraints", errors.New("tls: failed to parse certificate from server: x509: failed to parse dnsName constraint \"\\x01\""), hello(3), false, nil, facts.Unreadable, facts.NoIdea, "its name constraints are malformed"},
		{"long key", errors.New("tls: server sent certificate containing RSA key larger than 8192 bits"), hello(3), false, nil, facts.Unreadable, facts.NoIdea, "its RSA key has more than 8192 bits"},
		{"strange key", errors.New("tls: server's certificate contains an unsupported type of public key: <nil>"), hello(3), false, nil, facts.Unreadable, facts.NoIdea, "its key has an unknown type"},
	}
	for _, tt := range tests {
		talk := &talk{opening: &gate{began: tt.head}, demanded: tt.demanded}
		talk.probe.TLS = plan.TLS{Mode: plan.StartTLS, Min: tls.VersionTLS12, Max: tls.VersionTLS13, Client: tt.client}
		f := talk.explainShake(context.Background(), tt.err)
		if f.Kind != tt.kind || f.Likely != tt.likely || f.Reason() != tt.want {
			t.Errorf("%s: kind %d, likely %d, %q, want %d, %d, %q", tt.name, f.Kind, f.Likely, f.Reason(), tt.kind, tt.likely, tt.want)
		}
	}
}

// TestAlerts: the type of an alert that package tls returns is its own; it is
// known by its text, which is that of the type that has a name.
func TestAlerts(t *testing.T) {
	near, far := net.Pipe()
	go io.Copy(io.Discard, far)
	go far.Write([]byte{21, 3, 3, 0, 2, 2, byte(handshakeFailure)})
	err := tls.Client(near, &tls.Config{InsecureSkipVerify: true}).Handshake()
	near.Close()
	if !alerted(err) || !alerted(err, protocolVersion, handshakeFailure) || alerted(err, protocolVersion) {
		t.Errorf("%#v is not known", err)
	}
}
