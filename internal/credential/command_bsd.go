//go:build unix && !linux

package credential

import "syscall"

// apart has a process begin a session of its own.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
