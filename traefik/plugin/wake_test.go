// Tests of the plugin as a compiled package, against a real activator's side of the protocol over loopback. That it
// also runs interpreted, inside Traefik, is what tests/integration/activator shows.
package wake_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fp-platform/wake"
)

const token = "plugin-test"

// An activator speaks the plugin's protocol: lines sent to `lines` go to every table stream, acknowledgements come out
// of `acks`, and wake calls are answered by `answer`.
type activator struct {
	server *httptest.Server
	lines  chan string
	acks   chan map[string]any
	answer func(http.ResponseWriter, *http.Request)

	mutex sync.Mutex
	calls []http.Header
}

func newActivator(t *testing.T) *activator {
	t.Helper()
	a := &activator{lines: make(chan string, 16), acks: make(chan map[string]any, 16)}
	mux := http.NewServeMux()
	mux.HandleFunc("/table", a.table)
	mux.HandleFunc("/activity", a.activity)
	mux.HandleFunc("/wake", a.wake)
	a.server = httptest.NewServer(mux)
	t.Cleanup(func() {
		a.server.CloseClientConnections()
		a.server.Close()
	})
	return a
}

func (a *activator) address() string {
	return a.server.Listener.Addr().String()
}

func (a *activator) table(rw http.ResponseWriter, req *http.Request) {
	rw.WriteHeader(http.StatusOK)
	for {
		_ = http.NewResponseController(rw).Flush()
		select {
		case line := <-a.lines:
			_, _ = fmt.Fprintln(rw, line)
		case <-req.Context().Done():
			return
		}
	}
}

func (a *activator) activity(rw http.ResponseWriter, req *http.Request) {
	var ack map[string]any
	if json.NewDecoder(req.Body).Decode(&ack) == nil {
		a.acks <- ack
	}
	rw.WriteHeader(http.StatusNoContent)
}

func (a *activator) wake(rw http.ResponseWriter, req *http.Request) {
	a.mutex.Lock()
	a.calls = append(a.calls, req.Header.Clone())
	answer := a.answer
	a.mutex.Unlock()
	if answer == nil {
		rw.WriteHeader(http.StatusNotFound)
		return
	}
	answer(rw, req)
}

func (a *activator) answers(answer func(http.ResponseWriter, *http.Request)) {
	a.mutex.Lock()
	a.answer = answer
	a.mutex.Unlock()
}

func (a *activator) seen() []http.Header {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return append([]http.Header(nil), a.calls...)
}

func (a *activator) awakeAt(host, upstream string) {
	a.lines <- fmt.Sprintf(`{"type":"set","epoch":2,"hosts":[%q],"upstream":%q}`, host, upstream)
}

