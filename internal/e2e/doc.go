// Package e2e tests the program as its users meet it: the real binary, started
// with flags and ended with signals, in conversation with programs that others
// wrote. A server that agrees only with its own client proves little.
//
//	curl_test.go      curl
//	nethttp_test.go   Go's net/http
//	node_test.go      the npm package ws, and the WebSocket that Node brings along
//	python_test.go    the Python package websockets
//	xnet_test.go      golang.org/x/net/websocket
//	raw_test.go       bytes by hand, for what no well-behaved client sends
//	life_test.go      start, limits, signals, exit statuses
//	compress_test.go  permessage-deflate with ws and websockets, each set of parameters
//	inflate_test.go   the same with nothing but a socket and zlib, which checks each window
//	bomb_test.go      what compression may cost in memory
//	chat_test.go      several clients in one room
//	deterministic_test.go  serve and dial with -deterministic, and the files that replay reads
//	dial_test.go      barewire dial, with servers made of ws and websockets
//	tls_test.go       https and wss, with curl, openssl, ws
//	proxy_test.go     nginx and HAProxy in front
//	chromium_test.go  pages in Chromium; and its DevTools, to which our client speaks
//	lab*_test.go      the page /lab in Chromium: used by people, kept from others, timed
//	visitor_test.go   their hands and eyes: mouse, keyboard, and what the page shows
//
// A program that is not installed skips its tests; with CI=true in the environment
// it fails them, so that a machine that is there to check everything cannot
// pass by checking nothing. What takes long, as other people's servers and every
// fault, runs with CI=true alone. No test depends on how long something takes: each
// waits for a condition, and gives up only after a minute. The npm package is fetched once, into the user's
// cache folder.
package e2e
