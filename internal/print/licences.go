package print

import (
	_ "embed"
	"runtime/debug"
	"strings"
)

// The texts, as their owners wrote them. They are read-only data, which nobody pays
// for who does not print it, and 17 kB: to compress them would save 10.
var (
	//go:embed licences/check_smtp.txt
	licenceOurs string
	//go:embed licences/go.txt
	licenceGo string
	//go:embed licences/pflag.txt
	licencePflag string
	//go:embed licences/go-sasl.txt
	licenceSASL string
	//go:embed licences/go-proxyproto.txt
	licenceProxy string
)

// work is somebody's that is in this program.
type work struct {
	modules string // with blanks between them
	terms   string // by its name at SPDX
	text    *string
}

// works are all of them. A test holds the list against what is linked.
var works = [...]work{
	{"check_smtp", "MIT", &licenceOurs},
	{"go golang.org/x/crypto golang.org/x/net golang.org/x/sys golang.org/x/text", "BSD-3-Clause", &licenceGo},
	{"github.com/spf13/pflag", "BSD-3-Clause", &licencePflag},
	{"github.com/emersion/go-sasl", "MIT", &licenceSASL},
	{"github.com/pires/go-proxyproto", "Apache-2.0", &licenceProxy},
}

// licences are the terms under which what is in this program may be passed on.
func licences(in Input) string {
	versions := versionsLinked()
	versions["check_smtp"] = in.Version
	var b strings.Builder
	for i, w := range works {
		if i > 0 {
			b.WriteString("\n" + strings.Repeat("-", 78) + "\n\n")
		}
		for module := range strings.FieldsSeq(w.modules) {
			b.WriteString(strings.TrimSpace(module+" "+versions[module]) + ": " + w.terms + "\n")
		}
		b.WriteString("\n" + strings.Trim(*w.text, "\n") + "\n")
	}
	return b.String()
}

// versionsLinked are the versions of the modules in this program, and of Go.
func versionsLinked() map[string]string {
	versions := map[string]string{}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return versions
	}
	versions["go"] = strings.TrimPrefix(info.GoVersion, "go")
	for _, m := range info.Deps {
		versions[m.Path] = m.Version
	}
	return versions
}
