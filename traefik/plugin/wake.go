// Package wake is the door's part of sleeping and waking, a Traefik middleware that Traefik interprets.
//
// One route catches every app host and ends here; the next handler is never called. A host that the table knows to be
// awake is proxied straight to its address; of any other host the activator is asked, which holds the request until
// the app is up and then names its address, or answers in the app's place. Traefik's configuration never changes.
//
// Interpreted code costs a hundred times what compiled code does, so that a warm request runs as few lines of it as
// it can: strip, look up, count, and hand over to the standard library's reverse proxy, which is compiled.
//
// wake.go is the request's path, state.go the table and the counts, stream.go what the activator tells, ask.go the
// wake call, upstream.go the way to the apps, problem.go our own answers.
package wake

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"
)

// Config is set in Traefik's dynamic configuration. Activator is host:port; Token is the internal credential;
// DeadlineSeconds is how long a request waits for an activator that cannot be reached.
type Config struct {
	Activator       string  `json:"activator,omitempty"`
	Token           string  `json:"token,omitempty"`
	DeadlineSeconds float64 `json:"deadlineSeconds,omitempty"`
}

// CreateConfig is called by Traefik before it fills in what the dynamic configuration says.
func CreateConfig() *Config {
	return &Config{DeadlineSeconds: 25}
}

// The headers of ours that the runner believes. It drops all others that begin like them itself, before the app sees any.
const (
	coldStart = "X-Fp-Cold-Start"
	ticket    = "X-Fp-Ticket"
)

// Wake is the middleware; everything it knows is in the state that all middlewares of one activator share.
type Wake struct {
	state *state
}

// New is called by Traefik for each router that uses the middleware.
func New(_ context.Context, _ http.Handler, config *Config, _ string) (http.Handler, error) {
	if config.Activator == "" {
		return nil, errors.New("the activator's address is not set")
	}
	deadline := time.Duration(config.DeadlineSeconds * float64(time.Second))
	if deadline <= 0 {
		return nil, errors.New("deadlineSeconds must be above 0")
	}
	return &Wake{state: sharedState(config.Activator, config.Token, deadline)}, nil
}

// ServeHTTP passes a request to its app. What the runner believes is dropped first where it comes from outside, by name:
// to look through all headers for a prefix takes longer than all the rest of this function.
func (w *Wake) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	delete(req.Header, coldStart)
	delete(req.Header, ticket)
	if req.ContentLength != 0 {
		defer keepBody(rw, req).leave(rw)
	}
	s := w.state
	s.mutex.Lock()
	app := s.spellings[req.Host]
	if app == nil {
		s.mutex.Unlock()
		s.find(rw, req)
		return
	}
	atomic.AddInt64(&app.inFlight, 1)
	proxy := app.proxy
	s.mutex.Unlock()
	defer atomic.AddInt64(&app.inFlight, -1)
	proxy.ServeHTTP(rw, req)
}
