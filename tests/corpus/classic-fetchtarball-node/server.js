#!/usr/bin/env node
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const notes = [];
const port = process.env.PORT || 4100;
const host = 'localhost';

const server = createServer((req, res) => {
  res.setHeader('content-type', 'application/json');
  res.end(JSON.stringify(notes));
});

new WebSocketServer({ server }).on('connection', (socket) => {
  socket.on('message', (data) => notes.push(String(data).slice(0, 280)));
});

server.listen(port, host, () => console.log(`corkwall on http://${host}:${port}`));
