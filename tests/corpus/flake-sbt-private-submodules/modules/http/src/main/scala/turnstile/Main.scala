package turnstile

import cats.effect.*
import com.comcast.ip4s.*
import org.http4s.HttpRoutes
import org.http4s.dsl.io.*
import org.http4s.ember.server.EmberServerBuilder

object Main extends IOApp.Simple:
  private val routes = HttpRoutes.of[IO] { case GET -> Root / "doors" / id =>
    Ok(s"""{"door":"$id","open":false}""")
  }

  private val port =
    sys.env.get("TURNSTILE_HTTP_PORT").flatMap(Port.fromString).getOrElse(port"9000")

  def run: IO[Unit] =
    EmberServerBuilder
      .default[IO]
      .withHost(ipv4"0.0.0.0")
      .withPort(port)
      .withHttpApp(routes.orNotFound)
      .build
      .useForever
