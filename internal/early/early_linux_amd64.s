#include "textflag.h"

// func discard(from, size uintptr)
TEXT ·discard(SB),NOSPLIT,$0-16
	MOVQ from+0(FP), DI
	MOVQ size+8(FP), SI
	MOVQ $4, DX
	MOVQ $28, AX
	SYSCALL
	RET

// func limit(files *[2]uint64)
TEXT ·limit(SB),NOSPLIT,$0-8
	XORQ DI, DI
	MOVQ $7, SI
	MOVQ files+0(FP), DX
	XORQ R10, R10
	MOVQ $302, AX
	SYSCALL
	RET
