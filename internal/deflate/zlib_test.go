package deflate

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
)

// zlibProgram is the peer that others wrote: zlib, as python3 has it. It reads a list
// of conversations and answers with the same list, each message inflated or
// compressed, or null from where zlib failed.
//
// zlib holds a stream to its window only against what it put out in earlier calls:
// hence one byte for each call.
const zlibProgram = `
import base64, json, sys, zlib

def inflate(stream, payload):
    out, data = bytearray(), payload + b"\x00\x00\xff\xff"
    while True:
        step = stream.decompress(data, 1)
        out += step
        data = stream.unconsumed_tail
        if not step and not data:
            return bytes(out)

def deflate(stream, message):
    payload = stream.compress(message) + stream.flush(zlib.Z_SYNC_FLUSH)
    return payload[:-4] or b"\x00"

answers = []
for job in json.load(sys.stdin):
    answer = []
    for i, message in enumerate(job["Messages"]):
        message = base64.b64decode(message)
        if i == 0 or not job["Takeover"]:
            stream = (zlib.decompressobj(-job["Bits"]) if job["Inflate"] else
                      zlib.compressobj(6, zlib.DEFLATED, -job["Bits"]))
        try:
            result = inflate(stream, message) if job["Inflate"] else deflate(stream, message)
        except zlib.error:
            answer.append(None)
            break
        answer.append(base64.b64encode(result).decode())
    answers.append(answer)
json.dump(answers, sys.stdout)
`

// zlibJob is one conversation for zlib to inflate or to compress.
type zlibJob struct {
	Inflate  bool
	Bits     int
	Takeover bool
	Messages [][]byte
}

func (j zlibJob) String() string {
	return fmt.Sprintf("w=%d,takeover=%v", j.Bits, j.Takeover)
}

// runZlib has python3 do the jobs. A nil message in an answer is a failure of zlib.
func runZlib(t *testing.T, jobs []zlibJob) [][][]byte {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("python3 is missing, and CI must not pass this test by")
		}
		t.Skip("python3, whose zlib is the peer here, is missing")
	}
	input, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(python, "-c", zlibProgram)
	command.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("python3: %v\n%s", err, &stderr)
	}
	var coded [][]*string
	if err := json.Unmarshal(output, &coded); err != nil || len(coded) != len(jobs) {
		t.Fatalf("python3 answered %d of %d jobs, error %v", len(coded), len(jobs), err)
	}
	answers := make([][][]byte, len(jobs))
	for i, messages := range coded {
		for _, text := range messages {
			var message []byte
			if text != nil {
				if message, err = base64.StdEncoding.AppendDecode([]byte{}, []byte(*text)); err != nil {
					t.Fatal(err)
				}
			}
			answers[i] = append(answers[i], message)
		}
	}
	return answers
}

// zlib inflates with the window that was agreed on, and no byte more.
//
// req: 7692-7.1.2.1-d 7692-7.2.1-a 7692-7.2.1-c 7692-7.2.1-f 7692-7.2.1-g
func TestZlibInflatesWhatWeCompress(t *testing.T) {
	messages := conversation(120, 8)
	messages = append(messages, slices.Concat(messages[:60]...))
	var jobs []zlibJob
	for bits := minWindowBits; bits <= MaxWindowBits; bits++ {
		for _, takeover := range []bool{true, false} {
			c := NewCompressor(bits, takeover)
			job := zlibJob{Inflate: true, Bits: bits, Takeover: takeover}
			for _, message := range messages {
				job.Messages = append(job.Messages, c.AppendMessage(nil, message))
			}
			jobs = append(jobs, job)
		}
	}
	for i, answer := range runZlib(t, jobs) {
		if len(answer) != len(messages) {
			t.Errorf("%v: zlib failed at message %d", jobs[i], len(answer))
			continue
		}
		for at, got := range answer {
			if !bytes.Equal(got, messages[at]) {
				t.Errorf("%v: message %d of %d bytes is %d bytes to zlib", jobs[i], at, len(messages[at]), len(got))
			}
		}
	}
}

// The judge is judged: what was made for the largest window fails in each smaller one.
func TestZlibNoticesAWindowThatIsBroken(t *testing.T) {
	messages := conversation(300, 9)
	c := NewCompressor(15, true)
	var payloads [][]byte
	for _, message := range messages {
		payloads = append(payloads, c.AppendMessage(nil, message))
	}
	var jobs []zlibJob
	for bits := minWindowBits; bits < MaxWindowBits; bits++ {
		jobs = append(jobs, zlibJob{Inflate: true, Bits: bits, Takeover: true, Messages: payloads})
	}
	for i, answer := range runZlib(t, jobs) {
		if len(answer) == 0 || answer[len(answer)-1] != nil {
			t.Errorf("%v: zlib let references of up to 32 KiB pass", jobs[i])
		}
	}
}

// zlib compresses with sliding windows. Its smallest without a header is 9 bits.
//
// req: 7692-7.2.2-a 7692-7.2.2-b 7692-7.2.2-c
func TestWeInflateWhatZlibCompresses(t *testing.T) {
	messages := conversation(400, 10)
	messages = append(messages, slices.Concat(messages...), []byte("and on"))
	var jobs []zlibJob
	for bits := 9; bits <= MaxWindowBits; bits++ {
		jobs = append(jobs,
			zlibJob{Bits: bits, Takeover: true, Messages: messages},
			zlibJob{Bits: bits, Takeover: false, Messages: messages})
	}
	for i, answer := range runZlib(t, jobs) {
		d := NewDecompressor(jobs[i].Bits, jobs[i].Takeover)
		for at, payload := range answer {
			got, err := d.AppendMessage(nil, payload, len(messages[at]))
			if err != nil || !bytes.Equal(got, messages[at]) {
				t.Fatalf("%v: message %d of %d bytes came as %d, error %v", jobs[i], at, len(messages[at]), len(got), err)
			}
		}
	}
}
