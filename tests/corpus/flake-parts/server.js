#!/usr/bin/env node
const http = require('http');
const { nanoid } = require('nanoid');

http
  .createServer((req, res) => res.end(`card ${nanoid()}\n`))
  .listen(process.env.PORT || 3000);
