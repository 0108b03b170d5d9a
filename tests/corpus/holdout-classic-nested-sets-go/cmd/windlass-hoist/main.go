package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: windlass-hoist LIFT KILOGRAMS")
		os.Exit(2)
	}
	fmt.Printf("lift %s takes %s kg\n", os.Args[1], os.Args[2])
}
