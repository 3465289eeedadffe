//go:build !(later && go1.26 && !go1.27)

package early

func begin(group int) {}
