// Command ternlog counts who spoke to the tern, from a log on standard input.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

func main() {
	counts := map[string]int{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if nick, rest, found := strings.Cut(lines.Text(), "> "); found && strings.HasPrefix(rest, "tern:") {
			counts[strings.TrimPrefix(nick, "<")]++
		}
	}
	for nick, n := range counts {
		fmt.Println(n, nick)
	}
}
