#include "textflag.h"

// Unload: madvise(from, to - from, MADV_DONTNEED), of whole pages.
//
// func Unload()
TEXT ·Unload(SB),NOSPLIT,$0
	MOVQ ·tables(SB), DI
	MOVQ ·tables+8(SB), SI
	ADDQ $4095, DI
	ANDQ $~4095, DI
	ANDQ $~4095, SI
	SUBQ DI, SI
	JLS  done
	MOVQ $4, DX
	MOVQ $28, AX
	SYSCALL
done:
	RET

// restore gives back the limit on open files: prlimit64(0, RLIMIT_NOFILE, &files, NULL).
//
// func restore()
TEXT ·restore(SB),NOSPLIT,$0-0
	CMPQ ·files(SB), $0
	JEQ  done
	XORQ DI, DI
	MOVQ $7, SI
	LEAQ ·files(SB), DX
	XORQ R10, R10
	MOVQ $302, AX
	SYSCALL
done:
	RET
