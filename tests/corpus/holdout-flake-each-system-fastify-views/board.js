#!/usr/bin/env node
import Fastify from 'fastify'
import view from '@fastify/view'
import ejs from 'ejs'
import { readFile } from 'node:fs/promises'

const board = Fastify({ logger: true, trustProxy: true })

board.register(view, { engine: { ejs }, root: 'views' })

board.get('/', async (request, reply) => {
  const walks = JSON.parse(await readFile('data/walks.json', 'utf8'))
  return reply.view('index.ejs', { walks })
})

await board.listen({ host: '0.0.0.0', port: 3030 })
