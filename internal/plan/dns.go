package plan

// Trust says whose word on signatures in the DNS counts.
type Trust string

// The kinds of trust. With TrustAuto it is that of a resolver on this machine
// which is no mere forwarder, and of those that resolv.conf calls trustworthy.
const (
	TrustAuto   Trust = "auto"
	TrustAlways Trust = "always"
	TrustNever  Trust = "never"
)

// Trusts are those that there are.
var Trusts = []Trust{TrustAuto, TrustAlways, TrustNever}
