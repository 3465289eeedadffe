// Package mtasts reads what a domain publishes of MTA-STS (RFC 8461) and of TLS
// reporting (RFC 8460): two records of DNS, and a policy that it fetches over
// HTTPS. It asks no DNS, keeps nothing between two runs, judges nothing and makes
// no words: what it finds are values of package facts.
//
// It reads as strictly as the strictest senders do, for a policy is of use only
// where all of them act on it.
package mtasts

import "strings"

// RecordName is where the record of a domain's policy stands.
func RecordName(domain string) string { return "_mta-sts." + domain }

// Host is the host that a domain's policy is fetched from.
func Host(domain string) string { return "mta-sts." + domain }

// ReportName is where the record on reports of TLS stands.
func ReportName(domain string) string { return "_smtp._tls." + domain }

// OldReportName is where drafts of RFC 8460 had it.
func OldReportName(domain string) string { return "_smtp-tlsrpt." + domain }

// maxText is how many bytes of what is wrong are kept.
const maxText = 200

func cut(text string) string {
	return strings.Clone(text[:min(len(text), maxText)])
}
