package cli_test

import (
	"fmt"
	"os"
	"strings"

	"barewire/internal/cli"
)

// barewire explain, with the second example of RFC 6455 §5.7 on its standard input.
func ExampleRun() {
	frame := strings.NewReader("81 85 37 fa 21 3d 7f 9f 4d 51 58")
	cli.Run([]string{"explain"}, frame, os.Stdout, os.Stderr)
	// Output:
	// → Text, FIN, 5 bytes, masked: "Hello"                                                            bytes 0 to 10
	//     0  1... ....                FIN              1         the last frame of its message      RFC 6455 §5.4
	//     0  .0.. ....                RSV1             0         1 would mark a compressed message  RFC 7692 §6
	//     0  ..0. ....                RSV2             0         reserved                           RFC 6455 §5.2
	//     0  ...0 ....                RSV3             0         reserved                           RFC 6455 §5.2
	//     0  .... 0001                opcode           1 text    a text message begins              RFC 6455 §5.6
	//     1  1... ....                mask bit         1         masked: a key follows              RFC 6455 §5.1
	//     1  .000 0101                payload length   5         bytes of payload                   RFC 6455 §5.2
	//     2  37 fa 21 3d              masking key      37 fa 21 3d  byte i XOR key byte i mod 4     RFC 6455 §5.3
	//                                 text             "Hello"   unmasked: 7f XOR 37 = 48 'H'       RFC 6455 §5.6
	//     6  7f 9f 4d 51 58           unmasked         48 65 6c 6c 6f           Hello
}

// What cannot be understood is one line, and exit status 2.
func ExampleRun_unknown() {
	status := cli.Run([]string{"exlpain"}, strings.NewReader(""), os.Stdout, os.Stdout)
	fmt.Println("exit status", status)
	// Output:
	// barewire: unknown command "exlpain"; barewire help lists them
	// exit status 2
}

// barewire rfc: a rule that is deliberately not met, and why.
func ExampleRun_rfc() {
	cli.Run([]string{"rfc", "9112-3.3-b"}, strings.NewReader(""), os.Stdout, os.Stderr)
	// Output:
	// 9112-3.3-b  MAY  server
	//     An empty authority is refused or replaced with a configured default
	//     if broken:  400
	//     note:       "Host:" alone matches the grammar, so both are allowed
	//     excused:    An empty authority matches the grammar of Host. It is served, because no route here
	//                 depends on it and no Origin is equal to it.
}
