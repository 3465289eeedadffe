//go:build !linux || !amd64

package main

// spread has nothing to undo here.
func spread() {}

func unload() {}
