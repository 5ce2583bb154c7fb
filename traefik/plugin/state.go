package wake

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/http/httputil"
	"sync"
	"sync/atomic"
	"time"
)

// maxSpellings bounds how many Host headers are remembered as they were written, with ports and capitals.
const maxSpellings = 1 << 16

// A host is one app's host name. proxy is nil unless the table says that the app is awake; closed is the number of
// the last change that took its address away; inFlight counts requests that were given an address and have not ended.
type host struct {
	upstream string
	proxy    *httputil.ReverseProxy
	inFlight int64
	closed   uint64
}

// state is what all middlewares of one activator share. The mutex guards hosts and everything in them, and changes:
// a request is counted in the same critical section that finds its address, so that after an unset is applied the
// counts are exact.
type state struct {
	activator string
	token     string
	plugin    string
	deadline  time.Duration
	transport http.RoundTripper
	client    *http.Client
	buffers   *buffers

	mutex     sync.Mutex
	hosts     map[string]*host
	spellings map[string]*host
	changes   uint64
}

var (
	statesMutex sync.Mutex
	states      = map[string]*state{}
)

// sharedState returns the state of that activator and starts to follow its table the first time.
func sharedState(activator, token string, deadline time.Duration) *state {
	statesMutex.Lock()
	defer statesMutex.Unlock()
	if s, found := states[activator]; found {
		return s
	}
	s := &state{
		activator: activator,
		token:     token,
		plugin:    randomID(),
		deadline:  deadline,
		transport: upstreamTransport(),
		client:    &http.Client{Transport: activatorTransport()},
		buffers:   &buffers{},
		hosts:     map[string]*host{},
		spellings: map[string]*host{},
	}
	states[activator] = s
	go s.follow()
	return s
}

func randomID() string {
	id := make([]byte, 8)
	if _, err := rand.Read(id); err != nil {
		panic(err)
	}
	return hex.EncodeToString(id)
}

// closedAt returns the number of the last change that took the host's address away, 0 when there was none.
func (s *state) closedAt(name string) uint64 {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if app := s.hosts[name]; app != nil {
		return app.closed
	}
	return 0
}

// enter counts a request on its way to upstream, an address that the activator gave when closed was as it is told.
// It returns nil when the address was taken away since then: it may already be promised that nobody goes there.
func (s *state) enter(name, upstream string, closed uint64) (*host, *httputil.ReverseProxy) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	app := s.hosts[name]
	if app == nil {
		app = &host{}
		s.hosts[name] = app
	}
	if app.closed != closed {
		return nil, nil
	}
	atomic.AddInt64(&app.inFlight, 1)
	if app.proxy != nil && app.upstream == upstream {
		return app, app.proxy
	}
	return app, s.proxyTo(upstream)
}

// leave stops to count one request of a host, which is in the table for as long as one is counted.
func (s *state) leave(name string) *host {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	app := s.hosts[name]
	atomic.AddInt64(&app.inFlight, -1)
	return app
}

// spell finds a host by what a Host header says and counts the request, if it is awake; it remembers the spelling, so
// that the next request is found at once.
func (s *state) spell(header, name string) (*host, *httputil.ReverseProxy) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	app := s.hosts[name]
	if app == nil || app.proxy == nil {
		return nil, nil
	}
	if len(s.spellings) < maxSpellings {
		s.spellings[header] = app
	}
	atomic.AddInt64(&app.inFlight, 1)
	return app, app.proxy
}

// set makes the hosts awake at upstream.
func (s *state) set(names []string, upstream string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	proxy := s.proxyTo(upstream)
	for _, name := range names {
		s.open(name, upstream, proxy)
	}
}

// unset takes the hosts' address away and returns how many requests of each are on their way to it.
func (s *state) unset(names []string) map[string]int64 {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	inFlight := map[string]int64{}
	for _, name := range names {
		inFlight[name] = s.close(name)
	}
	return inFlight
}

// replace makes the table what the snapshot says; hosts that it does not have and nobody uses are forgotten.
func (s *state) replace(awake map[string]string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.spellings = map[string]*host{}
	for name, app := range s.hosts {
		if _, found := awake[name]; found {
			continue
		}
		if atomic.LoadInt64(&app.inFlight) == 0 {
			delete(s.hosts, name)
		} else {
			s.close(name)
		}
	}
	for name, upstream := range awake {
		app := s.hosts[name]
		if app == nil || app.proxy == nil || app.upstream != upstream {
			s.open(name, upstream, s.proxyTo(upstream))
		}
	}
}

// open and close are called with the mutex held.
func (s *state) open(name, upstream string, proxy *httputil.ReverseProxy) {
	app := s.hosts[name]
	if app == nil {
		app = &host{}
		s.hosts[name] = app
	}
	app.upstream = upstream
	app.proxy = proxy
}

func (s *state) close(name string) int64 {
	app := s.hosts[name]
	if app == nil {
		app = &host{}
		s.hosts[name] = app
	}
	s.changes++
	app.closed = s.changes
	app.upstream = ""
	app.proxy = nil
	return atomic.LoadInt64(&app.inFlight)
}
