//go:build linux && holdsignals

#include "textflag.h"

// A row of the runtime's table of signals: flags int32, name string.
#define FLAGS(sig) (24*sig)
#define NOTIFY 1
#define KILL   2
#define THROW  4

// hold has the signals that ask a program to end wait: HUP, INT, QUIT, ALRM and
// TERM. Go's handlers, with which it can print a line first, cost a tenth of a
// check; until they are there, each of these signals would end the process without
// one. (*watchdog).listen takes those that have waited.
//
// They are blocked before there are threads, which inherit that. The runtime has
// every thread unblock what ends a program by default, so its table is told that
// these do not, if it is the one of Go 1.26; if not, nothing is held. To reach the
// table the linker needs -checklinkname=0, which the Makefile gives it.
//
// By the same table the runtime need not install handlers for the 30 real-time
// signals that nobody sends, which is what the rest costs.
//
// Nor does the runtime begin a profile of the memory, which nobody reads: it would
// trace its own first allocation before it finds that out, 6 page faults and 64 KiB
// of a plain check.
TEXT ·hold(SB),NOSPLIT|NOFRAME,$0
	MOVQ $0, runtime·MemProfileRate(SB)
	LEAQ runtime·sigtable(SB), R9
	CMPL FLAGS(1)(R9), $(NOTIFY|KILL)
	JNE  done
	CMPL FLAGS(2)(R9), $(NOTIFY|KILL)
	JNE  done
	CMPL FLAGS(3)(R9), $(NOTIFY|THROW)
	JNE  done
	CMPL FLAGS(14)(R9), $NOTIFY
	JNE  done
	CMPL FLAGS(15)(R9), $(NOTIFY|KILL)
	JNE  done

	// rt_sigprocmask(SIG_BLOCK, &{1, 2, 3, 14, 15}, NULL, 8), the set in the red
	// zone below the stack
	MOVQ $0x6007, AX
	MOVQ AX, -8(SP)
	XORQ DI, DI
	LEAQ -8(SP), SI
	XORQ DX, DX
	MOVQ $8, R10
	MOVQ $14, AX
	SYSCALL
	TESTQ AX, AX
	JNE  done

	MOVL $NOTIFY, FLAGS(1)(R9)
	MOVL $NOTIFY, FLAGS(2)(R9)
	MOVL $NOTIFY, FLAGS(3)(R9)
	MOVL $NOTIFY, FLAGS(15)(R9)
	MOVL $1, ·signalsHeld(SB)

	MOVQ $FLAGS(35), AX
next:
	MOVL $0, (R9)(AX*1)
	ADDQ $FLAGS(1), AX
	CMPQ AX, $FLAGS(64)
	JLS  next
done:
	RET

// lines is where the tables lie by which the runtime walks a stack.
//
// func lines() (from, to uintptr)
TEXT ·lines(SB),NOSPLIT,$0-16
	LEAQ runtime·pclntab(SB), AX
	MOVQ AX, from+0(FP)
	LEAQ runtime·epclntab(SB), AX
	MOVQ AX, to+8(FP)
	RET
