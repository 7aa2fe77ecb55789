//go:build !race

package tour

// raced tells whether this test is built with -race. The program in the debugger is
// not, so that there is nothing more to find.
const raced = false
