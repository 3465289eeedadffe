package session

import "check_smtp/internal/smtp"

func (t *talk) login() (smtp.Reply, error) { return smtp.Reply{}, nil }
