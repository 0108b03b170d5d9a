package main

import (
	"flag"
	"fmt"

	"example.org/hydro/weir/internal/gate"
)

var version = "dev"

func main() {
	percent := flag.Int("open", 0, "how far the gate is opened, in percent")
	flag.Parse()
	fmt.Println(gate.Move(*percent))
}
