package wake

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

const (
	dialTimeout    = time.Second
	idleTimeout    = 60 * time.Second
	flushInterval  = 100 * time.Millisecond
	maxRefusals    = 5
	bufferBytes    = 32 << 10
	statusGoneAway = 499
)

// upstreamTransport keeps connections to the apps. Bodies pass as they are: no compression is asked for or undone.
func upstreamTransport() http.RoundTripper {
	return &http.Transport{
		DialContext:           dial,
		MaxIdleConnsPerHost:   1024,
		IdleConnTimeout:       idleTimeout,
		ExpectContinueTimeout: time.Second,
		DisableCompression:    true,
		ForceAttemptHTTP2:     false,
		WriteBufferSize:       16 << 10,
		ReadBufferSize:        16 << 10,
	}
}

var dialer = &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}

// dial stands for the dialer's own method: the interpreter cannot pass a compiled method on as a value.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	return dialer.DialContext(ctx, network, address)
}

// buffers lends the reverse proxies what they copy answers with; a fresh 32 KB for each answer costs a warm request
// a fifth of its time. It has no fields, because each one that the interpreter looks up costs again.
type buffers struct{}

var pool = &sync.Pool{New: func() any { return make([]byte, bufferBytes) }}

func (buffers) Get() []byte {
	return pool.Get().([]byte)
}

func (buffers) Put(buffer []byte) {
	pool.Put(buffer)
}

// proxyTo makes the reverse proxy of one address. Its director is the standard library's, which is compiled.
func (s *state) proxyTo(upstream string) *httputil.ReverseProxy {
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: upstream})
	proxy.Transport = s.transport
	proxy.FlushInterval = flushInterval
	proxy.BufferPool = buffers{}
	proxy.ErrorHandler = s.failed
	return proxy
}

// failed answers a request that could not be proxied, or asks the activator again, which knows or learns what became of
// the app. Where the address refused the connection nothing was sent and nothing of the body was read, so that is safe for
// every request. A connection that broke is another matter: the app may have begun, and only what may be repeated is
// sent once more, as when an instance dies between two page loads.
func (s *state) failed(rw http.ResponseWriter, outgoing *http.Request, err error) {
	if errors.Is(err, context.Canceled) {
		rw.WriteHeader(statusGoneAway)
		return
	}
	p := passageOf(outgoing)
	again := refused(err) || (p.refusals == 0 && repeatable(p.request))
	if !again || p.refusals >= maxRefusals {
		problem(rw, outgoing, http.StatusBadGateway, "The app did not answer", "The connection to the app broke before it answered.")
		return
	}
	p.refusals++
	p.stale = outgoing.URL.Host
	app := s.leave(p.host)
	defer atomic.AddInt64(&app.inFlight, 1)
	s.wake(rw, p)
}

func repeatable(req *http.Request) bool {
	return (req.Method == http.MethodGet || req.Method == http.MethodHead) && req.ContentLength == 0 && req.Header.Get("Upgrade") == ""
}

func refused(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) && operation.Op == "dial"
}
