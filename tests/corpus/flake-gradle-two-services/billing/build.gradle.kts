plugins {
    kotlin("jvm") version "2.1.0"
    application
}

dependencies {
    implementation("io.javalin:javalin:6.4.0")
}

application {
    mainClass = "granary.billing.MainKt"
}
