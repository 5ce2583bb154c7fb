package wake

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strings"
)

// A problemBody is an RFC 9457 problem in the shape of the platform's API.
type problemBody struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// problem answers in the app's place: a small page for a browser that opens one, problem JSON for everybody else.
func problem(rw http.ResponseWriter, req *http.Request, status int, title, detail string) {
	rw.Header().Set("Cache-Control", "no-store")
	if strings.Contains(req.Header.Get("Accept"), "text/html") {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		rw.WriteHeader(status)
		_, _ = fmt.Fprintf(rw, page, html.EscapeString(title), html.EscapeString(title), html.EscapeString(detail))
		return
	}
	code := "unavailable"
	if status == http.StatusBadGateway {
		code = "app_failed"
	}
	body, err := json.Marshal(problemBody{Type: "about:blank", Title: title, Status: status, Code: code, Detail: detail})
	if err != nil {
		panic(err)
	}
	rw.Header().Set("Content-Type", "application/problem+json")
	rw.WriteHeader(status)
	_, _ = rw.Write(body)
}

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>%s</title><style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:30vh auto 0;
max-width:24rem;padding:0 1rem;text-align:center}h1{font-size:1.25rem}</style><h1>%s</h1><p>%s</p></html>
`
