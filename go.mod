module check_smtp

go 1.26.0

// What the binary is made of.
require (
	github.com/emersion/go-sasl v0.0.0-20241020182733-b788ff22d5a6
	github.com/pires/go-proxyproto v0.15.0 // v0.16.0 needs a newer Go than 1.26.8
	github.com/spf13/pflag v1.0.10
	golang.org/x/crypto v0.58.0 // ChaCha20 and Salsa20 of KeePass files
	golang.org/x/net v0.62.0 // international domain names, packets of the DNS
	golang.org/x/sys v0.49.0
	golang.org/x/text v0.43.0 // what golang.org/x/net/idna needs; its charsets, in tests
)

// Tests and the demo only.
require (
	github.com/emersion/go-smtp v0.25.1
	github.com/google/go-cmp v0.7.0
	github.com/influxdata/line-protocol/v2 v2.2.1
	github.com/santhosh-tekuri/jsonschema/v5 v5.3.1
	go.uber.org/goleak v1.3.0
)
