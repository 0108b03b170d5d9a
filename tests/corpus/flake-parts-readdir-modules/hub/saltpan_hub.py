import os

from aiohttp import web

ponds = {1: 41.5, 2: 187.0, 3: 310.2}


async def pond(request):
    number = int(request.match_info["number"])
    return web.json_response({"pond": number, "salinity": ponds.get(number)})


def main():
    app = web.Application()
    app.router.add_get("/ponds/{number}", pond)
    web.run_app(app, host="0.0.0.0", port=int(os.environ.get("SALTPAN_PORT", "9300")))
