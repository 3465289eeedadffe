//go:build !(linux && amd64)

package early

// Unload gives back the pages of the tables by which the runtime walks a stack, where
// that can be done.
func Unload() {}

func restore() {}