// door is the plugin behind a real HTTP server.
func door(t *testing.T, address string) *httptest.Server {
	t.Helper()
	config := wake.CreateConfig()
	config.Activator = address
	config.Token = token
	config.DeadlineSeconds = 1
	handler, err := wake.New(context.Background(), nil, config, "wake")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

func app(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func request(t *testing.T, server *httptest.Server, method, host string, body io.Reader) *http.Response {
	t.Helper()
	req, err := http.NewRequest(method, server.URL+"/path?q=1", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	req.Header.Set("X-Fp-Ticket", "forged")
	req.Header.Set("X-Fp-Cold-Start", "1")
	req.Header.Set("Authorization", "Bearer of-the-visitor")
	req.Header.Set("Cookie", "session=1")
	answer, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	return answer
}

func text(t *testing.T, answer *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("%s did not come true", what)
}

func awake(upstream string, headers ...string) func(http.ResponseWriter, *http.Request) {
	return func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("X-Fp-Upstream", upstream)
		for i := 0; i+1 < len(headers); i += 2 {
			rw.Header().Set(headers[i], headers[i+1])
		}
	}
}

func TestAnAwakeHostIsProxiedWithoutAskingAndWithoutHeadersOfOurs(t *testing.T) {
	a := newActivator(t)
	upstream := app(t, func(rw http.ResponseWriter, req *http.Request) {
		for name := range req.Header {
			if strings.HasPrefix(name, "X-Fp-") {
				t.Errorf("%s reached the app", name)
			}
		}
		_, _ = fmt.Fprint(rw, req.Host, req.URL.RequestURI(), req.Header.Get("X-Forwarded-For"))
	})
	server := door(t, a.address())
	a.lines <- fmt.Sprintf(`{"type":"snapshot","epoch":1,"awake":{"one.localhost":%q}}`, upstream)
	eventually(t, "the snapshot", func() bool {
		return request(t, server, http.MethodGet, "one.localhost:8080", nil).StatusCode == http.StatusOK
	})
	asked := len(a.seen())
	for _, host := range []string{"one.localhost", "ONE.localhost", "one.localhost:80"} {
		answer := request(t, server, http.MethodGet, host, nil)
		if got := text(t, answer); got != host+"/path?q=1127.0.0.1" {
			t.Errorf("the app saw %s", got)
		}
	}
	if len(a.seen()) != asked {
		t.Error("the activator was asked about an awake app")
	}
}

func TestAHeldRequestGoesWhereTheActivatorSaysWithItsBodyAndItsColdStart(t *testing.T) {
	a := newActivator(t)
	upstream := app(t, func(rw http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		_, _ = fmt.Fprint(rw, req.Header.Get("X-Fp-Cold-Start"), " ", len(body), " ", req.Header.Get("Cookie"))
	})
	a.answers(awake(upstream, "X-Fp-Cold-Start", "42.5"))
	server := door(t, a.address())
	answer := request(t, server, http.MethodPost, "two.localhost", strings.NewReader(strings.Repeat("x", 1<<20)))
	if got := text(t, answer); got != "42.5 1048576 session=1" {
		t.Errorf("the app saw %s", got)
	}
	call := a.seen()[0]
	for name, want := range map[string]string{
		"Authorization": "Bearer " + token, "Cookie": "", "X-Forwarded-Method": "POST", "X-Forwarded-Host": "two.localhost",
		"X-Forwarded-Uri": "/path?q=1", "X-Forwarded-For": "127.0.0.1", "X-Fp-Ticket": "", "X-Fp-Stale": "",
	} {
		if got := call.Get(name); got != want {
			t.Errorf("the activator was told %s: %q", name, got)
		}
	}
}

func TestAnyOtherAnswerIsRelayedAsItIs(t *testing.T) {
	a := newActivator(t)
	a.answers(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Retry-After", "1")
		rw.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(rw, "waking up")
	})
	answer := request(t, door(t, a.address()), http.MethodGet, "three.localhost", nil)
	if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") != "1" || text(t, answer) != "waking up" {
		t.Errorf("relayed %v", answer)
	}
}

func TestAnUnsetIsAcknowledgedWithWhatIsInFlightAndNothingGoesToTheOldAddress(t *testing.T) {
	a := newActivator(t)
	entered, leave := make(chan struct{}, 1), make(chan struct{})
	old := app(t, func(http.ResponseWriter, *http.Request) {
		entered <- struct{}{}
		<-leave
	})
	server := door(t, a.address())
	a.awakeAt("four.localhost", old)
	ended := make(chan *http.Response)
	a.answers(awake(old))
	go func() { ended <- request(t, server, http.MethodPost, "four.localhost", strings.NewReader("body")) }()
	<-entered
	a.answers(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusTeapot) })
	a.lines <- `{"type":"unset","epoch":3,"hosts":["four.localhost"]}`
	if ack := <-a.acks; ack["epoch"] != 3.0 || ack["in_flight"].(map[string]any)["four.localhost"] != 1.0 {
		t.Errorf("acknowledged %v", ack)
	}
	if answer := request(t, server, http.MethodGet, "four.localhost", nil); answer.StatusCode != http.StatusTeapot {
		t.Errorf("went to the old address: %d", answer.StatusCode)
	}
	close(leave)
	<-ended
	a.lines <- `{"type":"unset","epoch":4,"hosts":["four.localhost"]}`
	if ack := <-a.acks; ack["in_flight"].(map[string]any)["four.localhost"] != 0.0 {
		t.Errorf("acknowledged %v", ack)
	}
}

func TestAnAddressThatWasTakenAwayWhileItWasOnItsWayIsAskedForAgain(t *testing.T) {
	a := newActivator(t)
	good := app(t, func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "good") })
	bad := app(t, func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "bad") })
	server := door(t, a.address())
	a.awakeAt("five.localhost", bad)
	a.answers(func(rw http.ResponseWriter, req *http.Request) {
		a.answers(awake(good))
		a.lines <- `{"type":"unset","epoch":3,"hosts":["five.localhost"]}`
		<-a.acks
		awake(bad)(rw, req)
	})
	a.lines <- `{"type":"unset","epoch":2,"hosts":["five.localhost"]}`
	<-a.acks
	if got := text(t, request(t, server, http.MethodGet, "five.localhost", nil)); got != "good" {
		t.Errorf("the request went to the %s address", got)
	}
}

