module git.shore.example/birds/cormorant/v2

go 1.23

require github.com/bwmarrin/discordgo v0.28.1

require (
	github.com/gorilla/websocket v1.4.2 // indirect
	golang.org/x/crypto v0.0.0-20210421170649-83a5a9bb288b // indirect
)
