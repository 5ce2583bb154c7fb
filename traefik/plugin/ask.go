package wake

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"sync/atomic"
	"time"
)

const (
	retryPause = 100 * time.Millisecond
	margin     = 2 * time.Second
	maxURI     = 2048
)

// asked are the client's headers that the activator decides by. No other goes to it: not cookies, not credentials.
var asked = []string{"Accept", "Accept-Language", "Purpose", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Purpose", "Upgrade-Insecure-Requests", "User-Agent"}

// activatorTransport has room for every held request, each of which keeps one connection for as long as it is held.
func activatorTransport() http.RoundTripper {
	return &http.Transport{
		DialContext:         dial,
		MaxIdleConnsPerHost: 1024,
		IdleConnTimeout:     idleTimeout,
		DisableCompression:  true,
	}
}

// A passage is one request that has to ask its way. stale is the address that refused it last.
type passage struct {
	request  *http.Request
	host     string
	stale    string
	refusals int
	began    time.Time
}

type passageKey struct{}

// passageOf finds the passage of a request that could not be proxied. One that was warm until now gets a new one, of what
// the proxy was about to send: that differs from what came in by the client's address alone, which will be added again.
func passageOf(outgoing *http.Request) *passage {
	if p, found := outgoing.Context().Value(passageKey{}).(*passage); found {
		return p
	}
	forwarded := outgoing.Header.Get("X-Forwarded-For")
	if last := strings.LastIndex(forwarded, ", "); last >= 0 {
		outgoing.Header.Set("X-Forwarded-For", forwarded[:last])
	} else {
		outgoing.Header.Del("X-Forwarded-For")
	}
	return &passage{request: outgoing, host: hostOf(outgoing.Host), began: time.Now()}
}

// hostOf is the host without its port and the dot that may end a full name, in lower case.
func hostOf(name string) string {
	if colon := strings.IndexByte(name, ':'); colon >= 0 {
		name = name[:colon]
	}
	return strings.ToLower(strings.TrimSuffix(name, "."))
}

// find passes a request whose Host header is new or whose app is not known to be awake.
func (s *state) find(rw http.ResponseWriter, req *http.Request) {
	p := &passage{request: req, host: hostOf(req.Host), began: time.Now()}
	if app, proxy := s.spell(req.Host, p.host); app != nil {
		s.pass(rw, p, app, proxy)
		return
	}
	s.wake(rw, p)
}

// wake asks the activator until it knows where the request goes, and proxies it there unless it was answered.
func (s *state) wake(rw http.ResponseWriter, p *passage) {
	for {
		asked := time.Now()
		upstream := s.ask(rw, p)
		if upstream == "" {
			return
		}
		if app, proxy := s.enter(p.host, upstream, asked); app != nil {
			s.pass(rw, p, app, proxy)
			return
		}
	}
}

// pass proxies a request that spell or enter has counted.
func (s *state) pass(rw http.ResponseWriter, p *passage, app *host, proxy *httputil.ReverseProxy) {
	defer atomic.AddInt64(&app.inFlight, -1)
	proxy.ServeHTTP(rw, p.request.WithContext(context.WithValue(p.request.Context(), passageKey{}, p)))
}

// ask makes the wake call, again and again while the activator cannot be reached, and returns the address that it names.
// Where it names none, the client left or the deadline passed, it answers the request itself and returns "". An activator
// that takes the call and says nothing is given a margin, because its own deadline is the same.
//
// There is no select in the plugin: the interpreter keeps the channels of a select statement in one place for all who run
// it at the same time.
func (s *state) ask(rw http.ResponseWriter, p *passage) string {
	ctx, cancel := context.WithDeadline(p.request.Context(), p.began.Add(s.deadline+margin))
	defer cancel()
	for {
		answer, err := s.calls.RoundTrip(s.wakeCall(ctx, p))
		if err == nil {
			return heed(rw, p, answer)
		}
		if p.request.Context().Err() != nil {
			rw.WriteHeader(statusGoneAway)
			return ""
		}
		if time.Since(p.began)+retryPause > s.deadline {
			rw.Header().Set("Retry-After", "1")
			problem(rw, p.request, http.StatusServiceUnavailable, "The app could not be woken", "The platform is restarting. Try again in a moment.")
			return ""
		}
		time.Sleep(retryPause)
	}
}

// heed returns the address that the activator's answer names, or relays the answer.
func heed(rw http.ResponseWriter, p *passage, answer *http.Response) string {
	defer drop(answer)
	upstream := answer.Header.Get("X-Fp-Upstream")
	if answer.StatusCode != http.StatusOK || upstream == "" {
		relay(rw, answer)
		return ""
	}
	if waited := answer.Header.Get(coldStart); waited != "" && p.request.Header.Get(coldStart) == "" {
		p.request.Header.Set(coldStart, waited)
	}
	return upstream
}

func (s *state) wakeCall(ctx context.Context, p *passage) *http.Request {
	incoming := p.request
	call, err := s.call(ctx, http.MethodGet, "/wake", nil)
	if err != nil {
		panic(err)
	}
	for _, name := range asked {
		if values := incoming.Header[name]; len(values) > 0 {
			call.Header[name] = values
		}
	}
	if call.Header.Get("User-Agent") == "" {
		call.Header.Set("User-Agent", "")
	}
	uri := incoming.URL.RequestURI()
	if len(uri) > maxURI {
		uri = uri[:maxURI]
	}
	call.Header.Set("X-Forwarded-Method", incoming.Method)
	call.Header.Set("X-Forwarded-Proto", incoming.Header.Get("X-Forwarded-Proto"))
	call.Header.Set("X-Forwarded-Host", p.host)
	call.Header.Set("X-Forwarded-Uri", uri)
	call.Header.Set("X-Forwarded-For", forwardedFor(incoming))
	if p.stale != "" {
		call.Header.Set("X-Fp-Stale", p.stale)
	}
	return call
}

func forwardedFor(req *http.Request) string {
	client, _, err := net.SplitHostPort(req.RemoteAddr)
	if err != nil {
		client = req.RemoteAddr
	}
	// A proxy may have added a line of its own rather than to the one that was there: all of them are one list.
	return strings.Join(append(req.Header.Values("X-Forwarded-For"), client), ", ")
}

// relay gives the client the activator's answer as it is.
func relay(rw http.ResponseWriter, answer *http.Response) {
	for name, values := range answer.Header {
		if name != "Connection" && name != "Keep-Alive" {
			rw.Header()[name] = values
		}
	}
	rw.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(rw, answer.Body)
}

func drop(answer *http.Response) {
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
}
