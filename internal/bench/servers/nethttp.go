package servers

import (
	"io"
	"net"
	"net/http"
)

// serveNetHTTP runs the HTTP server of the standard library.
func serveNetHTTP(l net.Listener) error {
	return http.Serve(l, http.HandlerFunc(answerHello))
}

func answerHello(w http.ResponseWriter, _ *http.Request) {
	w.Header()["Content-Type"] = contentType
	io.WriteString(w, hello)
}

// contentType is shared by all answers, so that none allocates.
var contentType = []string{"text/plain"}

// serveUpgrades runs a library that is built on net/http.
func serveUpgrades(l net.Listener, echo, chat http.HandlerFunc) error {
	mux := http.NewServeMux()
	mux.HandleFunc("/", answerHello)
	mux.HandleFunc("/echo", echo)
	mux.HandleFunc("/chat", chat)
	return http.Serve(l, mux)
}
