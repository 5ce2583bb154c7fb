package wake

import (
	"io"
	"net/http"
	"sync"
	"time"
)

// A body is a request's body that is left to the way to the app alone. The server would otherwise read what is left of it,
// and close it, the moment an answer begins; the transport, which looks once more for the body's end, then takes the closed
// body for a broken request and cuts the answer. A body of known length is not looked at beyond it, and closing it is left
// to the server, because the transport closes it also when a connection is refused and another address is tried.
type body struct {
	reader io.Reader
	mutex  sync.Mutex
	left   bool
}

// keepBody puts such a body in the place of the request's.
func keepBody(rw http.ResponseWriter, req *http.Request) *body {
	_ = http.NewResponseController(rw).EnableFullDuplex()
	kept := &body{reader: req.Body}
	if req.ContentLength > 0 {
		kept.reader = io.LimitReader(req.Body, req.ContentLength)
	}
	req.Body = kept
	return kept
}

func (b *body) Read(buffer []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.left {
		return 0, io.ErrUnexpectedEOF
	}
	return b.reader.Read(buffer)
}

func (b *body) Close() error {
	return nil
}

// leave gives the body back to the server, which must not read it while the transport does: an app that answered before the
// body was there has the transport still waiting for it. That wait is ended, and the connection with it.
func (b *body) leave(rw http.ResponseWriter) {
	if !b.mutex.TryLock() {
		_ = http.NewResponseController(rw).SetReadDeadline(time.Now())
		b.mutex.Lock()
	}
	b.left = true
	b.mutex.Unlock()
}
