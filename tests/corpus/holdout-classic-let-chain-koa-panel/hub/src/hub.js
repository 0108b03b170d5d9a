import Koa from 'koa'
import session from 'koa-session'
import serve from 'koa-static'

const { CAPSTAN_KEYS, CAPSTAN_PANEL, CAPSTAN_PORT = '7070' } = process.env

if (!CAPSTAN_KEYS) {
  console.error('CAPSTAN_KEYS: give at least one key to sign sessions with')
  process.exit(1)
}

const hub = new Koa()
hub.keys = CAPSTAN_KEYS.split(',')
hub.proxy = true

hub.use(session(hub))
hub.use(async (ctx, next) => {
  if (ctx.path !== '/api/turns') return next()
  ctx.session.turns = (ctx.session.turns ?? 0) + 1
  ctx.body = { turns: ctx.session.turns }
})
hub.use(serve(CAPSTAN_PANEL))

hub.listen(Number(CAPSTAN_PORT), () => console.log(`capstan-hub on ${CAPSTAN_PORT}`))
