#include "textflag.h"

// What each trick here is worth, and what it refuses to do: internal/README.md.

// _rt0_one_cpu is the program's entry point where the Makefile says so
// (-ldflags "-E _rt0_one_cpu"). It binds the process to the processor that it
// runs on and enters the Go runtime, which then starts as on a machine with one
// processor: with no threads but its own, and no page table to keep in step on
// another processor. spread, called before the first wait of note, undoes the binding.
//
// Every failure is ignored: the runtime then starts as it always does.
TEXT _rt0_one_cpu(SB),NOSPLIT|NOFRAME,$0
	CALL ·hold(SB)

	CALL ·closed(SB)

	// prctl(PR_SET_TIMERSLACK, 10 ms): the runtime's monitor, which would wake
	// 13,000 times a second beside a program that waits in one system call, and
	// start a thread in each wait of a few milliseconds, may take its time
	MOVQ $29, DI
	MOVQ $10000000, SI
	MOVQ $157, AX
	SYSCALL

	// sched_getaffinity(0, 128, &affinity): R8 is how many bytes it wrote
	XORQ DI, DI
	MOVQ $128, SI
	LEAQ ·affinity(SB), DX
	MOVQ $204, AX
	SYSCALL
	MOVQ AX, R8

	// getcpu(&cpu, NULL, NULL) into the red zone below the stack
	LEAQ -8(SP), DI
	XORQ SI, SI
	XORQ DX, DX
	MOVQ $309, AX
	SYSCALL
	TESTQ AX, AX
	JNE  start
	MOVL -8(SP), CX
	CMPL CX, $1024
	JAE  start

	// ·bound: the set of that processor alone
	MOVQ CX, AX
	SHRQ $6, AX
	MOVQ $1, DX
	SHLQ CX, DX
	LEAQ ·bound(SB), R9
	MOVQ DX, (R9)(AX*8)

	// only with a mask to restore: sched_setaffinity(0, 128, &bound)
	CMPQ R8, $8
	JLT  start
	MOVQ R8, ·affinityLen(SB)
	XORQ DI, DI
	MOVQ $128, SI
	MOVQ R9, DX
	MOVQ $203, AX
	SYSCALL

start:
	JMP _rt0_amd64_linux(SB)

// A row of the runtime's table of signals: flags int32, name string.
#define FLAGS(sig) (24*sig)
#define NOTIFY 1
#define KILL   2
#define THROW  4

// hold has the signals that ask a program to end wait: HUP, INT, QUIT, ALRM and
// TERM. Go's handlers, with which it can print a line first, are dear; until they
// are there, each of these signals would end the process without
// one. (*watchdog).listen takes those that have waited.
//
// They are blocked before there are threads, which inherit that. The runtime has
// every thread unblock what ends a program by default, so its table is told that
// these do not, if it is the one of Go 1.26; if not, nothing is held. To reach the
// table the linker needs -checklinkname=0, which the Makefile gives it together with
// HOLD; without both the signals are left as they are.
//
// By the same table the runtime need not install handlers for the 30 real-time
// signals that nobody sends, which is what the rest costs.
//
// Nor does the runtime begin a profile of the memory, which nobody reads: it would
// trace its own first allocation before it finds that out. And internal/early learns
// where the tables lie by which the runtime walks a stack.
TEXT ·hold(SB),NOSPLIT|NOFRAME,$0
#ifdef HOLD
	MOVQ $0, runtime·MemProfileRate(SB)
	LEAQ runtime·pclntab(SB), AX
	MOVQ AX, check_smtp∕internal∕early·tables(SB)
	LEAQ runtime·epclntab(SB), AX
	MOVQ AX, check_smtp∕internal∕early·tables+8(SB)
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
#endif
	RET

// closed lowers the limit on open files to the three that every program has, until
// the runtime has begun (internal/early gives it back): it would read the list of
// all mounts and some more files, to learn on how many processors it may run. It
// is bound to one. A program that was started without one of the three still gets
// it from the runtime.
TEXT ·closed(SB),NOSPLIT|NOFRAME,$0
	// prlimit64(0, RLIMIT_NOFILE, NULL, &files)
	XORQ DI, DI
	MOVQ $7, SI
	XORQ DX, DX
	LEAQ check_smtp∕internal∕early·files(SB), R10
	MOVQ $302, AX
	SYSCALL
	TESTQ AX, AX
	JNE  open
	CMPQ (R10), $3
	JLS  open

	// prlimit64(0, RLIMIT_NOFILE, &{3, hard}, NULL), the pair in the red zone below
	// the stack
	MOVQ 8(R10), AX
	MOVQ AX, -8(SP)
	MOVQ $3, -16(SP)
	LEAQ -16(SP), DX
	XORQ R10, R10
	MOVQ $302, AX
	SYSCALL
	TESTQ AX, AX
	JEQ  lowered
open:
	MOVQ $0, check_smtp∕internal∕early·files(SB)
lowered:
	RET

// endOfCode is where the program's code ends.
//
// func endOfCode() uintptr
TEXT ·endOfCode(SB),NOSPLIT,$0-8
#ifdef HOLD
	LEAQ runtime·etext(SB), AX
	MOVQ AX, ret+0(FP)
#else
	MOVQ $0, ret+0(FP)
#endif
	RET
