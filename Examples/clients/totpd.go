// Package totpd is totpd's client for Go 1.19 and later: copy this one file, or use the module. Every
// failure is a no.
//
//	client := &totpd.Totpd{Path: "/run/totpd/totpd.sock"}
//	reply := client.Verify(userID, code)
//	if reply.OK { ... }
//
// Goroutines may share one. Only "ok":true is a yes. The id says which request a reply is for. A
// request that would do something twice is sent once.
package totpd

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"syscall"
	"time"
)

const (
	replyBytesMax = 1 << 20
	idleMax       = 8
	queuePause    = 10 * time.Millisecond
)

// Totpd asks the daemon that listens at Path. A zero Timeout is 5 s.
type Totpd struct {
	Path    string
	Timeout time.Duration
	mutex   sync.Mutex
	idle    []net.Conn
}

// Request is what is asked: "op", "user", "code" and so on.
type Request map[string]any

// Reply is a yes if OK; Fields has all of it. What failed is a no with the error "unavailable".
type Reply struct {
	OK     bool
	Fields map[string]any
}

// Verify asks whether this is the user's code, for the first time. A lost reply is asked for once
// more.
func (t *Totpd) Verify(user, code string) Reply {
	// The attempt goes to totpd alone: whoever has it and the code gets the same answer.
	return t.Ask(Request{"op": "verify", "user": user, "code": code, "attempt": random(16)})
}

// Ask returns the reply, whatever happens.
func (t *Totpd) Ask(request Request) Reply {
	id := random(8)
	numbered := Request{"id": id}
	for name, value := range request {
		if name != "id" {
			numbered[name] = value
		}
	}
	no := Reply{Fields: map[string]any{"ok": false, "error": "unavailable"}}
	line, err := json.Marshal(numbered)
	if err != nil {
		return no
	}

	// A request that may be repeated uses a kept connection, and then once a new one.
	// Any other request uses a new one, since a kept one may have died unnoticed.
	_, isRepeatable := request["attempt"]
	isRepeatable = isRepeatable || request["op"] == "hello" || request["op"] == "status"
	if isRepeatable {
		if reply, err := t.exchange(append(line, '\n'), id, true); err == nil {
			return reply
		}
	}
	if reply, err := t.exchange(append(line, '\n'), id, false); err == nil {
		return reply
	}
	return no
}

// exchange is one try. After a failure the connection is never used again.
func (t *Totpd) exchange(line []byte, id string, kept bool) (reply Reply, err error) {
	timeout := t.Timeout
	if timeout == 0 {
		timeout = 5 * time.Second
	}
	deadline := time.Now().Add(timeout)
	var connection net.Conn
	if kept {
		connection = t.take()
	}
	if connection == nil {
		if connection, err = t.dial(deadline); err != nil {
			return reply, err
		}
	}
	defer func() {
		if err != nil {
			connection.Close()
		}
	}()

	if err = connection.SetDeadline(deadline); err != nil {
		return reply, err
	}
	if _, err = connection.Write(line); err != nil {
		return reply, err
	}
	answer, err := readLine(connection)
	if err != nil {
		return reply, err
	}
	if err = json.Unmarshal(answer, &reply.Fields); err != nil {
		return reply, err
	}
	isOK, isBool := reply.Fields["ok"].(bool)
	if reply.Fields["id"] != id || !isBool {
		return reply, errors.New("not the answer to this request")
	}
	reply.OK = isOK
	t.keep(connection)
	return reply, nil
}

// dial connects. While totpd's queue is full, the kernel refuses at once (EAGAIN).
func (t *Totpd) dial(deadline time.Time) (net.Conn, error) {
	for {
		connection, err := net.DialTimeout("unix", t.Path, time.Until(deadline))
		if !errors.Is(err, syscall.EAGAIN) || time.Until(deadline) < queuePause {
			return connection, err
		}
		time.Sleep(queuePause)
	}
}

// readLine reads one whole line and nothing behind it.
func readLine(connection net.Conn) ([]byte, error) {
	line := make([]byte, 0, 4096)
	part := make([]byte, 65536)
	for {
		count, err := connection.Read(part)
		line = append(line, part[:count]...)
		if end := bytes.IndexByte(line, '\n'); end >= 0 && end == len(line)-1 {
			return line, nil
		} else if end >= 0 || len(line) > replyBytesMax {
			return nil, errors.New("not one line")
		}
		if err != nil {
			return nil, err
		}
	}
}

func (t *Totpd) take() net.Conn {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if len(t.idle) == 0 {
		return nil
	}
	connection := t.idle[len(t.idle)-1]
	t.idle = t.idle[:len(t.idle)-1]
	return connection
}

func (t *Totpd) keep(connection net.Conn) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if len(t.idle) >= idleMax {
		connection.Close()
		return
	}
	t.idle = append(t.idle, connection)
}

func random(count int) string {
	drawn := make([]byte, count)
	if _, err := rand.Read(drawn); err != nil {
		panic("there is no randomness: " + err.Error())
	}
	return hex.EncodeToString(drawn)
}
