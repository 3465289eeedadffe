package credential

import "syscall"

// apart has a process begin a session of its own, and end with us whatever ends us.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}
