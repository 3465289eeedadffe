package plan

import "net/netip"

// Proxy is the PROXY protocol header that goes out before anything else
// (HAProxy's proxy-protocol.txt).
type Proxy struct {
	Version int // 1 or 2; 0: no header
	Family  ProxyFamily
	Source  netip.Addr // zero: our own address
	Dest    netip.Addr // zero: the server's
	From    int        // source port; 0: our own
	To      int        // destination port; 0: the server's
}

// ProxyFamily is the address family that the header tells of.
type ProxyFamily string

// The families. FamilyOfConn is that of the connection; ProxyLocal says that
// the proxy itself is talking (version 2 only).
const (
	FamilyOfConn ProxyFamily = ""
	ProxyTCP4    ProxyFamily = "TCP4"
	ProxyTCP6    ProxyFamily = "TCP6"
	ProxyUnknown ProxyFamily = "UNKNOWN"
	ProxyLocal   ProxyFamily = "LOCAL"
)

// ProxyFamilies are those that --proxy-family takes.
var ProxyFamilies = []ProxyFamily{ProxyTCP4, ProxyTCP6, ProxyUnknown, ProxyLocal}