func TestARefusedAddressIsReportedAndTheBodyIsStillWhole(t *testing.T) {
	a := newActivator(t)
	dead := httptest.NewServer(nil)
	address := dead.Listener.Addr().String()
	dead.Close()
	good := app(t, func(rw http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		_, _ = fmt.Fprint(rw, len(body), req.Header.Get("X-Forwarded-For"))
	})
	server := door(t, a.address())
	a.awakeAt("six.localhost", address)
	a.answers(func(rw http.ResponseWriter, req *http.Request) {
		if req.Header.Get("X-Fp-Stale") == address {
			awake(good)(rw, req)
			return
		}
		awake(address)(rw, req)
	})
	answer := request(t, server, http.MethodPost, "six.localhost", strings.NewReader(strings.Repeat("x", 100_000)))
	if got := text(t, answer); got != "100000127.0.0.1" {
		t.Errorf("the app saw %s", got)
	}
	a.lines <- `{"type":"unset","epoch":9,"hosts":["six.localhost"]}`
	if ack := <-a.acks; ack["in_flight"].(map[string]any)["six.localhost"] != 0.0 {
		t.Errorf("counted wrong: %v", ack)
	}
}

func TestABrokenConnectionIsTriedAgainOnceForWhatMayBeRepeated(t *testing.T) {
	a := newActivator(t)
	var mutex sync.Mutex
	seen := map[string]int{}
	upstream := app(t, func(_ http.ResponseWriter, req *http.Request) {
		mutex.Lock()
		seen[req.Method]++
		mutex.Unlock()
		panic(http.ErrAbortHandler)
	})
	a.answers(awake(upstream))
	server := door(t, a.address())
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		answer := request(t, server, method, "broken.localhost", nil)
		if answer.StatusCode != http.StatusBadGateway {
			t.Errorf("%s was answered %d", method, answer.StatusCode)
		}
	}
	mutex.Lock()
	defer mutex.Unlock()
	if seen[http.MethodGet] != 2 || seen[http.MethodPost] != 1 {
		t.Errorf("the app saw %v", seen)
	}
	if stale := a.seen()[1].Get("X-Fp-Stale"); stale != upstream {
		t.Errorf("the activator was told that %q is stale", stale)
	}
}

func TestAnAddressThatRefusesForEverEndsWith502(t *testing.T) {
	a := newActivator(t)
	dead := httptest.NewServer(nil)
	address := dead.Listener.Addr().String()
	dead.Close()
	a.answers(awake(address))
	answer := request(t, door(t, a.address()), http.MethodGet, "seven.localhost", nil)
	if answer.StatusCode != http.StatusBadGateway || answer.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("answered %v", answer)
	}
	if calls := len(a.seen()); calls != 6 {
		t.Errorf("asked %d times", calls)
	}
}

func TestWithoutAnActivatorTheTableStaysAndOthersGet503InTime(t *testing.T) {
	a := newActivator(t)
	upstream := app(t, func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "up") })
	server := door(t, a.address())
	a.awakeAt("eight.localhost", upstream)
	eventually(t, "the set", func() bool { return request(t, server, http.MethodGet, "eight.localhost", nil).StatusCode == 200 })
	a.server.CloseClientConnections()
	_ = a.server.Listener.Close()
	if got := text(t, request(t, server, http.MethodGet, "eight.localhost", nil)); got != "up" {
		t.Errorf("answered %s", got)
	}
	answer := request(t, server, http.MethodGet, "nine.localhost", nil)
	if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") != "1" {
		t.Errorf("answered %v", answer)
	}
}

func TestEventsAreFlushedOneByOne(t *testing.T) {
	a := newActivator(t)
	next := make(chan struct{})
	upstream := app(t, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(rw, "data: 1\n")
		_ = http.NewResponseController(rw).Flush()
		<-next
	})
	a.answers(awake(upstream))
	answer := request(t, door(t, a.address()), http.MethodGet, "ten.localhost", nil)
	line, err := bufio.NewReader(answer.Body).ReadString('\n')
	if err != nil || line != "data: 1\n" {
		t.Errorf("read %q, %v", line, err)
	}
	close(next)
}

func TestAConfigurationThatCannotWorkIsRefused(t *testing.T) {
	for _, config := range []*wake.Config{{DeadlineSeconds: 1}, {Activator: "127.0.0.1:1", DeadlineSeconds: -1}} {
		if _, err := wake.New(context.Background(), nil, config, "wake"); err == nil {
			t.Errorf("%+v was taken", config)
		}
	}
}
