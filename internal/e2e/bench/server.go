//go:build linux

package main

import (
	"bufio"
	"net"
	"strconv"
	"strings"
)

// serve starts a mail server that answers at once, so that nothing is measured
// but its clients.
func serve() (port string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go talk(conn)
		}
	}()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), func() { l.Close() }, nil
}

func talk(conn net.Conn) {
	defer conn.Close()
	reply := "220 mail.example.test ESMTP\r\n"
	for lines := bufio.NewScanner(conn); ; {
		if _, err := conn.Write([]byte(reply)); err != nil || strings.HasPrefix(reply, "221") || !lines.Scan() {
			return
		}
		reply = answer(lines.Text())
	}
}

func answer(line string) string {
	verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
	switch verb {
	case "EHLO":
		return "250-mail.example.test\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250 8BITMIME\r\n"
	case "QUIT":
		return "221 2.0.0 Bye\r\n"
	}
	return "250 2.0.0 Ok\r\n"
}
