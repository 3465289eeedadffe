//go:build linux

package main

func cost(k *kit) ([]string, error)   { return nil, nil }
func timing(k *kit) ([]string, error) { return nil, nil }
func busy(k *kit) ([]string, error)   { return nil, nil }
func tricks(k *kit) ([]string, error) { return nil, nil }
