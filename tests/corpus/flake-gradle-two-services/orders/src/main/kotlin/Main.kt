package granary.orders

import io.javalin.Javalin

fun main() {
    val port = System.getenv("PORT")?.toInt() ?: 7001
    Javalin.create()
        .get("/orders") { it.json(listOf(mapOf("sacks" to 12, "grain" to "spelt"))) }
        .start("0.0.0.0", port)
}
