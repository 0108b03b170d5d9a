package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
)

func main() {
	raw := flag.Bool("raw", false, "print the feed as it came")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: pluck [-raw] URL")
		os.Exit(2)
	}
	answer, err := http.Get(flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer answer.Body.Close()
	if *raw {
		io.Copy(os.Stdout, answer.Body)
	}
	fmt.Println(answer.Status)
}
