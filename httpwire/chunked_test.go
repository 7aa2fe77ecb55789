package httpwire

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

// req: 9112-7.1-a
func TestChunkedTaken(t *testing.T) {
	for _, test := range []struct{ rule, stream, content string }{
		{"a chunk and the last one", "5\r\nhello\r\n0\r\n\r\n", "hello"},
		{"several chunks", "5\r\nhello\r\n1\r\n \r\n6\r\nworld!\r\n0\r\n\r\n", "hello world!"},
		{"nothing but the last one", "0\r\n\r\n", ""},
		{"hex digits of either case", "a\r\n0123456789\r\nA\r\nabcdefghij\r\n0\r\n\r\n", "0123456789abcdefghij"},
		{"leading zeros", "0005\r\nhello\r\n0\r\n\r\n", "hello"},
		{"twenty leading zeros", strings.Repeat("0", 20) + "5\r\nhello\r\n0\r\n\r\n", "hello"},
		{"a last chunk of several zeros", "5\r\nhello\r\n0000\r\n\r\n", "hello"},
		{"data that looks like framing", "7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", "\r\n0\r\n\r\n"},
		{"data of any bytes", "4\r\n\x00\xFF\n\r\r\n0\r\n\r\n", "\x00\xFF\n\r"},
		// req: 9112-7.1.1-a
		{"an extension", "5;a\r\nhello\r\n0;b\r\n\r\n", "hello"},
		{"an extension with a value", "5;a=b\r\nhello\r\n0\r\n\r\n", "hello"},
		{"an extension with a quoted value", "5;a=\"b;c, \\\" d\"\r\nhello\r\n0\r\n\r\n", "hello"},
		{"several extensions", "5;a;b=c;d=\"\"\r\nhello\r\n0\r\n\r\n", "hello"},
		{"whitespace around ; and =", "5 \t; a = b ;c\t=\t\"d\"\r\nhello\r\n0\r\n\r\n", "hello"}, // req: 9110-5.6.3-a
	} {
		t.Run(test.rule, func(t *testing.T) {
			got := feedChunked(t, test.stream+"GET /next", Limits{})
			if got.err != nil || !got.done {
				t.Fatalf("%q: done = %v, err = %v", test.stream, got.done, got.err)
			}
			if got.content != test.content {
				t.Errorf("%q holds %q, want %q", test.stream, got.content, test.content)
			}
			if got.used != len(test.stream) {
				t.Errorf("%d bytes used: the next message starts after %d", got.used, len(test.stream))
			}
		})
	}
}

// req: 9112-7.1-a
func TestChunkedRefused(t *testing.T) {
	for _, test := range []struct {
		rule, stream string
		status       int
		offset       int
	}{
		{"a size in C's notation", "0x1\r\na\r\n", 400, 1},
		{"a sign", "+1\r\na\r\n", 400, 0},
		{"a negative size", "-1\r\na\r\n", 400, 0},
		{"Go's digit separator", "1_0\r\na\r\n", 400, 1},
		{"whitespace in front of the size", " 1\r\na\r\n", 400, 0},
		{"whitespace after the size", "1 \r\na\r\n", 400, 1},
		{"two sizes", "1 1\r\na\r\n", 400, 1},
		{"an empty size", "\r\na\r\n", 400, 0},
		{"an extension without size", ";a\r\n", 400, 0},
		{"data longer than its size", "1\r\nab\r\n0\r\n\r\n", 400, 4},
		{"data shorter than its size", "3\r\na\r\n0\r\n\r\n", 400, 6},
		{"LF alone after the data", "1\r\na\n0\r\n\r\n", 400, 4}, // req: 9112-2.2-b
		{"CR alone after the data", "1\r\na\r0\r\n\r\n", 400, 5}, // req: 9112-2.2-c
		{"LF alone after the size", "1\na\r\n0\r\n\r\n", 400, 1}, // req: 9112-2.2-b
		{"CR alone after the size", "1\ra\r\n0\r\n\r\n", 400, 1}, // req: 9112-2.2-c
		{"LF alone inside an extension", "1;a\n=b\r\na\r\n", 400, 3},
		{"LF alone after the last size", "0\n\r\n", 400, 1},
		{"LF alone at the end", "0\r\n\n", 400, 3},
		{"an extension without name", "1;\r\na\r\n", 400, 2},
		{"an extension that is no token", "1;(\r\na\r\n", 400, 2},
		{"an extension with half a value", "1;a=\r\na\r\n", 400, 4},
		{"an extension with half a string", "1;a=\"b\r\na\r\n", 400, 4},
		{"an extension with a control byte", "1;a=\"\x01\"\r\na\r\n", 400, 4},
		// req: 9112-7.1-b
		{"2^64 + 1 is not 1", "10000000000000001\r\na\r\n", 413, 0},
		{"2^63", "8000000000000000\r\na\r\n", 413, 0},
		{"sizes that wrap when added", "1\r\na\r\n7fffffffffffffff\r\n", 413, 6},
	} {
		t.Run(test.rule, func(t *testing.T) {
			got := feedChunked(t, test.stream, Limits{})
			if got.err == nil {
				t.Fatalf("%q was taken as %q, done: %v", test.stream, got.content, got.done)
			}
			checkError(t, got.err, test.status)
			if got.err.Offset != test.offset {
				t.Errorf("the error is at byte %d, want %d: %v", got.err.Offset, test.offset, got.err)
			}
		})
	}
}

