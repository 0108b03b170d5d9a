ThisBuild / scalaVersion := "3.3.4"
ThisBuild / organization := "example.harrow"

val http4sVersion = "0.23.30"

lazy val schemas = (project in file("modules/schemas"))

lazy val http = (project in file("modules/http"))
  .dependsOn(schemas)
  .settings(
    name := "turnstile-http",
    assembly / assemblyJarName := "turnstile-http.jar",
    libraryDependencies ++= Seq(
      "org.http4s" %% "http4s-ember-server" % http4sVersion,
      "org.http4s" %% "http4s-dsl"          % http4sVersion
    )
  )
