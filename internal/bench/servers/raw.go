package servers

import "net"

// serveRaw is the limit for servers with a goroutine per connection: one read, one write,
// no checks, no deadline.
func serveRaw(l net.Listener) error {
	chat := new(room[net.Conn])
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer conn.Close()
			rawConversation(conn, chat)
		}()
	}
}

func rawConversation(conn net.Conn, chat *room[net.Conn]) {
	var w wire
	buf := make([]byte, 16<<10) // enough for 16 requests of a browser
	var out []byte
	held, joined := 0, false
	for {
		n, err := conn.Read(buf[held:])
		if err != nil {
			break
		}
		held += n
		consumed, answers, need, err := w.answer(buf[:held], out[:0])
		if err != nil {
			break
		}
		if !rawSend(conn, chat, joined, answers) {
			break
		}
		if w.chat && !joined {
			joined = true
			chat.join(conn)
		}
		held = copy(buf, buf[consumed:held])
		if need > len(buf) {
			buf = append(make([]byte, 0, need), buf[:held]...)[:need]
		}
	}
	if joined {
		chat.leave(conn)
	}
}

// rawSend sends the answers to their receivers, and reports whether to continue.
func rawSend(conn net.Conn, chat *room[net.Conn], toAll bool, answers []byte) bool {
	if len(answers) == 0 {
		return true
	}
	if toAll && !isClose(answers) {
		chat.each(func(c net.Conn) { c.Write(answers) })
		return true
	}
	_, err := conn.Write(answers)
	return err == nil && !isClose(answers)
}