// A chunk of 2^62 bytes may be announced; it costs nothing until the bytes arrive.
func TestHugeChunkAllocatesNothing(t *testing.T) {
	got := feedChunked(t, "4000000000000000\r\nabc", Limits{})
	if got.err != nil || got.done || got.content != "abc" {
		t.Errorf("%+v (%v)", got, got.err)
	}
}

// req: 9112-7.1.1-b
func TestChunkExtensionLimit(t *testing.T) {
	limits := Limits{ChunkExtensions: 100}
	long := "1;" + strings.Repeat("a", 64) + "\r\nx\r\n" // 67 bytes up to the LF: 51 beyond the 16 that are free
	if got := feedChunked(t, long+"0\r\n\r\n", limits); got.err != nil {
		t.Errorf("one extension of 64 bytes is within the limit of 100: %v", got.err)
	}
	for _, test := range []struct{ rule, stream string }{
		{"two of them are too much", long + long},
		{"one line that does not end", "1;" + strings.Repeat("a", 200)},
		{"a run of zeros", strings.Repeat("0", 200)},
	} {
		got := feedChunked(t, test.stream, limits)
		if got.err == nil {
			t.Errorf("%s: taken", test.rule)
			continue
		}
		checkError(t, got.err, 400)
	}
	if got := feedChunked(t, strings.Repeat("1;a=b\r\nx\r\n", 50)+"0\r\n\r\n", limits); got.err != nil {
		t.Errorf("short lines are free, however many: %v", got.err)
	}
}

// req: 9112-7.1.2-a
func TestTrailer(t *testing.T) {
	stream := "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	body := "2\r\nhi\r\n0\r\nHost: evil\r\nContent-Length: 100\r\nTransfer-Encoding: gzip\r\nDigest:\tx \r\n\r\n"
	r := mustReadRequest(t, stream)
	got := feedChunked(t, body+"GET /next", Limits{})
	want := Fields{
		{"Host", "evil", 10},
		{"Content-Length", "100", 22},
		{"Transfer-Encoding", "gzip", 43},
		{"Digest", "x", 68},
	}
	if !got.done || got.used != len(body) || !reflect.DeepEqual(got.trailer, want) {
		t.Errorf("done %v, %d of %d bytes used, trailer %v, err %v", got.done, got.used, len(body), got.trailer, got.err)
	}
	for _, field := range got.trailer {
		if !strings.HasPrefix(body[field.Offset:], field.Name+":") {
			t.Errorf("offset %d is not where the line of %s starts", field.Offset, field.Name)
		}
	}
	if r.Authority != "a" || r.Body.Framing != Chunked || len(r.Fields) != 2 {
		t.Errorf("the trailer changed the request: %+v", r)
	}
}

// req: 9112-7.1.2-b
func TestTrailerRefused(t *testing.T) {
	for _, test := range []struct {
		rule, lines string
		status      int
	}{
		{"no colon", "abc\r\n\r\n", 400},
		{"no name", ": a\r\n\r\n", 400},
		{"whitespace in front of the colon", "a : b\r\n\r\n", 400},
		{"a folded line", "a: b\r\n c\r\n\r\n", 400},
		{"LF alone", "a: b\n\r\n", 400},
		{"CR alone", "a: b\rc: d\r\n\r\n", 400},
		{"NUL", "a: \x00\r\n\r\n", 400},
		{"too many fields", strings.Repeat("a:b\r\n", 4), 431},
		{"too many bytes", "a: " + strings.Repeat("b", 50) + "\r\nc: " + strings.Repeat("d", 50) + "\r\n\r\n", 431},
		{"a line that does not end", strings.Repeat("a", 200), 431},
	} {
		t.Run(test.rule, func(t *testing.T) {
			got := feedChunked(t, "0\r\n"+test.lines, Limits{Head: 100, Fields: 3})
			if got.err == nil {
				t.Fatalf("taken: %v", got.trailer)
			}
			checkError(t, got.err, test.status)
		})
	}
}

