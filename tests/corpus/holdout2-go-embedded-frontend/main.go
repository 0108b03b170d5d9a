package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"git.bracken.example/hub/routers"
)

var version = "dev"

func usage() {
	fmt.Fprintln(os.Stderr, `usage: hub COMMAND

  web      serve the forge over HTTP
  hook     run by git on push, never by hand
  doctor   look for broken repositories
  version  print the version`)
	os.Exit(2)
}

func env(name, fallback string) string {
	if value, found := os.LookupEnv(name); found {
		return value
	}
	return fallback
}

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	data := env("BRACKEN_DATA", "data")
	switch os.Args[1] {
	case "web":
		addr := ":" + env("BRACKEN_HTTP_PORT", "3000")
		log.Printf("hub %s listens on %s", version, addr)
		log.Fatal(http.ListenAndServe(addr, routers.New(data)))
	case "hook":
		os.Exit(routers.Hook(data, os.Args[2:]))
	case "doctor":
		os.Exit(routers.Doctor(data))
	case "version":
		fmt.Println(version)
	default:
		usage()
	}
}
