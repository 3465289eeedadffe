package early

// discard is madvise(from, size, MADV_DONTNEED); that it fails is no harm.
func discard(from, size uintptr)

// limit is prlimit64(0, RLIMIT_NOFILE, files, NULL).
func limit(files *[2]uint64)
