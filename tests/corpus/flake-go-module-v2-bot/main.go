package main

import (
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/bwmarrin/discordgo"

	"git.shore.example/birds/cormorant/v2/links"
)

func main() {
	token, ok := os.LookupEnv("CORMORANT_TOKEN")
	if !ok {
		log.Fatal("CORMORANT_TOKEN must be set")
	}
	session, err := discordgo.New("Bot " + token)
	if err != nil {
		log.Fatal(err)
	}
	session.AddHandler(func(s *discordgo.Session, m *discordgo.MessageCreate) {
		for _, link := range links.Find(m.Content) {
			s.ChannelMessageSend(m.ChannelID, "caught "+link)
		}
	})
	if err := session.Open(); err != nil {
		log.Fatal(err)
	}
	defer session.Close()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	<-stop
}
