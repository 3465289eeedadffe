//go:build !linux || !amd64

package main

// spread has nothing to undo here.
func spread() {}

func unload() {}

// held: nobody has told the signals to wait.
func held() bool { return false }

// loosen has nothing to undo here.
func loosen() (tighten func()) { return func() {} }
