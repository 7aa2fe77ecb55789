// Package e2e tests the program as users run it: the real binary, started with flags
// and ended with signals, in conversation with other people's programs. A server that
// agrees only with its own client proves little.
//
//	curl_test.go           curl
//	nethttp_test.go        Go's net/http
//	node_test.go           the npm package ws, and the WebSocket that is built into Node
//	python_test.go         the Python package websockets
//	xnet_test.go           golang.org/x/net/websocket
//	raw_test.go            bytes written by hand, which no well-behaved client sends
//	life_test.go           start, limits, signals, exit statuses
//	compress_test.go       permessage-deflate with ws and websockets, with all parameters
//	inflate_test.go        the same with a socket and zlib, which checks each window
//	bomb_test.go           the memory that compression may take
//	chat_test.go           several clients in one chat room
//	deterministic_test.go  serve and dial with -deterministic, and the files that replay reads
//	dial_test.go           barewire dial, with servers made of ws and websockets
//	probe*_test.go         barewire probe, against barewire and other people's servers
//	tls_test.go            https and wss, with curl, openssl and ws
//	proxy_test.go          barewire behind nginx and HAProxy
//	chromium_test.go       pages in Chromium, and its DevTools as a server for our client
//	lab*_test.go           the page /lab in Chromium: how it is used, protected and how fast it is
//	visitor_test.go        the visitor of these tests: mouse, keyboard, and what the page shows
//
// If a program is not installed, its tests are skipped. With CI=true in the environment
// they fail instead, so that a machine that should check everything cannot pass without
// checking. Slow tests, such as other people's servers and all faults, run only with
// CI=true. No test depends on how long something takes: each waits for a condition, and
// gives up only after a minute. The npm package is fetched once, into the user's cache
// folder.
package e2e
