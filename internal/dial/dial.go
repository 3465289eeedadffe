// Package dial reaches servers over the operating system's network. On Linux
// it waits on its one socket with poll(2) instead of Go's network poller, which
// exists to serve thousands: a check has a single conversation, and start-up
// and hand-over between threads cost it more than the conversation does.
package dial

import "sync"

// System is the operating system's network. The zero value is ready.
type System struct {
	// OnWait is called once at most, before the first wait that is not over
	// at once. nil: nobody wants to know.
	OnWait func()

	waited sync.Once // questions to the DNS are asked side by side
}

func (s *System) waits() {
	if s.OnWait != nil {
		s.waited.Do(s.OnWait)
	}
}
