//go:build linux

// Package e2e tests check_smtp from outside: the built binary against real
// servers, against hostile ones, and side by side with the program that it
// replaces. It refuses to look inside: the only thing of ours that it knows is
// the path of a binary.
//
// The tests need the build tag e2e, Debian and root. CHECK_SMTP names the
// binary; without it one is built.
package e2e

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// CPlugin is Debian's check_smtp.
const CPlugin = "/usr/lib/nagios/plugins/check_smtp"

// policyFile, when it exists and exits with 101, keeps Debian's packages from
// starting their services.
const policyFile = "/usr/sbin/policy-rc.d"

// Install makes sure that Debian packages are installed, and tells log what it
// does. It leaves a machine alone that has them all.
func Install(log io.Writer, packages ...string) error {
	missing := notInstalled(packages)
	if len(missing) == 0 {
		return nil
	}
	names := strings.Join(missing, " ")
	if os.Geteuid() != 0 {
		return fmt.Errorf("missing Debian packages: %s; only root can install them, so run this as root or run: apt-get install --no-install-recommends %s", names, names)
	}
	remove, err := forbidServices(log)
	if err != nil {
		return err
	}
	defer remove()
	if err := preseed(log, missing); err != nil {
		return err
	}
	if err := runLogged(log, "apt-get", "update"); err != nil {
		return err
	}
	return runLogged(log, "apt-get", append([]string{"install", "--yes", "--no-install-recommends", "--option=DPkg::Lock::Timeout=60"}, missing...)...)
}

func notInstalled(packages []string) []string {
	var missing []string
	for _, p := range packages {
		out, err := exec.Command("dpkg-query", "--show", "--showformat=${db:Status-Status}", p).Output()
		if err != nil || string(out) != "installed" {
			missing = append(missing, p)
		}
	}
	return missing
}

// forbidServices keeps the packages that come from starting a mail server on
// this machine. What it returns takes that back.
func forbidServices(log io.Writer) (remove func(), err error) {
	f, err := os.OpenFile(policyFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if os.IsExist(err) {
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	fmt.Fprintln(log, "writing", policyFile, "until the packages are installed, so that no service starts")
	_, err = f.WriteString("#!/bin/sh\nexit 101\n")
	return func() { os.Remove(policyFile) }, err
}

// preseed answers the one question that a package would ask.
func preseed(log io.Writer, packages []string) error {
	for _, p := range packages {
		if p != "postfix" {
			continue
		}
		fmt.Fprintln(log, "telling debconf: postfix gets no configuration in /etc")
		cmd := exec.Command("debconf-set-selections")
		cmd.Stdin = strings.NewReader("postfix postfix/main_mailer_type select No configuration\n")
		cmd.Stderr = log
		return cmd.Run()
	}
	return nil
}

func runLogged(log io.Writer, name string, args ...string) error {
	fmt.Fprintln(log, "running", name, strings.Join(args, " "))
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}
