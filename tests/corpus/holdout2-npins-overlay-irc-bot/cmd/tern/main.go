// Command tern sits in a channel and answers in the language of terns.
package main

import (
	"crypto/tls"
	"log"
	"os"
	"strings"

	"gopkg.in/irc.v4"
)

var version = "dev"

func must(name string) string {
	value, found := os.LookupEnv(name)
	if !found {
		log.Fatalf("%s is not set", name)
	}
	return value
}

func main() {
	server, channel := must("TERN_SERVER"), must("TERN_CHANNEL")
	conn, err := tls.Dial("tcp", server, nil)
	if err != nil {
		log.Fatal(err)
	}
	client := irc.NewClient(conn, irc.ClientConfig{
		Nick: "tern",
		User: "tern",
		Pass: must("TERN_PASSWORD"),
		Name: "ternspeak " + version,
		Handler: irc.HandlerFunc(func(c *irc.Client, m *irc.Message) {
			switch {
			case m.Command == "001":
				_ = c.Write("JOIN " + channel)
			case m.Command == "PRIVMSG" && c.FromChannel(m) && strings.HasPrefix(m.Trailing(), "tern:"):
				_ = c.WriteMessage(&irc.Message{Command: "PRIVMSG", Params: []string{channel, speak(m.Trailing())}})
			}
		}),
	})
	log.Fatal(client.Run())
}

func speak(text string) string {
	return strings.Repeat("kirri ", 1+len(strings.Fields(text))%5)
}
