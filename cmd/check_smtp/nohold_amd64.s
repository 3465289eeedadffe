//go:build linux && !holdsignals

#include "textflag.h"

// hold leaves the signals as they are, see hold_amd64.s.
TEXT ·hold(SB),NOSPLIT|NOFRAME,$0
	RET
