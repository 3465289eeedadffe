//go:build !(linux && amd64)

package early

func restore() {}
