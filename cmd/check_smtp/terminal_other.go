//go:build !linux

package main

// terminal knows of none: the width then comes from COLUMNS, and there is no
// colour.
func terminal() (columns int, ok bool) { return 0, false }
