package wake

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	reconnectPause = 100 * time.Millisecond
	silenceLimit   = 15 * time.Second
	ackTimeout     = time.Second
)

// A tableLine is one line of the table stream: a snapshot, a set, an unset or a ping.
type tableLine struct {
	Type     string            `json:"type"`
	Epoch    uint64            `json:"epoch"`
	Awake    map[string]string `json:"awake"`
	Hosts    []string          `json:"hosts"`
	Upstream string            `json:"upstream"`
}

// An acknowledgement says that no request goes to the hosts' old address any more, and how many are on their way.
type acknowledgement struct {
	Plugin   string           `json:"plugin"`
	Epoch    uint64           `json:"epoch"`
	InFlight map[string]int64 `json:"in_flight"`
}

// follow reads the table for as long as Traefik lives. While the activator is away the table stays as it was.
func (s *state) follow() {
	for {
		s.readTable()
		time.Sleep(reconnectPause)
	}
}

// readTable follows one stream to its end. A stream that says nothing for three pings is given up.
func (s *state) readTable() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	watchdog := time.AfterFunc(silenceLimit, cancel)
	defer watchdog.Stop()
	call, err := s.call(ctx, http.MethodGet, "/table?plugin="+s.plugin, nil)
	if err != nil {
		return
	}
	answer, err := s.calls.RoundTrip(call)
	if err != nil {
		return
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return
	}
	lines := bufio.NewReader(answer.Body)
	for {
		text, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		watchdog.Reset(silenceLimit)
		line, err := parseLine(text)
		if err != nil {
			fmt.Println("wake: the table said what cannot be:", err)
			return
		}
		if inFlight := s.apply(line); inFlight != nil {
			s.acknowledge(acknowledgement{Plugin: s.plugin, Epoch: line.Epoch, InFlight: inFlight})
		}
		s.forget(time.Now())
	}
}

// parseLine reads a line. A type that it does not know is not an error, an awake host without an address is one.
func parseLine(text []byte) (tableLine, error) {
	var line tableLine
	if err := json.Unmarshal(text, &line); err != nil {
		return line, err
	}
	if line.Type == "set" && line.Upstream == "" {
		return line, errors.New("a set without an upstream")
	}
	for _, upstream := range line.Awake {
		if upstream == "" {
			return line, errors.New("an awake host without an upstream")
		}
	}
	return line, nil
}

// apply brings the table up to date. Of an unset it returns how many requests of each host are on their way, else nil.
func (s *state) apply(line tableLine) map[string]int64 {
	switch line.Type {
	case "snapshot":
		s.replace(line.Awake)
	case "set":
		for _, name := range line.Hosts {
			s.set(name, line.Upstream)
		}
	case "unset":
		inFlight := map[string]int64{}
		for _, name := range line.Hosts {
			inFlight[name] = s.unset(name)
		}
		return inFlight
	}
	return nil
}

// replace makes the table what a snapshot says, host by host: however many there are, no request waits for more than one.
func (s *state) replace(awake map[string]string) {
	gone := []string{}
	for name := range s.known {
		if awake[name] == "" {
			gone = append(gone, name)
		}
	}
	for _, name := range gone {
		s.unset(name)
	}
	for name, upstream := range awake {
		if s.known[name] != upstream {
			s.set(name, upstream)
		}
	}
}

func (s *state) set(name, upstream string) {
	s.known[name] = upstream
	s.open(name, upstream)
}

func (s *state) unset(name string) int64 {
	delete(s.known, name)
	return s.close(name)
}

// acknowledge tells the activator; one that cannot be told does not wait for longer than we try.
func (s *state) acknowledge(ack acknowledgement) {
	body, err := json.Marshal(ack)
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), ackTimeout)
	defer cancel()
	call, err := s.call(ctx, http.MethodPost, "/activity", bytes.NewReader(body))
	if err != nil {
		return
	}
	call.Header.Set("Content-Type", "application/json")
	answer, err := s.calls.RoundTrip(call)
	if err != nil {
		fmt.Println("wake: the activator could not be told of an unset:", err)
		return
	}
	drop(answer)
}

func (s *state) call(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	call, err := http.NewRequestWithContext(ctx, method, "http://"+s.activator+path, body)
	if err != nil {
		return nil, err
	}
	call.Header.Set("Authorization", "Bearer "+s.token)
	return call, nil
}
