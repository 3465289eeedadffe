//go:build linux

#include "textflag.h"

// _rt0_one_cpu is the program's entry point where the Makefile says so
// (-ldflags "-E _rt0_one_cpu"). It binds the process to the processor that it
// runs on and enters the Go runtime, which then starts as on a machine with one
// processor: with no threads but its own, and no page table to keep in step on
// another processor. That is a fifth of the processor time of a whole check.
// spread, called before the first wait of note, undoes the binding.
//
// Every failure is ignored: the runtime then starts as it always does.
TEXT _rt0_one_cpu(SB),NOSPLIT|NOFRAME,$0
	CALL ·hold(SB)

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

	// prctl(PR_SET_TIMERSLACK, 2 ms): the runtime's monitor, which would wake
	// 13,000 times a second beside a program that waits in one system call,
	// may take its time
	MOVQ $29, DI
	MOVQ $2000000, SI
	MOVQ $157, AX
	SYSCALL

start:
	JMP _rt0_amd64_linux(SB)

// image is where the code of this package ends and where all code does.
//
// func image() (end, codeEnd uintptr)
TEXT ·image(SB),NOSPLIT,$0-16
	LEAQ ·image(SB), AX
	MOVQ AX, end+0(FP)
	LEAQ runtime·etext(SB), AX
	MOVQ AX, codeEnd+8(FP)
	RET
