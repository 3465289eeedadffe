package args

import (
	"check_smtp/internal/option"
	"slices"
	"strings"
	"testing"
)

// mayBeEmpty are the options that an empty value leaves as if they were not
// given: thresholds, credentials, what the C plugins have and the texts of a
// message; those of Centreon's plugin, whose templates pass empty macros; and
// those that say themselves what is wrong with an empty value.
const mayBeEmpty = ` warning critical timeout certificate expect command response fqdn helo ehlo ignore-quit-failure extra-opts
 authtype authuser username authpass password authpass-file authpass-env authpass-credential authpass-command authzid
 from smtp-from subject body hostname port to smtp-to
 plugin mode dyn-mode mode-version list-mode disco-format disco-show smtp-options smtp-send-options global-timeout runas environment convert-args debug
 filter-perfdata filter-perfdata-adv filter-uom explode-perfdata-max change-perfdata extend-perfdata extend-perfdata-group change-short-output change-long-output
 change-output-adv change-exit opt-exit range-perfdata float-precision output-ignore-perfdata output-ignore-label output-json output-xml output-openmetrics
 source-encoding use-new-perfdata debug-stream show-password no-sanity-options ignore-warn-msg
 pass-manager environment-map-option secret-file secret-search-value secret-map-option keepass-file keepass-password keepass-search-value keepass-map-option
 vault-address vault-port vault-protocol auth-method vault-token auth-path auth-settings secret-path map-option
 teampass-api-address teampass-api-request teampass-api-key teampass-timeout teampass-search-value teampass-map-option
 keepass-endpoint keepass-endpoint-file teampass-endpoint teampass-endpoint-file `

// TestEmpty: an empty macro behind any other option is an error. It would switch
// off a safeguard, or change what is done, and look well.
func TestEmpty(t *testing.T) {
	allowed := strings.Fields(mayBeEmpty)
	for _, name := range Tables.Names() {
		f := Tables.ByName(name)
		if slices.Contains(allowed, name) || f.Switch() || f.Role == option.Help {
			continue
		}
		const hint = "give one, or leave the option out"
		refuses(t, "-H mx1 -S --"+name+"=", surroundings(nil), f.Spelling()+": the value is empty", hint)
		ini := surroundings(map[string]string{"/o.ini": "[check_smtp]\n" + name + " =\n"})
		problem := `"/o.ini": line 2: ` + f.Spelling() + ": the value is empty"
		if !f.Alone() {
			refuses(t, "-H mx1 -S --"+name+" ''", surroundings(nil), f.Spelling()+": the value is empty", hint)
			refuses(t, "-H mx1 -S --extra-opts=@/o.ini", ini, problem, hint)
		}
	}
	for _, line := range []string{
		"--mode login --hostname mx --pin ''", "--mode=login --hostname=mx --tls-mode", "-f a@b --to c@d --quit-after ''", "-f a@b --to c@d --payload ''", "--pin " + pinA + " --pin '' -S",
	} {
		if _, err := Parse(shell(line), surroundings(nil)); err == nil || !strings.HasSuffix(err.Error(), ": the value is empty") {
			t.Errorf("%s: %v", line, err)
		}
	}
}
