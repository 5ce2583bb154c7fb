package wake_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAnActivatorThatTakesTheCallAndSaysNothingIsGivenUpAfterTheDeadline(t *testing.T) {
	a := newActivator(t)
	a.answers(func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() })
	began := time.Now()
	answer := request(t, door(t, a.address()), http.MethodPost, "silent.localhost", strings.NewReader("body"))
	if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") != "1" {
		t.Errorf("answered %d", answer.StatusCode)
	}
	if waited := time.Since(began); waited < time.Second || waited > 6*time.Second {
		t.Errorf("after %s", waited)
	}
}

func TestTrailersOfAnAnswerPassAnnouncedOrNot(t *testing.T) {
	a := newActivator(t)
	a.answers(awake(app(t, func(rw http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		rw.Header().Set("Trailer", "X-Sum")
		_, _ = fmt.Fprint(rw, "asked")
		rw.Header().Set("X-Sum", "42")
		rw.Header().Set(http.TrailerPrefix+"X-Late", "unannounced")
	})))
	server := door(t, a.address())
	req, err := http.NewRequest(http.MethodPost, server.URL, io.NopCloser(strings.NewReader("body")))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "trailers.localhost"
	answer, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if got := text(t, answer); got != "asked" {
		t.Errorf("the app saw %q", got)
	}
	if answer.Trailer.Get("X-Sum") != "42" || answer.Trailer.Get("X-Late") != "unannounced" {
		t.Errorf("trailers %v", answer.Trailer)
	}
}

func TestAClientThatWaitsFor100ContinueHearsTheAppsOwnWord(t *testing.T) {
	a := newActivator(t)
	a.answers(awake(app(t, func(rw http.ResponseWriter, req *http.Request) {
		if req.Header.Get("X-Take") == "" {
			rw.WriteHeader(http.StatusExpectationFailed)
			return
		}
		body, _ := io.ReadAll(req.Body)
		_, _ = rw.Write(body)
	})))
	address := door(t, a.address()).Listener.Addr().String()
	for take, want := range map[string]string{"": "HTTP/1.1 417 ", "X-Take: yes\r\n": "HTTP/1.1 100 "} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: expect.localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n%s\r\n", take)
		line, err := bufio.NewReader(conn).ReadString('\n')
		if err != nil || !strings.HasPrefix(line, want) {
			t.Errorf("with %q the first line is %q, %v", take, line, err)
		}
		_ = conn.Close()
	}
}

func TestAnAnswerThatComesBeforeTheBodyReachesTheClientAndHarmsNobody(t *testing.T) {
	a := newActivator(t)
	a.answers(awake(app(t, func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusUnauthorized) })))
	server := door(t, a.address())
	complaints := &strings.Builder{}
	server.Config.ErrorLog = log.New(complaints, "", 0)
	for range 20 {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: early.localhost\r\nContent-Length: 1000000\r\n\r\nsome of it")
		line, err := bufio.NewReader(conn).ReadString('\n')
		if err != nil || !strings.HasPrefix(line, "HTTP/1.1 401 ") {
			t.Errorf("the first line is %q, %v", line, err)
		}
		_ = conn.Close()
	}
	server.Close()
	if complaints.Len() > 0 {
		t.Error(complaints.String())
	}
}

func TestTheAppNoticesThatItsClientLeftAndTheCountEnds(t *testing.T) {
	a := newActivator(t)
	entered, left := make(chan struct{}), make(chan struct{})
	upstream := app(t, func(_ http.ResponseWriter, req *http.Request) {
		close(entered)
		<-req.Context().Done()
		close(left)
	})
	server := door(t, a.address())
	a.awakeAt("leaver.localhost", upstream)
	a.answers(awake(upstream))
	ctx, cancel := context.WithCancel(context.Background())
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
	req.Host = "leaver.localhost"
	go func() {
		if answer, err := server.Client().Do(req); err == nil {
			_ = answer.Body.Close()
		}
	}()
	<-entered
	cancel()
	<-left
	eventually(t, "the count's end", func() bool {
		a.lines <- `{"type":"unset","epoch":9,"hosts":["leaver.localhost"]}`
		return (<-a.acks)["in_flight"].(map[string]any)["leaver.localhost"] == 0.0
	})
}

func TestAHostWithADotAtItsEndIsTheSameHost(t *testing.T) {
	a := newActivator(t)
	upstream := app(t, func(rw http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(rw, "here") })
	a.answers(awake(upstream))
	answer := request(t, door(t, a.address()), http.MethodGet, "Dotted.localhost.:8080", nil)
	if got := text(t, answer); got != "here" {
		t.Errorf("answered %d %q", answer.StatusCode, got)
	}
	if got := a.seen()[0].Get("X-Forwarded-Host"); got != "dotted.localhost" {
		t.Errorf("the activator was asked about %q", got)
	}
}
