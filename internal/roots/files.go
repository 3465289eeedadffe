package roots

import (
	"crypto/x509"
	"encoding/pem"
	"io/fs"
)

// Holds says whether a text in PEM has one readable certificate at least.
func Holds(data []byte) bool {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err == nil {
			return true
		}
	}
	return false
}

// Unfit says, behind its name, why what stands in place of the system's
// certificates cannot be meant; "": it can, as a directory can.
func Unfit(info fs.FileInfo) string {
	switch {
	case info.IsDir():
		return ""
	case !info.Mode().IsRegular():
		return " is not a regular file"
	case info.Size() > MaxFile:
		return " is larger than 4 MiB"
	}
	return ""
}
