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

const (
	// maxSpellings is how many ways to write one host are remembered; the oldest goes first.
	maxSpellings = 8
	// longestExtra is what a Host header may say beyond the name and still be remembered: a dot, a colon and a port.
	longestExtra = 7
)

// A host is one app's host name. upstream is its address, empty unless the table says that the app is awake; proxy leads
// there and is made for the first request; spellings are the Host headers under which it is found at once. inFlight counts
// requests that were given an address and have not ended; closed is when its address was taken away last.
type host struct {
	upstream  string
	proxy     *httputil.ReverseProxy
	spellings []string
	inFlight  int64
	closed    time.Time
}

// state is what all middlewares of one activator share. The mutex guards hosts, resting, spellings and everything in them:
// a request is counted in the same critical section that finds its address, so that after an unset is applied the counts
// are exact. resting are the hosts without an address, each for as long as somebody may still be on the way to an old one.
// known is what the table last said; only the one who follows it touches that.
type state struct {
	activator string
	token     string
	plugin    string
	deadline  time.Duration
	transport http.RoundTripper
	calls     http.RoundTripper
	known     map[string]string

	mutex     sync.Mutex
	hosts     map[string]*host
	resting   map[string]*host
	spellings map[string]*host
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
	s := newState(activator, token, deadline)
	states[activator] = s
	go s.follow()
	return s
}

func newState(activator, token string, deadline time.Duration) *state {
	return &state{
		activator: activator,
		token:     token,
		plugin:    randomID(),
		deadline:  deadline,
		transport: upstreamTransport(),
		calls:     activatorTransport(),
		known:     map[string]string{},
		hosts:     map[string]*host{},
		resting:   map[string]*host{},
		spellings: map[string]*host{},
	}
}

func randomID() string {
	id := make([]byte, 8)
	if _, err := rand.Read(id); err != nil {
		panic(err)
	}
	return hex.EncodeToString(id)
}

// spell finds a host by what a Host header says and counts the request, if it is awake; it remembers the spelling, so
// that the next request is found at once.
func (s *state) spell(header, name string) (*host, *httputil.ReverseProxy) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	app := s.hosts[name]
	if app == nil || app.upstream == "" {
		return nil, nil
	}
	if app.proxy == nil {
		app.proxy = s.proxyTo(app.upstream)
	}
	if len(header) <= len(name)+longestExtra && s.spellings[header] == nil {
		if len(app.spellings) == maxSpellings {
			delete(s.spellings, app.spellings[0])
			app.spellings = app.spellings[1:]
		}
		app.spellings = append(app.spellings, header)
		s.spellings[header] = app
	}
	atomic.AddInt64(&app.inFlight, 1)
	return app, app.proxy
}

// enter counts a request on its way to upstream, an address that the activator was asked for at that time. It returns nil
// when the address was taken away since then: it may already be promised that nobody goes there.
func (s *state) enter(name, upstream string, asked time.Time) (*host, *httputil.ReverseProxy) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	app := s.host(name)
	if !app.closed.Before(asked) {
		return nil, nil
	}
	atomic.AddInt64(&app.inFlight, 1)
	if app.proxy != nil && app.upstream == upstream {
		return app, app.proxy
	}
	return app, s.proxyTo(upstream)
}

// leave stops to count one request of a host, which is not forgotten while one is counted.
func (s *state) leave(name string) *host {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	app := s.hosts[name]
	atomic.AddInt64(&app.inFlight, -1)
	return app
}

// open gives a host an address.
func (s *state) open(name, upstream string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	app := s.host(name)
	if app.upstream != upstream {
		s.unspell(app)
		app.upstream = upstream
	}
	delete(s.resting, name)
}

// close takes a host's address away and returns how many requests are on their way to it.
func (s *state) close(name string) int64 {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	app := s.host(name)
	s.unspell(app)
	app.upstream = ""
	app.closed = time.Now()
	s.resting[name] = app
	return atomic.LoadInt64(&app.inFlight)
}

// forget drops the hosts that nobody is on the way to, and that no answer still on its way from the activator can be about.
func (s *state) forget(now time.Time) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for name, app := range s.resting {
		if atomic.LoadInt64(&app.inFlight) == 0 && now.Sub(app.closed) > s.deadline+2*margin {
			delete(s.resting, name)
			delete(s.hosts, name)
		}
	}
}

// host finds or makes a host. It and unspell are called with the mutex held.
func (s *state) host(name string) *host {
	app := s.hosts[name]
	if app == nil {
		app = &host{}
		s.hosts[name] = app
		s.resting[name] = app
	}
	return app
}

// unspell makes the next request look for the host's address, and make the proxy that leads there.
func (s *state) unspell(app *host) {
	for _, header := range app.spellings {
		delete(s.spellings, header)
	}
	app.spellings = nil
	app.proxy = nil
}