func TestBodyDecoder(t *testing.T) {
	const noLimit = -1
	for _, test := range []struct {
		rule    string
		body    Body
		maxBody int64
		stream  string
		content string
		used    int
		done    bool
		status  int
	}{
		{"no body leaves all to the next message", Body{}, 0, "GET", "", 0, true, 0},
		{"a length is taken and no more", Body{ByLength, 5}, noLimit, "helloGET", "hello", 5, true, 0},
		{"a length that has not come yet", Body{ByLength, 5}, noLimit, "hel", "hel", 3, false, 0},
		{"a length of nothing", Body{ByLength, 0}, 0, "GET", "", 0, true, 0},
		{"a length of the limit", Body{ByLength, 5}, 5, "hello", "hello", 5, true, 0},
		{"a length over the limit fails before a single byte", Body{ByLength, 6}, 5, "", "", 0, false, 413},
		{"chunks", Body{Framing: Chunked}, 5, "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\nGET", "hello", 20, true, 0},
		{"chunks fail at the size that passes the limit", Body{Framing: Chunked}, 5, "3\r\nhel\r\n3\r\n", "hel", 8, false, 413},
		{"one chunk over the limit", Body{Framing: Chunked}, 5, "6\r\nhello!\r\n", "", 0, false, 413},
		{"a body until close has no end of its own", Body{Framing: UntilClose}, noLimit, "hello", "hello", 5, false, 0},
		{"a body until close over the limit", Body{Framing: UntilClose}, 4, "hello", "", 0, false, 413},
	} {
		t.Run(test.rule, func(t *testing.T) {
			d := NewBodyDecoder(test.body, test.maxBody, nil)
			got := feedBody(&d, test.stream)
			if got.content != test.content || got.used != test.used || got.done != test.done {
				t.Errorf("content %q, %d bytes used, done %v; want %q, %d, %v",
					got.content, got.used, got.done, test.content, test.used, test.done)
			}
			if test.status == 0 && got.err != nil {
				t.Errorf("refused: %v", got.err)
			}
			if test.status != 0 {
				if got.err == nil {
					t.Fatal("taken, over the limit")
				}
				checkError(t, got.err, test.status)
			}
			split := NewBodyDecoder(test.body, test.maxBody, nil)
			if bytewise := feedBody(&split, splitBytes(test.stream)...); test.status == 0 && !reflect.DeepEqual(bytewise, got) {
				t.Errorf("byte by byte %+v, whole %+v", bytewise, got)
			}
		})
	}
}

func TestBodyDecoderTrailer(t *testing.T) {
	d := NewBodyDecoder(Body{Framing: Chunked}, 0, nil)
	if got := feedBody(&d, "0\r\nA: b\r\n\r\n"); !got.done || len(d.Trailer()) != 1 || d.Trailer()[0].Value != "b" {
		t.Errorf("done %v, trailer %v, err %v", got.done, d.Trailer(), got.err)
	}
}

// The content is never copied.
func TestBodyAllocations(t *testing.T) {
	stream := []byte("5;a=b\r\nhello\r\n0\r\n\r\n")
	got := testing.AllocsPerRun(100, func() {
		d := NewBodyDecoder(Body{Framing: Chunked}, 100, nil)
		for rest, done := stream, false; !done; {
			var n int
			_, n, done, _ = d.Next(rest)
			rest = rest[n:]
		}
	})
	if got != 0 {
		t.Errorf("%v allocations for a chunked body, want none", got)
	}
}

// the decoder expects before it has seen it.
func TestChunkedExpects(t *testing.T) {
	var d ChunkedDecoder
	for _, row := range []struct {
		input string
		part  ChunkPart
		left  int64
	}{
		{"5;a=1\r\n", ChunkSizeLine, 0},
		{"hel", ChunkContent, 5},
		{"lo", ChunkContent, 2},
		{"\r\n", ChunkEnd, 0},
		{"0\r\n", ChunkSizeLine, 0},
		{"Digest: x\r\n", TrailerLine, 0},
		{"\r\n", TrailerLine, 0},
	} {
		part, left := d.Expects()
		if part != row.part || left != row.left {
			t.Errorf("before %q: part %d with %d bytes left, want %d with %d", row.input, part, left, row.part, row.left)
		}
		data, n, _, err := d.Next([]byte(row.input))
		if err != nil || n != len(row.input) {
			t.Fatalf("%q: %d bytes used, error %v; want all of them", row.input, n, err)
		}
		if row.part == ChunkContent && !bytes.Equal(data, []byte(row.input)) {
			t.Errorf("%q: content %q", row.input, data)
		}
	}
	if part, _ := d.Expects(); part != ChunkedEnd {
		t.Errorf("after the empty line: part %d, want the end", part)
	}
}
